"""Katakana and hiragana → the letters in which the kana table of `data/tables.toml` is written.

Each kana becomes consonant and vowel (キ ki, ジョ jo, ファ fa); ン is N, ッ is Q; small ァィゥェォ replace the vowel
before.
"""

from __future__ import annotations

from functools import lru_cache

_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "g": "ガギグゲゴ", "s": "サシスセソ", "z": "ザジズゼゾ", "t": "タチツテト",
    "d": "ダヂヅデド", "n": "ナニヌネノ", "h": "ハヒフヘホ", "b": "バビブベボ", "p": "パピプペポ", "m": "マミムメモ",
    "r": "ラリルレロ",
}  # fmt: skip
_KANA = {kana: row + vowel for row, kanas in _ROWS.items() for kana, vowel in zip(kanas, "aiueo", strict=True)}
_KANA |= {"シ": "shi", "チ": "chi", "ツ": "tsu", "ジ": "ji", "ヂ": "ji", "フ": "fu", "ヤ": "ya", "ユ": "yu", "ヨ": "yo"}
_KANA |= {"ワ": "wa", "ヲ": "o", "ヴ": "vu", "ン": "N", "ッ": "Q", "ー": ""}
_SMALL = dict(zip("ァィゥェォ", "aiueo", strict=True))
_SMALL_Y = dict(zip("ャュョ", ("ya", "yu", "yo"), strict=True))
#: Consonants that already sound palatal: チョ is cho, not chyo.
_PALATAL = ("ch", "sh", "j")


@lru_cache(maxsize=50_000)
def letters(text: str) -> str:
    """The letters of a kana text; characters that are no kana are dropped."""
    out: list[str] = []
    for char in text:
        if "ぁ" <= char <= "ゖ":
            char = chr(ord(char) + 0x60)
        if char in _SMALL_Y and out and out[-1]:
            head = out.pop()[:-1]
            small = _SMALL_Y[char]
            out.append(head + (small[1:] if head in _PALATAL else small))
        elif char in _SMALL and out and out[-1]:
            head = out.pop()
            # ウォ wo, クァ kwa, but ファ fa, チェ che, ティ ti.
            glide = "w" if head in ("u", "ku", "gu") else ""
            out.append(head[:-1] + glide + _SMALL[char])
        else:
            out.append(_KANA.get(char, ""))
    return "".join(out)
