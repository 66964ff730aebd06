from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.model import check_event_time, format_decimal, format_time, parse_amount, parse_time

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_time_survives_writing_and_reading(moment: datetime) -> None:
    assert parse_time(format_time(moment)) == moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-03-23", datetime(2022, 3, 23, tzinfo=UTC)),
        ("2022-03-23 13:16:57", datetime(2022, 3, 23, 13, 16, 57, tzinfo=UTC)),
        ("2022-03-23T13:16:57+09:00", datetime(2022, 3, 23, 4, 16, 57, tzinfo=UTC)),
        ("2022-03-23 13:16:57 UTC", datetime(2022, 3, 23, 13, 16, 57, tzinfo=UTC)),
        ("2022-03-23T13:16:57.123456789Z", datetime(2022, 3, 23, 13, 16, 57, 123456, tzinfo=UTC)),
    ],
)
def test_usual_times_are_read_as_utc(text: str, expected: datetime) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "23/03/2022", "2022-13-01", "2022-02-30", "yesterday", "2022-03-23T25:00:00Z", "9999-12-31T23:59:59-01:00"],
)
def test_impossible_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_time(text)


@pytest.mark.parametrize("year", [9999, 1800])
def test_time_outside_history_is_refused(year: int) -> None:
    with pytest.raises(ValueError):
        check_event_time(datetime(year, 1, 1, tzinfo=UTC), NOW)
    assert check_event_time(NOW + timedelta(hours=12), NOW)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30, places=18))
def test_amount_survives_writing_and_reading(amount: Decimal) -> None:
    assert parse_amount(format_decimal(amount)) == amount


@pytest.mark.parametrize("text", ["1,000", "", "NaN", "Infinity", "0x10", "1e9999", "１２", "1 000", "--1"])
def test_ambiguous_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_amount(text)


def test_exponent_is_written_out() -> None:
    assert format_decimal(parse_amount("1e-05")) == "0.00001"
    assert format_decimal(Decimal("4000.00")) == "4000"
