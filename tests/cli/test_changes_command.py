"""`stanch lists changes`, and what `stanch update` shows and does after a change."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from stanch.cli.update import snapshot_of
from stanch.pipeline import check
from stanch.sources.catalogue import find_files
from stanch.sources.raw import RawFile
from stanch.workspace import Workspace

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def un(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The UN list of 2025-11-20 and of 2026-02-27."""
    folder = tmp_path_factory.mktemp("un")
    data = gzip.decompress((shared_dir / "lists" / "un_consolidated_2025-11.xml.gz").read_bytes())
    (folder / "old.xml").write_bytes(data)
    (folder / "new.xml").write_bytes((shared_dir / "lists" / "un_consolidated.xml").read_bytes())
    assert set(find_files(folder)) == {"un"}
    return [folder / "old.xml", folder / "new.xml"]


@pytest.fixture(scope="module")
def checked(un: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one customer who is on the newer list only, and one who is on neither; checked on the older."""
    folder = tmp_path_factory.mktemp("checked")
    (folder / "c.csv").write_text("id,name\nc-1,Abdul Rahim Hamdan Dagalo\nc-2,Ann Poe\n", encoding="utf-8")
    with Workspace.init(folder / "ws") as workspace:
        workspace.add_list(snapshot_of("un", [RawFile.open(un[0])]))
        workspace.add("customers", RawFile.open(folder / "c.csv"))
        check(workspace)
    return folder / "ws"


@pytest.fixture
def in_copy(run: Run, tmp_path: Path, checked: Path) -> Run:
    """Runs commands in a copy of that workspace."""
    shutil.copytree(checked, tmp_path / "ws")
    return partial(run, "--workspace", tmp_path / "ws")


@pytest.fixture(scope="module")
def updated_once(checked: Path, un: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after the update and the screening again."""
    root = tmp_path_factory.mktemp("updated") / "ws"
    shutil.copytree(checked, root)
    with Workspace.find(root) as workspace:
        workspace.add_list(snapshot_of("un", [RawFile.open(un[1])]))
        check(workspace)
    return root


@pytest.fixture
def updated(run: Run, updated_once: Path) -> Run:
    """Runs commands that only read there."""
    return partial(run, "--workspace", updated_once)


def test_update_shows_the_changes_and_screens_who_shares_a_key(in_copy: Run, un: list[Path]) -> None:
    done = in_copy("update", "un", "--from", un[1])
    assert done.code == 0
    assert "un-SDi.008" in done.out
    assert "removed  un-IQi.074" in done.out
    assert "1 of 2 customers share a key with one and were screened again: 1 new" in done.err
    found = json.loads(in_copy("findings", "--format", "json").out)
    assert [item["subject"]["id"] for item in found] == ["c-1"]
    checks = [line for line in in_copy("check").err.splitlines() if line.startswith("screening.designated/")]
    assert [line.split(": ")[1].split(",")[0] for line in checks] == ["0 checked"]


def test_update_with_no_check_leaves_customers_to_the_check(in_copy: Run, un: list[Path]) -> None:
    assert "screened again" not in in_copy("update", "un", "--from", un[1], "--no-check").err
    assert json.loads(in_copy("findings", "--format", "json").out) == []
    assert "1 of 2 customers share a key" in in_copy("check").err


def test_update_as_json_has_counts_and_all_changes(in_copy: Run, un: list[Path]) -> None:
    (row,) = json.loads(in_copy("update", "un", "--from", un[1], "--format", "json").out)
    assert (row["added"], row["removed"], row["changed"]) == (4, 1, 0)
    assert {item["entity_id"] for item in row["changes"]} == {"un-IQi.074", *(f"un-SDi.0{n:02d}" for n in range(7, 11))}


def test_changes_of_the_workspace_and_between_files_are_the_same(updated: Run, un: list[Path]) -> None:
    held = json.loads(updated("lists", "changes", "un", "--format", "json").out)
    files = json.loads(updated("lists", "changes", *un, "--format", "json").out)
    assert held == files
    assert [(item["from"], item["to"]) for item in held[:1]] == [("2025-11-20", "2026-02-27")]


def test_log_shows_each_run_and_the_keys_that_were_shared(updated: Run) -> None:
    (entry,) = json.loads(updated("lists", "changes", "--log", "--format", "json").out)
    assert (entry["customers"], entry["screened"], entry["carried"], entry["new"]) == (2, 1, 1, 1)
    (row,) = json.loads(updated("lists", "changes", "--run", str(entry["run"]), "--format", "json").out)
    assert row["customer"] == "c-1"
    assert "un-SDi.008" in row["shared"]["person t:abdulrahimhamdandagalo"]


def test_log_says_when_there_is_nothing_in_it(in_copy: Run) -> None:
    assert "no list has changed" in in_copy("lists", "changes", "--log").out


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("un", "--from", "soon"), "is not a date"),
        (("atlantis",), "no list atlantis"),
        (("un", "--to", "1999-01-01"), "nothing to compare"),
        (("--run", "9"), "no run 9"),
    ],
)
def test_what_cannot_be_shown_is_said_in_one_line(updated: Run, args: tuple[str, ...], told: str) -> None:
    done = updated("lists", "changes", *args)
    assert done.code == 1
    assert told in done.err
    assert done.err.count("\n") == 1


def test_two_different_lists_are_not_compared(run: Run, un: list[Path], tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text(
        '{"id":"x","schema":"Person","properties":{"name":["A"]},"datasets":["house"]}\n', encoding="utf-8"
    )
    done = run("lists", "changes", un[0], other)
    assert (done.code, "different lists (un and house)" in done.err) == (1, True)
