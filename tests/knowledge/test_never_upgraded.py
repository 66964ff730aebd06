"""No row claims to be checked further than the reference it was taken from; nothing was lost on the way."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from stanch.knowledge import load_indicators, load_instruments, load_provisions, load_resolutions, load_thefts
from stanch.model import Verified

RANK = {Verified.RECALL: 0, Verified.PARTIAL: 1, Verified.EXCERPT: 2}
MARKS = {"excerpt": 2, "partial": 1}


def rank(mark: str | None) -> int:
    return MARKS.get(mark or "", 0)


@pytest.fixture(scope="module")
def regime(shared_dir: Path) -> Any:
    return yaml.safe_load((shared_dir / "reference/resolutions.yaml").read_text(encoding="utf-8"))


def rows(shared_dir: Path, name: str) -> dict[str, dict[str, str]]:
    with (shared_dir / "reference" / name).open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


def test_provisions_are_all_there_and_not_upgraded(regime: Any) -> None:
    theirs = {item["id"]: item for resolution in regime["resolutions"] for item in resolution["provisions"]}
    assert list(theirs) == [row.id for row in load_provisions()]
    for row in load_provisions():
        assert RANK[row.verified] <= rank(theirs[row.id]["verified"])


def test_provisions_keep_duty_dates_and_links(regime: Any) -> None:
    theirs = {item["id"]: item for resolution in regime["resolutions"] for item in resolution["provisions"]}
    for row in load_provisions():
        item = theirs[row.id]
        assert (row.duty, row.exceptions) == (item["duty"], item["exceptions"] or "")
        assert str(item["deadline"]) in (str(row.deadline), row.deadline_rule or "None")
        for link in ("supersedes", "superseded_by", "extends", "extended_by", "hs_chapters"):
            assert list(getattr(row, link)) == item.get(link, [])
        assert row.binding == item.get("binding")


def test_resolutions_have_the_dates_of_the_reference(regime: Any) -> None:
    assert [(row.id, row.adopted) for row in load_resolutions()] == [
        (str(item["number"]), item["adopted"]) for item in regime["resolutions"]
    ]


def test_instruments_are_all_there_and_not_upgraded(regime: Any) -> None:
    theirs = {
        str(item.get("id") or item["number"]): item for item in regime["other_instruments"] + regime["unilateral"]
    }
    assert list(theirs) == [row.id for row in load_instruments()]
    for row in load_instruments():
        assert RANK[row.verified] <= rank(theirs[row.id]["verified"])
        assert row.date == (theirs[row.id].get("date") or theirs[row.id]["adopted"])


def test_indicators_are_all_there_and_not_upgraded(shared_dir: Path) -> None:
    theirs = rows(shared_dir, "indicators.csv")
    assert list(theirs) == [row.id for row in load_indicators()]
    for row in load_indicators():
        item = theirs[row.id]
        assert RANK[row.verified] <= rank(item["seen"])
        assert (row.weight_hint, row.fairness_class) == (item["weight_hint"], item["fairness_class"])


def test_thefts_are_all_there_with_their_amounts(shared_dir: Path) -> None:
    theirs = rows(shared_dir, "theft_registry.csv")
    assert [(row.id, str(row.amount.amount)) for row in load_thefts()] == [
        (item["id"], item["amount_usd_at_time"]) for item in theirs.values()
    ]


def test_thefts_are_not_upgraded(shared_dir: Path) -> None:
    # Only "incident+attribution seen" was read whole; "from memory" and "not confirmed" were not read for what counts.
    theirs = rows(shared_dir, "theft_registry.csv")
    for row in load_thefts():
        checked = theirs[row.id]["checked_offline"]
        if checked != "incident+attribution seen":
            assert row.verified is not Verified.EXCERPT
        if "from memory" in checked or checked == "not confirmed":
            assert row.verified is Verified.RECALL


def test_doubts_on_thefts_are_kept(shared_dir: Path) -> None:
    theirs = rows(shared_dir, "theft_registry.csv")
    for row in load_thefts():
        level = theirs[row.id]["attribution_level"]
        assert row.doubtful == ("unconfirmed" in theirs[row.id]["uncertainty"].lower())
        assert row.attribution_level == ("?" if level.endswith("?") else level)
        assert bool(row.uncertainty) == bool(theirs[row.id]["uncertainty"])
