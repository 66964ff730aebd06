from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stanch.sources.packaged import demo_file

Done = Any
Run = Callable[..., Done]

REVIEW = ("--reason", "other birth date, passport seen", "--reviewer", "A. Kim")


def publish(ws: Path, run: Run, day: str, *entities: tuple[str, str, str]) -> None:
    """A list of persons: (id, name, birth date)."""
    path = ws.parent / f"watch-{day}.ftm.jsonl"
    rows = [
        {"id": id_, "schema": "Person", "properties": {"name": [name], "birthDate": [birth]}}
        for id_, name, birth in entities
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    run("add", "entities", path, "--list", "watch", "--date", day, "--workspace", ws)


@pytest.fixture
def ids(ws: Path, run: Run) -> list[str]:
    """A workspace with three designation findings; their ids."""
    publish(ws, run, "2026-10-01", *((f"w-{n}", "Ri Pyong Chol", "1948") for n in (1, 2, 3)))
    (ws.parent / "c.csv").write_text("id,name,birth_date\nc-1,Ri Pyong Chol,1948\n", encoding="utf-8")
    run("add", "customers", ws.parent / "c.csv", "--workspace", ws)
    run("check", "--workspace", ws)
    found = jsonl(run("findings", "--format", "jsonl", "--workspace", ws))
    assert len(found) == 3
    return [item["id"] for item in found]


def jsonl(done: Done) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.out.splitlines()]


def one_problem(done: Done) -> str:
    assert done.code == 1
    assert done.out == ""
    (problem,) = done.problems
    return problem


def test_decided_findings_leave_the_list_and_are_counted(run: Run, ws: Path, ids: list[str]) -> None:
    done = run("decisions", "add", ids[0][:8], ids[1], *REVIEW, "--workspace", ws)
    assert done.code == 0
    assert "2 decisions made" in done.err
    left = run("findings", "--format", "jsonl", "--workspace", ws)
    assert [item["id"] for item in jsonl(left)] == ids[2:]
    assert "2 more decided not the same person" in left.err
    assert len(jsonl(run("findings", "--all", "--format", "jsonl", "--workspace", ws))) == 3
    counts = {row["what"]: row["count"] for row in json.loads(run("status", "--format", "json", "--workspace", ws).out)}
    assert (counts["findings"], counts["decided not the same person"]) == (1, 2)


def test_check_fails_on_findings_only_while_one_is_undecided(run: Run, ws: Path, ids: list[str]) -> None:
    run("decisions", "add", *ids[:2], *REVIEW, "--workspace", ws)
    assert run("check", "--fail-on-findings", "--workspace", ws).code == 1
    run("decisions", "add", ids[2], *REVIEW, "--workspace", ws)
    done = run("check", "--fail-on-findings", "--workspace", ws)
    assert (done.code, done.out) == (0, "no finding\n")


def test_finding_shows_the_decision(run: Run, ws: Path, ids: list[str]) -> None:
    assert json.loads(run("finding", ids[0], "--format", "json", "--workspace", ws).out)["decision"] is None
    run("decisions", "add", ids[0], *REVIEW, "--expires", "2027-06-30", "--workspace", ws)
    shown = run("finding", ids[0], "--workspace", ws).out
    assert "in force: not the same person, by A. Kim on" in shown
    assert "reason: other birth date, passport seen" in shown
    said = json.loads(run("finding", ids[0], "--format", "json", "--workspace", ws).out)["decision"]
    assert (said["state"], said["expires"], said["revoked_at"]) == ("in-force", "2027-06-30", None)


def test_reopened_finding_comes_back_with_a_line_why(run: Run, ws: Path, ids: list[str]) -> None:
    run("decisions", "add", *ids, *REVIEW, "--workspace", ws)
    publish(ws, run, "2026-10-02", ("w-1", "Ri Pyong Chol", "1948-01-05"), *((f"w-{n}", "Ri Pyong Chol", "1948") for n in (2, 3)))  # fmt: skip  # noqa: E501
    run("check", "--workspace", ws)
    shown = run("findings", "--format", "jsonl", "--workspace", ws)
    (back,) = jsonl(shown)
    assert "(w-1)" in str(back["headline"])
    assert "reopened:" in run("findings", "--workspace", ws).out
    assert back["decision"]["why"] == ["the listed entry w-1 changed: birthDate + 1948-01-05; birthDate − 1948"]
    (row,) = jsonl(run("decisions", "list", "--state", "reopened", "--format", "jsonl", "--workspace", ws))
    assert row["why"] == ["the listed entry w-1 changed: birthDate + 1948-01-05; birthDate − 1948"]


def test_revoked_decision_shows_the_finding_and_its_history(run: Run, ws: Path, ids: list[str]) -> None:
    run("decisions", "add", *ids, *REVIEW, "--workspace", ws)
    done = run("decisions", "revoke", ids[0][:8], "--reason", "forged", "--reviewer", "B. Lee", "--workspace", ws)
    assert "1 decision taken back" in done.err
    assert [item["id"] for item in jsonl(run("findings", "--format", "jsonl", "--workspace", ws))] == ids[:1]
    shown = run("decisions", "show", ids[0], "--workspace", ws).out
    assert "revoked: not the same person, by A. Kim" in shown
    assert "taken back by B. Lee" in shown
    assert run("decisions", "show", ids[1], "--format", "json", "--workspace", ws).code == 0


