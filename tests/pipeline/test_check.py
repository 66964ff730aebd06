from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stanch.exc import InputError
from stanch.pipeline import CheckReport, check
from stanch.pipeline.demo import make_demo
from stanch.pipeline.reference import user_list
from stanch.regime import legal_basis
from stanch.sources.raw import RawFile
from stanch.workspace import Workspace

Checked = tuple[Workspace, CheckReport]
DETECTORS = ("screening.designated", "tracing.stolen-funds", "workers.disguised-work")


def add_customers(workspace: Workspace, tmp_path: Path, text: str, name: str = "customers.csv") -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    workspace.add("customers", RawFile.open(path))


def by_detector(report: CheckReport) -> dict[str, tuple[int, int, int, int]]:
    return {
        item.detector: (item.checked, item.counts.new, item.counts.updated, item.counts.withdrawn)
        for item in report.detectors
    }


def test_demo_finds_something_with_every_detector(checked: Checked) -> None:
    workspace, report = checked
    found = workspace.findings()
    assert {item["detector"] for item in found} == set(DETECTORS)
    assert report.counts.new == len(found)


def test_second_run_checks_and_adds_nothing(checked: Checked) -> None:
    workspace, _ = checked
    before = workspace.findings()
    again = check(workspace)
    assert by_detector(again) == dict.fromkeys(DETECTORS, (0, 0, 0, 0))
    assert workspace.findings() == before


def test_another_machine_gets_the_same_ids(checked: Checked, tmp_path: Path) -> None:
    workspace, _ = checked
    with make_demo(tmp_path / "other") as other:
        check(other)
        assert [item["id"] for item in other.findings()] == [item["id"] for item in workspace.findings()]


def test_every_finding_has_evidence_with_a_source_and_hash(checked: Checked) -> None:
    workspace, _ = checked
    for finding in workspace.findings():
        assert finding["evidence"]
        for item in finding["evidence"]:
            assert item["statement"]
            assert item["source"]["name"]
            assert len(item["source"]["sha256"]) == 64, finding["headline"]


def test_every_finding_has_the_legal_basis_of_its_day(checked: Checked) -> None:
    workspace, _ = checked
    claims = workspace.claims()
    for finding in workspace.findings():
        day = date.fromisoformat(finding["as_of"][:10])
        expected = legal_basis(claims[finding["id"]][0], day, finding["subject"]["schema"])
        assert finding["legal_basis"] == list(expected) != []


def test_demo_customers_are_found_and_namesakes_are_not(checked: Checked) -> None:
    workspace, _ = checked
    best: dict[str, float] = {}
    for finding in workspace.findings("screening.designated"):
        subject = finding["subject"]["name"]
        best[subject] = max(best.get(subject, 0.0), finding["probability"])
    assert best["리병철"] > 0.5
    assert best["Min Pyŏng-ch'ŏl"] > 0.5
    assert "Kim Yong Chol" not in best, "born 1991, so not the listed man"
    assert "김영철" not in best


def test_what_was_clear_is_on_record(checked: Checked) -> None:
    workspace, _ = checked
    total, clear = workspace.checked()["screening.designated"]
    assert total == 60
    assert 45 <= clear < 60


def test_only_new_and_changed_customers_are_screened(lists: Workspace, tmp_path: Path) -> None:
    add_customers(lists, tmp_path, "id,name\nc-1,Jane Doe\nc-2,John Roe\n")
    assert by_detector(check(lists))["screening.designated"][0] == 2
    add_customers(lists, tmp_path, "id,name\nc-2,John Roe\nc-3,Ann Poe\nc-1,Jane D. Doe\n", "more.csv")
    assert by_detector(check(lists))["screening.designated"][0] == 2


def test_changed_record_supersedes_and_a_corrected_one_withdraws(lists: Workspace, tmp_path: Path) -> None:
    add_customers(lists, tmp_path, "id,name,birth_date\nc-1,Ri Pyong Chol,\n")
    lists_without_date = check_with_threshold(lists, 0.001)
    assert lists_without_date["screening.designated"][1] > 0
    first = lists.findings()
    add_customers(lists, tmp_path, "id,name,birth_date\nc-1,Ri Pyong Chol,1948\n", "b.csv")
    checked, new, updated, withdrawn = by_detector(check(lists))["screening.designated"]
    assert (checked, new, withdrawn) == (1, 0, 0)
    assert updated == len(first)
    second = lists.findings()
    assert {item["key"] for item in second} == {item["key"] for item in first}
    assert {item["id"] for item in second}.isdisjoint(item["id"] for item in first)
    assert lists.finding(first[0]["id"]) == first[0], "older versions stay readable"
    add_customers(lists, tmp_path, "id,name,birth_date\nc-1,Jane Doe,1948\n", "c.csv")
    assert by_detector(check(lists))["screening.designated"] == (1, 0, 0, len(second))
    assert lists.findings() == []


def check_with_threshold(workspace: Workspace, threshold: float) -> dict[str, Any]:
    workspace.folder.settings_file.write_text(f"screening_threshold = {threshold}\n", encoding="utf-8")
    workspace.settings = type(workspace.settings).read(workspace.folder.settings_file)
    return by_detector(check(workspace))


def test_new_list_screens_those_again_who_share_a_key_with_it(lists: Workspace, tmp_path: Path) -> None:
    add_customers(lists, tmp_path, "id,name\nc-1,Zebulon Quartermain\nc-2,Ann Poe\n")
    check(lists)
    assert lists.findings() == []
    ftm = tmp_path / "house.ftm.jsonl"
    ftm.write_text(
        '{"id": "h-1", "schema": "Person", "properties": {"name": ["Zebulon Quartermain"]}, "datasets": ["house"]}\n',
        encoding="utf-8",
    )
    lists.add_list(user_list(RawFile.open(ftm), "house", "2026-11-01"))
    checked, new, *_ = by_detector(check(lists))["screening.designated"]
    assert (checked, new) == (1, 1)
    (finding,) = lists.findings()
    assert finding["evidence"][0]["source"]["sha256"] == RawFile.open(ftm).sha256


def test_run_that_is_cut_off_is_taken_up_where_it_stopped(lists: Workspace, tmp_path: Path) -> None:
    rows = "".join(f"c-{number},Jane Doe {number}\n" for number in range(1_200))
    add_customers(lists, tmp_path, "id,name\n" + rows)

    class CutError(Exception):
        pass

    def cut(_name: str, count: int) -> None:
        if count >= 500:
            raise CutError

    with pytest.raises(CutError):
        check(lists, progress=cut)
    assert lists.checked()["screening.designated"][0] == 500
    assert by_detector(check(lists))["screening.designated"][0] == 700


def test_demo_refuses_a_folder_that_is_no_demo(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_bytes(b"x")
    with pytest.raises(InputError, match="no demo"):
        make_demo(tmp_path)
    assert (tmp_path / "thesis.doc").exists()


def test_demo_replaces_an_earlier_demo(tmp_path: Path) -> None:
    make_demo(tmp_path / "d").close()
    with make_demo(tmp_path / "d") as again:
        assert again.counts()["customers"] == 60
