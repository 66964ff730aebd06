"""From observations to a probability, its band, and a level. Pure arithmetic: sees bits and groups, nothing else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from stanch.model import Evidence
from stanch.workers.weights import GROUP_REST_BITS, STRONG_BITS, Weight


class Group(StrEnum):
    """Observations of one group tend to have one cause, so together they may count little more than the heaviest."""

    IDENTITY = "identity"
    PAYMENT = "payment"
    DEVICE = "device"
    NETWORK = "network"
    CODE = "code"
    PLATFORM = "platform"
    INSIDER = "insider"


class Level(StrEnum):
    """What a reviewer should do: look now, look when there is time, nothing on these records."""

    FINDING = "finding"
    WATCH = "watch"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Signal:
    """One indicator that was raised on one engagement.

    `bits` is what it counts, `low` and `high` the ends of its believable range; the first evidence carries `bits`.
    `strong` is judged before the group's cap. `hard` marks a hard link.
    """

    id: str
    group: Group
    bits: float
    low: float
    high: float
    strong: bool
    hard: bool
    evidence: tuple[Evidence, ...]

    @classmethod
    def of(cls, id: str, group: Group, weight: Weight, evidence: Sequence[Evidence], *, hard: bool = False) -> Signal:
        """A signal of one weight; its first evidence is given the bits."""
        first, *rest = evidence
        return cls(
            id,
            group,
            weight.bits,
            math.log2(weight.low),
            math.log2(weight.high),
            weight.bits >= STRONG_BITS,
            hard,
            (replace(first, bits=weight.bits), *rest),
        )

    def scaled(self, factor: float) -> Signal:
        """The same signal counted at `factor` of its weight, because its group was capped."""
        first, *rest = self.evidence
        counted = replace(first, bits=self.bits * factor)
        return replace(
            self,
            bits=self.bits * factor,
            low=self.low * factor,
            high=self.high * factor,
            evidence=(counted, *rest),
        )


@dataclass(frozen=True, slots=True)
class Score:
    """`probability` with its band `low`..`high`, the total of counted bits, and the level."""

    probability: float
    low: float
    high: float
    bits: float
    level: Level
    signals: tuple[Signal, ...]


def score(signals: Sequence[Signal], base_rate: float, watch_at: float) -> Score:
    """Add up what was raised on one engagement.

    The prior is `base_rate`; signals add their bits, capped within each group. The band takes each ratio's believable
    range as independent of the others (root of the sum of squares); doubt about the base rate is not in it. What was
    not raised, or could not be checked, counts neither way.

    Raises:
        ValueError: a base rate outside 0..1, ends excluded.
    """
    if not 0.0 < base_rate < 1.0:
        raise ValueError(f"the base rate must lie between 0 and 1, not {base_rate}")
    counted = capped(signals)
    prior = math.log2(base_rate / (1.0 - base_rate))
    bits = math.fsum(signal.bits for signal in counted)
    below = math.sqrt(math.fsum((signal.bits - signal.low) ** 2 for signal in counted))
    above = math.sqrt(math.fsum((signal.high - signal.bits) ** 2 for signal in counted))
    probability = from_bits(prior + bits)
    return Score(
        probability,
        min(probability, from_bits(prior + bits - below)),
        max(probability, from_bits(prior + bits + above)),
        bits,
        level_of(signals, probability, watch_at),
        counted,
    )


def capped(signals: Sequence[Signal]) -> tuple[Signal, ...]:
    """The signals as they count: in each group the heaviest whole, the others scaled to GROUP_REST_BITS together.

    Order is kept. Ties go to the smaller id.
    """
    if len(signals) < 2:
        return tuple(signals)
    result: dict[str, Signal] = {}
    for group in Group:
        members = sorted((s for s in signals if s.group is group), key=lambda s: (-s.bits, s.id))
        rest = math.fsum(s.bits for s in members[1:])
        factor = min(1.0, GROUP_REST_BITS / rest) if rest > 0 else 1.0
        for position, signal in enumerate(members):
            result[signal.id] = signal if position == 0 or factor == 1.0 else signal.scaled(factor)
    return tuple(result[signal.id] for signal in signals)


def level_of(signals: Sequence[Signal], probability: float, watch_at: float) -> Level:
    """A finding needs one hard link or strong signals of two groups; probability alone makes at most a watch note."""
    if any(signal.hard for signal in signals) or len({signal.group for signal in signals if signal.strong}) >= 2:
        return Level.FINDING
    return Level.WATCH if probability >= watch_at else Level.NONE


def from_bits(bits: float) -> float:
    """Probability of log2 odds, without overflow at either end."""
    if bits >= 0:
        return 1.0 / (1.0 + math.exp2(-min(bits, 1000.0)))
    odds = math.exp2(max(bits, -1000.0))
    return odds / (1.0 + odds)
