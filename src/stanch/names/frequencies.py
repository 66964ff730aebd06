"""How common surnames and given-name syllables are. Tables and their origin: `data/surnames.tsv`, `data/given.tsv`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from stanch.names.systems import model


def _lines(name: str) -> list[str]:
    text = files("stanch.names").joinpath("data", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _read(name: str) -> dict[str, float]:
    counts = {row[0]: float(row[1]) for row in (line.split("\t") for line in _lines(name))}
    total = sum(counts.values())
    return {key: count / total for key, count in counts.items()}


@cache
def surnames() -> Mapping[str, float]:
    """Share of people by surname in underlying form (리, not 이); one or two syllables."""
    return MappingProxyType(_read("surnames.tsv"))


@cache
def surname_hanja() -> Mapping[str, str]:
    """Usual Han characters of each surname, most common first; of a compound surname one for each syllable."""
    rows = (line.split("\t") for line in _lines("surnames.tsv"))
    return MappingProxyType({row[0]: row[3] for row in rows if len(row) > 3 and row[3]})


@cache
def given_syllables() -> Mapping[str, float]:
    """Share of given-name syllables by syllable in underlying form."""
    return MappingProxyType(_read("given.tsv"))


@cache
def surname_prior() -> Mapping[str, float]:
    """Surname shares, with every given-name syllable kept possible as a rare surname."""
    shares = dict.fromkeys(given_syllables(), model().unknown_surname)
    shares.update(surnames())
    total = sum(shares.values())
    return MappingProxyType({key: share / total for key, share in shares.items()})
