"""Ledgers as arrays: the transfers of one asset on one chain, in the order in which value moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stanch.model import Account, Source
from stanch.tracing.amounts import Ints, to_units
from stanch.workspace.addresses import AddressBook


@dataclass(frozen=True, slots=True)
class LedgerSource:
    """The file that rows came from: the name to show and the SHA-256 of its bytes."""

    name: str
    sha256: str

    def place(self, line: int) -> Source:
        """A row of this file, as evidence cites it. Parquet has rows where text has lines."""
        word = "row" if self.name.lower().endswith((".parquet", ".pq")) else "line"
        return Source(self.name, f"{word} {line}", self.sha256)


class LedgerTable(Protocol):
    """Rows of one file: what readers hand over and what a workspace stores (with `sender_id` and `receiver_id`)."""

    @property
    def name(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def table(self) -> pa.Table: ...


@dataclass(frozen=True, slots=True)
class SourceTable:
    """Rows of TRANSFER_SCHEMA from one file that is not in a workspace."""

    name: str
    sha256: str
    table: pa.Table


@dataclass(frozen=True, slots=True)
class Counts:
    """What was found in the rows of a ledger. Self-transfers and zero amounts move nothing; duplicates were dropped."""

    rows: int
    duplicates: int
    self_transfers: int
    zero_amounts: int
    out_of_order: int

    def to_json(self) -> dict[str, int]:
        """As printed in the manifest."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """Transfers of one asset on one chain.

    Sorted by time; rows of the same time by where their transaction is first seen in the input, then by index, then by
    line. `sender` and `receiver` are ids of the address book, `amount` base units at `scale` (see `amounts`),
    `row` the place of each transfer in `rows`, which keeps the text as read and `source`, an index into `sources`.
    `quantisation` is what rounding down to base units lost over all rows, in whole units.
    """

    chain: str
    asset: str
    time_us: Ints
    sender: Ints
    receiver: Ints
    amount: Ints
    row: Ints
    scale: int
    quantisation: Decimal
    counts: Counts
    rows: pa.Table
    sources: tuple[LedgerSource, ...]
    book: AddressBook

    def __len__(self) -> int:
        return len(self.time_us)

    def holds(self, account: Account) -> bool:
        """Whether an account takes part in a transfer of this ledger."""
        number = self.book.find(account)
        if number is None or account.chain != self.chain:
            return False
        return bool((self.sender == number).any() or (self.receiver == number).any())

    def text_rows(self, positions: npt.NDArray[np.integer[Any]]) -> pa.Table:
        """The rows at these positions of the ledger, as they were read."""
        return self.rows.take(pa.array(self.row[positions]))

    def place(self, position: int) -> Source:
        """Where the transfer at a position stands in its file."""
        row = int(self.row[position])
        source: LedgerSource = self.sources[self.rows["source"][row].as_py()]
        return source.place(self.rows["line"][row].as_py())


def build_ledgers(
    tables: Iterable[LedgerTable], book: AddressBook | None = None, extra: Decimal = Decimal(0)
) -> tuple[Ledger, ...]:
    """Sort, check and encode transfers into one ledger per asset and chain, in order of chain and asset.

    `book` is the workspace's when the tables carry its ids; without it, accounts are numbered afresh. `extra` is an
    amount (whole units) that declared seeds bring in beside the rows.

    Raises:
        InputError: an amount that is not a plain non-negative decimal number.
    """
    given = list(tables)
    sources = tuple(LedgerSource(table.name, table.sha256) for table in given)
    numbered = book is not None and all("sender_id" in table.table.column_names for table in given)
    book = AddressBook() if book is None else book
    parts = [_with_ids(part.table, number, book, numbered) for number, part in enumerate(given)]
    if not parts or sum(part.num_rows for part in parts) == 0:
        return ()
    rows = pa.concat_tables(parts).combine_chunks()
    # The dictionary of (chain, asset) pairs: a ledger has few of them, whatever its length.
    pairs = pc.binary_join_element_wise(
        _plain(rows["chain"]), _plain(rows["asset"]), pa.scalar("\x1f", pa.large_string())
    ).dictionary_encode()
    codes = pairs.indices.to_numpy(zero_copy_only=False)
    names = [tuple(text.split("\x1f", 1)) for text in pairs.dictionary.to_pylist()]
    txs = _plain(rows["tx"]).dictionary_encode()
    tx_codes = txs.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    no_tx = pc.index(txs.dictionary, "").as_py()
    ledgers = []
    for code in sorted(range(len(names)), key=lambda code: names[code]):
        positions = np.flatnonzero(codes == code) if len(names) > 1 else np.arange(rows.num_rows)
        ledgers.append(_ledger(names[code], positions, rows, tx_codes, no_tx, sources, book, extra))
    return tuple(ledgers)


def _with_ids(table: pa.Table, source: int, book: AddressBook, numbered: bool) -> pa.Table:
    keep = ["chain", "time", "tx", "index", "sender", "receiver", "asset", "amount", "line"]
    out = table.select([*keep, *(("sender_id", "receiver_id") if numbered else ())])
    if not numbered:
        for side in ("sender", "receiver"):
            ids = book.encode(_plain(table["chain"]), _plain(table[side])) if table.num_rows else np.zeros(0, np.int64)
            out = out.append_column(f"{side}_id", pa.array(ids, pa.int64()))
    return out.append_column("source", pa.array(np.full(table.num_rows, source, np.int32)))


def _plain(column: pa.ChunkedArray) -> pa.Array:
    """One large-string array: text of a big ledger passes the 2 GiB of Arrow's ordinary strings."""
    column = column.cast(pa.large_string())
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _ledger(
    name: Sequence[str],
    positions: Ints,
    rows: pa.Table,
    tx_codes: Ints,
    no_tx: int,
    sources: tuple[LedgerSource, ...],
    book: AddressBook,
    extra: Decimal,
) -> Ledger:
    everything = len(positions) == rows.num_rows

    def column(key: str, kind: pa.DataType) -> Ints:
        values = rows[key] if everything else rows[key].take(pa.array(positions))
        return np.ascontiguousarray(values.cast(kind).to_numpy())

    amounts = rows["amount"] if everything else rows["amount"].take(pa.array(positions))
    units = to_units(_plain(amounts), extra)
    time_us = column("time", pa.timestamp("us")).astype(np.int64)
    index, line = column("index", pa.int64()), column("line", pa.int64())
    sender, receiver = column("sender_id", pa.int64()), column("receiver_id", pa.int64())
    tx = tx_codes[positions]
    order = np.lexsort((line, index, tx, time_us))
    repeated = _repeats([array[order] for array in (tx, index, sender, receiver, units.units)], no_tx)
    kept = order[~repeated]
    sender, receiver, amount = sender[kept], receiver[kept], units.units[kept]
    counts = Counts(
        rows=len(positions),
        duplicates=int(repeated.sum()),
        self_transfers=int((sender == receiver).sum()),
        zero_amounts=int((amount == 0).sum()),
        out_of_order=int((np.diff(time_us) < 0).sum()),
    )
    return Ledger(
        chain=name[0],
        asset=name[1],
        time_us=time_us[kept],
        sender=sender,
        receiver=receiver,
        amount=amount,
        row=positions[kept],
        scale=units.scale,
        quantisation=units.lost,
        counts=counts,
        rows=rows,
        sources=sources,
        book=book,
    )


def _repeats(keys: list[Ints], no_tx: int) -> npt.NDArray[np.bool_]:
    """Which rows repeat an earlier one: same transaction, index, sender, receiver and amount.

    Rows without a transaction id are never taken as repeats: two equal payments are not one.
    """
    tx, index, *_ = keys
    repeated = np.zeros(len(tx), np.bool_)
    # Nearly no row shares transaction and index with another: only those that do are compared in full.
    order = np.lexsort((index, tx))
    same = (np.diff(tx[order]) == 0) & (np.diff(index[order]) == 0)
    shared = np.zeros(len(tx), np.bool_)
    shared[order[1:][same]] = True
    shared[order[:-1][same]] = True
    candidates = np.flatnonzero(shared & (tx != no_tx))
    if len(candidates) == 0:
        return repeated
    values = [key[candidates] for key in keys]
    order = np.lexsort(values)
    equal = np.logical_and.reduce([np.diff(value[order]) == 0 for value in values])
    repeated[candidates[order[1:][equal]]] = True
    return repeated
