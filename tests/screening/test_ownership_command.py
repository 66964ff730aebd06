"""`stanch screen` with owners: what an analyst sees."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from stanch.cli.main import cli

CUSTOMERS: list[dict[str, Any]] = [
    {"id": "c-1", "schema": "Company", "properties": {"name": ["Harbour Light Trading Ltd"]}},
    {"id": "p-1", "schema": "Person", "properties": {"name": ["Ri Pyong Chol"], "birthDate": ["1948"]}},
    {"id": "p-2", "schema": "Person", "properties": {"name": ["Maria Lopez"]}},
    {"id": "o", "schema": "Ownership", "properties": {"owner": ["p-1"], "asset": ["c-1"], "percentage": ["60"]}},
    {"id": "f", "schema": "Family", "properties": {"person": ["p-1"], "relative": ["p-2"], "relationship": ["wife"]}},
]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "customers.jsonl").write_text("\n".join(map(json.dumps, CUSTOMERS)), encoding="utf-8")
    return "customers.jsonl"


def run(*words: str) -> str:
    done = CliRunner().invoke(cli, ["screen", *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_csv_says_what_kind_of_match_it_is_and_why(file: str) -> None:
    rows = list(csv.DictReader(io.StringIO(run(file, "--format", "csv"))))
    first = rows[0]
    assert (first["input_id"], first["match"], first["match_kind"]) == ("c-1", "owned by RI Pyong Chol", "owned")
    assert first["why"].startswith("Ri Pyong Chol owns 60 % of Harbour Light Trading Ltd; rule us-2014")
    assert {row["input_id"] for row in rows} == {"c-1", "p-1"}


def test_relatives_come_with_the_option_only(file: str) -> None:
    kinds = {
        row["input_id"]: row["match_kind"]
        for row in csv.DictReader(io.StringIO(run(file, "--links", "--format", "csv")))
    }
    assert kinds == {"c-1": "owned", "p-1": "listed", "p-2": "linked"}


def test_explanation_names_the_hop_and_adds_up(file: str) -> None:
    output = run(file, "--explain")
    assert "owned by RI Pyong Chol (ofac-23215; ofac)" in output
    assert "· Ri Pyong Chol owns 60 % of Harbour Light Trading Ltd" in output
