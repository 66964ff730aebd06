"""Reads a ledger of transfers from CSV, JSON lines or Parquet, a large piece at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stanch.model import now_utc
from stanch.sources.base import Rejected
from stanch.sources.columns import USUAL, Columns
from stanch.sources.raw import RawFile
from stanch.sources.rows import file_format, json_rows, read_header, reject, reject_field
from stanch.sources.transfer_table import TRANSFER_SCHEMA, TransferBatch
from stanch.sources.transfers import vector
from stanch.sources.transfers.blocks import (
    BLOCK_BYTES,
    Block,
    csv_blocks,
    json_blocks,
    parquet_blocks,
    parquet_columns,
)
from stanch.sources.transfers.columns import Plan, settle, with_guessed_chain
from stanch.sources.transfers.fields import REMEDIES
from stanch.sources.transfers.order import MovementOrder
from stanch.sources.transfers.vector import Column

#: JSON lines have no header: the keys of this many first objects stand for it.
_KEYS_FROM = 1_000
#: How many rows may be looked at to tell the chain from the addresses.
_GUESS_FROM = 1_000


def read_transfers(
    raw: RawFile,
    columns: Columns = USUAL,
    *,
    now: datetime | None = None,
    block_bytes: int = BLOCK_BYTES,
) -> Iterator[TransferBatch]:
    """Read a ledger in file order. Good rows are kept, bad ones come as `Rejected`; a bad `usd` costs only itself.

    The first batch carries `notes`: what was assumed for columns that are not there. At least one batch comes. `now`
    bounds the times (a row of tomorrow's tomorrow is refused); the clock's time when not given.

    Raises:
        InputError: not a readable file, or a needed column is missing.
    """
    moment = now if now is not None else now_utc()
    plan, blocks = _open(raw, columns, block_bytes)
    order = MovementOrder()
    waiting: Block | None = None
    notes: tuple[str, ...] | None = None
    for following in _ahead(blocks):
        if waiting is not None:
            if not plan.chain and "chain" not in plan.positions and len(waiting.lines):
                plan = with_guessed_chain(plan, _some_addresses(waiting, plan), file=raw.name)
                notes = None
            table, rejected = _normalise(waiting, plan, moment, order, last=following is None, sha256=raw.sha256)
            yield TransferBatch(table, rejected, plan.notes if notes is None else ())
            notes = plan.notes
        waiting = following
    if notes is None:
        yield TransferBatch(TRANSFER_SCHEMA.empty_table(), (), plan.notes)


def _open(raw: RawFile, columns: Columns, block_bytes: int) -> tuple[Plan, Iterator[Block]]:
    kind = file_format(raw)
    if kind == "csv":
        header = read_header(raw)
        plan = settle(header.columns, columns, file=raw.name, line=header.line)
        return plan, csv_blocks(raw, header, sorted(set(plan.positions.values())), block_bytes)
    if kind == "parquet":
        plan = settle(parquet_columns(raw), columns, file=raw.name, line=None)
        return plan, parquet_blocks(raw, sorted(set(plan.positions.values())))
    keys: dict[str, None] = {}
    for number, row in enumerate(json_rows(raw.lines())):
        if number >= _KEYS_FROM:
            break
        if not isinstance(row, Rejected):
            keys.update(dict.fromkeys(row.values))
    plan = settle(tuple(keys), columns, file=raw.name, line=None)
    return plan, json_blocks(raw, tuple(keys))


def _ahead(blocks: Iterator[Block]) -> Iterator[Block | None]:
    """The blocks and then None. The next one is read and split on another thread while this one is brought to normal
    form: Arrow does both outside Python's lock."""
    with ThreadPoolExecutor(1, thread_name_prefix="stanch-transfers") as reader:
        coming = reader.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = reader.submit(next, blocks, None)
            yield block
        yield None


def _some_addresses(block: Block, plan: Plan) -> Iterator[str]:
    for name in ("sender", "receiver"):
        yield from vector.texts_of(block.cells[plan.positions[name]].slice(0, _GUESS_FROM)).to_pylist()


def _normalise(
    block: Block, plan: Plan, now: datetime, order: MovementOrder, *, last: bool, sha256: str
) -> tuple[pa.Table, tuple[Rejected, ...]]:
    """Bring every field to its normal form, and part the good rows from the bad."""
    count = len(block.lines)

    def cells(name: str) -> pa.Array:
        return vector.texts_of(block.cells[plan.positions[name]])

    def spread(value: str) -> pa.Array:
        return pa.repeat(pa.scalar(value, pa.string()), count)

    found: dict[str, Column] = {}
    chain: pa.Array | str = plan.chain
    if "chain" in plan.positions:
        found["chain"] = vector.chains(_filled(plan.chain, cells("chain")))
        chain = found["chain"].values
    else:
        found["chain"] = Column(spread(plan.chain))
    moments = block.cells[plan.positions["time"]]
    found["time"] = vector.times(moments if pa.types.is_timestamp(moments.type) else cells("time"), now)
    found["tx"] = (
        vector.transaction_ids(cells("tx"))
        if "tx" in plan.positions
        else Column(pa.array([f"row-{line}-{sha256[:8]}" for line in block.lines], pa.string()))
    )
    if "index" in plan.positions:
        found["index"] = vector.indices(cells("index"))
    for name in ("sender", "receiver"):
        found[name] = vector.by_chain(chain, cells(name), vector.addresses)
    asset = _filled(plan.asset, cells("asset")) if "asset" in plan.positions else spread(plan.asset)
    found["asset"] = vector.by_chain(chain, asset, vector.assets)
    found["amount"] = vector.amounts(cells("amount"))
    if "index" not in found:
        found["index"] = Column(
            _numbers(found["tx"].values, chain, order, last)
            if "tx" in plan.positions
            else pa.array(np.zeros(count, int))
        )
    usd = vector.optional_amounts(cells("usd")) if "usd" in plan.positions else Column(pa.nulls(count, pa.string()))

    reasons: dict[int, str] = {}
    for name, column in found.items():
        for row, reason in column.errors.items():
            reasons.setdefault(row, f"{name}: {reason}")
    rejected = [*block.rejected, *_rejected(block, reasons, usd)]
    table = pa.table(
        [found[field.name].values for field in list(TRANSFER_SCHEMA)[:-2]] + [usd.values, pa.array(block.lines)],
        schema=TRANSFER_SCHEMA,
    )
    if reasons:
        keep = np.ones(count, dtype=bool)
        keep[list(reasons)] = False
        table = table.filter(pa.array(keep))
    return table, tuple(sorted(rejected, key=lambda item: item.line or 0))


def _filled(constant: str, texts: pa.Array) -> pa.Array:
    """The cells of a column, with the constant in empty ones."""
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(texts), ""), constant, texts) if constant else texts


def _numbers(tx: pa.Array, chain: pa.Array | str, order: MovementOrder, last: bool) -> pa.Array:
    """Places in the transaction by file order; rows without a good transaction id are rejected anyway."""
    keys = pc.fill_null(tx, "")
    if not isinstance(chain, str):
        keys = pc.binary_join_element_wise(keys, pc.fill_null(chain, ""), "\x1f")
    return pa.array(order.number(keys, last=last))


def _rejected(block: Block, reasons: Mapping[int, str], usd: Column) -> Iterator[Rejected]:
    for row, reason in reasons.items():
        field = reason.partition(":")[0]
        yield reject(int(block.lines[row]), block.raw(row), reason, REMEDIES[field])
    for row, reason in usd.errors.items():
        if row not in reasons:
            yield reject_field(int(block.lines[row]), block.raw(row), f"usd: {reason}", REMEDIES["usd"])
