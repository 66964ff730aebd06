"""Ledgers and labels from files: what `stanch trace` needs when there is no workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyarrow as pa

from stanch.model import Label
from stanch.sources.base import Rejected
from stanch.sources.columns import Columns
from stanch.sources.labels import read_label_file
from stanch.sources.raw import RawFile
from stanch.sources.transfers import read_transfers
from stanch.tracing.ledger import SourceTable

#: Unusable rows of a ledger that are kept to be told; a hostile file has a thousand million.
MAX_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """A ledger file as read: its good rows, rows that could not be used (the first of `left_out`), and what the reader
    assumed."""

    table: SourceTable
    rejected: tuple[Rejected, ...]
    left_out: int
    notes: tuple[str, ...]


def read_ledger_file(raw: RawFile, columns: Columns, progress: Callable[[int], None]) -> LedgerFile:
    """Read a ledger file whole.

    Raises:
        InputError: not readable, or a needed column is missing.
    """
    tables: list[pa.Table] = []
    rejected: list[Rejected] = []
    notes: list[str] = []
    count = left_out = 0
    for batch in read_transfers(raw, columns):
        tables.append(batch.table)
        rejected += batch.rejected[: MAX_KEPT - len(rejected)]
        left_out += len(batch.rejected)
        notes += batch.notes
        count += batch.table.num_rows
        progress(count)
    return LedgerFile(
        SourceTable(raw.name, raw.sha256, pa.concat_tables(tables)), tuple(rejected), left_out, tuple(notes)
    )


def read_label_files(files: Iterable[RawFile]) -> tuple[list[Label], list[tuple[RawFile, Rejected]]]:
    """Labels of CSV files and TagPacks, and the rows that could not be used.

    Raises:
        InputError: a file is neither.
    """
    labels: list[Label] = []
    rejected: list[tuple[RawFile, Rejected]] = []
    for raw in files:
        for record in read_label_file(raw):
            if isinstance(record, Rejected):
                rejected.append((raw, record))
            else:
                labels.append(record.value)
    return labels, rejected
