"""Screened records and listed entities in the shape that clients of yente expect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from stanch.model import Entity
from stanch.screening import WEIGHTS, Match
from stanch.web.match_lists import Held
from stanch.web.match_query import Example
from stanch.web.match_score import score_of

#: The name of the one method there is, and those of yente's that are taken and answered by it.
ALGORITHM = "stanch"
TAKEN_ALGORITHMS = frozenset(
    {ALGORITHM, "best", "logic-v1", "logic-v2", "name-based", "name-matcher", "name-qualified", "regression-v1",
     "regression-v2", "regression-v3"}
)  # fmt: skip
DOCS_URL = "https://github.com/stanch/stanch/blob/main/docs/methods/screening.md"

#: What a feature is called, by how its statement begins; longest first, so that no beginning hides another.
_FEATURES = sorted(
    [*((row.meaning, row.id) for row in WEIGHTS.values()), ("name alike", "name"), ("name like a weak alias", "name")],
    key=lambda pair: (-len(pair[0]), pair),
)
_COUNTRIES = ("country", "nationality", "citizenship", "jurisdiction", "flag", "mainCountry")
#: The evidence that belongs to a match; in an answer these keys of `Match.to_json` have yente's names instead.
_RENAMED = frozenset({"entity_id", "name", "lists"})


@dataclass(frozen=True, slots=True)
class Filters:
    """Which results a request wants, after matching. Empty sets mean all. `schemas` include what is below them."""

    lists: frozenset[str]
    schemas: frozenset[str] = frozenset()
    without_schemas: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    without_ids: frozenset[str] = frozenset()
    changed_since: str = ""

    def admits(self, entity: Entity, held: Held) -> bool:
        """Whether an entity may be in the answer.

        When an entry was changed is not known for every list; that it was not changed after its list's date is. So
        `changed_since` leaves out only what is surely older.
        """
        day = _newest(entity, held)
        return (
            not self.lists.isdisjoint(entity.datasets)
            and (not self.schemas or not self.schemas.isdisjoint((*_ABOVE.get(entity.schema, ()), entity.schema)))
            and entity.schema not in self.without_schemas
            and (not self.topics or not self.topics.isdisjoint(held.topics_of(entity)))
            and (not self.countries or not self.countries.isdisjoint(countries_of(entity)))
            and entity.id not in self.without_ids
            and not (self.changed_since and day and day < self.changed_since)
        )


_PARTY = ("Thing", "LegalEntity")
#: FollowTheMoney: what each schema is a kind of.
_ABOVE = {
    "Person": _PARTY,
    "Organization": _PARTY,
    "PublicBody": (*_PARTY, "Organization"),
    "Company": (*_PARTY, "Organization", "Asset"),
    "LegalEntity": ("Thing",),
    "Vessel": ("Thing", "Asset", "Vehicle"),
    "Airplane": ("Thing", "Asset", "Vehicle"),
    "CryptoWallet": ("Thing", "Asset"),
    "BankAccount": ("Thing", "Asset"),
}
#: Every schema that a filter may name.
SCHEMATA = frozenset(_ABOVE).union(*_ABOVE.values())


def countries_of(entity: Entity) -> tuple[str, ...]:
    """The country codes of a listed entity, for the search filter that names them; matching never reads them."""
    return tuple(dict.fromkeys(code.lower() for name in _COUNTRIES for code in entity.get(name)))


def _newest(entity: Entity, held: Held) -> str:
    return max((item.date for item in held.lists if item.name in entity.datasets), default="")


def entity_json(entity: Entity, held: Held) -> dict[str, Any]:
    """A listed entity. `first_seen` and `last_change` are what the list says of the entry, null where it is silent."""
    return {
        **entity.to_ftm(),
        "datasets": held.names_of(entity.datasets),
        "referents": [],
        "target": held.is_listed(entity),
        "first_seen": _moment(entity.first("createdAt")),
        "last_seen": _moment(_newest(entity, held)),
        "last_change": _moment(entity.first("modifiedAt")),
    }


def _moment(day: str | None) -> str | None:
    """A date as yente writes moments; null for what is no whole date."""
    return f"{day[:10]}T00:00:00" if day and len(day) >= 10 else None


def matches_json(
    example: Example, matches: Iterable[Match], held: Held, *, threshold: float, cutoff: float, limit: int
) -> dict[str, Any]:
    """The answer for one record: results by falling score, at most `limit`; the total counts all that are matches."""
    scored = [(score_of(match.probability, held.threshold), match) for match in matches]
    kept = [(score, match) for score, match in scored if score >= cutoff]
    kept.sort(key=lambda pair: (-pair[0], pair[1].entity_id))
    return {
        "status": 200 if example.usable else 400,
        "results": [_scored(match, score, threshold, held) for score, match in kept[:limit]],
        "total": {"value": sum(score >= threshold for score, _ in kept), "relation": "eq"},
        "query": example.to_json(),
        "notes": list(example.notes),
    }


def _scored(match: Match, score: float, threshold: float, held: Held) -> dict[str, Any]:
    explanations: dict[str, dict[str, Any]] = {}
    for item in match.evidence:
        if item.bits is not None:
            name = _feature(item.statement)
            while name in explanations:
                name += "+"
            explanations[name] = {"score": round(item.bits, 3), "detail": item.statement}
    own = {key: value for key, value in match.to_json().items() if key not in _RENAMED}
    return {
        **entity_json(match.listed.entity, held),
        **own,
        "score": score,
        "match": score >= threshold,
        "features": {name: item["score"] for name, item in explanations.items()},
        "explanations": explanations,
    }


def _feature(statement: str) -> str:
    return next((name for beginning, name in _FEATURES if statement.startswith(beginning)), "other")


def matcher_json() -> dict[str, dict[str, Any]]:
    """What the features mean: `coefficient` is the weight in bits."""
    name = "how much likelier this spelling is for the same name than for another one; bits differ by name"
    return {"name": {"description": name, "coefficient": 0.0, "url": DOCS_URL}} | {
        row.id: {"description": row.meaning, "coefficient": round(row.bits, 3), "url": DOCS_URL}
        for row in WEIGHTS.values()
    }


def algorithms_json() -> dict[str, Any]:
    """The one method, and that it is the default and the best there is here."""
    features = matcher_json()
    return {
        "algorithms": [
            {
                "name": ALGORITHM,
                "description": "Names across scripts, dates of birth and identifiers weighed in bits to a probability; "
                "the score is a rising function of it, 0.7 at the server's screening threshold.",
                "features": features,
                "docs": {"features": features, "config": {}},
            }
        ],
        "default": ALGORITHM,
        "best": ALGORITHM,
    }


def facets_json(entities: Sequence[Entity], wanted: Iterable[str], held: Held) -> dict[str, Any]:
    """The commonest values of some fields among entities."""
    fields = {
        "countries": ("Countries", countries_of),
        "topics": ("Topics", held.topics_of),
        "datasets": ("Data sources", lambda entity: entity.datasets),
        "schema": ("Entity types", lambda entity: (entity.schema,)),
    }
    found = {}
    for name in wanted:
        if name in fields:
            label, values_of = fields[name]
            counts = Counter(value for entity in entities for value in values_of(entity))
            top = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:50]
            found[name] = {
                "label": label,
                "values": [{"name": value, "label": value, "count": count} for value, count in top],
            }
    return found
