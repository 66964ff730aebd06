from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.reports.tabular import csv_cell, write_csv, write_json, write_jsonl


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_formula_is_defused(text: str) -> None:
    assert csv_cell(text) == "'" + text


@pytest.mark.parametrize("value", ["-12.5", "+7", -3, Decimal("-0.1")])
def test_negative_number_stays_a_number(value: object) -> None:
    assert not csv_cell(value).startswith("'")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_csv_row_survives_writing_and_reading(cells: list[str]) -> None:
    names = [f"c{index}" for index in range(len(cells))]
    stream = io.StringIO(newline="")
    write_csv([dict(zip(names, cells, strict=True))], names, stream)
    stream.seek(0)
    _, row = csv.reader(stream)
    assert [cell.removeprefix("'") for cell in row] == [cell.removeprefix("'") for cell in cells]


def test_json_lines_have_exact_amounts_and_utc_times() -> None:
    stream = io.StringIO()
    write_jsonl([{"a": Decimal("0.10"), "t": datetime(2022, 3, 23, tzinfo=UTC), "name": "김정은"}], stream)
    assert stream.getvalue() == '{"a": "0.1", "t": "2022-03-23T00:00:00Z", "name": "김정은"}\n'


def test_json_document_is_whole() -> None:
    stream = io.StringIO()
    write_json([{"long": "x" * 10_000}], stream)
    assert json.loads(stream.getvalue())[0]["long"] == "x" * 10_000
