"""A record as a client of yente sends it, as a query: what is compared, what is not, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from stanch.model import Entity, EntityBuilder
from stanch.screening import Query
from stanch.screening.identify import PROPERTIES
from stanch.screening.query import KINDS, MAX_NAMES

#: Schemata that can be screened; of `Thing` any kind of listed subject is compared.
SCHEMATA = (*KINDS, "Thing")
#: Parts of a person's name, in the order in which they are joined after the surname.
_GIVEN = ("firstName", "secondName", "middleName", "fatherName")
_NAMES = ("name", "alias", "previousName", "weakAlias")
#: Properties that the comparison reads; of the parts of names only where no name is given.
COMPARED = frozenset({*_NAMES, "birthDate", "gender", *PROPERTIES, "lastName", *_GIVEN})
#: Origin and residence: never read, because they say where someone comes from and not who someone is.
NEVER_COMPARED = frozenset(
    {"nationality", "citizenship", "country", "birthCountry", "birthPlace", "ethnicity", "religion", "jurisdiction"}
)
#: Values of one property that are kept.
_MOST_VALUES = 200


@dataclass(frozen=True, slots=True)
class Example:
    """A record ready to be screened: the query, the record as understood, and what was left out of it."""

    query: Query
    entity: Entity
    notes: tuple[str, ...]

    @property
    def usable(self) -> bool:
        """Whether there was anything to compare."""
        return bool(self.query.names or self.query.identifiers)

    def to_json(self) -> dict[str, Any]:
        """The record as it was understood."""
        entity = self.entity
        return {
            "id": entity.id or None,
            "schema": entity.schema,
            "properties": {name: list(values) for name, values in entity.properties.items()},
        }


def read_example(id_: str | None, schema: str, properties: Mapping[str, Any]) -> Example:
    """Read one record. Unknown properties and values that are no text are left out, and said.

    Raises:
        ValueError: a schema that cannot be screened.
    """
    if schema not in SCHEMATA:
        raise ValueError(f"no schema {clean(schema)[:40]!r} to screen; there are: {', '.join(sorted(SCHEMATA))}")
    builder = EntityBuilder(clean(id_ or ""), schema)
    notes: list[str] = []
    unread: list[str] = []
    for name, given in properties.items():
        values = given if isinstance(given, list) else [given]
        texts = [_text(value) for value in values[:_MOST_VALUES]]
        builder.add(clean(name), texts)
        dropped = len(values) - sum(text is not None for text in texts)
        if dropped:
            notes.append(f"{clean(name)[:60]}: {dropped:,} value(s) that are no text, or too many, not used")
        if name not in COMPARED and name not in NEVER_COMPARED:
            unread.append(clean(name)[:60])
    if unread:
        notes.append(f"not compared: {', '.join(unread[:20])}{' …' if len(unread) > 20 else ''}")
    if origin := sorted(NEVER_COMPARED & set(properties)):
        notes.append(f"never compared, on purpose: {', '.join(origin)}")
    entity = builder.build()
    query = Query.of_entities(_with_whole_name(entity))
    return Example(query, entity, (*query.problems, *notes))


def clean(text: str) -> str:
    """Text that can be written as UTF-8: a lone surrogate, which JSON can carry, becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return clean(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _with_whole_name(entity: Entity) -> Entity:
    """The entity with names joined from their parts, "Surname, Given", when it has no whole one."""
    if any(entity.get(name) for name in _NAMES):
        return entity
    given = [entity.get(name) for name in _GIVEN if entity.get(name)]
    last = entity.get("lastName")
    joined = [" ".join(parts) for parts in islice(product(*given), MAX_NAMES)] if given else []
    whole = [f"{head}, {tail}" for head, tail in islice(product(last, joined), MAX_NAMES)] or joined or last
    if not whole:
        return entity
    return Entity(entity.id, entity.schema, {**entity.properties, "name": tuple(whole)}, entity.datasets)
