"""Resolutions and provisions: the dates agree with each other, the links lead somewhere."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from stanch.exc import NotFoundError
from stanch.knowledge import (
    FairnessClass,
    load_indicators,
    load_laundering,
    load_provisions,
    load_resolutions,
    provision,
)
from stanch.model import Verified

ADOPTED = {row.id: row.adopted for row in load_resolutions()}
#: The Committee counts this one to 2 June; the note of the row says so.
COMMITTEE_COUNT = "2270-40"


def counted(adopted: date, rule: str) -> date | None:
    """The last day by the calendar, for a rule in days or months."""
    match = re.search(r"(\d+) (days|months)", rule)
    if match is None:
        return None
    if match[2] == "days":
        return adopted + timedelta(days=int(match[1]))
    months = adopted.month - 1 + int(match[1])
    return adopted.replace(year=adopted.year + months // 12, month=months % 12 + 1)


def test_deadlines_follow_from_adoption_and_rule() -> None:
    wrong = [
        (row.id, row.deadline, by_rule)
        for row in load_provisions()
        if row.deadline and row.deadline_rule and row.id != COMMITTEE_COUNT
        if (by_rule := counted(ADOPTED[row.resolution], row.deadline_rule)) != row.deadline
    ]
    assert wrong == []


def test_six_provisions_are_recall_only() -> None:
    recalled = [row.id for row in load_provisions() if row.verified is Verified.RECALL]
    assert recalled == ["1718-11", "1874-22", "2087-6", "2087-12", "2270-36", "2397-17"]


def test_a_provision_starts_with_its_resolution() -> None:
    assert provision("2375-17").starts == date(2017, 9, 11)


def test_a_provision_with_a_later_start_has_it() -> None:
    assert provision("2397-5").starts == date(2018, 1, 1)


def test_repatriation_has_deadline_exceptions_and_test() -> None:
    row = provision("2397-8a")
    assert row.deadline == date(2019, 12, 22)
    assert "national of that state" in row.exceptions
    assert row.test.endswith("t > 2019-12-22")
    assert row.supersedes == ("2371-11", "2375-17")


def test_superseded_is_by_a_later_provision() -> None:
    for row in load_provisions():
        assert all(provision(other).starts >= row.starts for other in row.superseded_by)


def test_1695_has_no_place_in_the_count_of_rounds() -> None:
    assert [row.sanctions_round for row in load_resolutions()] == [None, *range(1, 11)]


def test_an_unknown_provision_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="2397-8a"):
        provision("2397-8")


def test_origin_is_a_forbidden_sign() -> None:
    forbidden = [row.id for row in load_indicators() if row.fairness_class is FairnessClass.FORBIDDEN]
    assert forbidden == ["I49"]


def test_phases_are_in_order_and_recall() -> None:
    phases = [row for row in load_laundering() if row.kind == "phase"]
    assert [row.id for row in phases] == [f"P{number}" for number in range(7)]
    assert {row.verified for row in load_laundering()} == {Verified.RECALL}
