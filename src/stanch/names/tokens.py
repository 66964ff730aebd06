"""Names that are not Korean personal names → weighted tokens in Latin letters."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

from stanch.names.text import Cleaned, fold
from stanch.names.translit import to_latin

Kind = Literal["person", "organization", "vessel", "any"]

_TOKEN = re.compile(r"[^\W_]+")
_JOINERS = re.compile(r"(?<=\w)[.'](?=\w)|['’]")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its folded Latin form, its consonant skeleton, and how much it counts (0 to 1)."""

    text: str
    skeleton: str
    weight: float


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of `data/words.toml`."""

    weights: Mapping[str, float]
    generic: frozenset[str]
    stop: frozenset[str]
    legal: Mapping[str, str]
    aliases: Mapping[str, str]
    phrases: tuple[tuple[str, str], ...]
    prefixes: frozenset[str]
    numerals: Mapping[str, str]
    glossary: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Prices:
    """The constants of general comparison; meanings stand beside them in `data/words.toml`."""

    token_bits: float
    missing_bits: float
    initial: float
    exchanged: float
    short_price: float
    final_g: float
    one_error: float
    skeleton: float
    least_word: float
    conflict: float
    conflict_weight: float
    contained: float
    contained_base: float
    covered_base: float
    acronym: float
    joined: float
    joined_error: float
    characters: float
    characters_bits: float
    one_letter: float
    part: float
    other_number: float
    no_number: float
    different_length: float


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("stanch.names").joinpath("data", "words.toml").read_text(encoding="utf-8"))


@cache
def prices() -> Prices:
    """The constants."""
    return Prices(**_table()["compare"])


@cache
def words() -> Words:
    """The word lists."""
    table = _table()
    listed = table["words"]

    def turned(section: str) -> dict[str, str]:
        return {word: key for key, spellings in table[section].items() for word in str(spellings).split()}

    return Words(
        weights=table["weights"],
        generic=frozenset(listed["generic"].split()),
        stop=frozenset(listed["stop"].split()),
        legal=turned("legal"),
        aliases=turned("aliases"),
        phrases=tuple((phrase, f" {key} ") for key, phrases in table["phrases"].items() for phrase in phrases),
        prefixes=frozenset(table["vessel"]["prefixes"].split()),
        numerals=turned("numerals"),
        glossary={word: f" {english.replace('_', ' ')} " for word, english in turned("glossary").items()},
    )


@lru_cache(maxsize=100_000)
def skeleton(text: str) -> str:
    """Consonants that survive most transliterations: Mohammed, Muhammad → mhmd."""
    text = text.replace("ph", "f").replace("kh", "h").replace("ts", "c").replace("tch", "c").replace("sch", "s")
    text = text.translate(_SAME)
    kept = text[:1] + "".join(char for char in text[1:] if char not in "aeiouyh'")
    return "".join(char for index, char in enumerate(kept) if not index or char != kept[index - 1])


_SAME = str.maketrans({"q": "k", "c": "k", "z": "s", "x": "k", "w": "v", "j": "i"})


@cache
def _glossary() -> re.Pattern[str]:
    """Words of the glossary: anywhere in Hangul and Han, whole words in Cyrillic; the longest first."""
    found = sorted(words().glossary, key=lambda word: (-len(word), word))
    return re.compile("|".join(rf"\b{word}\b" if "а" <= word[0] <= "я" else word for word in found))


def tokens_of(cleaned: Cleaned, kind: Kind) -> tuple[Token, ...]:
    """The words of a name with their weights, in order, at most 24."""
    return _tokens(cleaned.text, kind)


def parts_of(cleaned: Cleaned, kind: Kind) -> tuple[tuple[Token, ...], ...]:
    """The words of each name where a field holds several: A (B), A a.k.a. B. A remark of one plain word is no name."""
    found = []
    for index, text in enumerate(cleaned.parts):
        tokens = _tokens(text, kind)
        while tokens and tokens[0].text in _FORMERLY:
            tokens = tokens[1:]
        acronym = len(tokens) == 1 and len(text) >= 3 and text.strip().isupper() and kind != "person"
        if sum(token.weight for token in tokens) >= 1 and (not index or len(tokens) > 1 or acronym):
            found.append(tokens)
    return tuple(found)


#: Words before a name of the past: (ex Jin Tai 7).
_FORMERLY = frozenset(("ex", "formerly", "former", "fka", "aka", "previously", "now", "renamed"))


def _tokens(text: str, kind: Kind) -> tuple[Token, ...]:
    if kind == "person":
        return tuple([token for word in text.split(" ") for token in _tokens_of_word(word)][:24])
    if kind in ("organization", "any"):
        text = fold(text)
        if not text.isascii():
            text = _glossary().sub(lambda match: words().glossary[match[0]], text)
        for phrase, form in words().phrases:
            text = text.replace(phrase, form)
    text = fold(to_latin(_JOINERS.sub("", text)))
    found = _TOKEN.findall(text)[:24]
    if kind == "vessel":
        if found[:1] == ["m"] and found[1:2] in (["v"], ["t"], ["s"]):
            found = found[2:]  # M/V, M/T
        stripped = [word for word in found if word not in words().prefixes]
        found = stripped or found
        found = [words().numerals.get(word, word) if len(found) > 1 else word for word in found]
    return tuple(_token(word, kind) for word in found)


@lru_cache(maxsize=100_000)
def _tokens_of_word(text: str) -> tuple[Token, ...]:
    """The tokens of one word of a personal name; in those, no word changes how another is read."""
    found = _TOKEN.findall(fold(to_latin(_JOINERS.sub("", text))))
    return tuple(_token(_UMLAUTS.get(word, word), "person") for word in found)


#: How writers of Chinese names put the ü of lü and nü.
_UMLAUTS = {"lv": "lu", "nv": "nu", "lyu": "lu", "nyu": "nu"}


@lru_cache(maxsize=100_000)
def _token(word: str, kind: Kind) -> Token:
    lists = words()
    if _NUMBER.fullmatch(word):
        number = word.lstrip("0") or "0"
        return Token(number, number, lists.weights["number"])
    if kind == "person":
        weight = "particle" if word in lists.stop else "short" if len(word) <= 2 else "other"
        return Token(word, skeleton(word), lists.weights[weight])
    if kind != "vessel" and word in lists.legal:
        return Token(lists.legal[word], lists.legal[word], lists.weights["legal"])
    if word in lists.stop:
        return Token(word, word, lists.weights["stop"])
    word = lists.aliases.get(word, word) if kind != "vessel" else word
    weight = "generic" if kind != "vessel" and word in lists.generic else "short" if len(word) <= 2 else "other"
    return Token(word, skeleton(word), lists.weights[weight])
