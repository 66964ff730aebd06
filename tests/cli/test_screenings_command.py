from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

LIST = (
    '{"id":"x-1","schema":"Person","datasets":["own"],"properties":'
    '{"name":["Kim Yong Chol"],"birthDate":["1946-01-05"]}}\n'
    '{"id":"x-2","schema":"Person","datasets":["own"],"properties":{"name":["=HYPERLINK(1) Ri Pyong Chol"]}}\n'
)
ROWS = (
    "id,name,birth_date\nc-1,Kim Yong Chol,1946\nc-2,Kim Yong Chol,1999-01-01\nc-3,Anna Schmidt,1990-13-77\nc-4,,\n"
    "=1+1,Otto Maier,\n"
)


@pytest.fixture
def recorded(run: Any, ws: Path, tmp_path: Path) -> Path:
    """A workspace with one list and one recorded run."""
    (tmp_path / "own.jsonl").write_text(LIST, encoding="utf-8")
    (tmp_path / "customers.csv").write_text(ROWS, encoding="utf-8")
    run("add", "entities", "own.jsonl", "--list", "own", "--date", "2026-11-01", "--workspace", ws)
    done = run("screen", "customers.csv", "--record", "--workspace", ws)
    assert "recorded as run" in done.err
    assert "5 records, 1 with alerts, 3 clear, 1 not screened" in done.err
    return ws


def rows(done: Any) -> list[dict[str, Any]]:
    assert done.code == 0, done.err
    return [json.loads(line) for line in done.out.splitlines()]


def test_record_prints_what_is_printed_without(run: Any, recorded: Path) -> None:
    plain = run("screen", "customers.csv", "--format", "jsonl", "--workspace", recorded)
    kept = run("screen", "customers.csv", "--format", "jsonl", "--record", "--workspace", recorded)
    assert kept.out == plain.out


def test_record_without_a_workspace_says_so_before_the_work(run: Any, tmp_path: Path) -> None:
    done = run("screen", "Kim Yong Chol", "--record")
    assert done.code == 1
    assert len(done.problems) == 1
    assert "stanch init" in done.problems[0]
    assert done.out == ""


def test_runs_are_listed_and_shown(run: Any, recorded: Path) -> None:
    listed = rows(run("screenings", "list", "--format", "jsonl", "--workspace", recorded))
    assert len(listed) == 1
    facts = listed[0]
    assert facts["input_sha256"] == hashlib.sha256(ROWS.encode()).hexdigest()
    assert [item["name"] for item in facts["lists"]] == ["own"]
    assert facts["threshold"] == 0.0005
    assert facts["floor"] == pytest.approx(0.00005)
    assert facts["engine"]["stanch"]
    assert json.loads(run("screenings", "show", "latest", "--format", "json", "--workspace", recorded).out) == facts
    assert facts["run"][:10] in run("screenings", "--workspace", recorded).out


def test_auditor_is_told_what_the_run_said_of_a_customer(run: Any, recorded: Path) -> None:
    done = run("screenings", "show", "latest", "--id", "c-2", "--format", "jsonl", "--workspace", recorded)
    (answer,) = rows(done)
    assert (answer["outcome"], answer["row"], answer["locator"]) == ("clear", 2, "line 3")
    assert "against own of 2026-11-01" in done.err
    (by_row,) = rows(run("screenings", "show", "latest", "--row", "2", "--format", "jsonl", "--workspace", recorded))
    assert by_row == answer
    clear = rows(
        run("screenings", "show", "latest", "--outcome", "clear", "--format", "jsonl", "--workspace", recorded)
    )
    assert [item["input_id"] for item in clear] == ["c-2", "c-3", "=1+1"]


def test_every_run_that_screened_a_customer_is_listed(run: Any, recorded: Path) -> None:
    run("screen", "customers.csv", "--record", "--threshold", "0.9", "--workspace", recorded)
    found = rows(run("screenings", "list", "--customer", "c-1", "--format", "jsonl", "--workspace", recorded))
    assert [item["outcome"] for item in found] == ["alert", "clear"]
    assert [item["entity_id"] for item in found] == ["x-1", "x-1"]
    nobody = run("screenings", "list", "--customer", "c-77", "--workspace", recorded)
    assert "no record with id 'c-77'" in nobody.out


def test_customer_that_was_not_screened_is_told(run: Any, recorded: Path) -> None:
    done = run("screenings", "show", "latest", "--id", "c-77", "--workspace", recorded)
    assert done.code == 1
    assert "screened no record with id 'c-77'" in done.problems[0]


def test_format_before_the_subcommand_is_refused(run: Any, recorded: Path) -> None:
    assert run("screenings", "--format", "json", "list", "--workspace", recorded).code == 2


def pack(run: Any, ws: Path, folder: str, *more: str) -> dict[str, bytes]:
    done = run("screenings", "pack", "latest", "--output", folder, "--names", "5", *more, "--workspace", ws)
    assert done.code == 0, done.err
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def test_pack_has_the_same_bytes_each_time(run: Any, recorded: Path) -> None:
    assert pack(run, recorded, "one") == pack(run, recorded, "two")
    assert pack(run, recorded, "three", "--input", "customers.csv") == pack(
        run, recorded, "four", "--input", "customers.csv"
    )


