"""The writing systems, read from `data/tables.toml`: P(letters | jamo) for each, inverted for reading."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

#: letters → [(jamo, probability, letters of which one must stand beside; "" is no condition)]
Inverse = Mapping[str, tuple[tuple[str, float, str], ...]]
_PLAIN = str.maketrans("ŏŭ", "ou", "'")


@dataclass(frozen=True, slots=True)
class System:
    """One way to write Korean syllables in one script.

    `reader` says how a piece is read: `letters` by the tables here, or `hangul`, `hanja`, `pinyin`, `kana`. `mixes` is
    whether writers of another system of the script slip into this one. `respell` lists letters swapped by habit.
    `strict_vowels`: o and u never stand for one vowel (in ROK habit Sung and Song may both be 성).
    """

    id: str
    title: str
    script: str
    reader: str
    weight: float
    mixes: bool
    law_first: float
    law_inner: float
    initial_first: Inverse
    initial: Inverse
    medial: Inverse
    final: Inverse
    whole: Mapping[str, tuple[tuple[str, float], ...]]
    whole_share: float
    whole_surnames: frozenset[str]
    respell: tuple[tuple[str, str, float], ...]
    strict_vowels: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """The constants of the model; meanings stand beside them in the table file."""

    system_floor: float
    mismatch_bits: float
    loss_cap_bits: float
    loss_at_match: float
    typo_bits: float
    initial_bits: float
    slip_bits: float
    other_hanja_bits: float
    other_vowel_bits: float
    strict_share: float
    typo_chance: float
    surname_last: float
    surname_last_caps: float
    split_bits: float
    given_one: float
    given_two: float
    given_three: float
    letter_nats: float
    hangul_nats: float
    han_nats: float
    kana_nats: float
    korean: float
    possible: float
    usual: float
    last_surname: float
    unknown_surname: float
    common_bits: float


@cache
def _tables() -> dict[str, Any]:
    text = files("stanch.names").joinpath("data", "tables.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def model() -> Model:
    """The constants."""
    return Model(**_tables()["model"])


@cache
def hanja_weights() -> Mapping[str, float]:
    """Weights of Han characters by standing."""
    weights: dict[str, float] = _tables()["hanja"]
    return weights


@cache
def surname_pinyin() -> Mapping[str, str]:
    """Mandarin readings that some characters have in surnames only."""
    readings: dict[str, str] = _tables()["surname_pinyin"]
    return readings


@cache
def new_forms() -> Mapping[str, str]:
    """Japanese and other newer forms of characters → the older form that the Korean tables know."""
    pairs: str = _tables()["new_forms"]["pairs"]
    return {pair[0]: pair[1] for pair in pairs.split()}


@cache
def systems() -> tuple[System, ...]:
    """All systems, in the order of the table."""
    tables: dict[str, dict[str, Any]] = _tables()["system"]
    return tuple(
        _system(name, {**tables[table["like"]], **table} if "like" in table else table)
        for name, table in tables.items()
    )


@cache
def systems_of(script: str) -> tuple[System, ...]:
    """The systems of one script."""
    return tuple(system for system in systems() if system.script == script)


@cache
def wade_giles_title() -> str:
    """Title of the system for Wade-Giles."""
    return next(system.title for system in systems() if system.reader == "wade_giles")


def _system(name: str, table: dict[str, Any]) -> System:
    plain = bool(table.get("drop_marks"))
    first = {**table.get("initial", {}), **table.get("initial_first", {})}
    whole: dict[str, list[tuple[str, float]]] = {}
    for surname, spellings in table.get("whole", {}).items():
        for letters, share in spellings.items():
            whole.setdefault(letters, []).append((surname, share))
    return System(
        id=name,
        title=table["title"],
        script=table["script"],
        reader=table.get("reader", "letters"),
        mixes=bool(table.get("mixes", True)),
        weight=table["weight"],
        law_first=table["law_first"],
        law_inner=table["law_inner"],
        initial_first=_invert(first, plain),
        initial=_invert(table.get("initial", {}), plain),
        medial=_invert(table.get("medial", {}), plain),
        final=_invert(table.get("final", {}), plain),
        whole={letters: tuple(pairs) for letters, pairs in whole.items()},
        whole_share=table.get("whole_share", 0.0),
        whole_surnames=frozenset(table.get("whole", {})),
        respell=tuple((a, b, p) for a, by in table.get("respell", {}).items() for b, p in by.items()),
        strict_vowels=bool(table.get("strict_vowels", False)),
    )


def _invert(table: Mapping[str, Mapping[str, float]], plain: bool) -> Inverse:
    inverse: dict[str, dict[tuple[str, str], float]] = {}
    for jamo, spellings in table.items():
        for spelling, share in spellings.items():
            letters, _, beside = spelling.partition("|")
            if plain:
                letters = letters.translate(_PLAIN)
            cell = inverse.setdefault(letters, {})
            # Two marked spellings of one jamo can fall together when marks are dropped: their shares add up.
            cell[jamo, beside] = cell.get((jamo, beside), 0.0) + share
    return {
        letters: tuple((jamo, share, beside) for (jamo, beside), share in cell.items())
        for letters, cell in inverse.items()
    }
