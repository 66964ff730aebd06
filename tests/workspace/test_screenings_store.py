from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stanch.exc import NotFoundError, StanchError
from stanch.workspace import Workspace, schema
from stanch.workspace import screenings as stored
from stanch.workspace.screenings import KeptMatch, KeptRecord, Recorder, Run, RunFacts

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FACTS = RunFacts(
    input_name="customers.csv",
    input_sha256="a" * 64,
    columns={"name": "NAME"},
    lists=[{"name": "un", "date": "2026-02-27", "sha256": "b" * 64}],
    engine={"stanch": "0.1.0"},
    threshold=0.0005,
    floor=0.00005,
)
NEAR = KeptMatch("un-KPi.001", "listed", False, 0.0003, 4.9, (("name alike (similarity 1.00)", 10.2), ("x", -5.3)))
ALERT = KeptMatch("un-KPi.002", "listed", True, 0.7, 17.8, (("name alike (similarity 0.98)", 17.8),))
RECORDS = [
    KeptRecord(1, "line 2", "c-1", "1" * 32, "alert", False, 1, (ALERT, NEAR)),
    KeptRecord(2, "line 3", "c-2", "2" * 32, "clear", True, 0, ()),
    KeptRecord(3, "line 4", "", "3" * 32, "error", False, 0, ()),
]


def record(
    workspace: Workspace, when: datetime = NOON, records: list[KeptRecord] = RECORDS, facts: RunFacts = FACTS
) -> Run:
    with Recorder(workspace, facts, when) as recorder:
        for item in records:
            recorder.add(item)
        return recorder.commit(when + timedelta(seconds=5))


def files(workspace: Workspace) -> list[str]:
    return sorted(path.name for path in workspace.folder.screenings.iterdir())


def test_recorded_run_is_read_back_as_it_was_kept(workspace: Workspace) -> None:
    run = record(workspace)
    with workspace.reading() as connection:
        assert stored.runs(connection) == [run]
        assert stored.find(connection, run.id[:8]) == run
    assert list(stored.records(workspace.folder, run)) == RECORDS
    assert (run.records, run.alerts, run.clear, run.errors) == (3, 1, 1, 1)
    assert run.started_at == NOON


def test_records_of_one_customer_are_found_in_any_group(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "_GROUP", 2)
    run = record(workspace)
    assert list(stored.records(workspace.folder, run)) == RECORDS
    assert list(stored.records(workspace.folder, run, customer="c-2")) == [RECORDS[1]]
    assert list(stored.records(workspace.folder, run, customer="")) == [RECORDS[2]]
    assert list(stored.records(workspace.folder, run, customer="c-9")) == []


def test_same_answers_on_another_day_add_a_run_and_share_the_records(workspace: Workspace) -> None:
    first, second = record(workspace), record(workspace, NOON + timedelta(days=1))
    assert first.id != second.id
    assert first.inputs == second.inputs
    assert files(workspace) == [first.path]
    with workspace.reading() as connection:
        assert [run.id for run in stored.runs(connection)] == [first.id, second.id]
        assert stored.find(connection, "latest") == second


def test_other_answers_are_kept_beside(workspace: Workspace) -> None:
    record(workspace)
    record(workspace, NOON + timedelta(days=1), RECORDS[:2])
    assert len(files(workspace)) == 2


def test_inputs_change_with_every_fact_but_the_name_of_the_file() -> None:
    import dataclasses

    changes = {
        "input_sha256": "c" * 64, "columns": {}, "lists": [], "engine": {"stanch": "0.2.0"}, "threshold": 0.1,
        "floor": 0.01, "links": True,
    }  # fmt: skip
    hashes = {dataclasses.replace(FACTS, **{name: value}).inputs for name, value in changes.items()}
    assert len(hashes | {FACTS.inputs}) == len(changes) + 1
    assert dataclasses.replace(FACTS, input_name="other.csv").inputs == FACTS.inputs


def test_run_without_a_commit_leaves_nothing(workspace: Workspace) -> None:
    with Recorder(workspace, FACTS, NOON) as recorder:
        recorder.add(RECORDS[0])
    assert files(workspace) == []
    with workspace.reading() as connection:
        assert stored.runs(connection) == []


def test_run_killed_before_the_commit_leaves_nothing(tmp_path: Path) -> None:
    root = tmp_path / "ws"
    Workspace.init(root).close()
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "sys.path.insert(0, sys.argv[2])\n"
        "from test_screenings_store import FACTS, NOON, RECORDS, Recorder, Workspace, stored\n"
        "stored._values = lambda run: os.kill(os.getpid(), 9)\n"
        "with Recorder(Workspace.find(sys.argv[1]), FACTS, NOON) as recorder:\n"
        "    recorder.add(RECORDS[0])\n"
        "    recorder.commit(NOON)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(root), os.path.dirname(__file__)], check=False)  # noqa: PTH120
    assert done.returncode == -signal.SIGKILL
    assert len(list((root / "screenings").iterdir())) == 1, "the segment was put in place before the kill"
    with Workspace.find(root) as workspace:
        assert files(workspace) == []
        with workspace.reading() as connection:
            assert stored.runs(connection) == []


def test_sweep_keeps_recorded_segments(workspace: Workspace) -> None:
    run = record(workspace)
    workspace.close()
    with Workspace.find(workspace.folder.root) as again:
        assert files(again) == [run.path]


@pytest.mark.parametrize(
    ("reference", "words"), [("ffff", "no run has"), ("x y", "not the id"), ("latest", "no screen")]
)
def test_unknown_run_is_told(workspace: Workspace, reference: str, words: str) -> None:
    with workspace.reading() as connection, pytest.raises(NotFoundError, match=words):
        stored.find(connection, reference)


def test_run_id_that_is_not_unique_is_told(workspace: Workspace) -> None:
    runs = [record(workspace, NOON + timedelta(days=day)) for day in range(17)]
    digits = [run.id[0] for run in runs]
    shared = next(digit for digit in digits if digits.count(digit) > 1)
    with workspace.reading() as connection, pytest.raises(NotFoundError, match="more than one"):
        stored.find(connection, shared)


def test_segment_outside_the_folder_is_refused(workspace: Workspace) -> None:
    run = record(workspace)
    with workspace.writing() as connection:
        connection.execute(schema.screening_run.update().values(path="../stanch.db"))
    with workspace.reading() as connection:
        hostile = stored.find(connection, run.id)
    with pytest.raises(StanchError, match="none of ours"):
        list(stored.records(workspace.folder, hostile))


@pytest.mark.parametrize("damage", [b"", b"PAR1 not parquet PAR1"])
def test_damaged_segment_is_told(workspace: Workspace, damage: bytes) -> None:
    run = record(workspace)
    (workspace.folder.screenings / run.path).write_bytes(damage)
    with pytest.raises(StanchError, match="cannot be read"):
        list(stored.records(workspace.folder, run))
