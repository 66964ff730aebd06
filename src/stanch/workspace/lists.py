"""Lists of designations in the workspace: dated snapshots; a broken one never replaces a good one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from stanch.model import Entity, Source, content_hash
from stanch.sources.base import Record, Rejected
from stanch.sources.raw import RawFile
from stanch.workspace import schema
from stanch.workspace.records import batched, pack, unpack

_S = schema.list_snapshot


@dataclass(frozen=True, slots=True)
class ListSnapshot:
    """A list as held: `sha256` is that of the file, or of the hashes of its files in order when there are several."""

    source_id: str
    list_date: str
    sha256: str
    url: str
    etag: str
    last_modified: str
    entities: int
    imported_at: datetime
    checked_at: datetime


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


def touch_if_current(connection: Connection, snapshot: NewSnapshot, now: datetime) -> bool:
    """When this very snapshot is current, note that it was checked again, and say so."""
    known = (_S.c.source_id == snapshot.source_id) & (_S.c.sha256 == snapshot.sha256) & _S.c.is_current
    values = {"checked_at": now, "etag": snapshot.etag, "last_modified": snapshot.last_modified}
    return bool(connection.execute(_S.update().where(known).values(values)).rowcount)


def replace(connection: Connection, snapshot: NewSnapshot, records: Iterable[Record[Entity]], now: datetime) -> int:
    """Store a snapshot and make it the current one of its source; returns the number of entities.

    Raises:
        InputError: from the snapshot's `check`; the transaction then leaves the old list in place.
    """
    same = (_S.c.source_id == snapshot.source_id) & (_S.c.sha256 == snapshot.sha256)
    connection.execute(_S.update().where(_S.c.source_id == snapshot.source_id).values(is_current=False))
    back = connection.execute(select(_S.c.entities).where(same)).scalar()
    if back is not None:  # an older snapshot comes back: its entities are still held
        connection.execute(_S.update().where(same).values(is_current=True, checked_at=now))
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
        )
    )
    snapshot_id = connection.execute(select(_S.c.id).where(same)).scalar_one()
    counts: dict[str, int] = {}
    for batch in batched(records, 2_000):
        for record in batch:
            counts[record.value.schema] = counts.get(record.value.schema, 0) + 1
        connection.execute(schema.listed_entity.insert(), [_row(snapshot_id, record.value) for record in batch])
    snapshot.check(counts)
    total = sum(counts.values())
    connection.execute(_S.update().where(same).values(entities=total))
    return total


def _row(snapshot_id: int, entity: Entity) -> dict[str, object]:
    return {
        "snapshot_id": snapshot_id,
        "entity_id": entity.id,
        "schema": entity.schema,
        "properties": pack(entity.properties),
        "datasets": list(entity.datasets),
        "source": None if entity.source is None else pack(entity.source),
    }


def current(connection: Connection) -> list[ListSnapshot]:
    """The current snapshot of each source."""
    columns = (
        _S.c.source_id, _S.c.list_date, _S.c.sha256, _S.c.url, _S.c.etag, _S.c.last_modified, _S.c.entities,
        _S.c.imported_at, _S.c.checked_at,
    )  # fmt: skip
    rows = connection.execute(select(*columns).where(_S.c.is_current).order_by(_S.c.source_id))
    return [ListSnapshot(*row) for row in rows]


def entities(connection: Connection) -> Iterator[Entity]:
    """The entities of all current snapshots, in order of import."""
    e = schema.listed_entity
    query = (
        select(e.c.entity_id, e.c.schema, e.c.properties, e.c.datasets, e.c.source)
        .join_from(e, _S)
        .where(_S.c.is_current)
        .order_by(e.c.id)
    )
    for id_, schema_, properties, datasets, source in connection.execute(query):
        yield Entity(
            id_,
            schema_,
            {name: tuple(values) for name, values in properties.items()},
            tuple(datasets),
            None if source is None else unpack(source, Source),
        )
