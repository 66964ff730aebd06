from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from stanch.cli.main import cli
from stanch.screening import DEFAULT_THRESHOLD

LIST = (
    '{"id":"x-1","schema":"Person","datasets":["own"],"properties":'
    '{"name":["Kim Jong Un"],"birthDate":["1984-01-08"]}}\n'
    '{"id":"x-2","schema":"Person","datasets":["own"],"properties":{"name":["=HYPERLINK(1)"]}}\n'
)
ROWS = "id,name,birth_date\na1,김정은,1984-01-08\na2,Anna Schmidt,1990-02-03\na3,,\na4,Kim Jong-un,1999-13-40\n"


@pytest.fixture
def own_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STANCH_WORKSPACE", raising=False)
    (tmp_path / "own.jsonl").write_text(LIST, encoding="utf-8")
    return "own.jsonl"


def run(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["screen", *args], input=stdin, catch_exceptions=False)


def lines(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_screen_answers_each_name_in_order(own_list: str) -> None:
    answers = lines(run("Anna Schmidt", "김정은", "", "--list", own_list, "--format", "jsonl"))
    assert [answer["row"] for answer in answers] == [1, 2, 3]
    assert [len(answer["matches"]) for answer in answers] == [0, 1, 0]
    assert answers[1]["matches"][0]["entity_id"] == "x-1"
    assert answers[2]["error"]
    assert set(answers[0]) == {"row", "input_id", "query", "lists", "threshold", "error", "matches"}


def test_screen_reads_a_customer_file(own_list: str, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(ROWS, encoding="utf-8")
    answers = lines(run("customers.csv", "--list", own_list, "--format", "jsonl"))
    assert [answer["row"] for answer in answers] == [1, 2, 3, 4]
    assert [bool(answer["matches"]) for answer in answers] == [True, False, False, True]
    assert [bool(answer["error"]) for answer in answers] == [False, False, True, True]
    assert answers[0]["input_id"] == "a1"
    assert answers[0]["matches"][0]["probability"] > 0.9


@pytest.mark.parametrize("text", [ROWS, '{"id":"a1","name":"김정은","birth_date":"1984-01-08"}\n'])
def test_screen_reads_standard_input(own_list: str, text: str) -> None:
    answers = lines(run("-", "--list", own_list, "--format", "jsonl", stdin=text))
    assert answers[0]["matches"][0]["entity_id"] == "x-1"


def test_screen_prints_a_table_with_the_reasons(own_list: str) -> None:
    result = run("Kim Jong Un", "Anna Schmidt", "--list", own_list)
    assert result.exit_code == 0
    assert "Kim Jong Un" in result.stdout
    assert "no match" in result.stdout
    assert "similarity" in result.stdout


def test_screen_explains_as_a_waterfall(own_list: str) -> None:
    result = run("Kim Jong Un", "--list", own_list, "--explain")
    assert "before any evidence" in result.stdout
    assert "sum: P" in result.stdout
    assert "date of birth would settle it" in result.stdout


def test_screen_tells_the_lists_on_stderr(own_list: str) -> None:
    result = run("Anna Schmidt", "--list", own_list)
    assert "lists: own (no date)" in result.stderr


def test_screen_csv_is_safe_for_spreadsheets(own_list: str) -> None:
    result = run("=HYPERLINK(1)", "--list", own_list, "--format", "csv")
    row = next(csv.DictReader(io.StringIO(result.stdout)))
    assert row["query"].startswith("'=")
    assert row["match"].startswith("'=")


def test_screen_threshold_is_printed_and_used(own_list: str) -> None:
    answer = lines(run("Kim Jong Un", "--list", own_list, "--threshold", "0.9", "--format", "jsonl"))[0]
    assert answer["threshold"] == 0.9
    assert answer["matches"] == []


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("customers.csv",), "no such file"),
        (("empty.csv",), "empty"),
        (("nameless.csv",), "name"),
        (("Kim Jong Un", "--list", "missing.xml"), "no such file"),
        (("Kim Jong Un", "--list", "nameless.csv"), "not a list"),
    ],
)
def test_screen_gives_a_one_line_error_for_bad_files(
    own_list: str, tmp_path: Path, args: tuple[str, ...], words: str
) -> None:
    from stanch.exc import InputError

    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "nameless.csv").write_text("colour,taste\nred,sweet\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        run(*args)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("args", [(), ("a", "b", "--explain", "--format", "json"), ("Kim Jong Un", "--map", "name=N")])
def test_screen_refuses_wrong_usage(args: tuple[str, ...]) -> None:
    assert run(*args).exit_code == 2


def test_screen_help_states_the_default_threshold() -> None:
    assert f"default: {DEFAULT_THRESHOLD}" in run("--help").stdout


def test_screen_help_has_examples() -> None:
    assert "stanch screen customers.csv" in run("--help").stdout


def test_screen_uses_the_packaged_lists_without_a_workspace(own_list: str) -> None:
    answer = lines(run("Kim Jong Un", "--format", "jsonl"))[0]
    assert {item["name"] for item in answer["lists"]} == {"un", "ofac"}
    assert answer["matches"][0]["name"] == "KIM Jong Un"
