"""Records as rows: upserts by id that know what is new, what changed and what is the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Table, bindparam, func, select

from stanch.model import content_hash
from stanch.sources.base import Rejected, RejectedField
from stanch.workspace import schema

T = TypeVar("T")
_BATCH = 2_000
_RAW_LIMIT = 4_000
#: Rows and fields of one file that quarantine holds; more are only counted. Two bytes of a hostile file make one.
MAX_QUARANTINED = 100_000


def pack(value: Any) -> Any:
    """A core dataclass as JSON-ready data."""
    return msgspec.to_builtins(value)


def unpack(data: Any, kind: type[T]) -> T:
    """The dataclass back from `pack`."""
    return msgspec.convert(data, kind)


def unpack_text(text: str, kind: type[T]) -> T:
    """The same from the text of a JSON column: in one step, where thousands of rows are read."""
    return msgspec.json.decode(text, type=kind)


@dataclass(slots=True)
class ImportReport:
    """What one import did.

    `rejected` counts rows set aside, `fields` single values dropped from rows that are kept. `already` means that the
    same file came before, and nothing was done.
    """

    kind: str
    name: str
    sha256: str
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    fields: int = 0
    notes: list[str] = field(default_factory=list)
    already: bool = False

    @property
    def total(self) -> int:
        """Good rows read."""
        return self.added + self.updated + self.unchanged


@dataclass(frozen=True, slots=True)
class Row:
    """A record on its way into a table: its id, its content without provenance (for the hash), and what is stored."""

    id: str
    identity: Any
    values: Mapping[str, Any]


def upsert(
    connection: Connection, table: Table, key: str, rows: Iterable[Row], import_id: int, report: ImportReport
) -> None:
    """Insert new rows and replace changed ones, in batches; count both.

    Readers refuse an id that stands twice in a file with other content; a plain repeat is passed over.
    """
    seen: set[str] = set()
    sequence = int(connection.execute(select(func.coalesce(func.max(table.c.seq), 0))).scalar_one())
    for batch in batched(rows, _BATCH):
        fresh: dict[str, dict[str, Any]] = {}
        for row in batch:
            if row.id in seen:
                continue
            seen.add(row.id)
            content = content_hash(row.identity)
            sequence += 1
            own = {key: row.id, "import_id": import_id, "seq": sequence}
            fresh[row.id] = own | ({} if key == "content" else {"content": content}) | dict(row.values)
        known = dict(
            connection.execute(select(table.c[key], table.c.content).where(table.c[key].in_(list(fresh)))).all()
        )
        new = [values for id_, values in fresh.items() if id_ not in known]
        changed = [values for id_, values in fresh.items() if id_ in known and known[id_] != values["content"]]
        if new:
            connection.execute(table.insert(), new)
        if changed:
            columns: dict[str, Any] = {name: bindparam(f"b_{name}") for name in changed[0] if name != key}
            statement = table.update().where(table.c[key] == bindparam("b_key")).values(columns)
            connection.execute(statement, [{"b_key": v[key]} | {f"b_{n}": v[n] for n in columns} for v in changed])
        report.added += len(new)
        report.updated += len(changed)
        report.unchanged += len(fresh) - len(new) - len(changed)


def refuse_all(connection: Connection, import_id: int, report: ImportReport, rejected: Sequence[Rejected]) -> None:
    """Put rows, and single fields of rows that are kept, into quarantine with line and reason, cut at 4,000
    characters. All of them are counted; those beyond MAX_QUARANTINED a file are not written down."""
    room = max(MAX_QUARANTINED - report.rejected - report.fields, 0)
    fields = sum(isinstance(item, RejectedField) for item in rejected)
    report.rejected += len(rejected) - fields
    report.fields += fields
    if len(rejected) > room and (told := f"quarantine shows the first {MAX_QUARANTINED:,} only") not in report.notes:
        report.notes.append(told)
    if not rejected[:room]:
        return
    connection.execute(
        schema.quarantine.insert(),
        [
            {
                "import_id": import_id,
                "locator": item.locator,
                "line": item.line,
                "raw": item.raw[:_RAW_LIMIT],
                "reason": item.reason,
                "remedy": item.remedy,
            }
            for item in rejected[:room]
        ],
    )


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of up to `size` items."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
