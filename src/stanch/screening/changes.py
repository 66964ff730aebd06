"""What changed between two versions of a list, entity by entity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stanch.model import Entity
from stanch.screening.identify import HELD_SCHEMATA


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """Values of one property that went and that came; none of either means another order of the same values."""

    name: str
    removed: tuple[str, ...]
    added: tuple[str, ...]

    def __str__(self) -> str:
        parts = [f"- {value}" for value in self.removed] + [f"+ {value}" for value in self.added]
        return f"{self.name}: {' '.join(parts) or 'another order'}"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that was added, removed or changed (`kind`). `properties` are in alphabetical order; of an entry that
    was added or removed they are all it says. `schema`, `lists` and `name` are those after the change, where it has
    them."""

    kind: str
    entity_id: str
    schema: str
    name: str
    lists: tuple[str, ...]
    properties: tuple[PropertyChange, ...]

    def to_json(self) -> dict[str, Any]:
        """As printed; every key always present."""
        return {
            "change": self.kind,
            "entity_id": self.entity_id,
            "schema": self.schema,
            "name": self.name,
            "lists": list(self.lists),
            "properties": {
                item.name: {"removed": list(item.removed), "added": list(item.added)} for item in self.properties
            },
        }


def compare(old: Iterable[Entity], new: Iterable[Entity]) -> list[Change]:
    """Every entry that differs between two versions of a list, by entity id; the place in the file does not count.

    Entries that share an id count as one that says all of it. Removed entries come first, then changed and added ones,
    each in the order of the list.
    """
    before, after = _by_id(old), _by_id(new)
    names = {id_: entity.caption for id_, (entity, _) in [*before.items(), *after.items()]}
    removed = [_change("removed", *before[id_], _ABSENT, names) for id_ in before if id_ not in after]
    added = [_change("added", *after[id_], _ABSENT, names) for id_ in after if id_ not in before]
    changed = [
        _change("changed", entity, said, before[id_][1], names)
        for id_, (entity, said) in after.items()
        if id_ in before and before[id_][1] != said
    ]
    return [*removed, *changed, *added]


_Said = dict[str, tuple[str, ...]]
_ABSENT: _Said = {}


def _by_id(entities: Iterable[Entity]) -> dict[str, tuple[Entity, _Said]]:
    """The first entity under each id, and what all of them say, schema and lists among it."""
    found: dict[str, tuple[Entity, _Said]] = {}
    for entity in entities:
        said: _Said = {**entity.properties, "schema": (entity.schema,), "datasets": entity.datasets}
        if entity.id in found:
            first, known = found[entity.id]
            said = {
                name: tuple(dict.fromkeys((*known.get(name, ()), *said.get(name, ())))) for name in {**known, **said}
            }
            found[entity.id] = (first, said)
        else:
            found[entity.id] = (entity, said)
    return found


def _change(kind: str, entity: Entity, said: _Said, other: _Said, names: dict[str, str]) -> Change:
    """`said` against `other`: what stood before for a change, nothing for what came or went."""
    properties = []
    for name in sorted({**said, **other}):
        mine, theirs = said.get(name, ()), other.get(name, ())
        # Schema and lists of an entry that came or went stand beside the properties.
        if mine == theirs or (not other and name in ("schema", "datasets")):
            continue
        gone = tuple(value for value in theirs if value not in mine)
        came = tuple(value for value in mine if value not in theirs)
        properties.append(PropertyChange(name, came, ()) if kind == "removed" else PropertyChange(name, gone, came))
    return Change(kind, entity.id, entity.schema, _name(entity, names), entity.datasets, tuple(properties))


def _name(entity: Entity, names: dict[str, str]) -> str:
    """The name to show; a wallet or document is named with its holder."""
    holder = entity.first("holder") if entity.schema in HELD_SCHEMATA else None
    return f"{entity.caption}, held by {names.get(holder, holder)}" if holder else entity.caption
