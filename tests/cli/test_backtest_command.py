from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

LIST = (
    '{"id":"x-1","schema":"Person","datasets":["own"],"properties":'
    '{"name":["Kim Yong Chol"],"birthDate":["1946-01-05"]}}\n'
    '{"id":"x-2","schema":"Person","datasets":["own"],"properties":{"name":["Ri Pyong Chol"]}}\n'
)
ALERTS = (
    "customer_id,customer_name,dob,listed_name,disposition,date\n"
    "c-1,Kim Yong Chol,1946,KIM YONG CHOL,Escalated,2026-01-01\n"
    "c-2,Kim Yong Chol,1999-01-01,KIM YONG CHOL,True match,2026-01-01\n"
    "c-3,Kim Young Sam,1927,KIM YONG CHOL,Closed - false positive,2026-01-01\n"
    "c-4,=HYPERLINK(1),,Someone Else,cleared,2026-01-01\n"
    "c-5,Anna Schmidt,,RI PYONG CHOL,tier 3,2026-01-01\n"
    ",,,RI PYONG CHOL,cleared,2026-01-01\n"
)
CUSTOMERS = "id,name,birth_date\nc-1,Kim Yong Chol,1946\nc-9,리병철,\nc-10,Otto Maier,\n"


@pytest.fixture
def files(tmp_path: Path, run: Any) -> tuple[str, ...]:
    for name, text in (("own.jsonl", LIST), ("alerts.csv", ALERTS), ("customers.csv", CUSTOMERS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return ("alerts.csv", "--list", "own.jsonl")


def test_backtest_prints_saved_missed_and_new(run: Any, files: tuple[str, ...]) -> None:
    done = run("backtest", *files, "--customers", "customers.csv")
    assert done.code == 0
    lines = {line.split(":")[0].strip(): line for line in done.out.splitlines() if ":" in line}
    assert lines["saved"].split()[5] == "1"
    assert "the evidence contradicts: another" in done.out
    assert "c-9  리병철 ⇄ Ri Pyong Chol (x-2)" in done.out
    assert "dispositions not known, taken as undecided: 'tier 3' (1)" in done.err
    assert "alerts.csv, line 7: neither a customer id nor a name" in done.err


def test_backtest_json_carries_the_counts(run: Any, files: tuple[str, ...]) -> None:
    document = json.loads(run("backtest", *files, "--customers", "customers.csv", "--sweep", "--format", "json").out)
    summary = document["summary"]
    counted = ("alerts", "found", "missed", "saved", "kept", "undecided_raised", "new", "new_records")
    assert [summary[key] for key in counted] == [5, 1, 1, 1, 0, 0, 1, 1]
    assert summary["not_on_these_lists"] == {"true match": 0, "false positive": 1, "undecided": 0}
    assert summary["records_screened"] == 3
    assert summary["found_rate"]["of"] == 2
    assert [row["outcome"] for row in document["alerts"]] == [
        "found", "missed", "saved", "not on these lists", "not raised", "new",
    ]  # fmt: skip
    assert len({tuple(sorted(row)) for row in document["alerts"]}) == 1, "every row has every key"
    in_force = next(row for row in document["sweep"] if row["threshold"] == summary["threshold"])
    assert all(in_force[key] == summary[key] for key in ("found", "missed", "saved", "kept", "new"))


def test_backtest_csv_is_safe_for_spreadsheets(run: Any, files: tuple[str, ...]) -> None:
    rows = list(csv.DictReader(io.StringIO(run("backtest", *files, "--format", "csv").out)))
    assert rows[3]["customer"] == "'=HYPERLINK(1)"
    assert "sum" in rows[0]["waterfall"]


def test_own_words_give_a_disposition_its_meaning(run: Any, files: tuple[str, ...]) -> None:
    document = json.loads(run("backtest", *files, "--false", "tier 3", "--format", "json").out)
    assert document["summary"]["saved"] == 2


def test_without_customers_the_limit_of_new_is_told(run: Any, files: tuple[str, ...]) -> None:
    done = run("backtest", *files)
    assert "new alerts can only be on those" in done.err
    assert "alerted customers only" in done.out


def test_backtest_of_a_file_without_dispositions_is_one_line(run: Any, files: tuple[str, ...]) -> None:
    done = run("backtest", "customers.csv", "--list", "own.jsonl")
    assert done.code == 1
    assert len(done.problems) == 1
    assert "--map disposition=COLUMN" in done.problems[0]


def test_sweep_rows_are_printed_as_csv(run: Any, files: tuple[str, ...]) -> None:
    rows = list(csv.DictReader(io.StringIO(run("backtest", *files, "--sweep", "--format", "csv").out)))
    assert [float(row["threshold"]) for row in rows] == sorted(float(row["threshold"]) for row in rows)
    assert rows[0]["found"] == "1"
