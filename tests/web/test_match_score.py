from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.screening import DEFAULT_THRESHOLD
from stanch.web.match_score import ANCHORS, MATCH_SCORE, score_of

_P = st.floats(0.0, 1.0)
_T = st.floats(1e-9, 1 - 1e-9)


@given(_P, _T)
def test_score_is_a_match_exactly_from_the_threshold_on(probability: float, threshold: float) -> None:
    assert (score_of(probability, threshold) >= MATCH_SCORE) == (probability >= threshold)


@given(_P, _P, _T)
def test_score_never_falls_when_the_probability_rises(one: float, two: float, threshold: float) -> None:
    low, high = sorted((one, two))
    assert score_of(low, threshold) <= score_of(high, threshold)


@given(_P, _T)
def test_score_stays_between_0_and_1(probability: float, threshold: float) -> None:
    assert 0.0 <= score_of(probability, threshold) <= 1.0


@pytest.mark.parametrize(("probability", "score"), ANCHORS)
def test_score_has_the_documented_values(probability: float, score: float) -> None:
    assert score_of(probability, DEFAULT_THRESHOLD) == pytest.approx(score)


def test_score_falls_to_the_cut_off_ten_bits_below_the_threshold() -> None:
    odds = DEFAULT_THRESHOLD / (1 - DEFAULT_THRESHOLD) / 2**10
    assert score_of(odds / (1 + odds), DEFAULT_THRESHOLD) == pytest.approx(0.5)


def test_score_is_0_and_1_at_the_ends() -> None:
    assert (score_of(0.0, DEFAULT_THRESHOLD), score_of(1.0, DEFAULT_THRESHOLD)) == (0.0, 1.0)
