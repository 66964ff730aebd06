"""Han characters and pinyin as spellings of Hangul syllables: P(character | syllable) and P(pinyin | syllable).

A Korean name has a Hanja form, and its Mandarin reading is how Chinese sources write it (金正恩, Jin Zheng'en).
Characters of one reading are weighed by their standing in the Korean lists of Hanja for education and for names; see
`data/tables.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from stanch.names import hangul
from stanch.names.frequencies import surname_hanja
from stanch.names.systems import hanja_weights, new_forms, surname_pinyin

_TONES = str.maketrans("ŏŭ", "ou")


@cache
def _rows() -> dict[str, tuple[tuple[tuple[str, str], ...], str]]:
    """Character → ((syllable, standing)…, pinyin). Readings that the initial-sound law makes of another are dropped."""
    text = files("stanch.names").joinpath("data", "hanja.tsv").read_text(encoding="utf-8")
    rows: dict[str, tuple[tuple[tuple[str, str], ...], str]] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        char, readings, mandarin = line.split("\t")[:3]
        found = [(item[0], item[1]) for item in readings.split()]
        syllables = {syllable for syllable, _ in found}
        kept = tuple(pair for pair in found if not syllables.intersection(hangul.unlaw(pair[0])))
        rows[char] = (kept, mandarin)
    for new, old in new_forms().items():
        if not rows.get(new, ((), ""))[0] and old in rows:
            kept, mandarin = rows[old]
            rows[new] = (tuple((syllable, "v") for syllable, _ in kept), mandarin)
    return rows


@cache
def characters(surname: bool) -> Mapping[str, Mapping[str, float]]:
    """Character → {syllable: P(character | syllable)}."""
    weights = hanja_weights()
    weighed: dict[str, dict[str, float]] = {}
    for char, (readings, _) in _rows().items():
        for syllable, standing in readings:
            weighed.setdefault(syllable, {})[char] = weights[standing]
    out: dict[str, dict[str, float]] = {}
    for syllable, chars in weighed.items():
        total, usual = sum(chars.values()), surname_hanja().get(syllable, "") if surname else ""
        # The first of the usual characters is the most common: shares fall as 1, 1/2, 1/3.
        ranks = {char: 1 / (index + 1) for index, char in enumerate(usual)}
        head = weights["surname"] if ranks else 0.0
        for char, weight in chars.items():
            share = (1 - head) * weight / total + head * ranks.get(char, 0.0) / (sum(ranks.values()) or 1.0)
            out.setdefault(char, {})[syllable] = share
    return out


@cache
def pinyins(surname: bool) -> Mapping[str, Mapping[str, float]]:
    """Pinyin without tone → {syllable: P(pinyin | syllable)}."""
    out: dict[str, dict[str, float]] = {}
    for char, syllables in characters(surname).items():
        usual = _rows()[char][1]
        read = {usual, usual.replace("v", "u"), surname_pinyin().get(char, "") if surname else ""} - {""}
        for spelling in sorted(read):
            table = out.setdefault(spelling, {})
            for syllable, share in syllables.items():
                table[syllable] = table.get(syllable, 0.0) + share
    return out


@cache
def wade_giles(surname: bool) -> Mapping[str, Mapping[str, float]]:
    """Wade-Giles → {syllable: P(spelling | syllable)}; half of the writers leave the apostrophes out."""
    out: dict[str, dict[str, float]] = {}
    for reading, syllables in pinyins(surname).items():
        spelling = to_wade_giles(reading)
        for written in (spelling, spelling.replace("'", "")):
            table = out.setdefault(written, {})
            for syllable, share in syllables.items():
                table[syllable] = table.get(syllable, 0.0) + share / 2
    return out


#: Initials of pinyin → Wade-Giles, longest first.
_WADE_INITIALS = (
    ("zh", "ch"), ("ch", "ch'"), ("sh", "sh"), ("b", "p"), ("p", "p'"), ("d", "t"), ("t", "t'"), ("g", "k"),
    ("k", "k'"), ("j", "ch"), ("q", "ch'"), ("x", "hs"), ("r", "j"), ("z", "ts"), ("c", "ts"),
)  # fmt: skip
_WADE_WHOLE = {
    "zhi": "chih", "chi": "ch'ih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "ssu", "er": "erh",
    "yi": "i", "you": "yu", "yan": "yen", "ye": "yeh", "yue": "yueh", "yong": "yung", "ge": "ko", "ke": "k'o",
    "he": "ho", "e": "o",
}  # fmt: skip


def to_wade_giles(pinyin: str) -> str:
    """A syllable of pinyin without tone in Wade-Giles without umlaut (Zheng → cheng, Xian → hsien)."""
    if pinyin in _WADE_WHOLE:
        return _WADE_WHOLE[pinyin]
    head, tail = "", pinyin
    for initial, letters in _WADE_INITIALS:
        if pinyin.startswith(initial):
            head, tail = letters, pinyin[len(initial) :]
            break
    else:
        if pinyin[0] not in "aeiouvyw":
            head, tail = pinyin[0], pinyin[1:]
    tail = {"ian": "ien", "ie": "ieh", "ue": "ueh", "ve": "ueh", "ong": "ung", "iong": "iung", "v": "u"}.get(tail, tail)
    if tail == "uo" and head not in ("k", "k'", "h", "sh"):
        tail = "o"
    return head + tail


def read_wade_giles(text: str, surname: bool) -> Mapping[str, float]:
    """P(spelling | syllable) for each syllable with a character so written in Wade-Giles; umlauts do not matter."""
    return wade_giles(surname).get(text.translate(_TONES), {})


def read_character(char: str, surname: bool) -> Mapping[str, float]:
    """P(character | syllable) for each syllable it is a character of."""
    return characters(surname).get(char, {})


def is_pinyin(text: str) -> bool:
    """Whether some character is so read in Mandarin, in pinyin or Wade-Giles."""
    plain = text.translate(_TONES)
    return any(plain in table(surname) for table in (pinyins, wade_giles) for surname in (False, True))


def read_pinyin(text: str, surname: bool) -> Mapping[str, float]:
    """P(pinyin | syllable) for each syllable with a character so read in Mandarin; tone marks do not matter."""
    return pinyins(surname).get(text.translate(_TONES), {})


@cache
def _groups() -> dict[str, str]:
    text = files("stanch.names").joinpath("data", "hanja.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    groups = {row[0]: row[3] for row in rows if len(row) == 4}
    for new, old in new_forms().items():
        groups.setdefault(new, groups.get(old, old))
    return groups


def same_form(text: str) -> str:
    """Han text with each character replaced by the one that stands for its variants: equal for 裵 and 裴, 铁 and 鐵."""
    return "".join(_groups().get(char, char) for char in text)


def mandarin(char: str) -> str:
    """Pinyin of a character without tone, or "" when it is not in the table."""
    row = _rows().get(char)
    return row[1] if row else ""
