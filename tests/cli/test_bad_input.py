"""What a hostile or a clumsy user gives: one line that names file, place and remedy; good rows kept; no traceback."""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pytest

from stanch.cli.main import LazyGroup, main
from stanch.cli.output import printable

A, B, C = ("0x" + letter * 40 for letter in "abc")
#: Every command that reads a file of a user, by a short name; FILE stands for the file.
READERS: dict[str, tuple[str, ...]] = {
    "customers": ("add", "customers", "FILE", "--workspace", "ws"),
    "transfers": ("add", "transfers", "FILE", "--workspace", "ws"),
    "labels": ("add", "labels", "FILE", "--workspace", "ws"),
    "engagements": ("add", "engagements", "FILE", "--workspace", "ws"),
    "entities": ("add", "entities", "FILE", "--workspace", "ws"),
    "screen": ("screen", "FILE", "--list", "list.jsonl"),
    "screen --list": ("screen", "Kim", "--list", "FILE"),
    "trace": ("trace", "--ledger", "FILE", "--from", A, "--no-packaged-labels"),
    "trace --labels": ("trace", "--ledger", "ledger.csv", "--from", A, "--no-packaged-labels", "--labels", "FILE"),
    "vet": ("vet", "FILE"),
    "vet --confirmed": ("vet", "good.jsonl", "--confirmed", "FILE"),
    "update un": ("update", "un", "--from", "FILE", "--workspace", "ws"),
    "update ofac": ("update", "ofac", "--from", "FILE", "--workspace", "ws"),
    "names": ("names", "compare", "FILE"),
}
LIST = '{"id":"x-1","schema":"Person","datasets":["x"],"properties":{"name":["Ri Pyong Chol","리병철"]}}\n'
LEDGER = (
    "chain,time,tx,sender,receiver,asset,amount\n"
    f"eip155:1,2022-03-23T10:00:00Z,t1,{A},{B},ETH,10\n"
    f"eip155:1,2022-03-23T11:00:00Z,t2,{B},{C},ETH,-5\n"
    f"eip155:1,9999-03-23T11:00:00Z,t3,{B},{C},ETH,5\n"
    f"eip155:1,2022-03-23T12:00:00Z,t4,{B},zzz,ETH,5\n"
    f"eip155:1,2022-03-24T12:00:00Z,참조,{B},{C},ETH,3\n"
)
CUSTOMERS = "id,name,birth_date\nc-1,리병철,1948-01-01\nc-2,Jane Doe,9999-01-01\nc-3,,1990\n"
LABELS = (
    "address,label,category,source,date\n"
    f"{A},도둑,theft,me,2022-01-01\nnope,Bad,exchange,me,\n{B},X,exchange,me,9999-01-01\n"
)
ENGAGEMENTS = (
    '{"id":"e1","name":"얀","start":"9999-01-01"}\n{"id":"e1","name":"again"}\n{bad\n{"id":"e2","name":"Bea"}\n'
)
TAGPACK = (
    f"title: t\nsource: https://x\ncurrency: ETH\ntags:\n- address: '{A}'\n  label: T\n- address: nope\n  label: B\n"
)


