"""Lists side by side: which entries of different lists are one subject.

Two entries are weighed as screening weighs a customer against a list (names, birth dates, documents), with a prior that
fits lists: of the entries of a list one at most is the subject. Joining is conservative. A group has at most one entry
of a list, and every two of its entries must be alike by themselves: no chain of weak links joins its ends.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from stanch.model import Entity
from stanch.screening.batch import CHUNK
from stanch.screening.birth import compare_birth
from stanch.screening.index import Index
from stanch.screening.listed import Listed, ListInfo
from stanch.screening.match import Match
from stanch.screening.query import KINDS, Query
from stanch.screening.weights import DEFAULT_PRIOR, PRIORS, WEIGHTS, log_odds, probability

#: P(one subject) from which two entries are joined, and from which a pair that is not is worth a look.
JOINED, POSSIBLE = 0.9, 0.5
#: Chance that a subject of one list stands on another at all: ESTIMATE. Divided by the entries of the other list it is
#: the prior for a pair.
OVERLAP = 0.5
#: A list with fewer entries is a part of one: it counts as so many (estimate).
LEAST_ENTRIES = 100
#: A list that states another list's reference settles the matter.
_STATED = (
    (re.compile(r"\bUN reference ([A-Z]{2,3}[ei]\.\d{3})\b"), "un-"),
    (re.compile(r"\bOFAC entry (\d{1,7})\b"), "ofac-"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries that may be one subject: P, and why.

    `stated`: one list names the other's entry. `same_name`: their main names are spelled alike but for case, order and
    signs. `shares_number`: they share an identifier. `contradicts`: their birth dates do, and no number says
    otherwise; such a pair is never joined, however rare the name.
    """

    first: int
    second: int
    probability: float
    reasons: tuple[str, ...]
    stated: bool = False
    same_name: bool = False
    shares_number: bool = False
    contradicts: bool = False

    @property
    def rank(self) -> tuple[bool, bool, float, int, int]:
        """Best first: what a list states, equal main names (an alias is at times another's name), then P."""
        return (not self.stated, not self.same_name, -self.probability, self.first, self.second)


@dataclass(frozen=True, slots=True)
class Lists:
    """Entries of several lists with what joins them.

    `groups` holds numbers of entries, each entry in exactly one group, groups in order of their first entry. `pairs`
    are all pairs with P from POSSIBLE on, best first, joined or not.
    """

    entries: tuple[Listed, ...]
    groups: tuple[tuple[int, ...], ...]
    pairs: tuple[Pair, ...]
    group_of: dict[int, int] = field(default_factory=dict)

    def entity(self, number: int) -> Entity:
        """The entity of an entry."""
        return self.entries[number].entity

    def list_of(self, number: int) -> str:
        """The list that an entry stands on."""
        return ", ".join(self.entries[number].lists) or "?"

    def are_joined(self, first: int, second: int) -> bool:
        """Whether two entries are in one group."""
        return self.group_of[first] == self.group_of[second]


def compare_lists(entities: Iterable[Entity], lists: Sequence[ListInfo] = ()) -> Lists:
    """Join the entries of lists. Deterministic: the order of the entities does not matter but for the numbering."""
    parties = [entity for entity in entities if entity.schema in KINDS or entity.first("holder") is not None]
    index = Index.build(sorted(parties, key=lambda entity: entity.id), lists)
    pairs = _pairs(index)
    groups = _join(index.subjects, pairs)
    group_of = {number: place for place, group in enumerate(groups) for number in group}
    return Lists(index.subjects, groups, pairs, group_of)


def spelling(name: str) -> str:
    """A name as it is compared for equal spelling: small letters and digits, words sorted."""
    return " ".join(sorted("".join(char if char.isalnum() else " " for char in name.casefold()).split()))


def _pairs(index: Index) -> tuple[Pair, ...]:
    """Every pair with P from POSSIBLE on, from both directions: the lower P counts."""
    number_of = {listed.entity.id: number for number, listed in enumerate(index.subjects)}
    sizes = Counter((*listed.lists, listed.entity.schema) for listed in index.subjects)
    found: dict[tuple[int, int], dict[int, Pair]] = {}
    for first in range(0, len(index.subjects), CHUNK):
        queries = [Query.of_entities(listed.entity) for listed in index.subjects[first : first + CHUNK]]
        for number, answer in enumerate(index.screen_all(queries, _LEAST), first):
            for match in answer.matches:
                pair = _pair(index, sizes, number, number_of[match.entity_id], match)
                if pair is not None and pair.probability >= POSSIBLE:
                    found.setdefault((pair.first, pair.second), {})[number] = pair
    pairs: dict[tuple[int, int], Pair] = {}
    for key, both in found.items():
        if len(both) == 1:
            # What the other direction gives was too little to be shown, or (two kinds of party) nothing at all.
            other = key[0] if key[1] in both else key[1]
            for match in index.screen(Query.of_entities(index.subjects[other].entity), 0.0).matches:
                pair = _pair(index, sizes, other, number_of[match.entity_id], match)
                if pair is not None and (pair.first, pair.second) == key:
                    both[other] = pair
        pairs[key] = min(both.values(), key=lambda pair: (pair.probability, pair.reasons))
    pairs.update(_stated(index.subjects, number_of))
    return tuple(sorted((pair for pair in pairs.values() if pair.probability >= POSSIBLE), key=lambda pair: pair.rank))