def test_csv_goes_out_and_comes_in_as_it_was(run: Run, ws: Path, ids: list[str], empty_workspace: Path) -> None:
    hostile = '=HYPERLINK("x"), "quoted"; a\nline'
    run("decisions", "add", ids[0], "--reason", hostile, "--reviewer", "-김", "--workspace", ws)
    run("decisions", "add", ids[1], *REVIEW, "--expires", "2027-06-30", "--workspace", ws)
    run("decisions", "add", ids[2], *REVIEW, "--workspace", ws)
    run("decisions", "revoke", ids[2], "--reason", "forged", "--reviewer", "B. Lee", "--workspace", ws)
    out = ws.parent / "d.csv"
    assert run("decisions", "list", "--format", "csv", "--output", out, "--workspace", ws).code == 0
    assert "'=HYPERLINK" in out.read_text(encoding="utf-8")
    same = run("decisions", "add", "--file", out, "--workspace", ws)
    assert (same.code, "0 decisions made, 2 stood there already" in same.err) == (0, True)
    assert "1 rows passed over" in same.err

    other = Path(shutil.copytree(empty_workspace, ws.parent / "other"))
    publish(other, run, "2026-10-01", *((f"w-{n}", "Ri Pyong Chol", "1948") for n in (1, 2, 3)))
    run("add", "customers", ws.parent / "c.csv", "--workspace", other)
    run("check", "--workspace", other)
    done = run("decisions", "add", "--file", out, "--format", "csv", "--workspace", other)
    assert done.code == 0

    def said(text: str) -> list[tuple[str, ...]]:
        rows = csv.DictReader(io.StringIO(text))
        return [tuple(row[name] for name in ("finding", "reason", "reviewer", "expires")) for row in rows]

    assert said(done.out) == said(out.read_text(encoding="utf-8"))[:2]


def test_bad_rows_of_a_file_are_told_by_line_and_the_good_kept(run: Run, ws: Path, ids: list[str]) -> None:
    path = ws.parent / "d.csv"
    rows = (
        "finding,reason,reviewer,expires",
        f"{ids[0]},seen,A. Kim,2027-06-30",
        f"{ids[1]},,A. Kim,2027-06-30",
        f"{ids[1]},seen,A. Kim,30.6.2027",
        f"{ids[1]},seen,A. Kim,2020-01-01",
        "ffffffffff,seen,A. Kim,",
        ",seen,A. Kim,",
        "too,few",
        f"{ids[2]},seen,B. Lee,",
    )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = run("decisions", "add", "--file", path, "--format", "jsonl", "--workspace", ws)
    assert done.code == 1
    assert [row["finding_id"] for row in jsonl(done)] == [ids[0], ids[2]]
    told = "\n".join(done.problems)
    for line, problem in (
        (3, "no reason is given"),
        (4, "not a day as YYYY-MM-DD"),
        (5, "is past"),
        (6, "no finding has the id ffffffffff"),
        (7, "no finding is given"),
        (8, "2 columns instead of 4"),
    ):
        assert any(f"d.csv, line {line}: " in text and problem in text for text in done.problems), (line, told)
    assert len(done.problems) == 6


def test_file_without_a_column_is_refused(run: Run, ws: Path) -> None:
    path = ws.parent / "d.csv"
    path.write_text("id,reason,reviewer\na,b,c\n", encoding="utf-8")
    problem = one_problem(run("decisions", "add", "--file", path, "--workspace", ws))
    assert "no column finding (the file has: id, reason, reviewer)" in problem


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("ffffffff", *REVIEW), "no finding has the id ffffffff"),
        (("ID", *REVIEW, "--expires", "2020-01-01"), "the expiry 2020-01-01 is past"),
        (("ID", *REVIEW, "--expires", "tomorrow"), "not a day as YYYY-MM-DD"),
        (("ID", "--reason", "  ", "--reviewer", "A. Kim"), "no reason is given"),
        (("ID", "--reason", "seen", "--reviewer", "\u202e"), "no word"),
    ],
)
def test_bad_decision_is_one_line_and_writes_nothing(
    run: Run, ws: Path, ids: list[str], args: tuple[str, ...], told: str
) -> None:
    given = [ids[0] if text == "ID" else text for text in args]
    assert told in one_problem(run("decisions", "add", *given, "--workspace", ws))
    assert run("decisions", "list", "--workspace", ws).out == "no decision\n"


@pytest.mark.parametrize("args", [(), ("abc",), ("abc", "--reason", "x"), ("abc", "--file", "x.csv")])
def test_wrong_usage_ends_with_2(run: Run, ws: Path, args: tuple[str, ...]) -> None:
    assert run("decisions", "add", *args, "--workspace", ws).code == 2


def test_finding_that_is_no_designation_is_refused(run: Run, ws: Path) -> None:
    assert run("add", "engagements", demo_file("engagements").path, "--workspace", ws).code == 0
    found = jsonl(run("check", "--format", "jsonl", "--workspace", ws))
    assert found
    problem = one_problem(run("decisions", "add", str(found[0]["id"]), *REVIEW, "--workspace", ws))
    assert "is of workers.disguised-work" in problem


def test_report_counts_decided_apart_and_says_why_one_came_back(run: Run, ws: Path, ids: list[str]) -> None:
    reason = "<b>passport</b> seen"
    run("decisions", "add", *ids[:2], "--reason", reason, "--reviewer", "A. Kim", "--workspace", ws)
    run("decisions", "revoke", ids[0], "--reason", "forged", "--reviewer", "B. Lee", "--workspace", ws)
    out = ws.parent / "r.html"
    assert run("report", "--output", out, "--workspace", ws).code == 0
    page = out.read_text(encoding="utf-8")
    assert "1 decided not the same person" in page
    assert "Decided before, revoked." in page
    assert reason not in page
    assert "&lt;b&gt;passport" in page
