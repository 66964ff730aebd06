"""Names as received → clean words: bounded, stripped of what cannot be part of a name, look-alike letters folded.

Nothing is dropped silently: every repair leaves a note.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

from stanch.names.frequencies import surnames

#: Longest name read, in characters; the rest is cut with a note.
MAX_CHARACTERS = 300
#: Words read of one name; the rest is cut with a note.
MAX_WORDS = 24

_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼʻ`´′＇ʹ‛"), "'")
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－゠=_"), "-")
_DOTS = dict.fromkeys(map(ord, '・·•∙‧･:<>"“”„«»、，。'), " ") | {ord("、"): ",", ord("，"): ","}
#: Characters that only part words, for the general comparison.
_SPACES = dict.fromkeys(map(ord, "/|;()[]{}（）［］【】〔〕"), " ")
#: What stands between two names in one field: Kim Jong Un (김정은), A / B, A; B, A a.k.a. B.
_BETWEEN = dict.fromkeys(map(ord, "/|;()[]{}（）［］【】〔〕"), " \x01 ")
_ALIAS = re.compile(r"\b(?:a\.? ?k\.? ?a\.?|f\.? ?k\.? ?a\.?|alias)(?=[\s:])", re.IGNORECASE)
#: A letter alone with a full stop is an initial, whatever syllable it could be: J. U. Kim.
_INITIAL = re.compile(r"(?<![^\s.,\x01])([^\W\d_])\.")
_BREVES = {"\u0306", "\u030c", "\u0302"}  # breve; caron and circumflex stand in for it on poor keyboards
#: Letters of other scripts that look Latin. Folded only inside a word that has Latin letters too.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһӏАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαν",
    "aeopcyxijsdhlABEKMHOPCTYXIJSABEZHIKMNOPTYXoav",
)
#: Letters of other Cyrillic alphabets → those of the Russian one, in which the tables are written.
_SLAVIC = str.maketrans(
    {"і": "и", "ї": "йи", "є": "е", "ґ": "г", "ў": "у", "ј": "й", "џ": "дж", "љ": "ль", "њ": "нь", "ө": "о", "ү": "у"}
    | {"І": "И", "Ї": "Йи", "Є": "Е", "Ґ": "Г", "Ў": "У", "Ј": "Й", "Џ": "Дж", "Љ": "Ль", "Њ": "Нь", "Ө": "О", "Ү": "У"}
    | {"ұ": "у", "қ": "к", "ң": "н", "һ": "х", "ә": "э", "Ұ": "У", "Қ": "К", "Ң": "Н", "Һ": "Х", "Ә": "Э"}
)  # fmt: skip
_ASPIRATE = re.compile(r"c'h")
_MISPLACED = re.compile(r"([yw])'([ou])")
_BREVE_MARK = re.compile(r"([ou])'")
_APOSTROPHE_REST = re.compile(r"(?<!k)(?<!t)(?<!p)(?<!ch)'|'(?![aeiouywŏŭh])")
#: A space that came in after the apostrophe of a breve: Myo' ng-ch'o' l.
_STRAY_SPACE = re.compile(r"([ouOU]') (?=(?:ng|NG|[nlmkptNLMKPT])(?![A-Za-z']))")
_WORD = re.compile(r"[^\s,.\x01]+|[,\x01]")
_UNSURE = re.compile(r"(?<![^\s,\x01])([A-Za-z]+)\.")
_RESIDUE = re.compile(r"[^\w'-]|\d|_")


@cache
def titles() -> frozenset[str]:
    """Words that are no part of a name (`data/words.toml`)."""
    text = files("stanch.names").joinpath("data", "words.toml").read_text(encoding="utf-8")
    return frozenset(str(tomllib.loads(text)["words"]["titles"]).split())


@cache
def _glued() -> tuple[str, ...]:
    """Titles that are written onto a name in Hangul or Han characters, longest first."""
    return tuple(sorted((t for t in titles() if script_of(t) in ("hangul", "han")), key=lambda t: (-len(t), t)))


@cache
def _unsure() -> frozenset[str]:
    """Titles that are Korean syllables too (Hon): dropped only with a full stop."""
    text = files("stanch.names").joinpath("data", "words.toml").read_text(encoding="utf-8")
    return frozenset(str(tomllib.loads(text)["words"]["titles_with_stop"]).split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: as shown, its hyphen-separated parts (folded to lower case), script, and how it was cased.

    `initial`: one letter with a full stop. `group`: which of several names in one field it belongs to.
    """

    shown: str
    parts: tuple[str, ...]
    script: str
    capital: bool
    initial: bool = False
    group: int = 0


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A name ready to be read. `comma` is the number of words before the first comma, 0 when there is none.

    `parts`: the text of each name where the field holds several (in brackets, after a slash or "a.k.a."), else empty.
    """

    text: str
    words: tuple[Word, ...]
    comma: int
    notes: tuple[str, ...]
    parts: tuple[str, ...] = ()


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
    if len(name) <= MAX_CHARACTERS:
        # Most names are a few words of letters alone, met before: nothing below would change them.
        plain_words = tuple(map(_plain_word, name.split(" ")))
        if None not in plain_words and len(plain_words) <= MAX_WORDS:
            return Cleaned(name, plain_words, 0, ())  # type: ignore[arg-type]
    notes: list[str] = []
    if len(name) > MAX_CHARACTERS:
        name = name[:MAX_CHARACTERS]
        notes.append(f"cut to {MAX_CHARACTERS} characters")
    if name.isascii() and name.isprintable():
        text = name
    else:
        text = _stripped(unicodedata.normalize("NFKC", name)[: 2 * MAX_CHARACTERS], notes)
    text = _STRAY_SPACE.sub(r"\1", text.translate(_DOTS))
    plain = text.translate(_BETWEEN)
    stopped = "." in plain
    if stopped:
        plain = _UNSURE.sub(lambda found: " " if found[1].lower() in _unsure() else found[0], plain)
    lowered = plain.lower()
    if "alias" in lowered or "ka" in lowered or "k.a" in lowered or "k. a" in lowered:
        plain = _ALIAS.sub(" \x01 ", plain)
    if stopped:
        plain = _INITIAL.sub("\\1\x02 ", plain)
    raw = _WORD.findall(plain)
    words: list[Word] = []
    comma = dropped = group = 0
    for item in raw:
        if item == ",":
            comma = comma or len(words)
            continue
        if item == "\x01":
            group += 1
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
        words.append(replace(word, group=group) if group else word)
    if dropped and not words:
        notes.append("only titles")
    elif not words and not notes:
        notes.append("no letters")
    parts = [" ".join(part.replace("\x02", ".").split()) for part in plain.split("\x01")] if group else []
    return Cleaned(
        " ".join(text.translate(_SPACES).split()),
        tuple(words),
        comma if comma < len(words) else 0,
        tuple(dict.fromkeys(notes)),
        tuple(part for part in parts if part)[:4],
    )


#: Words that mean "alias", or are a part of how it is written.
_OF_ALIAS = frozenset(["a", "f", "k", "ak", "fk", "ka", "aka", "fka", "alias"])


@lru_cache(maxsize=100_000)
def _plain_word(item: str) -> Word | None:
    """The word that `clean` makes of these letters wherever they stand, None when that hangs on more."""
    if not item.isalpha() or item.lower() in _OF_ALIAS:
        return None
    if not item.isascii():
        if unicodedata.normalize("NFKC", item) != item or item.translate(_PLAIN_MARKS | _DOTS | _BETWEEN) != item:
            return None
        if any(_kept(char) != (char, "") for char in item):
            return None
    word, folded = _word(item)
    if word is None or folded or (len(word.parts) == 1 and word.parts[0] in titles()):
        return None
    return word


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
    initial = item[-1:] == "\x02"
    item = item.replace("\x02", "")
    script = script_of(item)
    if script in ("hangul", "han"):
        item = _untitled(item)
    elif script == "cyrillic":
        item = item.translate(_SLAVIC)
    text = item.translate(_HYPHENS)
    capital = len(text) > 1 and text.isupper()
    text = _marked(text.lower()) if script == "latin" else text.lower()
    parts = tuple(part for part in (_RESIDUE.sub("", part) for part in text.split("-")) if part.strip("'"))
    return (Word(item, parts, script, capital, initial) if parts else None), note


def _untitled(item: str) -> str:
    """A Hangul or Han word without the title written onto it: 김정은동지, 金正恩氏. A name must be left."""
    for title in _glued():
        least = 2 if len(title) > 1 else 3
        name = item[: -len(title)]
        if item.endswith(title) and len(name) >= least and name not in surnames():
            return name
    return item


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