def test_manifest_names_every_file_with_its_hash(run: Any, recorded: Path) -> None:
    files = pack(run, recorded, "pack")
    manifest = json.loads(files.pop("manifest.json"))
    assert {item["file"]: item["sha256"] for item in manifest["files"]} == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items()
    }
    assert set(files) == {
        "README.md", "alerts_above.csv", "alerts_below.csv", "sample_clear.csv", "counts.csv", "challenge.csv",
        "challenge_rates.csv", "weights.csv",
    }  # fmt: skip


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_pack_shows_both_sides_of_the_threshold_with_waterfalls_that_add_up(run: Any, recorded: Path) -> None:
    files = pack(run, recorded, "pack", "--input", "customers.csv")
    (above,), (below,) = table(files["alerts_above.csv"]), table(files["alerts_below.csv"])
    assert (above["input_id"], below["input_id"]) == ("c-1", "c-2")
    assert float(below["probability"]) < 0.0005 <= float(above["probability"])
    for row in (above, below):
        *steps, total = (float(step.rsplit(" ", 1)[1]) for step in row["waterfall"].split(" | "))
        assert sum(steps) == pytest.approx(total, abs=0.002)
        assert row["screened_again"] == "same"
        assert row["record_text"] == "Kim Yong Chol"
    assert float(below["bits_from_threshold"]) < 0 < float(above["bits_from_threshold"])


def test_pack_without_the_input_holds_no_customer_data(run: Any, recorded: Path) -> None:
    files = pack(run, recorded, "pack")
    for name in ("alerts_above.csv", "alerts_below.csv", "sample_clear.csv"):
        for secret in (b"Schmidt", b"Maier", b"1999"):
            assert secret not in files[name], name


def test_pack_is_safe_for_spreadsheets(run: Any, recorded: Path) -> None:
    files = pack(run, recorded, "pack")
    assert "'=1+1" in [row["input_id"] for row in table(files["sample_clear.csv"])]
    assert {row["listed_name"][0] for row in table(files["challenge.csv"]) if row["entity_id"] == "x-2"} == {"'"}


def test_pack_readme_gives_the_command_that_repeats_the_run(run: Any, recorded: Path) -> None:
    readme = pack(run, recorded, "pack")["README.md"].decode()
    assert "stanch screen customers.csv --threshold 0.0005 --record" in readme
    facts = json.loads(run("screenings", "show", "latest", "--format", "json", "--workspace", recorded).out)
    for value in (facts["run"], facts["inputs"], facts["input_sha256"], facts["lists"][0]["sha256"]):
        assert value in readme
    run("screen", "customers.csv", "--threshold", "0.0005", "--record", "--workspace", recorded)
    again = json.loads(run("screenings", "show", "latest", "--format", "json", "--workspace", recorded).out)
    assert again["inputs"] == facts["inputs"]
    assert again["run"] != facts["run"]


def test_pack_of_an_older_snapshot_uses_that_snapshot(run: Any, recorded: Path, tmp_path: Path) -> None:
    (tmp_path / "own2.jsonl").write_text(LIST.replace("Kim Yong Chol", "Pak Chol Su"), encoding="utf-8")
    run("add", "entities", "own2.jsonl", "--list", "own", "--date", "2026-11-20", "--workspace", recorded)
    above = table(pack(run, recorded, "pack")["alerts_above.csv"])
    assert [row["listed_name"] for row in above] == ["Kim Yong Chol"]


def test_pack_refuses_another_input_a_missing_list_and_a_full_folder(run: Any, recorded: Path, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("id,name\nc-1,Kim\n", encoding="utf-8")
    (tmp_path / "single.jsonl").write_text(LIST, encoding="utf-8")
    start = ("screenings", "pack", "latest", "--workspace", recorded, "--output")
    assert "is not the input of run" in run(*start, "p1", "--input", "other.csv").problems[0]
    assert "is there already" in run(*start, tmp_path).problems[0]
    assert not (tmp_path / "p1").exists()
    run("screen", "customers.csv", "--list", "single.jsonl", "--record", "--workspace", recorded)
    (tmp_path / "changed.jsonl").write_text(LIST + "\n", encoding="utf-8")
    assert "is no list of this run" in run(*start, "p2", "--list", "changed.jsonl").problems[0]


def test_pack_of_another_engine_is_refused(run: Any, recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stanch.screening import rerun

    monkeypatch.setattr(rerun, "engine", lambda: {"stanch": "9.9.9"})
    done = run("screenings", "pack", "latest", "--output", "p", "--workspace", recorded)
    assert "another engine" in done.problems[0]


def test_typed_names_are_recorded_without_the_names(run: Any, recorded: Path) -> None:
    run("screen", "Park Chung-hee", "--record", "--workspace", recorded)
    shown = run("screenings", "show", "latest", "--row", "1", "--format", "jsonl", "--workspace", recorded)
    assert "Park" not in shown.out
    assert "typed names" in shown.err
