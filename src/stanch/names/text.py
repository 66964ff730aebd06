"""Names as received → clean words: bounded, stripped of what cannot be part of a name, look-alike letters folded.

Nothing is dropped silently: every repair leaves a note.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

#: Longest name read, in characters; the rest is cut with a note.
MAX_CHARACTERS = 300
#: Words read of one name; the rest is cut with a note.
MAX_WORDS = 24

_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼʻ`´′＇ʹ‛"), "'")
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－゠=_"), "-")
_DOTS = dict.fromkeys(map(ord, '・·•∙‧･/|;:()[]{}<>"“”„«»、，。'), " ") | {ord("、"): ",", ord("，"): ","}
_BREVES = {"\u0306", "\u030c", "\u0302"}  # breve; caron and circumflex stand in for it on poor keyboards
#: Letters of other scripts that look Latin. Folded only inside a word that has Latin letters too.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһӏАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαν",
    "aeopcyxijsdhlABEKMHOPCTYXIJSABEZHIKMNOPTYXoav",
)
_ASPIRATE = re.compile(r"c'h")
_MISPLACED = re.compile(r"([yw])'([ou])")
_BREVE_MARK = re.compile(r"([ou])'")
_APOSTROPHE_REST = re.compile(r"(?<!k)(?<!t)(?<!p)(?<!ch)'|'(?![aeiouywŏŭh])")
#: A space that came in after the apostrophe of a breve: Myo' ng-ch'o' l.
_STRAY_SPACE = re.compile(r"([ouOU]') (?=(?:ng|NG|[nlmkptNLMKPT])(?![A-Za-z']))")
_WORD = re.compile(r"[^\s,.]+|,")
_RESIDUE = re.compile(r"[^\w'-]|\d|_")


@cache
def titles() -> frozenset[str]:
    """Words that are no part of a name (`data/words.toml`)."""
    text = files("stanch.names").joinpath("data", "words.toml").read_text(encoding="utf-8")
    return frozenset(str(tomllib.loads(text)["words"]["titles"]).split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: as shown, its hyphen-separated parts (folded to lower case), script, and how it was cased."""

    shown: str
    parts: tuple[str, ...]
    script: str
    capital: bool


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A name ready to be read. `comma` is the number of words before the first comma, 0 when there is none."""

    text: str
    words: tuple[Word, ...]
    comma: int
    notes: tuple[str, ...]


@lru_cache(maxsize=100_000)
def script_of(text: str) -> str:
    """`latin`, `hangul`, `han`, `kana`, `cyrillic`, or `other`, by the first letter."""
    for char in text:
        code = ord(char)
        if code < 0x250:
            if char.isalpha():
                return "latin"
        elif 0x400 <= code < 0x530:
            return "cyrillic"
        elif 0xAC00 <= code <= 0xD7A3:
            return "hangul"
        elif 0x3040 <= code < 0x3100 or 0x31F0 <= code < 0x3200:
            return "kana"
        elif 0x3400 <= code < 0xA000 or 0xF900 <= code < 0xFB00 or 0x20000 <= code < 0x32000 or char in "々〇":
            return "han"
        elif 0x1E00 <= code < 0x1F00:
            return "latin"
        elif char.isalpha():
            return "other"
    return "other"


def clean(name: str) -> Cleaned:
    """Make a name readable; never raises."""
    notes: list[str] = []
    if len(name) > MAX_CHARACTERS:
        name = name[:MAX_CHARACTERS]
        notes.append(f"cut to {MAX_CHARACTERS} characters")
    if name.isascii() and name.isprintable():
        text = name
    else:
        text = _stripped(unicodedata.normalize("NFKC", name)[: 2 * MAX_CHARACTERS], notes)
    text = _STRAY_SPACE.sub(r"\1", text.translate(_DOTS))
    raw = _WORD.findall(text)
    words: list[Word] = []
    comma = dropped = 0
    for item in raw:
        if item == ",":
            comma = comma or len(words)
            continue
        if len(words) == MAX_WORDS:
            notes.append(f"cut to {MAX_WORDS} words")
            break
        word, folded = _word(item)
        if folded:
            notes.append(folded)
        if word is None:
            continue
        if len(word.parts) == 1 and word.parts[0] in titles():
            dropped += 1
            continue
        words.append(word)
    if dropped and not words:
        notes.append("only titles")
    elif not words and not notes:
        notes.append("no letters")
    return Cleaned(
        " ".join(text.split()), tuple(words), comma if comma < len(words) else 0, tuple(dict.fromkeys(notes))
    )


def fold(text: str) -> str:
    """Lower case without marks: for matching of names in general."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text.lower())
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", kept).translate(_LETTERS)


_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


def _stripped(text: str, notes: list[str]) -> str:
    kept: list[str] = []
    for char in text.translate(_PLAIN_MARKS):
        replacement, note = _kept(char)
        kept.append(replacement)
        if note:
            notes.append(note)
    return "".join(kept)


_PLAIN_MARKS = _APOSTROPHES | _HYPHENS


@lru_cache(maxsize=50_000)
def _kept(char: str) -> tuple[str, str]:
    """What stands for a character in a name, and the note that its removal leaves."""
    category = unicodedata.category(char)
    if category in ("Cc", "Zs", "Zl", "Zp"):
        return " ", "control characters removed" if category == "Cc" and char not in "\t\n\r" else ""
    if category[0] == "C":
        return "", "invisible or bidirectional characters removed"
    if category in ("So", "Sk", "Sm", "Me") or 0xFE00 <= ord(char) <= 0xFE0F:
        return "", "symbols removed"
    return char, ""


@lru_cache(maxsize=100_000)
def _word(item: str) -> tuple[Word | None, str]:
    """The word, None when nothing of it is left, and the note of a repair."""
    note = ""
    if not item.isascii():
        folded = item.translate(_LOOKALIKES)
        if folded != item and any(char.isascii() and char.isalpha() for char in item):
            item = folded
            note = "look-alike letters of another script folded"
    script = script_of(item)
    text = item.translate(_HYPHENS)
    capital = len(text) > 1 and text.isupper()
    text = _marked(text.lower()) if script == "latin" else text.lower()
    parts = tuple(part for part in (_RESIDUE.sub("", part) for part in text.split("-")) if part.strip("'"))
    return (Word(item, parts, script, capital) if parts else None), note


def _marked(text: str) -> str:
    """Lower-case Latin text with every form of the McCune-Reischauer marks brought to ŏ, ŭ and k' t' p' ch'.

    Other marks are dropped. A breve typed as an apostrophe after or before its vowel (cho'ng, ky'ong) is one.
    """
    if text.isascii():
        if "'" not in text:
            return text
    else:
        kept: list[str] = []
        for char in unicodedata.normalize("NFD", text):
            if not unicodedata.combining(char):
                kept.append(char)
            elif char in _BREVES and kept and kept[-1] in "ou":
                kept[-1] = "ŏ" if kept[-1] == "o" else "ŭ"
        text = "".join(kept).translate(_LETTERS).translate(_APOSTROPHES)
    text = _ASPIRATE.sub("ch'", text)
    text = _MISPLACED.sub(r"\1\2'", text)
    text = _BREVE_MARK.sub(lambda match: "ŏ" if match[1] == "o" else "ŭ", text)
    return _APOSTROPHE_REST.sub("", text)
