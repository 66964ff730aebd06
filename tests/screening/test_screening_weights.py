from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.screening.weights import DEFAULT_PRIOR, NAME_BITS_CAP, PRIORS, WEIGHTS, probability

FULL = ("exact", "swapped", "year-slip", "day-month", "same-year", "contradicts")
YEAR = ("year", "year-near", "year-contradicts")


@pytest.mark.parametrize("levels", [FULL, YEAR])
def test_levels_of_one_comparison_are_shares_of_one_whole(levels: tuple[str, ...]) -> None:
    rows = [WEIGHTS[f"birth.{level}"] for level in levels]
    assert sum(row.m for row in rows) == pytest.approx(1, abs=0.01)
    assert sum(row.u for row in rows) == pytest.approx(1, abs=0.01)


def test_gender_levels_are_shares_of_one_whole() -> None:
    rows = [WEIGHTS["gender.same"], WEIGHTS["gender.contradicts"]]
    assert sum(row.m for row in rows) == pytest.approx(1)
    assert sum(row.u for row in rows) == pytest.approx(1)


def test_every_weight_has_shares_in_range_and_origins() -> None:
    for row in WEIGHTS.values():
        assert 0 < row.m <= 1
        assert 0 < row.u <= 1
        assert row.m_origin.startswith(("measured", "estimate"))
        assert row.u_origin.startswith(("measured", "estimate"))


def test_agreement_speaks_for_and_contradiction_against() -> None:
    assert WEIGHTS["birth.exact"].bits > WEIGHTS["birth.month"].bits > WEIGHTS["birth.year"].bits > 0
    assert all(row.bits < 0 for row in WEIGHTS.values() if row.id.endswith("contradicts"))
    assert all(row.bits > 14 for row in WEIGHTS.values() if row.id.startswith("id."))


def test_probability_without_evidence_is_the_prior() -> None:
    assert probability(0.0, 1e-3) == pytest.approx(1e-3)
    assert probability(0.0) == pytest.approx(DEFAULT_PRIOR)


def test_name_of_a_person_alone_is_never_more_likely_than_not() -> None:
    assert probability(NAME_BITS_CAP["person"], PRIORS["Person"]) < 0.5


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_probability_grows_with_bits_and_stays_in_range(bits: float, more: float) -> None:
    assert 0 <= probability(bits) <= probability(bits + more) <= 1


def test_method_page_shows_every_weight_as_it_is() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "methods" / "screening.md").read_text(encoding="utf-8")
    for row in WEIGHTS.values():
        assert f"| {row.id} | {row.meaning} | {row.m:g} | {row.u:.3g} | {row.bits:+.1f} |" in page
