"""Who counts as owned or controlled, given who is listed: two fixpoints over the graph, one of what surely holds and
one of what may hold.

A party joins the set when the interests that members of the set have in it reach the threshold; it is a member itself
from then on. Shares are never multiplied through tiers: this is how OFAC reads "indirectly", and the least such set is
the answer for circles too. Between the two sets the answer is unknown.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from stanch.knowledge.ownership import Compare, Control, OwnershipRule
from stanch.screening.links.graph import Graph, possible_total
from stanch.screening.links.share import HUNDRED, ZERO, Share


class Answer(StrEnum):
    """Whether a party counts as owned or controlled."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a share must reach, and which statements of control count."""

    percent: Fraction
    at_least: bool
    control: frozenset[Control] = frozenset()

    @classmethod
    def of(cls, rule: OwnershipRule) -> Threshold:
        """The test of a rule."""
        return cls(Fraction(rule.threshold), rule.test is Compare.AT_LEAST, frozenset(rule.control))

    def surely(self, share: Share) -> bool:
        """Whether every share in the interval passes."""
        low = share.low
        return low > self.percent or (low == self.percent and (self.at_least or share.low_open))

    def maybe(self, share: Share) -> bool:
        """Whether any share in the interval passes."""
        high = share.high
        return high > self.percent or (high == self.percent and self.at_least and not share.high_open)


@dataclass(slots=True)
class _Sum:
    low: Fraction = ZERO
    high: Fraction = ZERO
    low_opens: int = 0
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """One fixpoint: members in the order in which they joined (seeds are 0), and the interests of members in each
    asset, as one share."""

    order: dict[str, int]
    shares: dict[str, Share] = field(default_factory=dict)

    def __contains__(self, party: str) -> bool:
        return party in self.order


def surely(graph: Graph, seeds: Collection[str], threshold: Threshold) -> Reach:
    """The parties that count as owned or controlled whatever the unknown shares are."""
    return _fixpoint(graph, seeds, threshold, possible=False)


def possibly(graph: Graph, seeds: Collection[str], threshold: Threshold) -> Reach:
    """The parties that count as owned or controlled if unknown shares are as large as they can be.

    What other owners are stated to hold cannot be held by members, unless the stated shares add up to more than 100.
    Shares that an asset holds of itself may be without rights, so that those of others weigh more.
    """
    return _fixpoint(graph, seeds, threshold, possible=True)


def _fixpoint(graph: Graph, seeds: Collection[str], threshold: Threshold, *, possible: bool) -> Reach:
    reach = Reach(dict.fromkeys(sorted(seeds), 0))
    sums: dict[str, _Sum] = {}
    waiting = deque(reach.order)
    while waiting:
        owner = waiting.popleft()
        for asset in graph.assets.get(owner, ()):
            holding = graph.holdings.get(asset, {}).get(owner)
            if holding is not None:
                _add(sums.setdefault(asset, _Sum()), holding.share)
                reach.shares[asset] = _share(graph, asset, sums[asset], possible)
            if asset in reach.order:
                continue
            controlled = any(
                link.control & threshold.control and (possible or link.certain)
                for link in graph.controls.get(asset, {}).get(owner, ())
            )
            passes = threshold.maybe if possible else threshold.surely
            if controlled or (asset in reach.shares and passes(reach.shares[asset])):
                reach.order[asset] = len(reach.order)
                waiting.append(asset)
    return reach


def _add(total: _Sum, share: Share) -> None:
    total.low += share.low
    total.high += share.high
    total.low_opens += share.low_open
    total.high_open |= share.high_open


def _share(graph: Graph, asset: str, total: _Sum, possible: bool) -> Share:
    """The interests of members in an asset. Of the surely held only the lower end counts, of the possible the upper."""
    if not possible:
        low = min(total.low, HUNDRED)
        return Share(low, HUNDRED, total.low_opens > 0 and low < HUNDRED)
    high, high_open = total.high, total.high_open
    own = graph.own.get(asset, Share(ZERO, ZERO)).high
    if own > ZERO:
        high, high_open = (high * HUNDRED / (HUNDRED - own), high_open) if own < HUNDRED else (HUNDRED, False)
    stated, opens = graph.totals[asset]
    if possible_total((stated, opens)):
        left, taken = HUNDRED - (stated - total.low), opens > total.low_opens
        if left < high or (left == high and taken):
            high, high_open = left, taken
    if high > HUNDRED:
        high, high_open = HUNDRED, False
    return Share(ZERO, high, high_open=high_open and high > ZERO)
