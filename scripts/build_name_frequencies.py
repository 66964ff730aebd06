"""Build `names/data/given.tsv`: how often each syllable stands in a Korean given name.

Counts come from Hangul names (as they stand) and from names in DPRK romanisation: each spelling is split over the
syllables it may stand for, in proportion to the table as it was. One run is one round of expectation-maximisation; run
it until the table settles (four times). Only the resulting frequencies are kept.

Run:  python scripts/build_name_frequencies.py SHARED_DIR UNIHAN_READINGS.txt[.bz2]
"""

from __future__ import annotations

import bz2
import csv
import re
import sys
from collections import Counter
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "src/stanch/names/data"
#: Syllables of pure Korean names, which have no Hanja reading.
NATIVE = "별봄빛샘늘들름벗겨꽃람힘돌뜸씩쁨떡쇠티디엘빈온새숲잎참"
#: Weights of syllables common in names of both Koreas today, set by hand: the counted names are few, and of older men.
BY_HAND = (
    "철55영45성40남25일30광25명28용18룡14정40학15호22국12혁16진18수20춘12희18경20선12석14현16상14동14순14옥12금12화12숙10봉10"
    "창14길12송8은24주12문12원10식12만8복6승10재12종12덕8태10윤8인8규8근8기8천6하4림6련5미8훈8익4권3강6범4환6준10민10지8우8"
    "연6삼3운8실4월3신4흥3찬4병8평3표2필3택3섭5균3빈2욱4웅3률1렬2한4형6효3건5관3걸2심2향4해4애5녀2란4"
)
#: Share of all mass spread evenly over syllables that may stand in a name but were not counted.
SMOOTH = 0.04
HEADER = """\
# Syllables of Korean given names in their DPRK (underlying) form: parts per million of all given-name syllables.
# ESTIMATE, made by scripts/build_name_frequencies.py, in equal parts from {hangul} Hangul given-name syllables of
# development name pairs (EU list, Library of Congress, ROK assembly), from {latin} syllables of deputies of the 13th
# Supreme People's Assembly, whose DPRK spelling was split over the syllables it may stand for by
# expectation-maximisation, and from weights set by hand. {smooth:.0%} of the mass is spread over all readings of
# Unihan kHangul (Unicode 15.0, see UNICODE-LICENSE.txt) and a few native syllables.
# Counts only: no name can be read back.
"""


def unihan_syllables(path: Path) -> set[str]:
    """Every reading in kHangul."""
    opener = bz2.open if path.suffix == ".bz2" else open
    with opener(path, "rt", encoding="utf-8") as stream:
        return {
            reading.split(":")[0]
            for line in stream
            if "\tkHangul\t" in line
            for reading in line.rstrip("\n").split("\t")[2].split()
        }


def hangul_counts(shared: Path) -> Counter[str]:
    """Given-name syllables of the Hangul side of the development pairs."""
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    with (shared / "names/crossscript_pairs_dev.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            name = row["other"]
            if name not in seen and 2 <= len(name) <= 3 and all("가" <= char <= "힣" for char in name):
                seen.add(name)
                counts.update(name[1:])
    return counts


def assembly_names(shared: Path) -> list[str]:
    """The deputies' names in DPRK romanisation."""
    with (shared / "names/dprk_assembly_13.csv").open(encoding="utf-8") as stream:
        return [row["name"] for row in csv.DictReader(stream)]


def write(shares: dict[str, float], hangul: int, latin: int) -> None:
    """Write the table, most frequent first."""
    with (DATA / "given.tsv").open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(HEADER.format(hangul=hangul, latin=latin, smooth=SMOOTH))
        for syllable, share in sorted(shares.items(), key=lambda item: (-item[1], item[0])):
            stream.write(f"{syllable}\t{share * 1e6:.0f}\n")


def expected_counts(names: list[str]) -> Counter[str]:
    """Expected syllable counts of romanised names under the table as it stands."""
    from stanch.names import prepare

    counts: Counter[str] = Counter()
    for name in names:
        for reading in prepare(name).parsed.readings[:1]:
            for spread in reading.spreads[1:]:
                for syllable, share in spread.shares.items():
                    counts[syllable] += share
    return counts


def main() -> None:
    """One round."""
    shared, unihan = Path(sys.argv[1]), Path(sys.argv[2])
    syllables = unihan_syllables(unihan) | set(NATIVE)
    hangul, names = hangul_counts(shared), assembly_names(shared)
    by_hand = Counter({syllable: int(weight) for syllable, weight in re.findall(r"(\D)(\d+)", BY_HAND)})
    tables = [hangul, by_hand] + ([expected_counts(names)] if (DATA / "given.tsv").is_file() else [])
    # All count alike: the lists screened are DPRK, the customers mostly ROK, and neither count is large.
    parts = [(counts, sum(counts.values())) for counts in tables]
    shares = {
        syllable: SMOOTH / len(syllables)
        + (1 - SMOOTH) * sum(counts[syllable] / total for counts, total in parts) / len(parts)
        for syllable in syllables | set(hangul)
    }
    write(shares, sum(hangul.values()), sum(len(name.split()[-1].split("-")) for name in names))
    print(f"{len(shares)} syllables")


if __name__ == "__main__":
    main()
