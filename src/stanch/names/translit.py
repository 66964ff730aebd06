"""Plain transliteration to Latin letters, for names in general (Korean personal names are read by `parse`, not so)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from stanch.names import hangul, hanja, kana

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj", "џ": "dz",
}  # fmt: skip
_GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
    "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
_INITIAL_LETTERS = "k kk n t tt r m p pp s ss _ j jj ch kh th ph h"
_MEDIAL_LETTERS = "a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i"
_FINAL_LETTERS = "k k k n n n t l k m l l l p l m p p t t ng t t k t p t"
_INITIALS = dict(zip(hangul.INITIALS, _INITIAL_LETTERS.split(), strict=True))
_MEDIALS = dict(zip(hangul.MEDIALS, _MEDIAL_LETTERS.split(), strict=True))
_FINALS = dict(zip(hangul.FINALS[1:], _FINAL_LETTERS.split(), strict=True))


@lru_cache(maxsize=50_000)
def to_latin(text: str) -> str:
    """The text with Cyrillic, Greek, Hangul and kana turned to Latin, Han characters to pinyin; other scripts stay."""
    if text.isascii():
        return text
    text = _KANA.sub(lambda match: kana.letters(match[0]).replace("N", "n").replace("Q", ""), text)
    return "".join(_letter(char) for char in unicodedata.normalize("NFC", text))


_KANA = re.compile("[ぁ-ゖァ-ヺー]+")


@lru_cache(maxsize=50_000)
def _letter(char: str) -> str:
    if char.isascii():
        return hanja.mandarin(char) or char
    low = char.lower()
    turned = _CYRILLIC.get(low, _GREEK.get(low))
    if turned is not None:
        return turned.capitalize() if low != char else turned
    if hangul.is_hangul(char):
        initial, medial, final = hangul.decompose(char)
        return _INITIALS[initial].strip("_") + _MEDIALS[medial] + (_FINALS[final] if final else "")
    return hanja.mandarin(char) or char
