"""`stanch update` from end to end, against a server on this machine and a workspace of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from loopback_server import Answer, Loopback
from sample_lists import small_card, un_xml

from stanch.cli.main import main
from stanch.sources import card, catalogue
from stanch.workspace import Workspace

Run = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `stanch update` in a fresh workspace whose cards the small lists meet: exit code, rows, stderr."""
    monkeypatch.setattr(catalogue, "load_card", small_card)
    monkeypatch.setattr(card, "load_card", small_card)
    Workspace.init(tmp_path / "ws").close()

    def call(*args: str) -> tuple[int, list[dict[str, Any]], str]:
        with pytest.raises(SystemExit) as ended:
            main(["update", *args, "--workspace", str(tmp_path / "ws"), "--format", "json"])
        shown = capsys.readouterr()
        return int(ended.value.code or 0), json.loads(shown.out or "[]"), shown.err

    return call


def held(folder: Path) -> list[tuple[str, str, int]]:
    with Workspace.find(folder / "ws") as workspace:
        return [(item.source_id, item.list_date, item.entities) for item in workspace.list_snapshots()]


def test_fetched_list_is_stored_with_where_it_came_from(server: Loopback, run: Run, tmp_path: Path) -> None:
    server.answers("/consolidated.xml", Answer(un_xml(), headers={"ETag": '"v1"'}))
    code, rows, _ = run("un", "--url", server.url)
    assert (code, rows[0]["state"], rows[0]["entities"]) == (0, "updated", 5)
    with Workspace.find(tmp_path / "ws") as workspace:
        snapshot = workspace.list_snapshot("un")
    assert snapshot is not None
    assert (snapshot.url, snapshot.list_date) == (f"{server.url}/consolidated.xml", "2026-02-27")


def test_second_update_asks_and_keeps(server: Loopback, run: Run, tmp_path: Path) -> None:
    server.answers("/consolidated.xml", Answer(un_xml(), headers={"ETag": '"v1"'}), Answer(status=304))
    run("un", "--url", server.url)
    code, rows, _ = run("un", "--url", server.url)
    assert (code, rows[0]["state"], rows[0]["list_date"]) == (0, "unchanged", "2026-02-27")
    assert server.requests[-1].headers["If-None-Match"] == '"v1"'
    assert held(tmp_path) == [("un", "2026-02-27", 5)]


HOSTILE = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><CONSOLIDATED_LIST>&b;</CONSOLIDATED_LIST>'


@pytest.mark.parametrize(
    "broken",
    [
        un_xml(day="2026-03-01")[:-70],
        HOSTILE,
        un_xml(0, 9, "2026-03-01"),
        un_xml(3, 2, "2026-03-01", "DRC"),
        b"<html/>",
    ],
)
def test_broken_list_never_replaces_the_one_held(server: Loopback, run: Run, tmp_path: Path, broken: bytes) -> None:
    server.answers("/consolidated.xml", Answer(un_xml()), Answer(broken))
    run("un", "--url", server.url)
    code, rows, err = run("un", "--url", server.url)
    assert (code, rows[0]["state"]) == (1, "failed")
    assert err.startswith("stanch: ")
    assert err.count("\n") == 1
    assert held(tmp_path) == [("un", "2026-02-27", 5)]


def test_newer_list_replaces_the_older(server: Loopback, run: Run, tmp_path: Path) -> None:
    server.answers("/consolidated.xml", Answer(un_xml()), Answer(un_xml(4, 2, "2026-03-01")))
    run("un", "--url", server.url)
    assert run("un", "--url", server.url)[1][0]["state"] == "updated"
    assert held(tmp_path) == [("un", "2026-03-01", 6)]


def test_one_failing_source_does_not_stop_the_other(server: Loopback, run: Run, tmp_path: Path) -> None:
    server.answers("/consolidated.xml", Answer(un_xml()))
    code, rows, err = run("--url", server.url)
    assert (code, [(row["source"], row["state"]) for row in rows]) == (1, [("un", "updated"), ("ofac", "failed")])
    assert "404" in err
    assert held(tmp_path) == [("un", "2026-02-27", 5)]


def test_files_are_read_without_a_network(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.xml").write_bytes(un_xml())
    code, rows, _ = run("--from", str(tmp_path / "list.xml"))
    assert (code, rows[0]["source"], rows[0]["state"]) == (0, "un", "updated")


def test_older_file_is_taken_but_said_to_be_older(run: Run, tmp_path: Path) -> None:
    for day in ("2026-02-27", "2025-04-19"):
        (tmp_path / f"{day}.xml").write_bytes(un_xml(day=day))
        _, rows, _ = run("un", "--from", str(tmp_path / f"{day}.xml"))
    assert rows[0]["note"] == "older than the list held before (2026-02-27)"


def test_missing_file_is_an_error_in_one_line(run: Run, tmp_path: Path) -> None:
    code, _, err = run("--from", str(tmp_path / "nowhere"))
    assert code == 1
    assert "no such file" in err
    assert err.count("\n") == 1


def test_plain_http_mirror_is_refused(run: Run) -> None:
    code, _, err = run("un", "--url", "http://mirror.example/lists")
    assert code == 1
    assert "only https" in err
