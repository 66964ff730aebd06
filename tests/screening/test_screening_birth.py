from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.screening.birth import BirthDate, compare_birth, compare_dates, parse_all
from stanch.screening.weights import WEIGHTS

full_dates = st.dates(date(1900, 1, 1), date(2010, 12, 31)).map(lambda day: BirthDate(day.year, day.month, day.day))
any_dates = (
    full_dates
    | full_dates.map(lambda day: BirthDate(day.year))
    | full_dates.map(lambda day: BirthDate(day.year, day.month))
)


@pytest.mark.parametrize(
    ("ours", "theirs", "level"),
    [
        ("1962-02-18", "1962-02-18", "birth.exact"),
        ("1962-02-07", "1962-07-02", "birth.swapped"),
        ("1962-02-18", "1963-02-18", "birth.year-slip"),
        ("1962-02-18", "1972-02-18", "birth.day-month"),
        ("1962-02-18", "1962-03-19", "birth.same-year"),
        ("1962-02-18", "1970-03-19", "birth.contradicts"),
        ("1962-02", "1962-02-18", "birth.month"),
        ("1962-02", "1962-03-18", "birth.same-year"),
        ("1962", "1962-02-18", "birth.year"),
        ("1962", "1963-02-18", "birth.year-near"),
        ("1962", "1970", "birth.year-contradicts"),
        ("1962-01-01", "1962-01-01", "birth.year"),
        ("1962-01-01", "1962-02-18", "birth.year"),
    ],
)
def test_compare_dates_names_the_level(ours: str, theirs: str, level: str) -> None:
    assert compare_dates(BirthDate.parse(ours), BirthDate.parse(theirs)).id == level


@given(any_dates, any_dates)
def test_compare_dates_is_symmetric(ours: BirthDate, theirs: BirthDate) -> None:
    assert compare_dates(ours, theirs) == compare_dates(theirs, ours)


@given(full_dates, full_dates)
def test_compare_birth_is_best_when_dates_agree(ours: BirthDate, theirs: BirthDate) -> None:
    same, other = compare_birth([ours], [ours]), compare_birth([ours], [theirs])
    assert same is not None
    assert other is not None
    assert same.bits >= other.bits


@given(any_dates)
def test_parse_reads_what_str_writes(day: BirthDate) -> None:
    assert BirthDate.parse(str(day)) == day


@pytest.mark.parametrize(
    "text",
    ["1999-13-40", "1999-02-30", "1999-00", "9999", "1962-02-00", "18.2.1962", "", "c. 1962", "１９６２-xx", "1" * 500],
)
def test_parse_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="date of birth"):
        BirthDate.parse(text)


def test_parse_all_keeps_the_good_and_tells_the_bad() -> None:
    dates, problems = parse_all(["1962", "1999-13-40", "1962"])
    assert dates == (BirthDate(1962),)
    assert len(problems) == 1
    assert "1999-13-40" in problems[0]


def test_compare_birth_pays_for_trying_many_dates() -> None:
    day = BirthDate(1962, 2, 18)
    found = compare_birth([day], [BirthDate(1950), BirthDate(1951), day, BirthDate(1970, 5, 5)])
    assert found is not None
    assert found.bits == pytest.approx(WEIGHTS["birth.exact"].bits - math.log2(4))


def test_compare_birth_is_none_when_a_side_has_no_date() -> None:
    assert compare_birth([], [BirthDate(1962)]) is None


def test_compare_birth_subtracts_when_all_dates_contradict() -> None:
    found = compare_birth([BirthDate(1962, 2, 18)], [BirthDate(1980, 3, 3), BirthDate(1990)])
    assert found is not None
    assert found.bits < -4
