"""`stanch vet` as a person and as the next command see it."""

from __future__ import annotations

import csv
import io
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from stanch.cli.vet import vet
from stanch.exc import InputError, NotFoundError

DEMO = Path(str(files("stanch.data").joinpath("demo", "engagements.jsonl")))
RING = {"demo-e03", "demo-e09", "demo-e17", "demo-e24", "demo-e33"}
KEYS = ["engagement_id", "probability", "low", "high", "bits", "level", "indicators", "could_not_check"]


def invoke(*args: str | Path, stdin: bytes | None = None) -> Result:
    result = CliRunner().invoke(vet, [str(arg) for arg in args], prog_name="vet", input=stdin, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def lines(*args: str | Path, stdin: bytes | None = None) -> list[dict[str, Any]]:
    return [json.loads(line) for line in invoke(*args, "--format", "jsonl", stdin=stdin).stdout.splitlines()]


def test_all_prints_one_line_an_engagement_in_input_order() -> None:
    rows = lines(DEMO, "--all")
    assert [row["engagement_id"] for row in rows] == [f"demo-e{n:02d}" for n in range(1, 41)]
    assert all(list(row) == KEYS for row in rows)


def test_without_all_only_findings_and_watch_notes_are_printed() -> None:
    rows = lines(DEMO)
    assert {row["engagement_id"] for row in rows if row["level"] == "finding"} == RING
    assert {row["level"] for row in rows} == {"finding", "watch"}


def test_evidence_goes_down_to_row_and_hash() -> None:
    (row,) = (row for row in lines(DEMO) if row["engagement_id"] == "demo-e03")
    source = row["indicators"][0]["evidence"][0]["source"]
    assert source["name"] == "engagements.jsonl"
    assert source["locator"] == "line 3"
    assert len(source["sha256"]) == 64


def test_theft_ties_a_payout_wallet() -> None:
    (row,) = (row for row in lines(DEMO, "--theft", "ronin-2022") if row["engagement_id"] == "demo-e12")
    assert row["level"] == "finding"
    assert "I19" in [item["id"] for item in row["indicators"]]
    assert "I19" not in row["could_not_check"]


def test_stdin_gives_the_same_answers() -> None:
    assert [row["level"] for row in lines("-", "--all", stdin=DEMO.read_bytes())] == [
        row["level"] for row in lines(DEMO, "--all")
    ]


def test_base_rate_may_be_a_fraction() -> None:
    assert lines(DEMO, "--all", "--base-rate", "1/343") == lines(DEMO, "--all")
    assert lines(DEMO, "--all", "--base-rate", "1/5000")[0]["probability"] == 0.0002


@pytest.mark.parametrize("value", ["0", "1", "2", "-0.5", "1/0", "nan", "inf", "x"])
def test_base_rate_outside_a_share_is_a_usage_error(value: str) -> None:
    result = CliRunner().invoke(vet, [str(DEMO), "--base-rate", value])
    assert result.exit_code == 2
    assert "not a share" in result.stderr


def test_confirmed_case_makes_a_hard_link(tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("kind,value,source\nengagement,demo-e37,Case 7\nshoe,42,Case 8\n")
    result = invoke(DEMO, "--confirmed", cases, "--format", "jsonl")
    levels = {row["engagement_id"]: row["level"] for row in map(json.loads, result.stdout.splitlines())}
    assert (levels["demo-e37"], levels["demo-e38"]) == ("watch", "finding")
    assert "cases.csv, line 3: left out: unknown kind 'shoe'" in result.stderr


def test_table_ends_with_what_this_does_not_show() -> None:
    result = invoke(DEMO)
    assert "demo-e03" in result.stdout
    assert "5 finding, 2 watch, 33 none; base rate 1 in 343" in result.stderr
    assert "What this does not show" in result.stderr


def test_table_does_not_print_names() -> None:
    assert "Whitford" not in invoke(DEMO, "--all").stdout


def test_csv_has_flat_columns() -> None:
    rows = list(csv.DictReader(io.StringIO(invoke(DEMO, "--all", "--format", "csv").stdout)))
    assert list(rows[0]) == KEYS
    assert len(rows) == 40


def test_schema_prints_schema_and_example() -> None:
    printed = json.loads(invoke("--schema").stdout)
    assert set(printed) == {"schema", "example"}
    assert "logins" in printed["schema"]["properties"]


def test_bad_row_is_told_and_the_others_go_on() -> None:
    result = invoke("-", "--all", "--format", "jsonl", stdin=b'{"id": "a"}\n{"id": broken\n{"id": "b"}\n')
    assert [json.loads(line)["engagement_id"] for line in result.stdout.splitlines()] == ["a", "b"]
    assert "line 2" in result.stderr


def test_file_without_a_usable_row_is_one_line_of_error() -> None:
    with pytest.raises(InputError, match="no usable engagement"):
        invoke("-", stdin=b'{"id": broken\n')


def test_unknown_theft_is_told() -> None:
    with pytest.raises(NotFoundError):
        invoke(DEMO, "--theft", "nothing-1999")


@pytest.mark.parametrize("args", [[], [str(DEMO), "--ledger", "x.csv"]])
def test_wrong_usage_is_exit_code_2(args: list[str]) -> None:
    assert CliRunner().invoke(vet, args).exit_code == 2
