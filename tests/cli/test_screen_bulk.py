"""A large file: killed and continued, from CSV and Parquet, with the time left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stanch.cli.main import cli
from stanch.cli.progress import progress_text

LIST = (
    '{"id":"x-1","schema":"Person","datasets":["own"],"properties":'
    '{"name":["Kim Jong Un"],"birthDate":["1984-01-08"]}}\n'
)
#: The command as a process of its own that saves its state after every chunk.
SLOW = "import stanch.reports.resumable as r; r.EVERY = 0.0; from stanch.cli.main import main; main()"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STANCH_WORKSPACE", raising=False)
    (tmp_path / "own.jsonl").write_text(LIST, encoding="utf-8")
    return tmp_path


def rows(path: Path, count: int) -> None:
    names = ("Maria Lopez", "김정은", "Kim Jong Un", "John Smith", "", "Jong Un KIM", '"Kim, Jong-un"')
    lines = (f"c{n},{names[n % len(names)]} ,19{n % 90 + 10}-01-08\n" for n in range(count))
    path.write_text("id,name,birth_date\n" + "".join(lines), encoding="utf-8")


def screen(*args: str) -> Result:
    return CliRunner().invoke(cli, ["screen", *args, "--list", "own.jsonl"], catch_exceptions=False)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
@pytest.mark.parametrize(("form", "workers"), [("jsonl", "1"), ("csv", "2")])
def test_killed_run_continues_to_the_same_bytes(folder: Path, form: str, workers: str) -> None:
    rows(folder / "customers.csv", 8_000)
    args = ["customers.csv", "--format", form, "--workers", workers]
    assert screen(*args, "--output", "whole").exit_code == 0
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, "screen", *args, "--output", "cut", "--list", "own.jsonl"],
        stderr=subprocess.DEVNULL,
    )
    state = folder / "cut.part.json"
    deadline = time.monotonic() + 60
    while not (state.exists() and json.loads(state.read_text())["rows"] >= 2_000):
        assert process.poll() is None, "the run was over before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    workers_of = children(process.pid)
    process.kill()
    process.wait()
    assert not (folder / "cut").exists()
    left = json.loads(state.read_text())["rows"]
    result = screen(*args, "--output", "cut", "--resume")
    assert result.exit_code == 0
    assert f"continuing after {left:,} rows" in result.stderr
    assert (folder / "cut").read_bytes() == (folder / "whole").read_bytes()
    assert not list(folder.glob("*.part*"))
    wait_for_end(workers_of)


def children(pid: int) -> list[int]:
    """The workers of a process, where the system tells."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(text) for text in listed.read_text().split()] if listed.exists() else []


def wait_for_end(pids: list[int]) -> None:
    """Workers whose parent was killed end by themselves."""
    deadline = time.monotonic() + 10
    while any(is_alive(pid) for pid in pids):
        assert time.monotonic() < deadline, "a worker outlived its parent"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "(zombie)" not in Path(f"/proc/{pid}/status").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_resume_is_refused_for_another_threshold(folder: Path) -> None:
    rows(folder / "customers.csv", 10)
    (folder / "out.part").write_bytes(b"")
    args = ("customers.csv", "--format", "jsonl", "--output", "out")
    assert screen(*args).exit_code == 0
    facts = {"input": "another file"}
    (folder / "out.part").write_bytes(b"")
    (folder / "out.part.json").write_text(json.dumps({"facts": facts, "rows": 0, "bytes": 0}))
    from stanch.exc import InputError

    with pytest.raises(InputError, match="cannot be continued"):
        screen(*args, "--resume")


@pytest.mark.parametrize(
    "args", [("Kim",), ("customers.csv",), ("customers.csv", "--format", "jsonl"), ("customers.csv", "--output", "o")]
)
def test_resume_needs_a_file_that_can_be_continued(folder: Path, args: tuple[str, ...]) -> None:
    rows(folder / "customers.csv", 3)
    result = screen(*args, "--resume")
    assert result.exit_code == 2
    assert "--resume goes with" in result.output


