from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stanch.cli.main import cli
from stanch.exc import InputError

LIST = (
    '{"id":"x-1","schema":"Person","datasets":["own"],"properties":{"name":["Kim Jong Un"]}}\n'
    '{"id":"x-2","schema":"Organization","datasets":["own"],"properties":{"swiftBic":["FTBDKPPY"],"name":["=CMD(1)"]}}\n'
)
PAIN = (
    '<?xml version="1.0"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>'
    "<GrpHdr><MsgId>M1</MsgId></GrpHdr><PmtInf><Dbtr><Nm>Nordwind GmbH</Nm></Dbtr>\n"
    "<CdtTrfTxInf><CdtrAgt><FinInstnId><BICFI>FTBDKPPYXXX</BICFI></FinInstnId></CdtrAgt>\n"
    "<Cdtr><Nm>Kim Jong Un</Nm></Cdtr></CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>"
)
MT = "{1:F01AAAABEBBAXXX0000000000}{2:I103BBBBDEFFXXXXN}{4:\n:20:R1\n:59:KIM JONG UN\n-}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STANCH_WORKSPACE", raising=False)
    (tmp_path / "own.jsonl").write_text(LIST, encoding="utf-8")
    (tmp_path / "pain.xml").write_text(PAIN, encoding="utf-8")
    (tmp_path / "pain").write_text(PAIN, encoding="utf-8")
    (tmp_path / "mt.fin").write_text(MT, encoding="utf-8")
    (tmp_path / "broken.xml").write_text(PAIN[:-60], encoding="utf-8")
    return tmp_path


def run(*args: str, command: str = "payments", stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, [command, *args, "--list", "own.jsonl"], input=stdin, catch_exceptions=False)


def test_several_files_are_screened_and_counted(folder: Path) -> None:
    result = run("pain.xml", "mt.fin", "--format", "jsonl")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [(row["file"], row["role"]) for row in rows if row["matches"]] == [
        ("pain.xml", "creditor agent"),
        ("pain.xml", "creditor"),
        ("mt.fin", "creditor"),
    ]
    assert "2 messages, 2 transactions, 6 fields screened, 3 with hits, 1 with notes, 0 rejected" in result.stderr


def test_the_table_shows_hits_only(folder: Path) -> None:
    result = run("pain.xml")
    assert "Kim Jong Un" in result.stdout
    assert "note: a" in result.stdout
    assert "Nordwind" not in result.stdout


def test_csv_has_a_row_a_hit_and_is_safe_for_spreadsheets(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("pain.xml", "--format", "csv").stdout)))
    assert [row["role"] for row in rows] == ["creditor agent", "creditor"]
    assert rows[0]["match"] == "'=CMD(1)"
    assert rows[0]["notes"].startswith("a bank in the DPRK")


@pytest.mark.parametrize("name", ["pain.xml", "pain", "mt.fin"])
def test_screen_recognises_a_message_by_its_content(folder: Path, name: str) -> None:
    by_screen = run(name, "--format", "jsonl", command="screen")
    assert by_screen.stdout == run(name, "--format", "jsonl").stdout
    assert by_screen.stdout


@pytest.mark.parametrize("command", ["payments", "screen"])
def test_standard_input_is_read(folder: Path, command: str) -> None:
    rows = [json.loads(line) for line in run("-", "--format", "jsonl", command=command, stdin=MT).stdout.splitlines()]
    assert [row["message"] for row in rows if row["matches"]] == ["R1"]


def test_a_broken_message_is_told_and_ends_with_1(folder: Path) -> None:
    result = run("broken.xml", "mt.fin", "--format", "jsonl")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert "broken.xml, line 4:" in result.stderr
    assert [row["error"] is not None for row in rows if row["message"] == ""] == [True]
    assert rows[-1]["message"] == "R1"


def test_a_file_of_another_kind_is_told_and_the_others_go_on(folder: Path) -> None:
    result = run("own.jsonl", "missing.xml", "mt.fin")
    assert result.exit_code == 1
    assert "own.jsonl: not a payment message" in result.stderr
    assert "missing.xml: no such file" in result.stderr
    assert "R1" in result.stdout


def test_one_file_of_another_kind_is_an_error_in_one_line(folder: Path) -> None:
    with pytest.raises(InputError, match="not a payment message"):
        run("own.jsonl")


@pytest.mark.parametrize("option", [["--explain"], ["--workers", "2"], ["--map", "name=N"]])
def test_screen_refuses_options_that_payments_do_not_have(folder: Path, option: list[str]) -> None:
    assert run("pain.xml", *option, command="screen").exit_code == 2
