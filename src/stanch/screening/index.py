"""The candidate index: from keys of names and from identifiers to listed subjects.

A name is never compared with the whole list. `names.keys` gives each name a few keys such that spellings of one name
share at least one; only subjects that share a key or an identifier with the query are compared.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from stanch import names
from stanch.model import Entity
from stanch.names.bounds import Signatures
from stanch.screening.birth import parse_all
from stanch.screening.combine import NameHit, combine
from stanch.screening.hits import best_hits, count_different
from stanch.screening.identify import HELD_SCHEMATA, Identifier, identifiers_of, unique
from stanch.screening.listed import Listed, ListedName, ListInfo
from stanch.screening.match import Screened
from stanch.screening.ownership import linked_matches, standing_of
from stanch.screening.query import KINDS, MAX_NAME, Query, genders_of
from stanch.screening.weights import DEFAULT_THRESHOLD


@dataclass(frozen=True, slots=True)
class Index:
    """All listed subjects, and the ways to reach them. Immutable: safe to share between threads."""

    lists: tuple[ListInfo, ...]
    subjects: tuple[Listed, ...]
    names: tuple[ListedName, ...]
    signatures: Signatures
    by_key: dict[tuple[str, str], tuple[int, ...]]
    by_identifier: dict[tuple[str, str], tuple[int, ...]]
    links: bool = False

    @classmethod
    def build(
        cls,
        entities: Iterable[Entity],
        lists: Sequence[ListInfo],
        links: bool = False,
        marked: Collection[str] | None = None,
    ) -> Index:
        """Index the entities of some lists. Wallets, accounts and documents go to their holder; one without a holder
        among the entities is a subject itself. Links (ownership, family…) are not subjects.

        Args:
            links: also find who has no more than a bare link to a listed party: relatives, unnamed links.
            marked: as `ownership.standing_of` takes it, when `entities` are only a part of the lists.
        """
        everything = list(entities)
        standing = standing_of(everything, marked)
        parties, held = _with_holders(everything)
        parties = [entity for entity in parties if standing.is_subject(entity.id, links)]
        subjects: list[Listed] = []
        listed_names: list[ListedName] = []
        by_key: dict[tuple[str, str], dict[int, None]] = {}
        by_identifier: dict[tuple[str, str], dict[int, None]] = {}
        for number, entity in enumerate(parties):
            groups: list[frozenset[tuple[str, str]]] = []
            for text, weak in _names_of(entity):
                for kind in KINDS[entity.schema]:
                    keys = frozenset((kind, key) for key in names.keys(text, kind))
                    for key in keys:
                        by_key.setdefault(key, {})[len(listed_names)] = None
                    groups.append(keys)
                    listed_names.append(ListedName(text, kind, weak, names.prepare(text, kind), number))
            whole = (entity, *held.get(entity.id, ()))
            found = unique(item for part in whole for item in identifiers_of(part))
            for item in found:
                by_identifier.setdefault(item.key, {})[number] = None
            subjects.append(
                Listed(
                    entity=entity,
                    birth_dates=parse_all(entity.get("birthDate"))[0],
                    genders=genders_of(entity),
                    identifiers=found,
                    chance_bits=math.log2(count_different(groups)),
                    since=max(part.since for part in whole),
                    relation=standing.relations.get(entity.id),
                )
            )
        return cls(
            lists=tuple(lists),
            subjects=tuple(subjects),
            names=tuple(listed_names),
            signatures=Signatures.of(item.prepared for item in listed_names),
            by_key={key: tuple(found) for key, found in by_key.items()},
            by_identifier={key: tuple(found) for key, found in by_identifier.items()},
            links=links,
        )

    def screen(self, query: Query, threshold: float = DEFAULT_THRESHOLD) -> Screened:
        """Screen one query against all lists.

        Args:
            threshold: the least probability (0..1) that is shown. Matches come most probable first, ties by entity id.
        """
        return self.screen_all((query,), threshold)[0]

    def screen_all(self, queries: Sequence[Query], threshold: float = DEFAULT_THRESHOLD) -> list[Screened]:
        """Screen several queries: the same answers as one by one, in less time, because the candidates of all of them
        are judged together (about a thousand at once is best)."""
        found = best_hits(self.names, self.by_key, self.signatures, queries)
        return [
            self._answer(query, threshold, hits, different)
            for query, (hits, different) in zip(queries, found, strict=True)
        ]

    def _answer(self, query: Query, threshold: float, hits: dict[int, NameHit], query_names: int) -> Screened:
        shared = self._shared_identifiers(query)
        matches = []
        for number in sorted(hits.keys() | shared.keys()) if shared else sorted(hits):
            listed = self.subjects[number]
            hit, identifiers = hits.get(number), shared.get(number, ())
            match = combine(query, listed, hit, identifiers, self.lists, query_names, threshold)
            if match is not None:
                matches.append(match)
        if query.related is not None:
            matches += linked_matches(self, query, threshold)
        matches.sort(key=lambda match: (-match.bits, match.entity_id))
        return Screened(query, self.lists, threshold, tuple(matches))

    def _shared_identifiers(self, query: Query) -> dict[int, list[Identifier]]:
        shared: dict[int, list[Identifier]] = {}
        for item in query.identifiers:
            for number in self.by_identifier.get(item.key, ()):
                shared.setdefault(number, []).append(item)
        return shared


def name_keys(query: Query, text: str) -> list[tuple[str, str]]:
    """The keys that one name of a query is looked up by."""
    return [(kind, key) for kind in query.kinds for key in names.keys(text, kind)]


def keys_of(query: Query) -> frozenset[tuple[str, str]]:
    """All that a query is looked up by, in `by_key` or `by_identifier`; a subject that shares none is no match."""
    found = {key for text in query.names for key in name_keys(query, text)}
    if query.related is not None:
        found = found.union(*(keys_of(other) for _, other in query.related.queries))
    return frozenset(found | {item.key for item in query.identifiers})


def _with_holders(entities: Iterable[Entity]) -> tuple[list[Entity], dict[str, list[Entity]]]:
    """The subjects, in order, and what each holds."""
    everything = list(entities)
    ids = {entity.id for entity in everything}
    parties: list[Entity] = []
    held: dict[str, list[Entity]] = {}
    for entity in everything:
        holder = entity.first("holder") if entity.schema in HELD_SCHEMATA else None
        if holder is not None and holder in ids:
            held.setdefault(holder, []).append(entity)
        elif entity.schema in KINDS:
            parties.append(entity)
    return parties, held


def _names_of(entity: Entity) -> list[tuple[str, bool]]:
    """Every name of a listed entity and whether it is weak; what is no name at all is left out."""
    strong = dict.fromkeys(entity.names)
    weak = [text for text in dict.fromkeys(entity.get("weakAlias")) if text not in strong]
    both = [(text, False) for text in strong] + [(text, True) for text in weak]
    return [(text, is_weak) for text, is_weak in both if len(text) <= MAX_NAME and any(map(str.isalnum, text))]
