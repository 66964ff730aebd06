"""The table of ownership rules: in force on a day, by list."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stanch.exc import InputError
from stanch.knowledge import load_ownership, regimes_of, rules_in_force
from stanch.knowledge.ownership import read_ownership

PACKAGED = Path(__file__).resolve().parents[2] / "src/stanch/knowledge/facts/ownership.yml"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2006, 10, 13), {}),
        (date(2008, 2, 13), {"un": "un-2006", "other": "other-2006"}),
        (date(2014, 8, 12), {"un": "un-2006", "other": "other-2006", "us": "us-2008"}),
        (date(2014, 8, 13), {"un": "un-2006", "other": "other-2006", "us": "us-2014"}),
        (date(2024, 7, 2), {"un": "un-2006", "other": "other-2006", "us": "us-2014", "eu": "eu-2022", "uk": "uk-2020"}),
        (date(2024, 7, 3), {"un": "un-2006", "other": "other-2006", "us": "us-2014", "eu": "eu-2024", "uk": "uk-2020"}),
    ],
)
def test_rule_in_force_is_that_of_the_day(day: date, expected: dict[str, str]) -> None:
    assert {rule.regime: rule.id for rule in rules_in_force(day)} == expected


def test_rules_without_a_day_are_the_latest() -> None:
    assert [rule.id for rule in rules_in_force()] == ["un-2006", "us-2014", "eu-2024", "uk-2020", "other-2006"]


@pytest.mark.parametrize(
    ("lists", "regimes"),
    [
        (("un",), ("un",)),
        (("ofac", "un"), ("un", "us")),
        (("us_ofac_sdn",), ("us",)),
        (("jp",), ("other",)),
        (("my-list", "eu"), ("eu", "other")),
        ((), ("other",)),
    ],
)
def test_regimes_follow_from_the_lists(lists: tuple[str, ...], regimes: tuple[str, ...]) -> None:
    assert regimes_of(lists) == regimes


def test_words_of_a_rule_say_its_threshold() -> None:
    assert {rule.id: rule.words for rule in rules_in_force()}["uk-2020"] == "more than 50 %"


def test_every_rule_of_law_has_its_own_citation() -> None:
    assert not [rule.id for rule in load_ownership() if rule.inherits_citation]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("threshold: 50", "threshold: 150", "a threshold of 150 %"),
        ("starts: 2008-02-14", "starts: 2015-02-14", "not later than the rule before it"),
        ("starts: 2024-07-03", "starts: 2034-07-03", "is after the table's date"),
        ("lists: [uk,", "lists: [un,", "the list un belongs to un too"),
        ("control: [board, votes]", "control: [board, wishes]", "none of board, votes, influence, stated"),
    ],
)
def test_wrong_rule_is_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    text = PACKAGED.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "ownership.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=problem):
        read_ownership(tmp_path)