def test_output_of_a_file_is_that_of_stdout(folder: Path) -> None:
    rows(folder / "customers.csv", 30)
    for form in ("jsonl", "csv"):
        printed = screen("customers.csv", "--format", form)
        assert screen("customers.csv", "--format", form, "--output", "out").exit_code == 0
        assert (folder / "out").read_bytes() == printed.stdout_bytes


def test_json_lines_are_those_of_the_json_document(folder: Path) -> None:
    rows(folder / "customers.csv", 30)
    document = json.loads(screen("customers.csv", "--format", "json").stdout)
    printed = screen("customers.csv", "--format", "jsonl").stdout
    assert [json.loads(line) for line in printed.splitlines()] == document
    assert [json.dumps(answer, ensure_ascii=False) for answer in document] == printed.splitlines()


def test_parquet_answers_as_csv_does(folder: Path) -> None:
    import datetime

    import pyarrow as pa
    import pyarrow.parquet as pq

    day = datetime.date(1984, 1, 8)
    table = pa.table({"id": [1, 2], "name": ["김정은", "Anna Schmidt"], "birth_date": [day, None]})
    pq.write_table(table, folder / "customers.parquet")
    (folder / "customers.csv").write_text(
        "id,name,birth_date\n1,김정은,1984-01-08\n2,Anna Schmidt,\n", encoding="utf-8"
    )
    answers = [
        [json.loads(line) for line in screen(f"customers.{kind}", "--format", "jsonl").stdout.splitlines()]
        for kind in ("parquet", "csv")
    ]
    shown = [[(row["input_id"], len(row["matches"]), row["error"]) for row in answer] for answer in answers]
    assert shown == [[("1", 1, None), ("2", 0, None)]] * 2
    assert answers[0][0]["matches"][0]["bits"] == answers[1][0]["matches"][0]["bits"]


def test_parquet_output_has_the_rows_of_csv(folder: Path) -> None:
    import csv

    import pyarrow.parquet as pq

    rows(folder / "customers.csv", 30)
    assert screen("customers.csv", "--output", "out.parquet").exit_code == 0
    assert screen("customers.csv", "--format", "csv", "--output", "out.csv").exit_code == 0
    found = pq.read_table(folder / "out.parquet").to_pylist()
    with (folder / "out.csv").open(encoding="utf-8", newline="") as stream:
        expected = list(csv.DictReader(stream))
    assert len(found) == len(expected) > 0
    assert {type(row["row"]) for row in found} == {int}
    assert [f"{row['probability']:.6f}" for row in found if row["match"]] == [
        row["probability"] for row in expected if row["match"]
    ]
    assert [row["why"] for row in found] == [row["why"] for row in expected]


def test_parquet_output_is_refused_for_json(folder: Path) -> None:
    rows(folder / "customers.csv", 3)
    assert screen("customers.csv", "--format", "jsonl", "--output", "out.parquet").exit_code == 2


@pytest.mark.parametrize(
    ("count", "total", "begun", "seconds", "text"),
    [
        (0, 0, 0, 0.0, "0"),
        (1_000, 0, 0, 10.0, "1,000, 100/s"),
        (200_000, 1_000_000, 0, 10.0, "200,000 of about 1,000,000 (20%), 20,000/s, 0:40 left"),
        (200_000, 1_000_000, 100_000, 10.0, "200,000 of about 1,000,000 (20%), 10,000/s, 1:20 left"),
        (10, 1_000_000, 0, 10.0, "10 of about 1,000,000 (0%), 1/s, 277:46:30 left"),
        (12, 10, 0, 3.0, "12, 4/s"),
    ],
)
def test_progress_tells_speed_and_time_left(count: int, total: int, begun: int, seconds: float, text: str) -> None:
    assert progress_text(count, total, begun, seconds) == text
