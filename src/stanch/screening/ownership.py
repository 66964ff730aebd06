"""Ownership and control in screening: parties of a list that are not listed themselves, and customers whose owners or
directors are.

The links and rules are those of `screening.links` and of the table of ownership rules; here they meet lists and
queries.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from stanch.knowledge import OwnershipRule, regimes_of, rules_in_force
from stanch.model import LINK_SCHEMATA, PARTY_SCHEMATA, Entity, Evidence
from stanch.screening.links import Graph, Hop, Relation, read_links, relations
from stanch.screening.match import Match, Screened
from stanch.screening.query import Query

#: Matches of one record's owners and directors that are followed, most probable first.
MAX_ENDS = 50
_LISTED = "sanction"


@dataclass(frozen=True, slots=True)
class Standing:
    """Which parties of the lists stand there without being listed, and how they relate to those that are."""

    unlisted: frozenset[str] = frozenset()
    relations: Mapping[str, Relation] = field(default_factory=dict)

    def is_subject(self, party: str, links: bool) -> bool:
        """Whether a party is to be found by screening: listed, owned, controlled, or linked by more than a bare link.
        Bare links count when `links` is set."""
        if party not in self.unlisted:
            return True
        relation = self.relations.get(party)
        return relation is not None and (links or not relation.bare)


def marked_lists(entities: Iterable[Entity]) -> frozenset[str]:
    """The lists that mark who is listed by the topic "sanction": in these, a party without any topic is not."""
    return frozenset(name for entity in entities if _LISTED in entity.get("topics") for name in entity.datasets)


def standing_of(entities: Sequence[Entity], marked: Collection[str] | None = None, day: date | None = None) -> Standing:
    """Tell the listed parties from those that a list names beside them, and relate these to those.

    A party is not listed when it stands at the end of a link and its topics do not say that it is ("sanction.linked",
    or none in a list that marks others).

    Args:
        marked: the lists that mark who is listed, when `entities` are only a part of them.
        day: for links and rules of that day; the latest without one.
    """
    linking = [entity for entity in entities if entity.schema in LINK_SCHEMATA]
    if not linking:
        return Standing()
    ends = {end for entity in linking for name in LINK_SCHEMATA[entity.schema] for end in entity.get(name)}
    lists = marked_lists(entities) if marked is None else marked
    listed: dict[str, Entity] = {}
    beside: dict[str, Entity] = {}
    for entity in entities:
        if entity.id in ends and entity.schema in PARTY_SCHEMATA:
            (listed if _is_listed(entity, lists) else beside)[entity.id] = entity
    unlisted = frozenset(beside.keys() - listed.keys())
    if not unlisted:
        return Standing()
    seeds: dict[OwnershipRule, set[str]] = {rule: set() for rule in rules_in_force(day)}
    for id_, entity in listed.items():
        for rule in _rules_for(entity.datasets, seeds) if is_designated(entity) else ():
            seeds[rule].add(id_)
    links, _ = read_links(linking, day)
    names = {id_: entity.caption for id_, entity in {**beside, **listed}.items()}
    found = relations(links, seeds, unlisted, names)
    return Standing(
        unlisted,
        {
            id_: replace(relation, listed=tuple(listed[end] for end in relation.ends if end in listed))
            for id_, relation in found.items()
        },
    )


def is_designated(entity: Entity) -> bool:
    """Whether what a listed party owns is to be looked at: it is under sanctions, not on a list for another reason
    (a political post, an export licence)."""
    topics = entity.get("topics")
    return not topics or _LISTED in topics


def _is_listed(entity: Entity, marked: Collection[str]) -> bool:
    topics = entity.get("topics")
    if _LISTED in topics:
        return True
    if topics:
        return "sanction.linked" not in topics
    return not any(name in marked for name in entity.datasets)


def _rules_for(lists: Iterable[str], rules: Iterable[OwnershipRule]) -> list[OwnershipRule]:
    regimes = regimes_of(lists)
    return [rule for rule in rules if rule.regime in regimes]


class Screener(Protocol):
    """What screens queries (`Index`)."""

    @property
    def links(self) -> bool: ...
    def screen_all(self, queries: Sequence[Query], threshold: float, /) -> list[Screened]: ...


@dataclass(frozen=True, slots=True)
class _End:
    """A party that a record is linked to, and the listed one that it may be."""

    party: str
    match: Match
    query: Query


def linked_matches(index: Screener, query: Query, threshold: float) -> list[Match]:
    """Listed parties that own, control or are linked to the party of a query, by the links of its own record.

    Each match has the probability of the match at the end of its chain. Where several owners are needed to reach a
    threshold, the chain stands with the least probable of them, since all must be who they seem to be.
    """
    related = query.related
    if related is None:
        return []
    screened = index.screen_all([other for _, other in related.queries], threshold)
    ends = [
        _End(id_, match, other)
        for (id_, other), answer in zip(related.queries, screened, strict=True)
        for match in answer.matches
        if (is_designated(match.listed.entity) if match.relation is None else match.relation.regimes)
    ]
    ends.sort(key=lambda end: (-end.match.probability, end.party, end.match.entity_id))
    del ends[MAX_ENDS:]
    graph, names = Graph.of(related.links), {**related.names, query.input_id: query.text}
    found: dict[str, Match] = {}
    for end in ends:
        level = [other for other in ends if other.match.probability >= end.match.probability]
        relation = _relation(query, graph, level, names, end) or _relation(query, graph, [end], names, end)
        if relation is None or (relation.bare and not index.links):
            continue
        match = _chained(end, relation)
        known = found.get(match.entity_id)
        if known is None or _rank(match) < _rank(known):
            found[match.entity_id] = match
    return list(found.values())


def _relation(
    query: Query, graph: Graph, ends: Sequence[_End], names: Mapping[str, str], through: _End
) -> Relation | None:
    """The relation of the query's party to these ends under the rules for the one in question, when that is among those
    it rests on."""
    assert query.related is not None
    seeds: dict[OwnershipRule, set[str]] = {rule: set() for rule in _regimes(through.match, rules_in_force())}
    for end in ends:
        for rule in _regimes(end.match, seeds):
            seeds[rule].add(end.party)
    relation = relations(query.related.links, seeds, [query.input_id], names, graph).get(query.input_id)
    return relation if relation is not None and through.party in relation.ends else None


def _regimes(match: Match, rules: Iterable[OwnershipRule]) -> list[OwnershipRule]:
    if match.relation is not None:
        return [rule for rule in rules if rule.regime in match.relation.regimes]
    return _rules_for(match.listed.lists, rules)


def _chained(end: _End, relation: Relation) -> Match:
    match, onward = end.match, end.match.relation
    hop = Hop("match", match.entity_id, end.party, source=end.query.place)
    lists = ", ".join(name.upper() for name in match.listed.lists) or "a list"
    who = f"{end.query.text} may be {match.name} ({match.entity_id}; {lists})"
    joint = Evidence(f"{who}: the P and the bits given are those of this match, the end of the chain", end.query.place)
    listed = onward.listed if onward is not None else (match.listed.entity,)
    before = onward.chain if onward is not None else ()
    whole = replace(relation, chain=(*before, hop, *relation.chain), listed=listed)
    return replace(match, evidence=(*relation.evidence, joint, *match.evidence), relation=whole)


def _rank(match: Match) -> tuple[tuple[int, bool, int, tuple[str, ...]], float]:
    assert match.relation is not None
    return match.relation.rank, -match.probability
