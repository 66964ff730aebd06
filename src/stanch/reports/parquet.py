"""Rows as a Parquet file, written a piece at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

#: Rows of one row group.
GROUP = 50_000
_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64()}


def write_parquet(rows: Iterable[Mapping[str, Any]], columns: Sequence[tuple[str, type]], path: Path) -> None:
    """Write the named columns; each is text (`str`), `int` or `float`, and what is not there is null.

    Raises:
        OSError: the file cannot be written.
    """
    schema = pa.schema([(name, _TYPES[kind]) for name, kind in columns])
    waiting = iter(rows)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while piece := list(islice(waiting, GROUP)):
            arrays = [pa.array([_value(row.get(name), kind) for row in piece], _TYPES[kind]) for name, kind in columns]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _value(value: Any, kind: type) -> Any:
    if value is None or value == "":
        return None
    # A lone surrogate of typed text is no UTF-8.
    return value.encode("utf-8", "backslashreplace").decode() if kind is str else kind(value)
