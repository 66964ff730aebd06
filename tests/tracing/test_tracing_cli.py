from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tracing_oracle import CHAIN, address

from stanch.cli.main import main
from stanch.cli.trace import trace
from stanch.exc import InputError, NotFoundError

HEADER = "time,tx,index,sender,receiver,asset,amount\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is no workspace, with a ledger and labels in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STANCH_WORKSPACE", raising=False)
    rows = [
        f"2022-03-23T00:0{n}:00Z,0x{n:064x},0,{address(sender)},{address(receiver)},ETH,{amount}"
        for n, (sender, receiver, amount) in enumerate([("v", "a", 10), ("a", "x", 15), ("a", "b", "2.5")])
    ]
    (tmp_path / "t.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    labels = f"chain,address,label,category,source\n{CHAIN},{address('x')},[red]X,exchange,me\n"
    (tmp_path / "labels.csv").write_text(labels, encoding="utf-8")
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(trace, list(args), obj=None)


def traced(*args: str) -> Result:
    return run("--ledger", "t.csv", "--from", address("a"), "--labels", "labels.csv", "--no-packaged-labels", *args)


def test_json_is_one_document_with_manifest_and_assets(folder: Path) -> None:
    document = json.loads(traced("--format", "json").stdout)
    assert document["manifest"]["inputs"][0]["name"] == "t.csv"
    (asset,) = document["assets"]
    assert (asset["stolen"], asset["stolen_inferred"], asset["accounted"]) == ("17.5", "7.5", "17.5")
    assert [one["reason"] for one in asset["holders"]] == ["exchange", "held"]


def test_the_same_command_gives_the_same_bytes(folder: Path) -> None:
    assert traced("--format", "json").stdout == traced("--format", "json").stdout


def test_table_fits_120_columns_and_prints_labels_as_they_are(folder: Path) -> None:
    text = traced().stdout
    assert "exchange: [red]X" in text
    assert address("b") in text
    assert "7.50 assumed because the seeds spent it" in text
    assert max(len(line) for line in text.splitlines()) <= 120


def test_jsonl_is_one_holder_a_line(folder: Path) -> None:
    lines = [json.loads(line) for line in traced("--format", "jsonl").stdout.splitlines()]
    assert [(line["address"], line["by_policy"]["haircut"]) for line in lines] == [
        (address("x"), "15"),
        (address("b"), "2.5"),
    ]


def test_csv_has_a_column_for_each_policy(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(traced("--format", "csv", "--policy", "haircut").stdout)))
    assert [row["haircut"] for row in rows] == ["15", "2.5"]
    assert "poison" not in rows[0]


def test_output_goes_to_a_file(folder: Path) -> None:
    assert traced("--format", "json", "--output", "out.json").stdout == ""
    assert json.loads((folder / "out.json").read_text())["assets"]


def test_two_seeds_are_both_followed(folder: Path) -> None:
    result = run("--ledger", "t.csv", "--from", address("v"), "--from", address("a"), "--format", "json")
    assert json.loads(result.stdout)["assets"][0]["stolen_observed"] == "0"


def test_a_ledger_given_twice_counts_once(folder: Path) -> None:
    document = json.loads(traced("--ledger", "t.csv", "--format", "json").stdout)
    assert document["assets"][0]["stolen"] == "17.5"
    assert document["manifest"]["ledgers"][0]["duplicates"] == 3


def test_a_bad_row_is_named_and_the_others_are_traced(folder: Path) -> None:
    with (folder / "t.csv").open("a") as stream:
        stream.write(f"9999-01-01,0x{9:064x},0,{address('a')},{address('b')},ETH,1\n")
    result = traced("--format", "json")
    assert "t.csv, line 5" in result.stderr
    assert json.loads(result.stdout)["assets"][0]["stolen"] == "17.5"


def test_columns_can_be_named_and_the_asset_chosen(folder: Path) -> None:
    text = (folder / "t.csv").read_text().replace("sender,receiver,asset", "who,whom,asset")
    (folder / "t.csv").write_text(text)
    mapped = ("--map", "sender=who", "--map", "receiver=whom", "--asset", "ETH", "--format", "json")
    assert json.loads(traced(*mapped).stdout)["assets"][0]["stolen"] == "17.5"


def test_a_seed_that_is_not_in_the_ledger_is_a_clear_error(folder: Path) -> None:
    error = run("--ledger", "t.csv", "--from", address("q")).exception
    assert isinstance(error, InputError)
    assert f"not in the ledger: {CHAIN}:{address('q')}" in str(error)


def test_an_asset_that_is_not_in_the_ledger_is_a_clear_error(folder: Path) -> None:
    assert "no transfer of 'DAI'" in str(traced("--asset", "DAI").exception)


def test_an_unknown_theft_is_not_found(folder: Path) -> None:
    assert isinstance(run("--theft", "nothing-1999").exception, NotFoundError)


def test_no_ledger_at_all_is_a_clear_error(folder: Path) -> None:
    assert "no ledger to trace" in str(run("--from", address("a")).exception)


def test_a_missing_file_is_a_one_line_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["trace", "--ledger", "none.csv", "--from", address("a")])
    assert stop.value.code == 1
    assert capsys.readouterr().err == "stanch: none.csv: no such file; check the path\n"


@pytest.mark.parametrize("args", [(), ("--from", "0x0", "--theft", "x")])
def test_seeds_come_from_one_place(folder: Path, args: tuple[str, ...]) -> None:
    assert run("--ledger", "t.csv", *args).exit_code == 2


def test_help_has_examples() -> None:
    assert "stanch trace --theft ronin-2022" in run("--help").output
