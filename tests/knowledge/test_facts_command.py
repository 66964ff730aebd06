"""`stanch facts` as a person and as the next command see it."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

from stanch.cli.facts import facts
from stanch.exc import NotFoundError
from stanch.knowledge import tables

NAMES = [info.name for info in tables()]


def run(*args: str) -> str:
    result = CliRunner().invoke(facts, args, prog_name="facts", catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_the_list_has_every_table_with_counts() -> None:
    text = run()
    assert all(name in text for name in NAMES)
    assert "52 (64 %) / 3 (4 %) / 26 (32 %)" in text


def test_the_list_as_json_has_rows_dates_and_shares() -> None:
    listed = {row["name"]: row for row in json.loads(run("--format", "json"))}
    assert list(listed) == NAMES
    assert listed["provisions"]["rows"] == 73
    assert listed["provisions"]["share_excerpt"] == 0.918
    assert listed["resolutions"]["first_date"] == "2006-07-15"


@pytest.mark.parametrize("name", NAMES)
def test_show_fits_120_columns(name: str) -> None:
    lines = run("show", name).splitlines()
    assert len(lines) > 10
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("name", NAMES)
def test_show_as_json_has_every_row_and_citation(name: str) -> None:
    rows = json.loads(run("show", name, "--format", "json"))
    assert len(rows) == next(info.rows for info in tables() if info.name == name)
    assert all(row["citation"] and row["verified"] for row in rows)
    assert len({tuple(row) for row in rows}) == 1


def test_show_as_csv_has_every_column() -> None:
    rows = list(csv.DictReader(io.StringIO(run("show", "thefts", "--format", "csv"))))
    assert rows[0]["attributed_by"].startswith("UN PoE S/2019/691")
    assert len(rows) == 81


def test_a_format_before_show_counts() -> None:
    assert len(run("--format", "jsonl", "show", "indicators").splitlines()) == 49


def test_the_card_explains_columns() -> None:
    parts = {row["part"]: row["text"] for row in json.loads(run("card", "thefts", "--format", "json"))}
    assert "court or government" in parts["column attribution_level"]
    assert parts["as of"] == "2026-11-23"


def test_an_unknown_table_is_refused_with_the_names() -> None:
    with pytest.raises(NotFoundError, match="thefts, laundering, indicators"):
        CliRunner().invoke(facts, ["show", "nope"], catch_exceptions=False)


def test_help_has_examples() -> None:
    assert "stanch facts show thefts" in run("--help")
