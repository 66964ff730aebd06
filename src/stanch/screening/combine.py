"""From what two records share to P(same person): Fellegi–Sunter sums, each part a line of evidence.

The parts are taken as independent given the answer. Where they are not (a gender follows from the name) the weight in
the table is lowered instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from stanch.model import Evidence, Source
from stanch.names import Comparison, compare
from stanch.screening.birth import compare_birth
from stanch.screening.identify import Identifier
from stanch.screening.listed import Listed, ListedName, ListInfo
from stanch.screening.match import Match
from stanch.screening.query import Query
from stanch.screening.weights import NAME_BITS_CAP, SOURCE, WEIGHTS, log_odds, prior_of, probability

#: From this P on nothing more is asked for.
_SETTLED = 0.9


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of the evidence: its bits, and what writes its statement.

    Most pairs turn out too improbable to be shown, and writing costs more than weighing."""

    bits: float
    write: Callable[[], str]
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class NameHit:
    """The best pair of names between a query and a listed subject, and its weight before the correction for chance."""

    text: str
    listed: ListedName
    similarity: float
    name_bits: float

    @property
    def bits(self) -> float:
        """The bits of the comparison, capped, less the price of a weak alias."""
        bits = min(self.name_bits, NAME_BITS_CAP[self.listed.kind])
        return bits + WEIGHTS["name.weak"].bits if self.listed.weak else bits

    @property
    def comparison(self) -> Comparison:
        """The comparison with its alignment: written only for the pair that is shown."""
        return compare(self.text, self.listed.prepared, self.listed.kind)

    @property
    def rank(self) -> tuple[float, float, str, str]:
        """Order among hits; text breaks ties, so that the answer does not hang on the order of the list."""
        return self.bits, self.similarity, self.listed.text, self.text


def combine(
    query: Query,
    listed: Listed,
    hit: NameHit | None,
    shared: Sequence[Identifier],
    lists: Sequence[ListInfo],
    query_names: int,
    least: float = 0.0,
) -> Match | None:
    """Weigh everything that the query and one listed subject have in common or against each other; None when the
    probability is below `least`.

    Args:
        hit: the best pair of names that are alike, None when none is.
        shared: identifiers of the query that the subject has too.
        query_names: how many different names the query has (its part of the correction for chance).
    """
    parts = [
        *_identifiers(listed, shared),
        *_name(query, listed, hit, query_names, {item.shown for item in shared}),
        *_birth(query, listed),
        *_gender(query, listed),
    ]
    bits = sum(part.bits for part in parts)
    prior = prior_of(listed.entity.schema)
    chance = probability(bits, prior)
    if chance < least:
        return None
    place = source_of(listed, lists)
    written = (Evidence(part.write(), part.source or place, part.bits) for part in parts)
    start = Evidence(
        f"before any evidence: 1 in {1 / prior:,.0f} (an estimate); P = 1 / (1 + 2^({-log_odds(prior):.3f} − bits))",
        SOURCE,
    )
    settle = tuple(Evidence(text, query.place) for text in would_settle(query, listed, bits))
    stands = listed.relation.evidence if listed.relation is not None else ()
    return Match(listed, chance, bits, (*stands, *written, start, *settle), listed.relation)


def source_of(listed: Listed, lists: Sequence[ListInfo]) -> Source:
    """The place of a listed subject in its list."""
    if listed.entity.source is not None:
        return listed.entity.source
    for item in lists:
        if item.name in listed.lists:
            return Source(item.name, listed.entity.id, item.sha256)
    return Source(", ".join(listed.lists) or "list", listed.entity.id, "")


def would_settle(query: Query, listed: Listed, bits: float) -> tuple[str, ...]:
    """What a reviewer could ask for that would move an unsure answer most, and how far."""
    prior = prior_of(listed.entity.schema)

    def would_be(weight: str) -> float:
        return probability(bits + WEIGHTS[weight].bits, prior)

    if probability(bits, prior) >= _SETTLED:
        return ()
    found = []
    if listed.birth_dates and not query.birth_dates:
        full = any(day.known.day for day in listed.birth_dates)
        same, other = ("birth.exact", "birth.contradicts") if full else ("birth.year", "birth.year-contradicts")
        dates = ", ".join(map(str, listed.birth_dates))
        verb = "settle it" if would_be(same) >= _SETTLED else "help"
        found.append(
            f"a date of birth would {verb}: the listed one ({dates}) makes P {would_be(same):.3f}, another one "
            f"{would_be(other):.5f}"
        )
    if any(item.weight == "id.document" for item in listed.identifiers) and not query.identifiers:
        found.append(
            "a passport or identity document number would settle it: the listed one makes P "
            f"{would_be('id.document'):.3f}"
        )
    return tuple(found)


def _part(bits: float, write: Callable[[], str], source: Source | None = None) -> _Part:
    # Rounded here, so that the printed parts add up to the printed sum.
    return _Part(round(bits, 3), write, source)


def _identifiers(listed: Listed, shared: Sequence[Identifier]) -> list[_Part]:
    """One part for each kind of identifier shared: a second number of one kind is no independent proof."""
    best: dict[str, Identifier] = {}
    for item in shared:
        best.setdefault(item.weight, item)
    if not best:
        return []
    theirs = {item.key: item for item in listed.identifiers}
    return [
        _part(WEIGHTS[name].bits, partial("{}: {}".format, WEIGHTS[name].meaning, item.shown), theirs[item.key].source)
        for name, item in best.items()
    ]


def _name(query: Query, listed: Listed, hit: NameHit | None, query_names: int, typed: set[str]) -> list[_Part]:
    if hit is None:
        if not query.names or not listed.entity.names or query.names[0] in typed:
            return []
        weight = WEIGHTS["name.differs"]
        return [_part(weight.bits, lambda: f"{weight.meaning}: {query.names[0]} is not {listed.entity.caption}")]
    # The best of many pairs looks better than it is: subtract log2 of how many different names could have matched.
    return [_part(hit.bits - listed.chance_bits - math.log2(query_names), lambda: _alike(hit))]


def _alike(hit: NameHit) -> str:
    comparison = hit.comparison
    names = comparison.alignment or f"{hit.text} ⇄ {hit.listed.text}"
    alike = "name alike" if not hit.listed.weak else "name like a weak alias"
    rare = min(comparison.bits, NAME_BITS_CAP[hit.listed.kind])
    rarity = f"; about 1 in {2**rare:,.0f} such names fits as well" if rare >= 1 else ""
    note = f"; {comparison.note}" if comparison.note else ""
    return f"{alike} (similarity {comparison.similarity:.2f}): {names}{rarity}{note}"


def _birth(query: Query, listed: Listed) -> list[_Part]:
    if not query.birth_dates or not listed.birth_dates:
        return []
    found = compare_birth(query.birth_dates, listed.birth_dates)
    if found is None:
        return []
    return [_part(found.bits, lambda: f"{found.weight.meaning}: {found.ours} ~ {found.theirs} in the list")]


def _gender(query: Query, listed: Listed) -> list[_Part]:
    if not query.genders or not listed.genders:
        return []
    weight = WEIGHTS["gender.same" if set(query.genders) & set(listed.genders) else "gender.contradicts"]
    return [_part(weight.bits, lambda: f"{weight.meaning}: {query.genders[0]}, {listed.genders[0]} in the list")]
