"""The Arrow shape of transfers: what readers of ledgers produce, the workspace stores, and tracing consumes."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from stanch.sources.base import Rejected

#: One row a transfer, as in `model.Transfer`. `amount` and `usd` are exact decimal text in whole units; `line` is the
#: row's line (CSV, JSONL) or row number (Parquet) in the source file, from 1.
TRANSFER_SCHEMA = pa.schema(
    [
        pa.field("chain", pa.string(), nullable=False),
        pa.field("time", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("tx", pa.string(), nullable=False),
        pa.field("index", pa.int64(), nullable=False),
        pa.field("sender", pa.string(), nullable=False),
        pa.field("receiver", pa.string(), nullable=False),
        pa.field("asset", pa.string(), nullable=False),
        pa.field("amount", pa.string(), nullable=False),
        pa.field("usd", pa.string()),
        pa.field("line", pa.int64(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class TransferBatch:
    """Some rows of a ledger in file order: the good ones as a table of TRANSFER_SCHEMA, the bad ones with reasons.

    `notes` say in plain words what the reader assumed about the file (no asset column, no transaction column …); they
    come with the first batch and are for the person who imports it.
    """

    table: pa.Table
    rejected: tuple[Rejected, ...]
    notes: tuple[str, ...] = ()
