"""Each regime's answer for each party that listed ones have an interest in, with the links it rests on."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from stanch.knowledge.ownership import Otherwise, OwnershipRule
from stanch.screening.links.graph import Graph, Link
from stanch.screening.links.reach import Answer, Reach, Threshold, possibly, surely
from stanch.screening.links.share import ZERO, Share

_RANK = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one rule says of one party.

    `share` is the band of what listed parties hold of it, None where only control is stated. `owned` tells owned from
    controlled for the answer yes. `support` has the links it rests on, from the listed parties (`seeds`) downwards.
    """

    rule: OwnershipRule
    answer: Answer
    owned: bool
    share: Share | None
    support: tuple[Link, ...]
    seeds: tuple[str, ...]

    @property
    def words(self) -> str:
        """The answer with its reason in one line."""
        held = "no share is stated" if self.share is None else f"listed parties hold {self.share}"
        verdict = {
            Answer.YES: f"counts as {'owned' if self.owned else 'controlled'}",
            Answer.NO: "counts as neither owned nor controlled",
            Answer.UNKNOWN: "owned or controlled or neither, that is not known",
        }[self.answer]
        return f"rule {self.rule.id} ({self.rule.words}): {held}, {verdict}"


def assess(graph: Graph, seeds: Collection[str], rule: OwnershipRule) -> dict[str, Assessment]:
    """The answer of one rule for every party that `seeds` have an interest in; the seeds themselves are left out."""
    holders = sorted(seed for seed in seeds if seed in graph.assets)
    threshold = Threshold.of(rule)
    found: dict[str, Assessment] = {}
    for group in [holders] if rule.together else [[holder] for holder in holders]:
        for party, assessment in _assess(graph, group, rule, threshold):
            known = found.get(party)
            if party not in seeds and (known is None or _RANK[assessment.answer] < _RANK[known.answer]):
                found[party] = assessment
    return found


def _assess(
    graph: Graph, seeds: list[str], rule: OwnershipRule, threshold: Threshold
) -> Iterator[tuple[str, Assessment]]:
    owned = surely(graph, seeds, Threshold(threshold.percent, threshold.at_least))
    sure = surely(graph, seeds, threshold) if threshold.control else owned
    may = possibly(graph, seeds, threshold)
    judged = _stated_control(graph, may)
    for party in sorted({*may.shares, *may.order, *judged}.difference(seeds)):
        share = _band(sure, may, party)
        if party in sure:
            answer, reach = Answer.YES, owned if party in owned else sure
        elif party in may:
            answer, reach = Answer.UNKNOWN, may
        else:
            otherwise = {rule.other_control} if party in judged else set()
            otherwise |= {rule.below} if share is not None and share.high > ZERO else set()
            answer, reach = (Answer.UNKNOWN if Otherwise.UNKNOWN in otherwise else Answer.NO), may
        if answer is Answer.NO and party not in judged and (share is None or share.high == ZERO):
            continue  # a stated zero is no interest
        links = support(graph, reach, party)
        ends = tuple(sorted({link.start for link in links}.intersection(seeds)))
        yield party, Assessment(rule, answer, party in owned, share, links, ends)


def _stated_control(graph: Graph, may: Reach) -> set[str]:
    """Parties that a member is stated to control in any way."""
    return {
        asset
        for owner in may.order
        for asset in graph.assets.get(owner, ())
        if any(link.control for link in graph.controls.get(asset, {}).get(owner, ()))
    }


def _band(sure: Reach, may: Reach, party: str) -> Share | None:
    if party not in may.shares:
        return None
    low, high = sure.shares.get(party, Share()), may.shares[party]
    if low.low == high.high:
        return Share(low.low, high.high)
    return Share(low.low, high.high, low.low_open, high.high_open)


def support(graph: Graph, reach: Reach, party: str) -> tuple[Link, ...]:
    """The links that put a party into a set: those from members that joined before it, and theirs in turn, the listed
    parties' first."""
    after = {party: reach.order.get(party, math.inf)}
    found: list[tuple[float, str, str, Link]] = []
    waiting = [party]
    while waiting:
        asset = waiting.pop()
        owners = graph.holdings.get(asset, {})
        controls = graph.controls.get(asset, {})
        for owner in {**owners, **controls}:
            place = reach.order.get(owner)
            if place is None or place >= after[asset]:
                continue
            stated = owners[owner].links if owner in owners else ()
            for link in (*stated, *(link for link in controls.get(owner, ()) if link not in stated)):
                found.append((after[asset], asset, owner, link))
            if place > 0 and owner not in after:
                after[owner] = place
                waiting.append(owner)
    found.sort(key=lambda item: item[:3])
    return tuple(link for *_, link in found)
