"""How a party that is not listed stands to those that are: owned, controlled or linked, hop by hop."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from typing import Any

from stanch.knowledge.ownership import OwnershipRule, load_ownership
from stanch.model import Entity, Evidence, Source, canonical_json, sha256_hex
from stanch.screening.links.assess import Assessment, assess
from stanch.screening.links.graph import Graph, Link, LinkKind
from stanch.screening.links.reach import Answer
from stanch.screening.links.share import Share, percent

#: A longer chain is cut: no reviewer follows it, and a hostile file could make one without end.
MAX_HOPS = 60


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a chain, from the owner, director or listed party (`start`) to what it leads to (`end`), by id."""

    kind: str
    start: str
    end: str
    share: Share | None = None
    as_of: str | None = None
    source: Source | None = None

    def to_json(self) -> dict[str, Any]:
        """As printed; every key always present. Without a stated share both percentages are null."""
        share = self.share if self.share is not None and not self.share.is_unknown else None
        return {
            "from": self.start,
            "to": self.end,
            "kind": self.kind,
            "percent_min": None if share is None else percent(share.low),
            "percent_max": None if share is None else percent(share.high),
            "as_of": self.as_of,
            "source": None if self.source is None else self.source.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Relation:
    """The relation of one party to listed ones.

    `kind` is owned, controlled or linked. `chain` leads from the listed parties (`ends`) to the party. `regimes` are
    those whose rule makes it owned or controlled. A relation is `bare` when only kinship, an unnamed link, or a
    stake or post of the party itself joins the two: shown only on request.
    """

    kind: str
    chain: tuple[Hop, ...]
    ends: tuple[str, ...]
    regimes: tuple[str, ...] = ()
    bare: bool = False
    evidence: tuple[Evidence, ...] = ()
    listed: tuple[Entity, ...] = ()

    @property
    def rank(self) -> tuple[int, bool, int, tuple[str, ...]]:
        """Strongest first."""
        return ("owned", "controlled", "linked").index(self.kind), self.bare, len(self.chain), self.ends


@cache
def rules_source() -> Source:
    """The table of rules as a source that evidence can point to: its hash changes when any rule does."""
    rules = [repr(astuple(rule)) for rule in load_ownership()]
    return Source("stanch facts show ownership", "rules", sha256_hex(canonical_json(rules)))


def relations(
    links: Sequence[Link],
    seeds: Mapping[OwnershipRule, Collection[str]],
    wanted: Collection[str],
    names: Mapping[str, str],
    graph: Graph | None = None,
) -> dict[str, Relation]:
    """The strongest relation of each wanted party that has any.

    Args:
        seeds: for each rule the listed parties that it looks at.
        wanted: parties to answer for; listed ones among them are passed over.
        names: what to call a party in evidence, by id.
        graph: of the same links, when it is at hand.
    """
    graph = graph or Graph.of(links)
    every = {seed for group in seeds.values() for seed in group}
    answers: dict[str, list[Assessment]] = {}
    for rule, group in seeds.items():
        for party, assessment in assess(graph, group, rule).items():
            if party not in every and (assessment.answer is not Answer.NO or assessment.support):
                answers.setdefault(party, []).append(assessment)
    stakes = {party: _from_answers(graph, party, given, names) for party, given in answers.items()}
    found = {party: stakes[party] for party in wanted if party in stakes}
    core = {party: stakes[party] for party in stakes if stakes[party].regimes}
    for party, link, other in _beside(links, every | core.keys(), wanted):
        if link.share is not None and (party in found or link.share.high == 0):
            continue  # an interest is answered for by the rules
        candidate = _from_link(link, other, core.get(other), names)
        if party not in found or candidate.rank < found[party].rank:
            found[party] = candidate
    return found


def _from_answers(graph: Graph, party: str, given: Sequence[Assessment], names: Mapping[str, str]) -> Relation:
    def strength(item: Assessment) -> tuple[int, bool]:
        return [Answer.YES, Answer.UNKNOWN, Answer.NO].index(item.answer), not item.owned

    best = min(given, key=strength)
    yes = best.answer is Answer.YES
    hops = [(hop_of(link), said(link, names)) for link in best.support]
    notes = [
        Evidence(f"{names.get(asset, asset)}: {text}", rules_source())
        for asset in dict.fromkeys((*(hop.end for hop, _ in hops), party))
        for text in graph.problems.get(asset, ())
    ]
    reasons = [Evidence(item.words, rules_source()) for item in given]
    return Relation(
        kind="linked" if not yes else ("owned" if best.owned else "controlled"),
        chain=tuple(hop for hop, _ in hops)[-MAX_HOPS:],
        ends=best.seeds,
        regimes=tuple(item.rule.regime for item in given if item.answer is Answer.YES),
        evidence=(*(text for _, text in hops[-MAX_HOPS:]), *notes, *reasons),
    )


def _beside(links: Iterable[Link], core: Collection[str], wanted: Collection[str]) -> Iterator[tuple[str, Link, str]]:
    """Links that join a wanted party outside the core to one inside it: (party, link, the other)."""
    for link in links:
        if link.start in core and link.end in wanted and link.end not in core:
            yield link.end, link, link.start
        elif link.end in core and link.start in wanted and link.start not in core:
            yield link.start, link, link.end


def _from_link(link: Link, other: str, onward: Relation | None, names: Mapping[str, str]) -> Relation:
    post = link.kind in (LinkKind.DIRECTORSHIP, LinkKind.OWNERSHIP) and other == link.start
    return Relation(
        kind="linked",
        chain=(*(onward.chain if onward is not None else ()), hop_of(link)),
        ends=onward.ends if onward is not None else (other,),
        bare=not post,
        evidence=(*(onward.evidence if onward is not None else ()), said(link, names)),
    )


def hop_of(link: Link) -> Hop:
    """A link as a hop."""
    return Hop(link.kind.value, link.start, link.end, link.share, link.as_of, link.source)


def said(link: Link, names: Mapping[str, str]) -> Evidence:
    """A link as a sentence with its source."""
    start, end = names.get(link.start, link.start), names.get(link.end, link.end)
    role = f" ({link.role})" if link.role else ""
    text = {
        LinkKind.OWNERSHIP: f"{start} owns {link.share} of {end}{role}",
        LinkKind.DIRECTORSHIP: f"{start} has a post on the board of {end}{role}",
        LinkKind.FAMILY: f"{start} and {end} are family{role}",
        LinkKind.UNKNOWN: f"{start} is linked to {end}{role}",
    }[link.kind]
    if link.as_of:
        text += f", as of {link.as_of}"
    if not link.certain:
        text += "; whether it holds on the day asked about is not sure"
    if link.note:
        text += f"; {link.note}"
    return Evidence(text, link.source or Source("record", f"{link.start} → {link.end}", ""))
