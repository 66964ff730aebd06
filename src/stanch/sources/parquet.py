"""Rows of a Parquet file, a row group at a time, as the readers of records take them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from stanch.exc import InputError
from stanch.sources.base import Rejected
from stanch.sources.raw import RawFile
from stanch.sources.rows import MAX_CELL, Row, reject

#: Rows turned into objects at once.
_BATCH = 2_000
#: A row group is decoded whole: a larger one would not be read in bounded memory.
MAX_GROUP = 1 << 30


def read_parquet_rows(raw: RawFile) -> tuple[tuple[str, ...], Iterator[Row | Rejected]]:
    """The column names and the rows; a row's line is its number from 1. Dates come as ISO text.

    Raises:
        InputError: not readable as Parquet, a row group too large, or two columns of one name.
    """
    if raw.is_gzip:
        raise InputError("a gzipped Parquet file", file=raw.name, remedy="gunzip it: Parquet is compressed inside")
    try:
        with pq.ParquetFile(raw.path) as file:
            names = tuple(file.schema_arrow.names)
            groups = [file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups)]
    except (pa.ArrowException, OSError) as err:
        raise _broken(raw, err) from err
    if max(groups, default=0) > MAX_GROUP:
        problem = f"a row group of more than {MAX_GROUP / 1024**3:.0f} GiB"
        raise InputError(problem, file=raw.name, remedy="write it with smaller row groups")
    if len(set(names)) < len(names):
        raise InputError("two columns have one name", file=raw.name, remedy="rename one of them")
    return names, _rows(raw)


def count_rows(raw: RawFile) -> int:
    """The number of rows, as the file says."""
    try:
        return int(pq.read_metadata(raw.path).num_rows)
    except (pa.ArrowException, OSError) as err:
        raise _broken(raw, err) from err


def _rows(raw: RawFile) -> Iterator[Row | Rejected]:
    number = 0
    try:
        with pq.ParquetFile(raw.path, memory_map=False) as file:
            # One thread: the process may be forked while the file is read.
            for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
                for record in batch.to_pylist():
                    number += 1
                    yield _row(number, record)
    except (pa.ArrowException, OSError, OverflowError, UnicodeDecodeError, ValueError) as err:
        raise _broken(raw, err) from err


def _row(number: int, record: dict[str, Any]) -> Row | Rejected:
    values = {name: _plain(value) for name, value in record.items()}
    text = msgspec.json.encode(values).decode()
    if any(isinstance(value, str) and len(value) > MAX_CELL for value in values.values()):
        return reject(number, text, f"a field longer than {MAX_CELL:,} characters", "shorten the field")
    return Row(number, values, text)


def _plain(value: Any) -> Any:
    """A value as JSON has it; numbers with a point as text, exactly as printed."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, datetime):
        # A date of birth is often stored as midnight.
        return value.date().isoformat() if value.time() == time(0) else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (float, Decimal)):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


def _broken(raw: RawFile, err: Exception) -> InputError:
    return InputError(f"broken Parquet ({' '.join(str(err).split())[:200]})", file=raw.name, remedy="export it again")
