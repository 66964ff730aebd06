"""Which listed subject another system's alert was about: by the id it names, else by the name."""

from __future__ import annotations

from stanch import names
from stanch.model import Entity
from stanch.screening.index import Index
from stanch.screening.match import Match
from stanch.screening.query import KINDS, Query
from stanch.screening.subjects import JOINED, LEAST_ENTRIES, OVERLAP, spelling
from stanch.screening.weights import probability

#: Least similarity at which a listed name that no list spells so is taken for one that is (estimate).
_ALIKE = 0.9


class References:
    """Finds listed subjects of an index by what an alert says of them."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._entities = {listed.entity.id: listed.entity for listed in index.subjects}
        self._by_id: dict[str, list[str]] = {}
        self._by_name: dict[str, dict[str, None]] = {}
        self._sizes: dict[tuple[tuple[str, ...], str], int] = {}
        for listed in index.subjects:
            entity = listed.entity
            for form in {entity.id.casefold(), entity.id.partition("-")[2].casefold()} - {""}:
                self._by_id.setdefault(form, []).append(entity.id)
            for name in (*entity.names, *entity.get("weakAlias")):
                self._by_name.setdefault(spelling(name), {})[entity.id] = None
            key = (listed.lists, entity.schema)
            self._sizes[key] = self._sizes.get(key, 0) + 1
        self._known: dict[tuple[str, str], frozenset[str] | None] = {}

    def entity(self, entity_id: str) -> Entity:
        """A listed entity by id."""
        return self._entities[entity_id]

    def find(self, listed_id: str, listed_name: str) -> frozenset[str] | None:
        """Ids of the entries that are the subject named, on all lists; empty when it is on none of them. None when the
        alert names no subject.

        An id may be ours ("un-KPi.033") or the list's ("KPi.033", "12211"). A name finds every subject that is so
        spelled, in any order of words; else those that it is most alike.
        """
        key = (listed_id, listed_name)
        if key not in self._known:
            self._known[key] = self._find(*key) if listed_id or listed_name else None
        return self._known[key]

    def _find(self, listed_id: str, listed_name: str) -> frozenset[str]:
        found = self._by_id.get(listed_id.casefold(), []) or list(self._by_name.get(spelling(listed_name), ()))
        if not found and listed_name:
            found = self._alike(listed_name)
        return frozenset(found).union(*(self._elsewhere(self._entities[item]) for item in found))

    def _alike(self, name: str) -> list[str]:
        scored = []
        for match in self._index.screen(Query.of_name(name), 0.0).matches:
            entity = match.listed.entity
            kinds = KINDS.get(entity.schema, ())
            similar = [names.compare(name, other, kind).similarity for other in entity.names for kind in kinds]
            scored.append((max(similar, default=0.0), entity.id))
        best = max(scored, default=(0.0, ""))[0]
        return [entity_id for similarity, entity_id in scored if similarity == best >= _ALIKE]

    def _elsewhere(self, entity: Entity) -> list[str]:
        """The entries of other lists that are the same subject (as `subjects` joins lists)."""
        return [
            match.entity_id
            for match in self._index.screen(Query.of_entities(entity), 0.0).matches
            if not set(match.listed.lists) & set(entity.datasets) and self._joined(match)
        ]

    def _joined(self, match: Match) -> bool:
        size = max(LEAST_ENTRIES, self._sizes[match.listed.lists, match.listed.entity.schema])
        contradicts = any(item.bits is not None and item.bits < -1.0 for item in match.evidence)
        return not contradicts and probability(match.bits, OVERLAP / size) >= JOINED
