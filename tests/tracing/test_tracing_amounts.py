from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.exc import InputError
from stanch.model import format_decimal
from stanch.tracing.amounts import MAX_UNITS, decimal_of, text_of, to_units, units_of

amounts = st.decimals(min_value=0, max_value=10**20, places=25, allow_nan=False, allow_infinity=False)


def test_units_are_exact_when_the_scale_suffices() -> None:
    units = to_units(pa.array(["1", "0.25", "1e-05", "100.500"]))
    assert units.scale == 6
    assert units.units.tolist() == [1_000_000, 250_000, 10, 100_500_000]
    assert units.lost == 0


def test_scale_grows_with_the_decimals_up_to_eighteen() -> None:
    assert to_units(pa.array(["0.123456789"])).scale == 9
    assert to_units(pa.array(["0.1234567890123456789"])).scale == 18


def test_scale_is_lowered_when_the_sum_would_leave_62_bits() -> None:
    units = to_units(pa.array(["182163.956030000000000001", "1"]))
    assert units.scale == 13
    assert units.lost == Decimal("1E-18")


def test_amounts_of_sixty_digits_get_a_negative_scale() -> None:
    units = to_units(pa.array(["9" * 50, "7"]))
    assert units.scale == -32
    assert int(units.units.sum()) < MAX_UNITS
    assert units.units.tolist()[1] == 0
    assert int(units.lost) == int("9" * 50) + 7 - int(units.units.sum()) * 10**32


def test_value_beside_the_rows_counts_for_the_scale() -> None:
    assert to_units(pa.array(["0.000000000000000001"]), Decimal(10**6)).scale == 12


@pytest.mark.parametrize("text", ["-1", "NaN", "1,000", "", "Infinity", "0x10"])
def test_an_amount_that_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        to_units(pa.array(["1", text]))


@settings(deadline=None)
@given(st.lists(amounts, max_size=30), st.sampled_from(["f", "E"]))
def test_units_and_lost_add_up_to_the_amounts(values: list[Decimal], style: str) -> None:
    texts = [format(value, style) for value in values]
    units = to_units(pa.array(texts, pa.string()))
    kept = sum(Fraction(one) / Fraction(10) ** units.scale for one in units.units.tolist())
    assert kept + Fraction(units.lost) == sum(Fraction(value) for value in values)
    assert int(sum(units.units.tolist())) < MAX_UNITS
    assert units.units.tolist() == [units_of(value, units.scale) for value in values]


@settings(deadline=None)
@given(st.integers(-(2**62), 2**62), st.integers(-5, 18))
def test_text_of_equals_format_decimal(units: int, scale: int) -> None:
    assert text_of(units, scale) == format_decimal(decimal_of(units, scale))
