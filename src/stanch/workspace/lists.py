"""Lists of designations in the workspace: dated snapshots; a broken one never replaces a good one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Text, cast, select, true

from stanch.model import Entity, Source, content_hash
from stanch.sources.base import Record, Rejected
from stanch.sources.raw import RawFile
from stanch.workspace import schema
from stanch.workspace.records import batched, pack, unpack_text

_S = schema.list_snapshot
_E = schema.listed_entity
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class ListSnapshot:
    """A list as held: `sha256` is that of the file, or of the hashes of its files in order when there are several.

    `replaces` is the `id` of the snapshot that was current before this one last became so.
    """

    source_id: str
    list_date: str
    sha256: str
    url: str
    etag: str
    last_modified: str
    entities: int
    imported_at: datetime
    checked_at: datetime
    id: int
    replaces: int | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class NewSnapshot:
    """A list on its way in: where it came from, the files, and functions that read and judge it.

    `records` yields entities and rejected records; `check` gets the count of entities by schema and raises InputError
    when the list is not what it should be.
    """

    source_id: str
    list_date: str
    files: Sequence[RawFile]
    records: Callable[[], Iterator[Record[Entity] | Rejected]]
    check: Callable[[dict[str, int]], None]
    url: str = ""
    etag: str = ""
    last_modified: str = ""

    @property
    def sha256(self) -> str:
        """Names the snapshot by content."""
        if len(self.files) == 1:
            return self.files[0].sha256
        return content_hash([file.sha256 for file in self.files])


def fingerprint(entity: Entity, held: Sequence[Entity] = ()) -> str:
    """A hash of all that a list says of an entity and of what it holds (wallets, documents), 32 hex digits.

    The place in the file is left out: an entry that is published again without a change keeps its fingerprint. The
    order of values counts, since the first name is the one shown; the order of `held` does not.
    """
    return content_hash([_said(entity), *(_said(item) for item in sorted(held, key=lambda item: item.id))])


def _said(entity: Entity) -> list[object]:
    return [entity.id, entity.schema, entity.properties, sorted(entity.datasets)]


def touch_if_current(connection: Connection, snapshot: NewSnapshot, now: datetime) -> bool:
    """When this very snapshot is current, note that it was checked again, and say so."""
    known = (_S.c.source_id == snapshot.source_id) & (_S.c.sha256 == snapshot.sha256) & _S.c.is_current
    values = {"checked_at": now, "etag": snapshot.etag, "last_modified": snapshot.last_modified}
    return bool(connection.execute(_S.update().where(known).values(values)).rowcount)


def replace(connection: Connection, snapshot: NewSnapshot, records: Iterable[Record[Entity]], now: datetime) -> int:
    """Store a snapshot and make it the current one of its source; returns the number of entities.

    An entity that stood word for word the same in the snapshot before keeps its place and date from there: what rests
    on it is not news.

    Raises:
        InputError: from the snapshot's `check`; the transaction then leaves the old list in place.
    """
    same = (_S.c.source_id == snapshot.source_id) & (_S.c.sha256 == snapshot.sha256)
    of_source = _S.c.source_id == snapshot.source_id
    before = connection.execute(select(_S.c.id).where(of_source, _S.c.is_current)).scalar()
    connection.execute(_S.update().where(of_source).values(is_current=False))
    back = connection.execute(select(_S.c.entities).where(same)).scalar()
    if back is not None:  # an older snapshot comes back: its entities are still held
        connection.execute(_S.update().where(same).values(is_current=True, checked_at=now, replaces=before))
        return int(back)
    connection.execute(
        _S.insert().values(
            source_id=snapshot.source_id,
            list_date=snapshot.list_date,
            sha256=snapshot.sha256,
            url=snapshot.url,
            etag=snapshot.etag,
            last_modified=snapshot.last_modified,
            imported_at=now,
            checked_at=now,
            entities=0,
            is_current=True,
            replaces=before,
        )
    )
    snapshot_id = connection.execute(select(_S.c.id).where(same)).scalar_one()
    counts: dict[str, int] = {}
    for batch in batched(records, _BATCH):
        for record in batch:
            counts[record.value.schema] = counts.get(record.value.schema, 0) + 1
        found = [record.value for record in batch]
        known = _known(connection, before, found)
        kept = (_kept(entity, known.get(entity.id, ()), snapshot) for entity in found)
        connection.execute(_E.insert(), [_row(snapshot_id, entity) for entity in kept])
    snapshot.check(counts)
    total = sum(counts.values())
    connection.execute(_S.update().where(same).values(entities=total))
    return total


def _known(connection: Connection, snapshot_id: int | None, wanted: Sequence[Entity]) -> dict[str, list[Entity]]:
    """The entities of a snapshot that have the ids of those wanted."""
    found: dict[str, list[Entity]] = {}
    if snapshot_id is not None:
        ids = list({entity.id for entity in wanted})
        rows = connection.execute(_select().where(_E.c.snapshot_id == snapshot_id, _E.c.entity_id.in_(ids)))
        for entity in map(_entity, rows):
            found.setdefault(entity.id, []).append(entity)
    return found


def _kept(entity: Entity, known: Sequence[Entity], snapshot: NewSnapshot) -> Entity:
    """The entity with the place and date of the snapshot in which it first stood as it does."""
    for before in known:
        # A list that is older than the one before is the earlier witness.
        if before.since <= snapshot.list_date and _said(before) == _said(entity):
            return before
    place = entity.source or Source(snapshot.source_id, entity.id, snapshot.sha256)
    return dataclasses.replace(entity, source=place, since=snapshot.list_date)


def _row(snapshot_id: int, entity: Entity) -> dict[str, object]:
    return {
        "snapshot_id": snapshot_id,
        "entity_id": entity.id,
        "schema": entity.schema,
        "properties": pack(entity.properties),
        "datasets": list(entity.datasets),
        "source": None if entity.source is None else pack(entity.source),
        "since": entity.since,
    }


def current(connection: Connection) -> list[ListSnapshot]:
    """The current snapshot of each source."""
    return _snapshots(connection, _S.c.is_current)


def held(connection: Connection, source_id: str | None = None) -> list[ListSnapshot]:
    """Every snapshot held, of one source when given, in order of source, list date and import."""
    return _snapshots(connection, true() if source_id is None else _S.c.source_id == source_id)


def _snapshots(connection: Connection, which: ColumnElement[bool]) -> list[ListSnapshot]:
    columns = (
        _S.c.source_id, _S.c.list_date, _S.c.sha256, _S.c.url, _S.c.etag, _S.c.last_modified, _S.c.entities,
        _S.c.imported_at, _S.c.checked_at, _S.c.id, _S.c.replaces, _S.c.is_current,
    )  # fmt: skip
    order = (_S.c.source_id, _S.c.list_date, _S.c.id)
    return [ListSnapshot(*tuple(row)) for row in connection.execute(select(*columns).where(which).order_by(*order))]


def entities(connection: Connection) -> Iterator[Entity]:
    """The entities of all current snapshots, source by source, in the order of the lists."""
    query = _select().join_from(_E, _S).where(_S.c.is_current).order_by(_S.c.source_id, _E.c.id)
    yield from map(_entity, connection.execute(query))


def entities_of(connection: Connection, snapshot_id: int) -> list[Entity]:
    """The entities of one snapshot, current or not, in the order of the list."""
    query = _select().where(_E.c.snapshot_id == snapshot_id).order_by(_E.c.id)
    return list(map(_entity, connection.execute(query)))


def _select() -> Select[Any]:
    texts = (cast(column, Text).label(column.name) for column in (_E.c.properties, _E.c.datasets, _E.c.source))
    return select(_E.c.entity_id, _E.c.schema, *texts, _E.c.since)


def _entity(row: Row[Any]) -> Entity:
    id_, schema_, properties, datasets, source, since = tuple(row)
    return Entity(
        id_,
        schema_,
        unpack_text(properties, dict[str, tuple[str, ...]]),
        unpack_text(datasets, tuple[str, ...]),
        None if source in (None, "null") else unpack_text(source, Source),
        since,
    )