#: A match less probable than this, by screening's own prior, is no possible pair under the prior for lists, which is at
#: most OVERLAP / LEAST_ENTRIES: its evidence need not be written.
_LEAST = 0.999 * probability(
    log_odds(POSSIBLE - 1e-6) - log_odds(OVERLAP / LEAST_ENTRIES), min(DEFAULT_PRIOR, *PRIORS.values())
)


def _pair(index: Index, sizes: Counter[tuple[str, ...]], number: int, other: int, match: Match) -> Pair | None:
    """The pair of an entry and one that matches it, None when they cannot be one subject."""
    listed = index.subjects[number]
    if other == number or _other_ship(listed, match.listed) or _other_name(match):
        return None
    size = max(LEAST_ENTRIES, *(sizes[(*item.lists, item.entity.schema)] for item in (listed, match.listed)))
    first, second = sorted((number, other))
    return Pair(
        first,
        second,
        round(probability(match.bits, OVERLAP / size), 6),
        tuple(f"{part.statement} ({part.bits:+.1f} bits)" for part in match.evidence if part.bits is not None),
        same_name=spelling(listed.entity.caption) == spelling(match.name),
        shares_number=bool(_numbers(listed) & _numbers(match.listed)),
        contradicts=_contradicts(listed, match.listed),
    )


def _numbers(listed: Listed) -> set[tuple[str, str]]:
    return {item.key for item in listed.identifiers}


def _contradicts(one: Listed, two: Listed) -> bool:
    birth = compare_birth(one.birth_dates, two.birth_dates)
    other = birth is not None and birth.weight.id in ("birth.contradicts", "birth.year-contradicts")
    return other and not _numbers(one) & _numbers(two)


def _other_name(match: Match) -> bool:
    """Whether no name is alike: a number on two names is reported as such, and joins nothing. Ships change names."""
    differs = any(item.statement.startswith(WEIGHTS["name.differs"].meaning) for item in match.evidence)
    return differs and match.listed.entity.schema != "Vessel"


def _other_ship(one: Listed, two: Listed) -> bool:
    """Whether two ships have IMO numbers and none in common: a ship keeps its number for life."""
    imo = [{item.value for item in listed.identifiers if item.weight == "id.imo"} for listed in (one, two)]
    return one.entity.schema == "Vessel" and all(imo) and imo[0].isdisjoint(imo[1])


def _stated(entries: Sequence[Listed], number_of: dict[str, int]) -> dict[tuple[int, int], Pair]:
    found = {}
    for number, listed in enumerate(entries):
        for note in listed.entity.get("notes"):
            for pattern, prefix in _STATED:
                for reference in pattern.findall(note):
                    other = number_of.get(prefix + reference)
                    if other is not None and other != number:
                        first, second = sorted((number, other))
                        reason = f"the list states the other's reference {reference}"
                        found[first, second] = Pair(first, second, 1.0, (reason,), stated=True)
    return found


def _join(entries: Sequence[Listed], pairs: Sequence[Pair]) -> tuple[tuple[int, ...], ...]:
    """Join best pairs first; two groups become one only when all pairs across them hold."""
    alike = {(pair.first, pair.second) for pair in pairs if not pair.contradicts}
    group: dict[int, tuple[int, ...]] = {number: (number,) for number in range(len(entries))}
    for pair in pairs:
        one, two = group[pair.first], group[pair.second]
        if pair.probability < JOINED or pair.contradicts or one == two:
            continue
        on_one, on_two = ({name for number in side for name in entries[number].lists} for side in (one, two))
        across = ((min(a, b), max(a, b)) for a in one for b in two)
        if on_one & on_two or not (pair.stated or all(key in alike for key in across)):
            continue
        merged = tuple(sorted((*one, *two)))
        for number in merged:
            group[number] = merged
    return tuple(sorted(set(group.values())))
