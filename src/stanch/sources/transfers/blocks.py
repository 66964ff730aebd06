"""The rows of a ledger file in large pieces, still as text: CSV fast where it is plain and exact where it is not, JSON
lines, Parquet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from stanch.exc import InputError
from stanch.sources.base import Rejected
from stanch.sources.raw import RawFile
from stanch.sources.rows import Header, csv_rows, json_rows

#: Bytes of CSV in one piece, and rows in one piece where rows are made one at a time.
BLOCK_BYTES = 16 << 20
BLOCK_ROWS = 200_000
_QUOTE, _LF, _CR = 0x22, 0x0A, 0x0D


@dataclass(slots=True)
class Block:
    """Some rows in file order: cells by column position (text; Parquet keeps its types), the line of each row, the text
    of a row by its place in the block, and rows that could not even be split."""

    cells: Mapping[int, pa.Array]
    lines: npt.NDArray[np.int64]
    raw: Callable[[int], str]
    rejected: Sequence[Rejected] = ()


def csv_blocks(raw: RawFile, header: Header, positions: Sequence[int], size: int = BLOCK_BYTES) -> Iterator[Block]:
    """The rows of a CSV file. A block without odd quotes, NULs or ragged rows is split by Arrow, where row N of the
    block is line N; any other block goes the exact way, and so does the rest of the file after a block that ends inside
    a quote."""
    blocks = _after(raw.blocks(size), header.line)
    for first, block in blocks:
        if b'"' in block and block.count(b'"') % 2:
            rest = _chain_lines(first, block, blocks)
            yield from _exact_blocks(csv_rows(rest, header), positions)
            return
        table = _split_fast(block, header, positions)
        if table is None:
            yield from _exact_blocks(csv_rows(_numbered(first, block), header), positions)
        else:
            lines = np.arange(first, first + len(table), dtype=np.int64)
            yield Block(_columns(table, positions), lines, _LineOf(block))


def json_blocks(raw: RawFile, names: Sequence[str], size: int = BLOCK_ROWS) -> Iterator[Block]:
    """The rows of a JSON lines file; `names` are the keys, in the order of the positions."""
    rows = json_rows(raw.lines())
    while piece := list(islice(rows, size)):
        good = [row for row in piece if not isinstance(row, Rejected)]
        cells = {
            i: pa.array([_text(row.values.get(name)) for row in good], pa.string()) for i, name in enumerate(names)
        }
        texts = [row.raw for row in good]
        yield Block(
            cells,
            np.array([row.line for row in good], dtype=np.int64),
            texts.__getitem__,
            [row for row in piece if isinstance(row, Rejected)],
        )


def parquet_blocks(raw: RawFile, positions: Sequence[int], size: int = BLOCK_ROWS) -> Iterator[Block]:
    """The rows of a Parquet file; a row's line is its number from 1.

    Raises:
        InputError: not readable as Parquet.
    """
    names = parquet_columns(raw)
    first = 1
    try:
        with pq.ParquetFile(raw.path) as file:
            for batch in file.iter_batches(batch_size=size, columns=[names[i] for i in positions]):
                lines = np.arange(first, first + len(batch), dtype=np.int64)
                cells = {i: batch.column(names[i]) for i in positions}
                yield Block(cells, lines, _RecordOf(batch))
                first += len(batch)
    except (pa.ArrowException, OSError) as err:
        raise InputError(f"broken Parquet ({err})", file=raw.name, remedy="export it again") from err


def parquet_columns(raw: RawFile) -> tuple[str, ...]:
    """The column names of a Parquet file.

    Raises:
        InputError: not readable as Parquet, or compressed as a whole.
    """
    if raw.is_gzip:
        raise InputError("a gzipped Parquet file", file=raw.name, remedy="gunzip it: Parquet is compressed inside")
    try:
        return tuple(pq.read_schema(raw.path).names)
    except (pa.ArrowException, OSError) as err:
        raise InputError(f"broken Parquet ({err})", file=raw.name, remedy="export it again") from err


def _text(value: Any) -> str:
    """A JSON value as the text of a cell; a list or object is no cell, and no field accepts what stands for it."""
    if value is None:
        return ""
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else "(not text or number)"


def _columns(table: pa.Table, positions: Sequence[int]) -> dict[int, pa.Array]:
    return {position: table.column(i).combine_chunks() for i, position in enumerate(positions)}


def _split_fast(block: bytes, header: Header, positions: Sequence[int]) -> pa.Table | None:
    """The wanted columns of a block, or None where Arrow's rows might not be the lines, or not those of `csv_rows`."""
    if b"\0" in block or (b"\r" in block and block.count(b"\r") != block.count(b"\r\n")):
        return None
    if b'"' in block and not _quotes_are_plain(block, header.delimiter):
        return None
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    names = [str(i) for i in range(len(header.columns))]
    wanted = [str(i) for i in positions]
    try:
        table = pacsv.read_csv(
            pa.BufferReader(block),
            # One thread: on two cores Arrow's own threads took four times as long, waiting for fresh memory.
            read_options=pacsv.ReadOptions(column_names=names, block_size=4 << 20, use_threads=False),
            parse_options=pacsv.ParseOptions(delimiter=header.delimiter, newlines_in_values=False),
            convert_options=pacsv.ConvertOptions(
                include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return table if len(table) == lines else None


def _quotes_are_plain(block: bytes, delimiter: str) -> bool:
    """Whether every quote stands at the edge of a field or beside another quote: elsewhere, parsers differ."""
    data = np.frombuffer(block, dtype=np.uint8)
    at = np.flatnonzero(data == _QUOTE)
    edge = np.zeros(256, dtype=bool)
    edge[[_QUOTE, _LF, _CR, ord(delimiter)]] = True
    before = edge[data[np.maximum(at - 1, 0)]] | (at == 0)
    after = edge[data[np.minimum(at + 1, len(data) - 1)]]
    return bool(np.all(before | after))


def _exact_blocks(rows: Iterator[tuple[int, list[str], str] | Rejected], positions: Sequence[int]) -> Iterator[Block]:
    while piece := list(islice(rows, BLOCK_ROWS)):
        good = [row for row in piece if not isinstance(row, Rejected)]
        cells = {i: pa.array([row[1][i] for row in good], pa.string()) for i in positions}
        texts = [row[2] for row in good]
        yield Block(
            cells,
            np.array([row[0] for row in good], dtype=np.int64),
            texts.__getitem__,
            [row for row in piece if isinstance(row, Rejected)],
        )


def _after(blocks: Iterator[tuple[int, bytes]], line: int) -> Iterator[tuple[int, bytes]]:
    """The blocks without the lines up to `line` (the header's)."""
    for first, block in blocks:
        if first <= line:
            for _ in range(line - first + 1):
                block = block[block.find(b"\n") + 1 :] if b"\n" in block else b""
            first = line + 1
        if block:
            yield first, block


def _numbered(first: int, block: bytes) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(block.removesuffix(b"\n").split(b"\n"), start=first):
        yield number, line.decode("utf-8", "replace").removesuffix("\r")


def _chain_lines(first: int, block: bytes, rest: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, str]]:
    yield from _numbered(first, block)
    for number, more in rest:
        yield from _numbered(number, more)


class _LineOf:
    """The text of a line of a block; the block is only split when a row must be shown."""

    def __init__(self, block: bytes) -> None:
        self._block = block
        self._lines: list[bytes] | None = None

    def __call__(self, row: int) -> str:
        if self._lines is None:
            self._lines = self._block.split(b"\n")
        return self._lines[row].decode("utf-8", "replace").removesuffix("\r")


class _RecordOf:
    """A row of a Parquet batch as JSON text."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self._batch = batch

    def __call__(self, row: int) -> str:
        record = self._batch.slice(row, 1).to_pylist()[0]
        return json.dumps(
            {name: "0x" + value.hex() if isinstance(value, bytes) else value for name, value in record.items()},
            default=str,
            ensure_ascii=False,
        )
