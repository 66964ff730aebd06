"""Who shares what with whom: hash joins over normalised identifiers, and rings as connected components.

Cost is linear in the number of (engagement, identifier) pairs; no engagement is compared with every other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from stanch.model import Engagement, content_hash
from stanch.workers.identifiers import identifiers_of, place_source
from stanch.workers.relations import may_be_one_person, name_key, personal_keys
from stanch.workers.traces import Identifier, Link, Place
from stanch.workers.weights import WEIGHTS

#: Kinds that tie people into a ring. A postal address or an IP address never does: neighbours share both.
RING_KINDS = frozenset({"document", "iban", "wallet", "account", "device", "email", "phone"})

#: A value with more people behind it than this many times its `typical` number is a hub and ties nobody. Estimate.
HUB_FACTOR = 10

#: Names beside one document or contact are compared with each other up to this many.
_MOST_NAMES = 20


class Components:
    """Union-find over 0..n-1, with path halving. The root is always the smallest member, in any order of joins."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, item: int) -> int:
        """The smallest member of the component of `item`."""
        parent = self._parent
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    def join(self, a: int, b: int) -> None:
        """Make one component of two."""
        a, b = self.find(a), self.find(b)
        if a != b:
            self._parent[max(a, b)] = min(a, b)


@dataclass(frozen=True, slots=True)
class Ring:
    """Engagements of several people tied by shared identifiers; `links` are the ties, heaviest first.

    `id` is a hash of the members, so it changes when somebody joins: findings do not refer to it.
    """

    members: tuple[str, ...]
    people: int
    links: tuple[Link, ...]

    @property
    def id(self) -> str:
        """Stable name for exactly this set of members."""
        return "ring-" + content_hash(sorted(self.members))[:12]


@dataclass(frozen=True, slots=True)
class Sharing:
    """The joins of one set of engagements.

    `identifiers[i]` are those of engagement i, `people[i]` the number of the person behind it, `links` every identifier
    that more than one person carries, `holders` the engagements of every identifier that several carry.
    """

    engagements: Sequence[Engagement]
    identifiers: Sequence[tuple[Identifier, ...]]
    people: Sequence[int]
    places: Sequence[Place]
    links: Mapping[Identifier, Link]
    holders: Mapping[Identifier, Sequence[int]]

    def links_of(self, index: int) -> tuple[Link, ...]:
        """The links of engagement `index`, in the order of its identifiers."""
        links = self.links
        return tuple(links[item] for item in self.identifiers[index] if item in links)

    def people_with(self, identifier: Identifier) -> int:
        """How many different people carry an identifier that at least one engagement carries."""
        return len({self.people[index] for index in self.holders.get(identifier, ())}) or 1


def share(engagements: Iterable[Engagement]) -> Sharing:
    """Join engagements on every identifier they carry."""
    rows = list(engagements)
    identifiers = [identifiers_of(row) for row in rows]
    people = _people(rows, identifiers)
    places = [Place(row.id, place_source(row), person) for row, person in zip(rows, people, strict=True)]
    holders = _holders(identifiers)
    links = {}
    for item, indexes in holders.items():
        count = len({people[index] for index in indexes})
        if count > 1:
            home = count == 2 and _one_home(identifiers, people, indexes)
            links[item] = Link(item, tuple(places[index] for index in indexes), count, home)
    return Sharing(rows, identifiers, people, places, links, holders)


def _holders(identifiers: Sequence[tuple[Identifier, ...]]) -> dict[Identifier, list[int]]:
    """Identifiers that two or more engagements carry → those engagements, in order."""
    first: dict[Identifier, int] = {}
    several: dict[Identifier, list[int]] = {}
    for index, items in enumerate(identifiers):
        for item in items:
            before = first.setdefault(item, index)
            if before != index:
                several.setdefault(item, [before]).append(index)
    return several


def rings(sharing: Sharing) -> list[Ring]:
    """The components of people that non-hub identifiers tie together: largest first, then in order of the input.

    Two people of one household are not a ring on that account.
    """
    components = Components(len(sharing.engagements))
    first_of: dict[int, int] = {}
    for index, person in enumerate(sharing.people):
        components.join(first_of.setdefault(person, index), index)
    ties = [link for link in sharing.links.values() if ties_people(link)]
    for link in ties:
        first, *rest = sharing.holders[link.identifier]
        for index in rest:
            components.join(first, index)
    members: dict[int, list[int]] = {}
    for index in range(len(sharing.engagements)):
        members.setdefault(components.find(index), []).append(index)
    links_of: dict[int, list[Link]] = {}
    for link in ties:
        links_of.setdefault(components.find(sharing.holders[link.identifier][0]), []).append(link)
    found = [
        Ring(
            tuple(sharing.engagements[index].id for index in indexes),
            len({sharing.people[index] for index in indexes}),
            tuple(sorted(links_of[root], key=lambda link: (-_bits(link), link.identifier))),
        )
        for root, indexes in members.items()
        if root in links_of
    ]
    return sorted(found, key=lambda ring: -ring.people)


def ties_people(link: Link) -> bool:
    """Whether a shared identifier makes a ring of the people behind it."""
    kind = link.identifier.kind
    return kind in RING_KINDS and not link.household and link.people <= HUB_FACTOR * WEIGHTS[kind].typical


def _bits(link: Link) -> float:
    return WEIGHTS[link.identifier.kind].shared_by(link.people).bits


def _people(rows: Sequence[Engagement], identifiers: Sequence[tuple[Identifier, ...]]) -> list[int]:
    """Number the people behind engagements: the same id listed twice, or the same person at two employers, is one."""
    components = Components(len(rows))
    by_id: dict[str, int] = {}
    # What is personal → the names it goes with → the first record of each.
    by_key: dict[tuple[str, ...], dict[str, int]] = {}
    for index, (row, items) in enumerate(zip(rows, identifiers, strict=True)):
        components.join(by_id.setdefault(row.id, index), index)
        if name := name_key(row.name):
            for key in personal_keys(items):
                components.join(by_key.setdefault(key, {}).setdefault(name, index), index)
    for names in by_key.values():
        # With more names than that it is a placeholder we do not know, and pairs would take long.
        if 1 < len(names) <= _MOST_NAMES:
            for one, other in combinations(names.values(), 2):
                if may_be_one_person(rows[one].name, rows[other].name):
                    components.join(one, other)
    return [components.find(index) for index in range(len(rows))]


def _one_home(identifiers: Sequence[tuple[Identifier, ...]], people: Sequence[int], indexes: Sequence[int]) -> bool:
    """Whether the two people behind `indexes` give one postal address."""
    homes: dict[int, set[Identifier]] = {}
    for index in indexes:
        addresses = (item for item in identifiers[index] if item.kind == "address")
        homes.setdefault(people[index], set()).update(addresses)
    first, second = homes.values()
    return not first.isdisjoint(second)
