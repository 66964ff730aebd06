"""Builds the packaged data (src/stanch/data) from the official files, through stanch's own readers.

    python scripts/build_data.py --from FOLDER

The same input gives the same bytes: rows are sorted, gzip carries no time. What is taken and what is left out stands in
packaging_lists.py, packaging_labels.py and packaging_ledgers.py, and is written to manifest.json and SOURCES.md.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from packaging_io import Row, write
from packaging_labels import build_labels
from packaging_ledgers import build_ledgers
from packaging_lists import build_ofac, build_un, read_all_ofac

from stanch.sources.packaged import FOLDER

_HEAD = """# Where the packaged data comes from

Written by `scripts/build_data.py`. Hashes are those of the unpacked original files; the date of a file from a
repository is the day on which it was gathered. `manifest.json` has the same for programs. `stanch update`
replaces a packaged list with the current one.

Lists are public records of the United Nations and public domain works of the US Government. Case addresses are
facts, gathered in tayvano's research. GraphSense TagPacks, MFTracer and Eth_Data are under the MIT licence,
whose notice follows at the end.
"""
_MIT = """
## MIT licence

GraphSense TagPacks: Copyright (c) 02/2022 Iknaio Cryptoasset Analytics GmbH; Copyright (c) 2018-01/2022 (up to
commit 369a3279c7666d1eb4fc115a9e5a22697753a1d8) AIT Austrian Institute of Technology. MFTracer: Copyright (c)
its authors (blocksecteam). Eth_Data: Copyright (c) its author (dspytdao).

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation
the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and
to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of
the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO
THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER
DEALINGS IN THE SOFTWARE.
"""


def main() -> None:
    """Build everything and print what was made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="shared", type=Path, required=True, help="the folder of reference material")
    parser.add_argument("--to", type=Path, default=FOLDER, help="where to write (default: the package)")
    args = parser.parse_args()
    ofac = read_all_ofac(args.shared)
    manifest = {
        "lists": [build_ofac(args.shared, args.to, ofac), build_un(args.shared, args.to)],
        "labels": build_labels(args.shared, args.to, ofac),
        "ledgers": build_ledgers(args.shared, args.to),
    }
    write(args.to, "manifest.json", (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode())
    write(args.to, "SOURCES.md", sources_page(manifest).encode())
    items = [item for group in manifest.values() for item in group]
    for item in items:
        print(f"{item['file']:34}{item['size']:>9,} bytes  {_counts(item)}")
    print(f"{'total':34}{sum(item['size'] for item in items):>9,} bytes")


def sources_page(manifest: dict[str, list[Row]]) -> str:
    """Where every packaged file comes from, for people."""
    lines = [_HEAD]
    for group, heading in (("lists", "Designations"), ("labels", "Labels"), ("ledgers", "Ledgers")):
        lines.append(f"## {heading}\n")
        for item in manifest[group]:
            lines += [f"### {item['file']}\n", f"{item['title']}. {_counts(item)}.\n"]
            lines += [
                f"- {part['name']}, {part['date']}, {part['url']}, SHA-256 `{part['sha256']}`"
                for part in item["originals"]
            ]
            notes = (item.get("selection"), item.get("note"), *item.get("left_out", ()))
            lines += [f"- {text}" for text in notes if text]
            lines.append(f"- Licence: {item.get('licence', 'public record')}.\n")
    return "\n".join(lines) + _MIT


def _counts(item: Row) -> str:
    parts = [f"{item['rows']:,} rows"] if "rows" in item else []
    return ", ".join([*parts, *(f"{name} {count:,}" for name, count in item.get("counts", {}).items())])


if __name__ == "__main__":
    main()
