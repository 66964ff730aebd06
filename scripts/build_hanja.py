"""Build `names/data/hanja.tsv` from the Unihan database: Han character, Korean readings, Mandarin reading.

Only the facts needed are taken: kHangul (Korean readings with their standing), kMandarin, and the variant links by
which a simplified or variant form inherits the Korean readings of its other forms. Run:
    python scripts/build_hanja.py DIR   (holding Unihan_Readings.txt and Unihan_Variants.txt, plain or .bz2)
"""

from __future__ import annotations

import bz2
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "src/stanch/names/data/hanja.tsv"
HEADER = """\
# Han characters: Korean readings (Unihan kHangul), Mandarin reading without tone (kMandarin). Unicode {version};
# modified: a selection in another layout. (c) Unicode, Inc.; terms in UNICODE-LICENSE.txt.
# Made by scripts/build_hanja.py.
# Readings carry their standing: E basic Hanja for education, N Hanja for use in names, x other.
# A character without kHangul has the readings of its variants (kTraditionalVariant, kSimplifiedVariant, kZVariant,
# kSemanticVariant), standing v. Last column, where it differs: the form that stands for the whole group of variants.
"""
VARIANTS = ("kTraditionalVariant", "kZVariant", "kSimplifiedVariant", "kSemanticVariant")


def lines(folder: Path, name: str) -> Iterator[str]:
    """Lines of a Unihan file, plain or bz2."""
    plain, packed = folder / name, folder / f"{name}.bz2"
    with plain.open("rt", encoding="utf-8") if plain.is_file() else bz2.open(packed, "rt", encoding="utf-8") as stream:
        yield from stream


def fields(folder: Path, name: str, wanted: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """(character, field, value) of the wanted fields."""
    for line in lines(folder, name):
        if line.startswith("U+"):
            code, field, value = line.rstrip("\n").split("\t", 2)
            if field in wanted:
                yield chr(int(code[2:], 16)), field, value


def groups(links: dict[str, dict[str, list[str]]], known: set[str]) -> dict[str, str]:
    """The lowest code point of each group of characters that variant links join."""
    head = {char: char for char in known}

    def find(char: str) -> str:
        while head[char] != char:
            char = head[char]
        return char

    for char, by_field in sorted(links.items()):
        for others in by_field.values():
            for other in others:
                if char in head and other in head:
                    low, high = sorted((find(char), find(other)))
                    head[high] = low
    return {char: find(char) for char in known}


def main() -> None:
    """Read, link variants, write."""
    folder = Path(sys.argv[1])
    korean: dict[str, list[tuple[str, str]]] = {}
    mandarin: dict[str, str] = {}
    for char, field, value in fields(folder, "Unihan_Readings.txt", ("kHangul", "kMandarin")):
        if field == "kMandarin":
            plain = unicodedata.normalize("NFD", value.split()[0].replace("ü", "v"))
            mandarin[char] = "".join(c for c in plain if not unicodedata.combining(c))
        else:
            found = []
            for reading in value.split():
                hangul, _, standing = reading.partition(":")
                found.append((hangul, "E" if "E" in standing else "N" if "N" in standing else "x"))
            korean[char] = found
    inherited: dict[str, list[tuple[str, str]]] = {}
    links: dict[str, dict[str, list[str]]] = {}
    for char, field, value in fields(folder, "Unihan_Variants.txt", VARIANTS):
        others = [chr(int(item.split("<")[0][2:], 16)) for item in value.split()]
        links.setdefault(char, {})[field] = others
        for other in others:  # links stand on one side only for many variants
            links.setdefault(other, {}).setdefault(f"{field} back", []).append(char)
    for char, by_field in links.items():
        if char not in korean:
            for field in (*VARIANTS, *(f"{name} back" for name in VARIANTS)):
                readings = [r for other in by_field.get(field, ()) if other != char for r in korean.get(other, ())]
                if readings:
                    inherited[char] = [(hangul, "v") for hangul in dict.fromkeys(h for h, _ in readings)]
                    break
    heads = groups(links, korean.keys() | inherited.keys())
    version = next(line.split()[-1] for line in lines(folder, "Unihan_Readings.txt") if "Unicode version" in line)
    with OUT.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(HEADER.format(version=version))
        for char in sorted(korean.keys() | inherited.keys()):
            readings = korean.get(char) or inherited[char]
            shown = " ".join(hangul + standing for hangul, standing in readings)
            row = [char, shown, mandarin.get(char, "")] + ([heads[char]] if heads[char] != char else [])
            stream.write("\t".join(row) + "\n")
    print(len(korean), "characters with kHangul,", len(inherited), "by variants;", OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
