from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.model import AmountBand, Evidence, Finding, Source, Subject, canonical_json

SOURCE = Source("list.xml", "KPi.001", "ab" * 32)
FINDING = Finding(
    detector="screening.designated",
    version=1,
    subject=Subject("Person", "c-1", "Kim"),
    claim="designated",
    object="un-KPi.001",
    headline="Kim is listed",
    probability=0.5,
    amount=None,
    evidence=(Evidence("the names agree", SOURCE, 12.5),),
    as_of=datetime(2026, 2, 27, tzinfo=UTC),
)


def test_id_stays_when_built_again() -> None:
    assert replace(FINDING).id == FINDING.id


@pytest.mark.parametrize(
    "change",
    [
        {"headline": "another"},
        {"probability": 0.6},
        {"evidence": (Evidence("other", SOURCE),)},
        {"version": 2},
        {"legal_basis": ("1718-8d",)},
        {"as_of": datetime(2026, 3, 1, tzinfo=UTC)},
    ],
)
def test_new_content_changes_id_and_keeps_key(change: dict[str, object]) -> None:
    other = replace(FINDING, **change)  # type: ignore[arg-type]
    assert other.key == FINDING.key
    assert other.id != FINDING.id


@pytest.mark.parametrize(
    "change", [{"subject": Subject("Person", "c-2", "Kim")}, {"object": "un-KPi.002"}, {"claim": "other"}]
)
def test_another_claim_has_another_key(change: dict[str, object]) -> None:
    assert replace(FINDING, **change).key != FINDING.key  # type: ignore[arg-type]


def test_finding_without_evidence_is_refused() -> None:
    with pytest.raises(ValueError, match="without evidence"):
        replace(FINDING, evidence=())


def test_json_has_every_key_in_the_published_shape() -> None:
    keys = list(FINDING.to_json())
    assert keys == [
        "key", "id", "detector", "version", "subject", "headline", "probability", "amount", "evidence", "legal_basis",
        "as_of",
    ]  # fmt: skip
    assert FINDING.to_json()["as_of"] == "2026-02-27T00:00:00Z"


def test_band_out_of_order_is_refused() -> None:
    with pytest.raises(ValueError, match="out of order"):
        AmountBand(Decimal(1), "ETH", Decimal(2), Decimal(3))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), values, max_size=5))
def test_canonical_json_ignores_key_order(value: dict[str, object]) -> None:
    assert canonical_json(value) == canonical_json(dict(reversed(value.items())))
