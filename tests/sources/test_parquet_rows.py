from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stanch.exc import InputError
from stanch.sources import parquet
from stanch.sources.base import Rejected
from stanch.sources.raw import RawFile
from stanch.sources.rows import MAX_CELL, Row, read_rows


def written(path: Path, table: pa.Table, **options: int) -> RawFile:
    pq.write_table(table, path, **options)
    return RawFile.open(path)


def test_rows_come_in_order_over_row_groups(tmp_path: Path) -> None:
    raw = written(tmp_path / "a.parquet", pa.table({"name": [f"n{i}" for i in range(50)]}), row_group_size=7)
    columns, rows = read_rows(raw)
    assert columns == ("name",)
    found = [(row.line, row.values["name"]) for row in rows if isinstance(row, Row)]
    assert found == [(i + 1, f"n{i}") for i in range(50)]
    assert parquet.count_rows(raw) == 50


def test_values_come_as_json_has_them(tmp_path: Path) -> None:
    table = pa.table(
        {
            "day": [datetime.date(1984, 1, 8)],
            "midnight": [datetime.datetime(1984, 1, 8)],
            "list": [["a", None]],
            "half": [0.5],
            "exact": [Decimal("1.10")],
            "none": pa.array([None], pa.string()),
            "number": [7],
        }
    )
    _, rows = read_rows(written(tmp_path / "a.parquet", table))
    row = next(rows)
    assert isinstance(row, Row)
    assert dict(row.values) == {
        "day": "1984-01-08",
        "midnight": "1984-01-08",
        "list": ["a", None],
        "half": "0.5",
        "exact": "1.10",
        "none": None,
        "number": 7,
    }
    assert '"day":"1984-01-08"' in row.raw


def test_field_too_long_costs_its_row(tmp_path: Path) -> None:
    table = pa.table({"name": ["a", "x" * (MAX_CELL + 1), "b"]})
    _, rows = read_rows(written(tmp_path / "a.parquet", table))
    assert [isinstance(row, Rejected) for row in rows] == [False, True, False]


def test_row_group_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "MAX_GROUP", 10)
    with pytest.raises(InputError, match="row group"):
        read_rows(written(tmp_path / "a.parquet", pa.table({"name": ["a" * 100]})))


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["name", "name"])
    with pytest.raises(InputError, match="one name"):
        read_rows(written(tmp_path / "a.parquet", table))
