"""The ledger of a workspace: Parquet segments of transfers, and the persisted dictionary of address ids."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection, select

from stanch.exc import StanchError
from stanch.model import Account
from stanch.workspace import schema
from stanch.workspace.addresses import AddressBook
from stanch.workspace.folder import SEGMENT_NAME, Folder, put_in_place


@dataclass(frozen=True, slots=True)
class LedgerPart:
    """Transfers from one imported file: its name and hash, and rows of TRANSFER_SCHEMA plus `sender_id`,
    `receiver_id` (int64, ids of the workspace's address book)."""

    name: str
    sha256: str
    table: pa.Table


def load_addresses(connection: Connection, folder: Folder) -> AddressBook:
    """The address book as committed.

    Raises:
        StanchError: a registered segment is missing or does not follow the one before.
    """
    book = AddressBook()
    segments = connection.execute(select(schema.address_segment).order_by(schema.address_segment.c.first_id)).all()
    for segment in segments:
        table = _read(folder, segment.path)
        if segment.first_id != len(book) or table.num_rows != segment.count:
            raise StanchError(f"address segment {segment.path} does not follow the one before; restore from a backup")
        chains, addresses = table["chain"].to_pylist(), table["address"].to_pylist()
        book.load([Account(chain, address) for chain, address in zip(chains, addresses, strict=True)])
    return book


def append(connection: Connection, folder: Folder, book: AddressBook, import_id: int, table: pa.Table) -> None:
    """Write transfers and the addresses they bring, durable on disk, and register both in the open transaction."""
    if table.num_rows == 0:
        return
    first_id = len(book)
    table = table.combine_chunks()
    for side in ("sender", "receiver"):
        ids = book.encode(table["chain"].combine_chunks(), table[side].combine_chunks())
        table = table.append_column(f"{side}_id", pa.array(ids, pa.int64()))
    token = secrets.token_hex(8)
    if len(book) > first_id:
        fresh = book.since(first_id)
        columns = {"chain": [account.chain for account in fresh], "address": [account.address for account in fresh]}
        path = folder.ledger / f"addresses-{token}.parquet"
        _write(pa.table(columns, pa.schema([("chain", pa.string()), ("address", pa.string())])), path)
        connection.execute(schema.address_segment.insert().values(first_id=first_id, count=len(fresh), path=path.name))
    path = folder.ledger / f"transfers-{token}.parquet"
    _write(table, path)
    connection.execute(schema.ledger_segment.insert().values(import_id=import_id, path=path.name, rows=table.num_rows))


def parts(connection: Connection, folder: Folder) -> Iterator[LedgerPart]:
    """All committed transfers, in order of import."""
    query = (
        select(schema.ledger_segment.c.path, schema.import_.c.name, schema.import_.c.sha256)
        .join_from(schema.ledger_segment, schema.import_)
        .order_by(schema.ledger_segment.c.id)
    )
    for path, name, sha256 in connection.execute(query).all():
        yield LedgerPart(name, sha256, _read(folder, path))


def _write(table: pa.Table, path: Path) -> None:
    part = path.with_name(path.name + ".part")
    with part.open("wb") as stream:
        pq.write_table(table, stream, compression="zstd")
        stream.flush()
        os.fsync(stream.fileno())
    put_in_place(part, path)


def _read(folder: Folder, name: str) -> pa.Table:
    if not SEGMENT_NAME.fullmatch(name):
        # A workspace may come from a stranger: its database must not lead to files outside the folder.
        raise StanchError(f"stanch.db names a ledger segment {name[:60]!r}, which is none of ours; restore a backup")
    try:
        return pq.read_table(folder.ledger / name)
    except (OSError, pa.ArrowException) as err:
        raise StanchError(f"ledger segment {name} cannot be read ({err}); restore it from a backup") from err
