from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.screening.rates import Rate


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_interval_holds_the_shares_that_the_score_test_does_not_reject(case: tuple[int, int]) -> None:
    """Oracle: the ends p solve |share − p| = z √(p(1−p)/n)."""
    found, total = case
    low, high = Rate(found, total).interval
    assert low is not None
    assert high is not None
    share = found / total
    assert 0 <= low <= round(share, 4) <= high <= 1
    for end in (low, high):
        if 0.0001 < end < 0.9999:
            assert abs(share - end) == pytest.approx(1.959964 * math.sqrt(end * (1 - end) / total), abs=2e-3)


def test_nothing_counted_has_no_rate() -> None:
    assert Rate(0, 0).to_json() == {"found": 0, "of": 0, "share": None, "low": None, "high": None}


def test_known_interval() -> None:
    assert Rate(0, 67).interval == (0.0, 0.0542)
