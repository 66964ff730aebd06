"""Which listed subjects may answer otherwise after a change of lists, and by which keys one comes to them.

An answer about a query and a listed subject hangs on the two alone (`Index.screen`), and a subject is reached only by a
key or identifier that it shares with the query. So a query that shares none with a subject that changed, neither as the
subject was nor as it is, has the same answer as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from stanch.model import Entity
from stanch.screening.index import Index, keys_of
from stanch.screening.listed import Listed, ListInfo
from stanch.screening.match import Screened
from stanch.screening.ownership import marked_lists
from stanch.screening.query import Query


@dataclass(frozen=True, slots=True)
class Touched:
    """The subjects that differ between two states of the lists.

    `ids` are their entity ids. `keys` leads from each key of such a subject, before or after, to the ids that have it.
    """

    ids: frozenset[str]
    keys: Mapping[str, tuple[str, ...]]
    _index: Index

    def screen_all(self, queries: Sequence[Query], threshold: float) -> list[Screened]:
        """Screen queries against these subjects alone, as they are now."""
        # The index also has neighbours that came along because a changed entry names them or is named by them.
        return [
            replace(answer, matches=tuple(match for match in answer.matches if match.entity_id in self.ids))
            for answer in self._index.screen_all(queries, threshold)
        ]


def touched(
    old: Sequence[Entity], new: Sequence[Entity], old_lists: Sequence[ListInfo], new_lists: Sequence[ListInfo]
) -> Touched:
    """Compare all entities of two states of the lists in use.

    A subject differs when anything that is compared or shown differs: its own record, its place, what it holds, what
    links it to others. Entities that are the very same object in both are not looked at again.
    """
    near = _neighbours(_differing(old, new), (*old, *new))
    marked_then, marked_now = marked_lists(old), marked_lists(new)
    if marked_then != marked_now:  # who is listed without a topic hangs on that
        near.update(entity.id for entity in (*old, *new))
    before = Index.build((entity for entity in old if entity.id in near), old_lists, marked=marked_then)
    after = Index.build((entity for entity in new if entity.id in near), new_lists, marked=marked_now)
    was, is_ = _by_id(before), _by_id(after)
    ids = frozenset(id_ for id_ in was.keys() | is_.keys() if was.get(id_) != is_.get(id_))
    keys: dict[str, set[str]] = {}
    for index in (before, after):
        reached = [(key, index.names[number].subject) for key, numbers in index.by_key.items() for number in numbers]
        reached += [(key, number) for key, numbers in index.by_identifier.items() for number in numbers]
        for key, number in reached:
            id_ = index.subjects[number].entity.id
            if id_ in ids:
                keys.setdefault(key_text(key), set()).add(id_)
    return Touched(ids, {key: tuple(sorted(keys[key])) for key in sorted(keys)}, after)


def lookup_keys(query: Query) -> tuple[str, ...]:
    """All that a query is looked up by, as text, sorted: what `Touched.keys` is asked with."""
    return tuple(sorted(map(key_text, keys_of(query))))


def key_text(key: tuple[str, str]) -> str:
    """A key on one line: "person k:리병철", "id.document 836110034"."""
    return " ".join(" ".join(key).split())


def _differing(old: Iterable[Entity], new: Iterable[Entity]) -> set[str]:
    """The ids under which something else stands. An entity that only moved within its list is the same."""
    was: dict[str, list[Entity]] = {}
    is_: dict[str, list[Entity]] = {}
    for state, entities in ((was, old), (is_, new)):
        for entity in entities:
            state.setdefault(entity.id, []).append(entity)
    return {id_ for id_ in was.keys() | is_.keys() if was.get(id_) != is_.get(id_)}


def _neighbours(ids: set[str], entities: Iterable[Entity]) -> set[str]:
    """The ids, and all that hang together with them: entities that name each other's id, over any number of steps."""
    if not ids:
        return set()
    everything = {id(entity): entity for entity in entities}.values()
    known = {entity.id for entity in everything}
    links: dict[str, set[str]] = {}
    for entity in everything:
        for values in entity.properties.values():
            for value in values:
                if value in known:
                    links.setdefault(value, set()).add(entity.id)
                    links.setdefault(entity.id, set()).add(value)
    found, waiting = set(ids), list(ids)
    while waiting:
        for other in links.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def _by_id(index: Index) -> dict[str, list[Listed]]:
    found: dict[str, list[Listed]] = {}
    for listed in index.subjects:
        found.setdefault(listed.entity.id, []).append(listed)
    return found
