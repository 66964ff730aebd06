from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stanch.tracing.kernels import _high_word, share

TOP = 2**62 - 1
words = st.integers(0, 2**64 - 1)


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int, int]:
    """taint, amount ≤ balance < 2^62, with extremes of every size as likely as each other."""
    balance = draw(st.integers(0, 61).flatmap(lambda bits: st.integers(1 << bits, min((2 << bits) - 1, TOP))))
    part = st.one_of(
        st.integers(0, balance), st.integers(max(0, balance - 3), balance), st.integers(0, min(3, balance))
    )
    return draw(part), draw(part), balance


@settings(deadline=None)
@given(shares())
@example((TOP - 1, TOP - 1, TOP))
@example((TOP, TOP, TOP))
@example((2**50, TOP - 1, TOP))
@example((2**50 - 1, TOP - 1, TOP))
@example((2**61, 2**61 + 1, TOP))
@example((0, 0, 1))
def test_share_equals_exact_division_on_all_sizes(case: tuple[int, int, int]) -> None:
    taint, amount, balance = case
    assert share(taint, amount, balance) == taint * amount // balance


@pytest.mark.parametrize("step", [2**31 - 1, 2**40 + 15, 2**53 + 1, 3**38])
def test_share_equals_exact_division_on_a_sweep_near_the_top(step: int) -> None:
    for count in range(1, 4_000):
        taint, amount = TOP - (count * step) % (TOP // 2), TOP - (count * count * step) % (TOP // 2)
        assert share(taint, amount, TOP) == taint * amount // TOP


@settings(deadline=None)
@given(words, words)
def test_high_word_equals_the_128_bit_product(x: int, y: int) -> None:
    assert int(_high_word(np.uint64(x), np.uint64(y))) == (x * y) >> 64
