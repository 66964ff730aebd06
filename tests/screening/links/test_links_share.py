"""Percentages as sources write them, and the intervals they stand for."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.screening.links.share import UNKNOWN, Share, combined, parse_share, percent


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("51", "51 %"),
        ("51 %", "51 %"),
        ("51％", "51 %"),
        ("33,3 %", "33.3 %"),
        ("100.0", "100 %"),
        ("0", "0 %"),
        ("0.5 %", "0.5 %"),
        (">50", "more than 50 %"),
        ("more than 75 percent", "more than 75 %"),
        ("75% or more", "at least 75 %"),
        ("50+", "at least 50 %"),
        ("≥ 25", "at least 25 %"),
        ("<10", "less than 10 %"),
        ("up to 25 %", "at most 25 %"),
        ("25-50%", "25 to 50 %"),
        ("between 25 and 50", "25 to 50 %"),
        ("25% – 50%", "25 to 50 %"),
        ("more than 25% but not more than 50%", "more than 25 to 50 %"),
        ("ownership-of-shares-50-to-75-percent", "more than 50 to less than 75 %"),
        ("ownership-of-shares-75-to-100-percent-as-trust", "at least 75 %"),
        ("Majority", "more than 50 %"),
        ("unknown", "an unknown share"),
        ("", "an unknown share"),
    ],
)
def test_share_is_read_as_it_is_meant(text: str, said: str) -> None:
    assert str(parse_share(text)) == said


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0.5", "may be a percentage or a fraction"),
        ("1", "may be a percentage or a fraction"),
        ("1,000", "may be a number of shares"),
        ("101", "beyond 100"),
        ("-5", "not a percentage"),
        ("NaN", "not a percentage"),
        ("1e2", "not a percentage"),
        ("٥٠", "not a percentage"),
        ("60-40", "no share fits"),
        ("more than 100 %", "no share fits"),
        ("less than 0", "no share fits"),
        ("50\u202e%", "not a percentage"),
        ("=cmd()", "not a percentage"),
        ("ownership-of-shares-10-to-20-percent", "not a percentage"),
        ("9" * 10_000_000, "10,000,000 characters"),
    ],
)
def test_share_that_is_none_or_two_things_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_share(text)


@given(st.text(max_size=60))
def test_any_text_is_a_share_or_refused(text: str) -> None:
    try:
        share = parse_share(text)
    except ValueError:
        return
    assert 0 <= share.low <= share.high <= 100


@given(st.decimals(0, 100, places=6).filter(lambda value: value > 1 or value == 0))
def test_a_plain_number_is_exact(value: object) -> None:
    share = parse_share(str(value))
    assert share.low == share.high == Fraction(str(value))


_ends = st.integers(0, 20).map(lambda value: Fraction(value * 5))
shares = st.tuples(_ends, _ends).map(lambda pair: Share(min(pair), max(pair)))


@given(shares, shares, _ends)
def test_meet_holds_what_both_allow(one: Share, two: Share, value: Fraction) -> None:
    inside = all(share.low <= value <= share.high for share in (one, two))
    met = one.meet(two)
    assert inside == (met is not None and met.low <= value <= met.high)


def test_meet_keeps_the_open_end() -> None:
    met = parse_share(">50").meet(parse_share("50-75"))
    assert met is not None
    assert met.low_open
    assert parse_share(">50").meet(parse_share("50")) is None


@pytest.mark.parametrize(
    ("texts", "said", "agree"),
    [
        ((), "an unknown share", True),
        (("60", ""), "60 %", True),
        (("60", "60"), "60 %", True),
        (("25-50", "30"), "30 %", True),
        (("30", "40"), "30 to 70 %", False),
        (("60", "70"), "at least 60 %", False),
    ],
)
def test_statements_on_one_holding_are_joined(texts: tuple[str, ...], said: str, agree: bool) -> None:
    share, agreed = combined(map(parse_share, texts))
    assert (str(share), agreed) == (said, agree)


def test_a_share_that_does_not_end_is_printed_short() -> None:
    assert percent(Fraction(100, 3)) == "33.333333"


def test_nothing_stated_is_not_zero() -> None:
    assert parse_share("").is_unknown
    assert UNKNOWN.high == 100
