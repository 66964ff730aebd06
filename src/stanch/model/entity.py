"""Entities in FollowTheMoney's schema and property names: persons, companies, vessels, wallets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stanch.model.evidence import Source

#: The FtM schemata that stanch reads and writes; others pass through untouched.
PARTY_SCHEMATA = frozenset({"Person", "Organization", "Company", "LegalEntity", "PublicBody", "Vessel", "Airplane"})

#: The FtM schemata that join two parties: the property each link comes from, and the one it goes to.
LINK_SCHEMATA: Mapping[str, tuple[str, str]] = {
    "Ownership": ("owner", "asset"),
    "Directorship": ("director", "organization"),
    "Family": ("person", "relative"),
    "Associate": ("person", "associate"),
    "Membership": ("member", "organization"),
    "Employment": ("employee", "employer"),
    "Representation": ("agent", "client"),
    "UnknownLink": ("subject", "object"),
}


@dataclass(frozen=True, slots=True)
class Entity:
    """One FtM entity. Properties are always lists of strings, in the order of the source, without repeats.

    `datasets` names the lists it came from; `source` the place in the raw file. `since` is the ISO date of the first
    held snapshot of its list in which it stood word for word as now, "" where that is not known.
    """

    id: str
    schema: str
    properties: Mapping[str, tuple[str, ...]]
    datasets: tuple[str, ...] = ()
    source: Source | None = None
    since: str = ""

    def get(self, name: str) -> tuple[str, ...]:
        """All values of a property, () when absent."""
        return self.properties.get(name, ())

    def first(self, name: str) -> str | None:
        """The first value of a property, or None."""
        values = self.properties.get(name, ())
        return values[0] if values else None

    @property
    def caption(self) -> str:
        """The name to show: the first name, else a document or key, else the id."""
        for prop in ("name", "alias", "weakAlias", "publicKey", "imoNumber"):
            if (value := self.first(prop)) is not None:
                return value
        return self.id

    @property
    def names(self) -> tuple[str, ...]:
        """Main names and good aliases, main names first, without repeats."""
        return tuple(dict.fromkeys((*self.get("name"), *self.get("alias"), *self.get("previousName"))))

    def to_ftm(self) -> dict[str, Any]:
        """The entity as a FollowTheMoney JSON object."""
        return {
            "id": self.id,
            "schema": self.schema,
            "caption": self.caption,
            "datasets": list(self.datasets),
            "properties": {name: list(values) for name, values in sorted(self.properties.items()) if values},
        }


@dataclass(slots=True)
class EntityBuilder:
    """Collects properties while a reader walks a record; empty and repeated values are dropped."""

    id: str
    schema: str
    _properties: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, name: str, values: str | Iterable[str | None] | None) -> None:
        """Add one value or several to a property."""
        if values is None:
            return
        for value in (values,) if isinstance(values, str) else values:
            cleaned = " ".join(value.split()) if value else ""
            if cleaned:
                self._properties.setdefault(name, {})[cleaned] = None

    def build(self, datasets: tuple[str, ...] = (), source: Source | None = None) -> Entity:
        """The finished, immutable entity."""
        properties = {name: tuple(values) for name, values in self._properties.items()}
        return Entity(self.id, self.schema, properties, datasets, source)
