"""The candidate index: from keys of names and from identifiers to listed subjects.

A name is never compared with the whole list. `names.keys` gives each name a few keys such that spellings of one name
share at least one; only subjects that share a key or an identifier with the query are compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stanch import names
from stanch.model import Entity
from stanch.screening.birth import parse_all
from stanch.screening.combine import NameHit, combine
from stanch.screening.identify import HELD_SCHEMATA, Identifier, identifiers_of, unique
from stanch.screening.listed import Listed, ListedName, ListInfo
from stanch.screening.match import Screened
from stanch.screening.query import KINDS, MAX_NAME, Query, genders_of
from stanch.screening.weights import DEFAULT_THRESHOLD, NAME_SIMILARITY


@dataclass(frozen=True, slots=True)
class Index:
    """All listed subjects, and the ways to reach them. Immutable: safe to share between threads."""

    lists: tuple[ListInfo, ...]
    subjects: tuple[Listed, ...]
    names: tuple[ListedName, ...]
    by_key: dict[tuple[str, str], tuple[int, ...]]
    by_identifier: dict[tuple[str, str], tuple[int, ...]]

    @classmethod
    def build(cls, entities: Iterable[Entity], lists: Sequence[ListInfo]) -> Index:
        """Index the entities of some lists. Wallets, accounts and documents go to their holder; one without a holder
        among the entities is a subject itself. Links (ownership, family…) are not subjects."""
        parties, held = _with_holders(entities)
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
            found = unique(item for holder in (entity, *held.get(entity.id, ())) for item in identifiers_of(holder))
            for item in found:
                by_identifier.setdefault(item.key, {})[number] = None
            subjects.append(
                Listed(
                    entity=entity,
                    birth_dates=parse_all(entity.get("birthDate"))[0],
                    genders=genders_of(entity),
                    identifiers=found,
                    chance_bits=math.log2(count_different(groups)),
                )
            )
        return cls(
            lists=tuple(lists),
            subjects=tuple(subjects),
            names=tuple(listed_names),
            by_key={key: tuple(found) for key, found in by_key.items()},
            by_identifier={key: tuple(found) for key, found in by_identifier.items()},
        )

    def screen(self, query: Query, threshold: float = DEFAULT_THRESHOLD) -> Screened:
        """Screen one query against all lists.

        Args:
            threshold: the least probability (0..1) that is shown. Matches come most probable first, ties by entity id.
        """
        hits, query_names = self._name_hits(query)
        shared = self._shared_identifiers(query)
        matches = []
        for number in sorted(hits.keys() | shared.keys()):
            listed = self.subjects[number]
            match = combine(query, listed, hits.get(number), shared.get(number, ()), self.lists, query_names)
            if match.probability >= threshold:
                matches.append(match)
        matches.sort(key=lambda match: (-match.bits, match.entity_id))
        return Screened(query, self.lists, threshold, tuple(matches))

    def _name_hits(self, query: Query) -> tuple[dict[int, NameHit], int]:
        """The best pair of names for each subject that has one alike, and the number of different query names."""
        best: dict[int, NameHit] = {}
        groups: list[frozenset[tuple[str, str]]] = []
        for text in query.names:
            keys = [(kind, key) for kind in query.kinds for key in names.keys(text, kind)]
            groups.append(frozenset(keys))
            candidates = {number: None for key in keys for number in self.by_key.get(key, ())}
            prepared = {kind: names.prepare(text, kind) for kind in {self.names[number].kind for number in candidates}}
            for number in candidates:
                listed = self.names[number]
                similarity, bits = names.score(prepared[listed.kind], listed.prepared)
                if similarity < NAME_SIMILARITY:
                    continue
                hit = NameHit(text, listed, similarity, bits)
                known = best.get(listed.subject)
                if known is None or hit.rank > known.rank:
                    best[listed.subject] = hit
        return best, count_different(groups) if len(groups) > 1 else 1

    def _shared_identifiers(self, query: Query) -> dict[int, list[Identifier]]:
        shared: dict[int, list[Identifier]] = {}
        for item in query.identifiers:
            for number in self.by_identifier.get(item.key, ()):
                shared.setdefault(number, []).append(item)
        return shared


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


def count_different(groups: Sequence[frozenset[tuple[str, str]]]) -> int:
    """How many different names there are when names that share a key count as one."""
    merged: list[set[tuple[str, str]]] = []
    for keys in groups:
        joined = set(keys)
        apart = []
        for other in merged:
            if joined.isdisjoint(other):
                apart.append(other)
            else:
                joined |= other
        merged = [*apart, joined]
    return max(1, len(merged))
