"""What a name may say: its readings with writing systems and Hangul, and how common it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from stanch.names.blocking import sequences
from stanch.names.matching import Prepared, prepare
from stanch.names.parse import Reading
from stanch.names.systems import model
from stanch.names.tokens import prices


@dataclass(frozen=True, slots=True)
class Told:
    """One reading to show: systems with shares, pieces, Hangul sequences with probabilities, its own probability."""

    systems: tuple[tuple[str, float], ...]
    pieces: tuple[str, ...]
    hangul: tuple[tuple[str, float], ...]
    probability: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Readings of a name, probability that it is Korean, the bits it carries, and notes."""

    name: str
    korean: float
    readings: tuple[Told, ...]
    rarity_bits: float
    common: bool
    notes: tuple[str, ...]


def explain(name: str) -> Explanation:
    """Explain a personal name; never raises."""
    prepared = prepare(name)
    bits = rarity_bits(prepared)
    told = tuple(_told(reading) for reading in prepared.parsed.readings) if prepared.parsed.korean >= 0.02 else ()
    common = prepared.is_korean and bits < model().common_bits
    return Explanation(prepared.name, round(prepared.parsed.korean, 6), told, round(bits, 3), common, prepared.notes)


def rarity_bits(name: str | Prepared) -> float:
    """Bits that a full agreement with this name is worth: how rare the name, as it is spelled, is."""
    prepared = prepare(name) if isinstance(name, str) else name
    if prepared.is_korean:
        return sum(spread.own_bits for spread in prepared.parsed.readings[0].spreads)
    return prices().token_bits * sum(token.weight for token in prepared.tokens)


def _told(reading: Reading) -> Told:
    found = []
    for sequence in sequences(reading, 5):
        share, rest = 1.0, sequence
        for spread in reading.spreads:
            size = next(len(key) for key in sorted(spread.shares, key=len, reverse=True) if rest.startswith(key))
            share *= spread.shares[rest[:size]]
            rest = rest[size:]
        found.append((sequence, round(share, 6)))
    return Told(
        systems=tuple((title, round(share, 4)) for title, share in reading.systems),
        pieces=tuple(spread.text for spread in reading.spreads),
        hangul=tuple(found),
        probability=round(reading.share, 6) if math.isfinite(reading.share) else 0.0,
    )
