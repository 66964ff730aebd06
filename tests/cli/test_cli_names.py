"""The `stanch names` commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from stanch.cli.names import names
from stanch.exc import InputError

FIELDS = ["a", "b", "similarity", "bits", "alignment", "note"]


def run(*args: str, input: str | bytes | None = None) -> str:
    result = CliRunner().invoke(names, list(args), input=input, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_compare_writes_one_line_a_row_in_order() -> None:
    out = run("compare", "-", input="a,b,kind\nKim Jong Un,김정은,\nHUNG 1,HUNG 2,vessel\n😀,x,person\n")
    rows = [json.loads(line) for line in out.splitlines()]
    assert [list(row) for row in rows] == [FIELDS] * 3
    assert rows[0]["similarity"] >= 0.95
    assert rows[0]["note"] is None
    assert rows[1]["similarity"] < 0.7
    assert (rows[2]["similarity"], bool(rows[2]["note"])) == (0, True)


def test_compare_reads_a_file_with_a_mark_and_other_columns(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_bytes("id,b,a\n1,리병철,Ri Pyong Chol\n".encode("utf-8-sig"))
    (row,) = [json.loads(line) for line in run("compare", str(path)).splitlines()]
    assert (row["a"], row["b"]) == ("Ri Pyong Chol", "리병철")
    assert row["similarity"] >= 0.95


def test_compare_keeps_a_short_row_with_a_note() -> None:
    (row,) = [json.loads(line) for line in run("compare", "-", input="a,b\nKim\n").splitlines()]
    assert row["similarity"] == 0
    assert "too few columns" in row["note"]


def test_compare_says_an_unknown_kind() -> None:
    (row,) = [
        json.loads(line) for line in run("compare", "-", input="a,b,kind\nKim Jong Un,김정은,ghost\n").splitlines()
    ]
    assert "unknown kind" in row["note"]
    assert row["similarity"] >= 0.95


def test_compare_without_the_columns_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("x,y\n1,2\n")
    with pytest.raises(InputError, match=r'pairs\.csv, line 1: no column "a"'):
        run("compare", str(path))


def test_explain_prints_hangul() -> None:
    assert "리병철" in run("explain", "Ri Pyong Chol")


def test_explain_as_json_has_every_key() -> None:
    told = json.loads(run("explain", "Kim Jong Un", "--format", "json"))
    assert sorted(told) == ["common", "korean", "name", "notes", "rarity_bits", "readings"]
    assert told["readings"][0]["hangul"][0]["hangul"] == "김정은"


def test_explain_of_another_name_says_so() -> None:
    assert "no reading as a Korean name" in run("explain", "Vladimir Putin")


def test_keys_prints_the_shared_key() -> None:
    assert "k:김정은" in run("keys", "金正恩")


@pytest.mark.parametrize("command", [[], ["explain"], ["compare"], ["keys"]])
def test_help_has_an_example(command: list[str]) -> None:
    assert "stanch names" in run(*command, "--help")
