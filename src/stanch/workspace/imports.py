"""One importer a kind of record: which reader reads it and which table it goes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection

from stanch.model import Engagement, Entity, Label, content_hash
from stanch.sources.base import Record, Rejected
from stanch.sources.columns import Columns
from stanch.sources.raw import RawFile
from stanch.workspace import ledger, schema
from stanch.workspace.folder import Folder
from stanch.workspace.records import ImportReport, Row, pack, refuse_all, upsert

T = TypeVar("T")

#: Called with the number of rows read so far.
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Import:
    """One import under way, inside its transaction."""

    connection: Connection
    folder: Folder
    id: int
    raw: RawFile
    columns: Columns
    report: ImportReport
    progress: Progress

    def close(self) -> None:
        """Write what the import did beside it."""
        counts = {name: getattr(self.report, name) for name in ("added", "updated", "unchanged", "rejected", "notes")}
        self.connection.execute(schema.import_.update().where(schema.import_.c.id == self.id).values(counts))

    def note(self, text: str) -> None:
        """Something the user should know about the whole file; the same text counts once."""
        if text not in self.report.notes:
            self.report.notes.append(text)

    def good(self, records: Iterable[Record[T] | Rejected]) -> Iterator[Record[T]]:
        """The good records; rejected ones go to quarantine on the way."""
        for count, record in enumerate(records, 1):
            if isinstance(record, Rejected):
                refuse_all(self.connection, self.id, self.report, [record])
            else:
                yield record
            if count % 1_000 == 0:
                self.progress(count)


def import_customers(work: Import) -> None:
    """Parties with their wallets and accounts."""
    from stanch.sources.customers import read_customers

    def row(record: Record[tuple[Entity, ...]]) -> Row:
        party = record.value[0]
        identity = [[entity.schema, entity.id, entity.properties] for entity in record.value]
        return Row(party.id, identity, {"entities": pack(record.value)})

    records = read_customers(work.raw, work.columns.names, note=work.note)
    upsert(work.connection, schema.customer, "id", map(row, work.good(records)), work.id, work.report)


def import_engagements(work: Import) -> None:
    """People as claimed, with the traces of their work."""
    from stanch.sources.engagements import read_engagements

    def row(record: Record[Engagement]) -> Row:
        data = pack(record.value)
        identity = {name: value for name, value in data.items() if name != "source"}
        return Row(record.value.id, identity, {"record": data})

    records = work.good(read_engagements(work.raw, work.columns.names))
    upsert(work.connection, schema.engagement, "id", map(row, records), work.id, work.report)


def import_labels(work: Import) -> None:
    """What accounts are said to be."""
    from stanch.sources.labels import read_label_file

    def row(record: Record[Label]) -> Row:
        data: dict[str, Any] = pack(record.value)
        identity = {name: value for name, value in data.items() if name not in ("sha256", "locator")}
        account = record.value.account
        values = {"chain": account.chain, "address": account.address, "record": data}
        return Row(content_hash(identity), identity, values)

    records = work.good(read_label_file(work.raw, work.columns))
    upsert(work.connection, schema.label, "content", map(row, records), work.id, work.report)


def import_transfers(work: Import) -> None:
    """A ledger: Parquet segments beside the database, with addresses turned into persisted ids."""
    from stanch.sources.transfers import read_transfers

    book = ledger.load_addresses(work.connection, work.folder)
    for batch in read_transfers(work.raw, work.columns):
        refuse_all(work.connection, work.id, work.report, batch.rejected)
        ledger.append(work.connection, work.folder, book, work.id, batch.table)
        work.report.added += batch.table.num_rows
        for text in batch.notes:
            work.note(text)
        work.progress(work.report.added + work.report.rejected)


IMPORTERS: dict[str, Callable[[Import], None]] = {
    "customers": import_customers,
    "engagements": import_engagements,
    "labels": import_labels,
    "transfers": import_transfers,
}
