"""The two records that a decision rests on, as held now: what the lists say of an entry, and the customer's record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from stanch.model import Entity, Source, content_hash
from stanch.workspace import lists, schema
from stanch.workspace.records import batched, unpack

_E, _S, _C = schema.listed_entity, schema.list_snapshot, schema.customer


@dataclass(frozen=True, slots=True)
class Held:
    """A record with what it holds, and a hash that is the same while nothing in it changes. Empty: not there."""

    entities: tuple[Entity, ...] = ()
    hash: str = ""


NOTHING = Held()


@dataclass(frozen=True, slots=True)
class Entry:
    """What one list snapshot says under one id: the entry first, then the wallets and documents it holds."""

    entities: tuple[Entity, ...]
    snapshot: int
    is_current: bool

    @property
    def fingerprint(self) -> str:
        """As `lists.fingerprint`."""
        return lists.fingerprint(self.entities[0], self.entities[1:])


def listed_entries(connection: Connection, ids: Collection[str], current: bool = True) -> dict[str, list[Entry]]:
    """What the lists say under each of these ids, one entry a list; with `current` false, older snapshots as well.

    A workspace without lists is screened against the packaged ones, so those count there.
    """
    wanted = set(ids)
    if not wanted:
        return {}
    if connection.execute(select(_S.c.id).where(_S.c.is_current).limit(1)).scalar() is None:
        return _grouped(_packaged(wanted))
    return _grouped(_stored(connection, wanted, current))


def as_held(entries: Iterable[Entry]) -> Held:
    """The current ones of the entries under one id as one record."""
    chosen = sorted((entry for entry in entries if entry.is_current), key=lambda entry: entry.entities[0].datasets)
    if not chosen:
        return NOTHING
    bare = tuple(_bare(entity) for entry in chosen for entity in entry.entities)
    return Held(bare, content_hash(sorted(entry.fingerprint for entry in chosen)))


def customers(connection: Connection, ids: Iterable[str]) -> dict[str, Held]:
    """The customers' records by id."""
    found: dict[str, Held] = {}
    for some in batched(dict.fromkeys(ids), 500):
        query = select(_C.c.id, _C.c.content, _C.c.entities).where(_C.c.id.in_(some))
        for id_, content, entities in connection.execute(query):
            bare = tuple(_bare(entity) for entity in unpack(entities, tuple[Entity, ...]))
            found[id_] = Held(bare, content)
    return found


def _bare(entity: Entity) -> Entity:
    """What is said, without where and since when: that is what a decision rests on."""
    return Entity(entity.id, entity.schema, entity.properties, entity.datasets)


_Row = tuple[str, int, bool, bool, Entity]


def _stored(connection: Connection, wanted: set[str], current: bool) -> Iterator[_Row]:
    columns = (_S.c.id, _S.c.is_current, _E.c.entity_id, _E.c.schema, _E.c.properties, _E.c.datasets, _E.c.source)
    query: Select[Any] = select(*columns).join_from(_E, _S)
    if current:
        query = query.where(_S.c.is_current)
    snapshots = select(_S.c.id)  # named, so that the index on (snapshot, entity) is used
    for some in batched(sorted(wanted), 500):
        for row in connection.execute(query.where(_E.c.snapshot_id.in_(snapshots), _E.c.entity_id.in_(some))):
            yield row.entity_id, row.id, row.is_current, True, _entity(row)
    holder = _E.c.properties["holder"][0].as_string()
    for row in connection.execute(query.where(holder.is_not(None))):
        if (id_ := row.properties["holder"][0]) in wanted:
            yield id_, row.id, row.is_current, False, _entity(row)


def _entity(row: Row[Any]) -> Entity:
    properties = {name: tuple(values) for name, values in row.properties.items()}
    source = None if row.source is None else unpack(row.source, Source)
    return Entity(row.entity_id, row.schema, properties, tuple(row.datasets), source)


def _packaged(wanted: set[str]) -> Iterator[_Row]:
    from stanch.sources.base import Record
    from stanch.sources.ftm.read import read_ftm
    from stanch.sources.packaged import designation_snapshots

    for number, item in enumerate(designation_snapshots()):
        for record in read_ftm(item.file):
            if isinstance(record, Record):
                entity = record.value
                if entity.id in wanted:
                    yield entity.id, number, True, True, entity
                if (holder := entity.first("holder")) is not None and holder in wanted:
                    yield holder, number, True, False, entity


def _grouped(rows: Iterable[_Row]) -> dict[str, list[Entry]]:
    """Rows put together: by id, then by snapshot, the entry before what it holds. Holdings without it are dropped."""
    found: dict[str, list[Entry]] = {}
    ordered = sorted(rows, key=lambda row: (row[0], row[1], not row[3], row[4].id))
    for (id_, snapshot, is_current), group in groupby(ordered, key=lambda row: row[:3]):
        rows_of = list(group)
        if rows_of[0][3]:
            entities = tuple(row[4] for row in rows_of)
            found.setdefault(id_, []).append(Entry(entities, snapshot, is_current))
    return found