@pytest.fixture
def good_files(tmp_path: Path, ws: Path) -> Path:
    """The files that a command needs beside the bad one."""
    (tmp_path / "list.jsonl").write_text(LIST, encoding="utf-8")
    (tmp_path / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    (tmp_path / "good.jsonl").write_text('{"id":"e1","name":"Jan"}\n', encoding="utf-8")
    return tmp_path


def command(reader: str, file: str) -> list[str]:
    return [file if word == "FILE" else word for word in READERS[reader]]


def rows(run: Any, *args: str) -> list[dict[str, Any]]:
    done = run(*args, "--format", "jsonl")
    assert done.code == 0, done.err
    return [json.loads(line) for line in done.out.splitlines()]


def imports(folder: Path) -> int:
    """How many imports the workspace has registered."""
    with closing(sqlite3.connect(folder / "ws" / "stanch.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM import").fetchone()[0])


def counts(run: Any) -> dict[str, int]:
    return {row["what"]: row["count"] for row in rows(run, "status", "--workspace", "ws")}


# -- files that cannot be read at all ---------------------------------------------------------------------------------

HOPELESS: dict[str, bytes | None] = {
    "missing.csv": None,
    "folder.csv": None,
    "empty.csv": b"",
    "blank.csv": b"\n\n\n",
    "binary.csv": bytes(range(128, 256)) * 400,
    "broken.csv.gz": gzip.compress(b"id,name\nc-1,Ann\n" * 999)[:-20],
    "sheet.csv": b"PK\x03\x04" + bytes(range(200)),
    "page.csv": b"<html><body>Not found</body></html>\n",
    "mac.csv": b"foo,bar\rid,name\r",
    "array.json": b'[{"id": "a", "name": "b"}]',
    "long.csv": b"x" * 10_000_000,
}


@pytest.mark.parametrize("reader", READERS)
def test_hopeless_file_is_one_line_that_names_it_and_what_to_do(run: Any, good_files: Path, reader: str) -> None:
    for name, content in HOPELESS.items():
        if name == "folder.csv":
            (good_files / name).mkdir()
        elif content is not None:
            (good_files / name).write_bytes(content)
        before = imports(good_files)
        done = run(*command(reader, name))
        assert done.code == 1, name
        (line,) = [line for line in done.problems if name in line]
        assert "; " in line, "a remedy"
        assert len(line) < 600
        assert printable(line) == line
        assert imports(good_files) == before, name


@pytest.mark.parametrize("reader", ["customers", "transfers", "labels", "screen", "trace", "names"])
def test_wrong_column_is_told_with_line_and_columns(run: Any, good_files: Path, reader: str) -> None:
    (good_files / "wrong.csv").write_text("foo,bar\n1,2\n", encoding="utf-8")
    done = run(*command(reader, "wrong.csv"))
    assert done.code == 1
    (line,) = done.problems
    assert line.startswith("stanch: wrong.csv, line 1: no column")
    assert reader == "names" or ("the file has: foo, bar" in line and "--map" in line)


def test_unreadable_file_and_the_one_beside_it(run: Any, good_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = good_files / "closed.csv"
    closed.write_text("id,name\nc-1,Ann\n", encoding="utf-8")
    (good_files / "open.csv").write_text("id,name\nc-2,Bea\n", encoding="utf-8")
    plain = Path.open

    def refusing(self: Path, *args: Any, **more: Any) -> Any:
        if self.name == "closed.csv":
            raise PermissionError(13, "Permission denied", str(self))
        return plain(self, *args, **more)

    monkeypatch.setattr(Path, "open", refusing)
    done = run("add", "customers", "closed.csv", "open.csv", "--workspace", "ws", "--format", "jsonl")
    assert done.code == 1
    assert done.problems == ["stanch: closed.csv: cannot be read (Permission denied); check its permissions"]
    assert json.loads(done.out)["added"] == 1


# -- bombs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", [name for name in READERS if not name.startswith("update")])
def test_gzip_that_unpacks_beyond_the_bound_is_refused(
    run: Any, good_files: Path, monkeypatch: pytest.MonkeyPatch, reader: str
) -> None:
    monkeypatch.setattr("stanch.sources.raw.MAX_BYTES", 8 << 20)
    start = LIST.encode() if reader in ("entities", "screen --list") else b"id,name\n"
    (good_files / "bomb.gz").write_bytes(gzip.compress(start) + gzip.compress(b"\0" * (4 << 20)) * 3)
    done = run(*command(reader, "bomb.gz"))
    assert done.code == 1
    (line,) = [line for line in done.problems if "bomb.gz" in line]
    assert line == "stanch: bomb.gz: unpacks to more than 8 MiB; split it into parts"
    assert not list((good_files / "ws" / "raw").rglob("*.part"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_bomb_is_refused_unread_and_the_list_held_stays(run: Any, good_files: Path, encoding: str) -> None:
    inner = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    text = f'<!DOCTYPE x [<!ENTITY l0 "lol">{inner}]><CONSOLIDATED_LIST>&l9;</CONSOLIDATED_LIST>'
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    (good_files / "bomb.xml").write_bytes((declared + text).encode(encoding))
    for args in (command("update un", "bomb.xml"), ["update", "--from", "bomb.xml", "--workspace", "ws"]):
        done = run(*args)
        assert (done.code, len(done.problems)) == (1, 1)
        # Other encodings are seen through by the parser, which has a limit of its own.
        assert ("type declaration" if encoding == "utf-8" else "bomb.xml") in done.problems[0]
    assert "list un" not in counts(run)


def test_yaml_bomb_ends_in_an_error_and_not_the_process(ws: Path, tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("[" * 600_000, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "stanch", "add", "labels", str(tmp_path / "pack.yaml"), "--workspace", str(ws)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("stanch: pack.yaml, line ")
    assert done.stderr.count("\n") == 1


def test_flood_of_bad_rows_is_counted_and_the_first_are_kept(
    run: Any, ws: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stanch.workspace.records.MAX_QUARANTINED", 100)
    (tmp_path / "flood.csv").write_text("id,name\n" + "x\n" * 250 + "c-1,Ann\n", encoding="utf-8")
    (report,) = rows(run, "add", "customers", "flood.csv", "--workspace", "ws")
    assert (report["added"], report["rejected"]) == (1, 250)
    assert "quarantine shows the first 100 only" in report["notes"]
    assert [row["line"] for row in rows(run, "quarantine", "--workspace", "ws")] == list(range(2, 102))


# -- good rows are kept, bad ones set aside ---------------------------------------------------------------------------

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp949"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    ("kind", "text", "kept", "reasons"),
    [
        ("customers", CUSTOMERS, 2, [(3, "cannot be a birth date"), (4, "name: empty")]),
        ("transfers", LEDGER, 2, [(3, "negative"), (4, "in the future"), (5, "not an EVM address")]),
        ("labels", LABELS, 2, [(3, "address"), (4, "in the future")]),
        ("engagements", ENGAGEMENTS, 2, [(1, "in the future"), (2, "already on line 1"), (3, "not JSON")]),
    ],
)
def test_bad_rows_go_to_quarantine_with_line_reason_and_remedy(
    run: Any, ws: Path, tmp_path: Path, encoding: str, kind: str, text: str, kept: int, reasons: list[tuple[int, str]]
) -> None:
    (tmp_path / "mixed.txt").write_bytes(text.encode(encoding))
    (report,) = rows(run, "add", kind, "mixed.txt", "--workspace", "ws")
    assert report["added"] == kept
    assert report["rejected"] + report["fields_dropped"] == len(reasons)
    aside = sorted(rows(run, "quarantine", "--workspace", "ws"), key=lambda row: row["line"])
    assert [row["line"] for row in aside] == [line for line, _ in reasons]
    assert all(words in row["reason"] for row, (_, words) in zip(aside, reasons, strict=True))
    assert all(row["remedy"] and row["file"] == "mixed.txt" for row in aside)
    again = run("add", kind, "mixed.txt", "--workspace", "ws", "--format", "jsonl")
    assert (again.code, json.loads(again.out)["already"]) == (0, True)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_korean_name_matches_in_every_encoding(run: Any, good_files: Path, encoding: str) -> None:
    (good_files / "c.csv").write_bytes(CUSTOMERS.encode(encoding))
    found = rows(run, "screen", "c.csv", "--list", "list.jsonl")
    assert [row["row"] for row in found] == [1, 2, 3]
    assert [match["entity_id"] for match in found[0]["matches"]] == ["x-1"]
    assert found[1]["error"].startswith("line 3: birth_date: 9999-01-01")
    assert found[2]["error"].startswith("line 4: name: empty")


def test_trace_goes_on_without_bad_rows_and_tells_them(run: Any, good_files: Path) -> None:
    done = run("trace", "--ledger", "ledger.csv", "--from", A, "--no-packaged-labels", "--format", "json")
    assert done.code == 0
    assert [line.split(":")[1].strip() for line in done.problems] == [f"ledger.csv, line {n}" for n in (3, 4, 5)]
    assert [edge["line"] for edge in json.loads(done.out)["assets"][0]["edges"]] == [2, 6]


def test_vet_goes_on_without_bad_records_and_tells_them(run: Any, tmp_path: Path) -> None:
    (tmp_path / "e.jsonl").write_text(ENGAGEMENTS, encoding="utf-8")
    done = run("vet", "e.jsonl", "--all", "--format", "jsonl")
    assert done.code == 0
    assert [json.loads(line)["engagement_id"] for line in done.out.splitlines()] == ["e1", "e2"]
    assert sorted(line.split(",")[1].split(":")[0] for line in done.problems) == [" line 1", " line 2", " line 3"]


def test_bad_entities_are_set_aside_and_the_list_is_used(run: Any, ws: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text('{"id":"x2"}\njunk\n' + LIST, encoding="utf-8")
    (report,) = rows(run, "add", "entities", "mine.jsonl", "--date", "2024-05-01", "--workspace", "ws")
    assert (report["added"], report["rejected"]) == (1, 2)
    assert counts(run)["list mine"] == 1


def test_file_without_one_usable_row_is_no_success(run: Any, ws: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("id,name\nc-1,\n", encoding="utf-8")
    done = run("add", "customers", "bad.csv", "--workspace", "ws")
    assert done.code == 1
    assert done.problems == ["stanch: bad.csv: not one row could be used; see: stanch quarantine"]


@pytest.mark.parametrize("name", ["pack.yaml", "pack.txt"])
def test_tagpack_is_read_as_labels_whatever_it_is_called(run: Any, ws: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TAGPACK, encoding="utf-8")
    (report,) = rows(run, "add", "labels", name, "--workspace", "ws")
    assert (report["added"], report["rejected"]) == (1, 1)
    done = run("add", "labels", "-", "--workspace", "ws", "--format", "jsonl", stdin=TAGPACK.encode())
    assert json.loads(done.out)["already"] is True


# -- odd characters ---------------------------------------------------------------------------------------------------

EVIL = (
    'id,name\n=1+1,"=HYPERLINK(""http://x"",""y"")"\n\x1b[31mr\x1b[0m,\x1b]0;own\x07Ri Pyong Chol\n'
    "[red]x[/red],[bold]Ri Pyong Chol[/bold]\n"
    "\u202eabc,\u202eRi\u202c Pyong Chol\n[/no],[/no]\n@x,@SUM(A1)\n-5,-cmd|x\n"
)


def test_table_shows_no_control_character_and_no_markup_is_run(run: Any, good_files: Path) -> None:
    (good_files / "evil.csv").write_text(EVIL, encoding="utf-8")
    done = run("screen", "evil.csv", "--list", "list.jsonl")
    assert done.code == 0
    assert not set("\x1b\x07\u202e\u202c") & set(done.out + done.err)
    assert "Ri� Pyong Chol" in done.out


def test_csv_that_is_printed_back_runs_no_formula(run: Any, ws: Path, tmp_path: Path) -> None:
    (tmp_path / "evil.csv").write_text("=id,name\n=1+1,=cmd|x\n", encoding="utf-8")
    run("add", "customers", "evil.csv", "--map", "id==id", "--workspace", "ws")
    (tmp_path / "=evil.csv").write_text("id,name\n=1+1,\n", encoding="utf-8")
    run("add", "customers", "=evil.csv", "--workspace", "ws")
    done = run("quarantine", "--workspace", "ws", "--format", "csv")
    assert done.out.splitlines()[1].startswith("'=evil.csv,line 2,")
    assert done.out.splitlines()[1].endswith('"\'=1+1,"')


def test_wide_space_in_a_name_is_no_damage() -> None:
    assert printable("홍\u3000길동\u00a0x\ty\u200f") == "홍 길동 x y�"


def test_name_that_is_no_unicode_is_printed_all_the_same(run: Any, good_files: Path) -> None:
    done = run("screen", "Ri Pyong Chol\udcff", "--list", "list.jsonl", "--format", "jsonl")
    assert done.code == 0
    assert json.loads(done.out)["row"] == 1


@pytest.mark.parametrize(
    "line",
    [
        '{"id":"e9","name":"a\\ud800b"}',
        '{"id":"e9","name":"a","n":' + "9" * 5_000 + "}",
        '{"id":"e9","name":"a\\u0000"}',
        '{"id":"e9","name":"a","x":' + "[" * 90_000 + "]" * 90_000 + "}",
    ],
)
def test_json_that_no_store_can_hold_costs_its_row_only(run: Any, ws: Path, tmp_path: Path, line: str) -> None:
    (tmp_path / "odd.jsonl").write_text(f'{line}\n{{"id":"e1","name":"Ok"}}\n', encoding="utf-8")
    for kind in ("customers", "engagements"):
        (report,) = rows(run, "add", kind, "odd.jsonl", "--workspace", "ws")
        assert (report["added"], report["rejected"]) == (1, 1)


# -- arguments --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "args",
    [
        ("add", "customers", "x.csv", "--chain", "eth"),
        ("add", "engagements", "x.csv", "--asset-default", "ETH"),
        ("add", "entities", "x.csv", "--map", "id=a"),
        ("add", "labels", "x.csv", "--list", "mine"),
        ("add", "customers", "x.csv", "--map", "name"),
        ("add", "entities", "x.csv", "--date", "9999-01-01"),
        ("add", "entities", "x.csv", "--date", "yesterday"),
        ("screen", "Kim", "--map", "name=x"),
        ("screen", "a.csv", "b.csv"),
        ("screen", "Kim", "-"),
        ("trace", "--ledger", "x.csv"),
        ("vet",),
        ("status", "--workspace"),
        ("facts", "--format", "xml"),
    ],
)
def test_wrong_usage_is_2(run: Any, ws: Path, args: tuple[str, ...]) -> None:
    done = run(*args)
    assert done.code == 2
    assert done.out == ""
    assert "Error: " in done.err


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("finding", "deadbeef"), "no finding has the id deadbeef"),
        (("finding", "../../etc/passwd"), "is not a finding id"),
        (("finding", ""), "is not a finding id"),
        (("facts", "show", "../../etc/passwd"), "no table"),
        (("trace", "--theft", "../x"), "no theft"),
        (("add", "entities", "un.jsonl"), "belongs to the official list"),
        (("add", "entities", "un.jsonl", "--list", "OFAC"), "belongs to the official list"),
        (("screen", "folder/"), "not a regular file"),
        (("update", "--from", "nowhere"), "no such file or folder"),
        (("status", "--output", "no/such/x.txt"), "cannot be written"),
        (("status", "--output", "."), "cannot be written"),
        (("status", "--output", "/dev/full"), "cannot be written (No space left on device)"),
        (("init", "list.jsonl"), "not an empty folder"),
        (("init", "list.jsonl/below"), "Not a directory"),
        (("demo", "list.jsonl"), "no demo"),
    ],
)
def test_what_does_not_exist_or_may_not_be_is_one_line(
    run: Any, good_files: Path, args: tuple[str, ...], words: str
) -> None:
    (good_files / "folder").mkdir()
    (good_files / "un.jsonl").write_text(LIST, encoding="utf-8")
    where = () if args[0] in ("init", "demo", "screen") else ("--workspace", "ws")
    done = run(*args, *where)
    assert done.code == 1
    (line,) = done.problems
    assert words in line
    assert len(done.err.splitlines()) == 1 + (args[0] == "screen" and "lists:" in done.err)


def test_very_long_word_is_a_name_and_no_file(run: Any, good_files: Path) -> None:
    done = run("screen", "a" * 300, "--list", "list.jsonl", "--format", "jsonl")
    assert (done.code, json.loads(done.out)["query"]) == (0, "a" * 300)


@pytest.mark.parametrize(
    "reader", ["customers", "transfers", "labels", "engagements", "entities", "screen", "trace", "vet"]
)
def test_standard_input_is_read_and_named_in_its_errors(run: Any, good_files: Path, reader: str) -> None:
    text = {
        "customers": CUSTOMERS, "transfers": LEDGER, "labels": LABELS, "engagements": ENGAGEMENTS, "entities": LIST,
        "screen": CUSTOMERS, "trace": LEDGER, "vet": ENGAGEMENTS,
    }[reader]  # fmt: skip
    assert run(*command(reader, "-"), stdin=text.encode()).code == 0
    done = run(*command(reader, "-"))
    assert done.code == 1
    assert done.problems == ["stanch: stdin: the file is empty; export it again"]


def test_map_works_the_same_on_every_command(run: Any, good_files: Path) -> None:
    (good_files / "c.csv").write_text("who\n리병철\n", encoding="utf-8")
    (good_files / "l.csv").write_text(f"wo,label,category,source\n{A},T,exchange,me\n", encoding="utf-8")
    (good_files / "e.csv").write_text("nr,name\ne1,Jan\n", encoding="utf-8")
    (good_files / "t.csv").write_text(f"wann,von,an,wieviel\n2022-03-23,{A},{B},1\n", encoding="utf-8")
    ledger = ("--map", "time=wann", "--map", "sender=von", "--map", "receiver=an", "--map", "amount=wieviel")
    where = ("--workspace", "ws")
    (found,) = rows(run, "screen", "c.csv", "--map", "name=who", "--list", "list.jsonl")
    assert found["matches"]
    assert rows(run, "add", "customers", "c.csv", "--map", "name=who", *where)[0]["added"] == 1
    assert rows(run, "add", "labels", "l.csv", "--map", "address=wo", "--chain", "bsc", *where)[0]["added"] == 1
    assert rows(run, "add", "engagements", "e.csv", "--map", "id=nr", *where)[0]["added"] == 1
    assert rows(run, "vet", "e.csv", "--map", "id=nr", "--all")[0]["engagement_id"] == "e1"
    chain = ("--chain", "bsc", "--asset-default", "BNB")
    assert rows(run, "add", "transfers", "t.csv", *ledger, *chain, *where)[0]["added"] == 1
    (holder,) = rows(run, "trace", "--ledger", "t.csv", "--from", A, *ledger, *chain, "--no-packaged-labels")
    assert (holder["chain"], holder["asset"]) == ("eip155:56", "BNB")


# -- the folder -------------------------------------------------------------------------------------------------------


def test_ledger_path_that_leaves_the_folder_is_refused(run: Any, good_files: Path) -> None:
    run("add", "transfers", "ledger.csv", "--workspace", "ws")
    with sqlite3.connect(good_files / "ws" / "stanch.db") as connection:
        connection.execute("UPDATE ledger_segment SET path = '../../ledger.csv'")
    connection.close()
    done = run("check", "--workspace", "ws")
    assert done.code == 1
    assert "'../../ledger.csv', which is none of ours" in done.problems[0]


def test_opening_sweeps_no_file_of_a_user_even_through_a_link(run: Any, ws: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine" / "aa" / "thesis.doc"
    mine.parent.mkdir(parents=True)
    mine.write_text("years of work", encoding="utf-8")
    (ws / "raw").rmdir()
    (ws / "raw").symlink_to(tmp_path / "mine")
    (ws / "ledger" / "own.csv").write_text(LEDGER, encoding="utf-8")
    assert run("add", "transfers", "ws/ledger/own.csv", "--workspace", "ws").code == 0
    assert mine.read_text(encoding="utf-8") == "years of work"
    assert (ws / "ledger" / "own.csv").exists()


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 5_000, "list_max_age_days = inf", "busy_timeout_s = nan", "screening_threshold = 1e400"]
)
def test_hostile_settings_are_one_line(run: Any, ws: Path, text: str) -> None:
    (ws / "stanch.toml").write_text(text, encoding="utf-8")
    done = run("status", "--workspace", "ws")
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    assert done.err.startswith("stanch: stanch.toml: ")


@pytest.mark.parametrize(
    ("said", "words"),
    [("database or disk is full", "make room"), ("attempt to write a readonly database", "permissions")],
)
def test_trouble_with_the_disk_is_one_line(
    run: Any, ws: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, words: str
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise sqlite3.OperationalError(said)

    (tmp_path / "c.csv").write_text("id,name\nc-1,Ann\n", encoding="utf-8")
    monkeypatch.setattr("stanch.workspace.imports.upsert", full)
    done = run("add", "customers", "c.csv", "--workspace", "ws")
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    assert said in done.err
    assert words in done.err
    monkeypatch.undo()


def test_error_of_the_operating_system_is_one_line(
    run: Any, ws: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "c.csv").write_text("id,name\nc-1,Ann\n", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr("stanch.workspace.folder.os.fsync", full)
        done = run("add", "customers", "c.csv", "--workspace", "ws")
    assert (done.code, done.err) == (1, "stanch: No space left on device; make room and run it again\n")
    assert counts(run)["customers"] == 0


def test_programming_error_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(LazyGroup, "get_command", lambda *_: broken)
    with pytest.raises(ZeroDivisionError):
        main(["status"])


# -- real processes ---------------------------------------------------------------------------------------------------

STANCH = f"{sys.executable} -m stanch"


def shell(line: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"], cwd=cwd, capture_output=True, text=True, check=False, timeout=60
    )


def test_reader_that_goes_away_is_a_clean_end_in_mid_output(tmp_path: Path) -> None:
    (tmp_path / "list.jsonl").write_text(LIST, encoding="utf-8")
    (tmp_path / "c.csv").write_text("name\n" + "Ri Pyong Chol\n" * 100, encoding="utf-8")
    for form in ("table", "json"):
        done = shell(f"{STANCH} screen c.csv --list list.jsonl --format {form} 2>err | head -n 1", tmp_path)
        said = (tmp_path / "err").read_text(encoding="utf-8")
        assert (done.returncode, done.stdout.count("\n")) == (0, 1), said
        assert said.startswith("lists:")
        assert said.count("\n") == 1


def test_full_closed_and_narrow_standard_output(tmp_path: Path) -> None:
    full = shell(f"{STANCH} facts show thefts > /dev/full", tmp_path)
    assert (full.returncode, full.stderr) == (1, "stanch: No space left on device; make room and run it again\n")
    assert shell(f"{STANCH} facts show thefts >&-", tmp_path).returncode == 0
    narrow = shell(f"PYTHONIOENCODING=ascii {STANCH} names keys 김정은 --format jsonl", tmp_path)
    assert narrow.returncode == 0
    assert narrow.stdout


def test_output_to_a_device_or_pipe_does_not_replace_it(tmp_path: Path) -> None:
    done = shell(
        f"{STANCH} facts show thefts --format csv --output >(wc -l > lines; echo done >> lines); sleep 0.2", tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert int((tmp_path / "lines").read_text().split()[0]) > 10
    assert list(tmp_path.iterdir()) == [tmp_path / "lines"]


def test_adding_and_checking_at_once_both_succeed(run: Any, ws: Path, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("id,name\n" + "".join(f"c-{n},Ann Lee\n" for n in range(300)), encoding="utf-8")
    (tmp_path / "list.jsonl").write_text(LIST, encoding="utf-8")
    run("add", "entities", "list.jsonl", "--workspace", "ws")
    adding = f"{STANCH} add customers c.csv --workspace ws & a=$!"
    done = shell(f"{adding}; {STANCH} check --workspace ws & b=$!; wait $a && wait $b", tmp_path)
    assert done.returncode == 0, done.stderr
    assert counts(run)["customers"] == 300


KILLED = """
import os, sys
from pathlib import Path
import stanch.workspace.findings, stanch.workspace.lists
from stanch.cli.main import main
done = []
def die(*args, **kwargs):
    done.append(1)
    if len(done) > {after}:
        os.kill(os.getpid(), 9)
    return original(*args, **kwargs)
original = {target}
{target} = die
main(sys.argv[1:])
"""


def test_check_killed_half_way_ends_the_same_when_run_again(run: Any, good_files: Path) -> None:
    (good_files / "c.csv").write_text("id,name\nc-1,Ri Pyong Chol\nc-2,리병철\nc-3,Ann\n", encoding="utf-8")
    run("add", "entities", "list.jsonl", "--workspace", "ws")
    run("add", "customers", "c.csv", "--workspace", "ws")
    code = KILLED.format(target="stanch.workspace.findings.record_checks", after=0)
    done = subprocess.run([sys.executable, "-c", code, "check", "--workspace", "ws"], cwd=good_files, check=False)
    assert done.returncode == -9
    assert rows(run, "findings", "--workspace", "ws") == []
    first = rows(run, "check", "--workspace", "ws")
    assert {item["subject"]["id"] for item in first} == {"c-1", "c-2"}
    assert rows(run, "check", "--workspace", "ws") == first


def test_list_import_killed_half_way_leaves_the_list_held(run: Any, good_files: Path) -> None:
    run("add", "entities", "list.jsonl", "--date", "2024-01-01", "--workspace", "ws")
    (good_files / "new.jsonl").write_text(LIST + LIST.replace("x-1", "x-2"), encoding="utf-8")
    args = ["add", "entities", "new.jsonl", "--list", "list", "--date", "2024-02-02", "--workspace", "ws"]
    code = KILLED.format(target="stanch.workspace.lists._row", after=1)
    done = subprocess.run([sys.executable, "-c", code, *args], cwd=good_files, check=False)
    assert done.returncode == -9
    assert counts(run)["list list"] == 1
    assert rows(run, *args)[0]["added"] == 2
    assert counts(run)["list list"] == 2
