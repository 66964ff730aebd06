"""Which provisions forbid what a finding claims, on a given day."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.knowledge import Provision, load_instruments, load_provisions
from stanch.model import Verified
from stanch.regime import basis, basis_notes, claims, legal_basis

LABOUR = ("2371-11", "2375-17", "2397-8a")


@pytest.mark.parametrize(
    ("claim", "day", "expected"),
    [
        ("designated", date(2006, 10, 13), ()),
        ("designated", date(2006, 10, 14), ("1718-8d",)),
        ("designated-by-state", date(2026, 1, 1), ()),
        ("owned-by-designated", date(2006, 10, 13), ()),
        ("owned-by-designated", date(2006, 10, 14), ("1718-8d",)),
        ("owned-by-designated-by-us", date(2016, 1, 1), ("US-EO13551", "US-EO13687")),
        ("owned-by-designated-by-state", date(2026, 1, 1), ()),
        ("owned-by-designated-elsewhere", date(2026, 1, 1), ()),
        ("linked-to-designated", date(2026, 1, 1), ()),
        ("designated-elsewhere", date(2026, 1, 1), ()),
        ("designated-by-us", date(2010, 8, 29), ()),
        ("designated-by-us", date(2016, 1, 1), ("US-EO13551", "US-EO13687")),
        ("stolen-funds", date(2006, 10, 13), ()),
        ("stolen-funds", date(2013, 3, 6), ("1718-8d",)),
        ("stolen-funds", date(2013, 3, 7), ("1718-8d", "2094-11")),
        ("stolen-funds", date(2022, 3, 23), ("1718-8d", "2094-11", "2371-14")),
        ("disguised-work", date(2017, 8, 4), ()),
        ("disguised-work", date(2017, 8, 5), LABOUR[:1]),
        ("disguised-work", date(2017, 9, 11), LABOUR[:2]),
        ("disguised-work", date(2017, 12, 21), LABOUR[:2]),
        ("disguised-work", date(2017, 12, 22), LABOUR),
        ("disguised-work", date(2020, 1, 1), LABOUR),
        ("shared-identity", date(2020, 1, 1), LABOUR),
        ("wages", date(2016, 1, 1), ("2094-11",)),
        ("wages", date(2020, 1, 1), ("2094-11", "2371-14", "2397-8a")),
    ],
)
def test_basis_is_that_of_the_day(claim: str, day: date, expected: tuple[str, ...]) -> None:
    assert legal_basis(claim, day) == expected


def test_a_time_counts_by_its_day_in_utc() -> None:
    seoul = timezone(timedelta(hours=9))
    assert legal_basis("designated", datetime(2006, 10, 14, tzinfo=UTC)) == ("1718-8d",)
    assert legal_basis("designated", datetime(2006, 10, 14, 8, tzinfo=seoul)) == ()


def test_the_travel_ban_is_for_persons() -> None:
    assert legal_basis("designated", date(2020, 1, 1), schema="Person") == ("1718-8d", "1718-8e")


def test_the_travel_ban_is_not_for_vessels() -> None:
    assert legal_basis("designated", date(2020, 1, 1), schema="Vessel") == ("1718-8d",)


def test_an_unknown_claim_is_refused_with_the_known_ones() -> None:
    known = "designated, designated-by-us, designated-elsewhere, designated-by-state, stolen-funds"
    with pytest.raises(ValueError, match=known):
        legal_basis("nope", date(2020, 1, 1))


@given(st.sampled_from(claims()), st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 4000))
def test_a_later_day_never_loses_a_provision(claim: str, day: date, later: int) -> None:
    assert set(legal_basis(claim, day)) <= set(legal_basis(claim, day + timedelta(days=later)))


@given(st.sampled_from(claims()), st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_ids_exist_and_come_in_order_of_the_law(claim: str, day: date) -> None:
    order = [row.id for row in (*load_provisions(), *load_instruments())]
    ids = legal_basis(claim, day)
    assert list(ids) == sorted(ids, key=order.index)


def test_notes_carry_reason_condition_and_exceptions() -> None:
    note = basis_notes("disguised-work", date(2020, 1, 1))[-1]
    assert note.provision == "2397-8a"
    assert "DPRK national" in note.condition
    assert "refugee" in note.exceptions
    assert note.verified is Verified.EXCERPT


def test_a_recall_only_provision_is_listed_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    # No claim rests on a recall-only provision today; one that is turned into it must not look checked.
    def weaker() -> tuple[Provision, ...]:
        return tuple(
            dataclasses.replace(row, verified=Verified.RECALL, note="") if row.id == "2094-11" else row
            for row in load_provisions()
        )

    monkeypatch.setattr(basis, "load_provisions", weaker)
    notes = {note.provision: note.caveat for note in basis_notes("stolen-funds", date(2020, 1, 1))}
    assert notes["2094-11"] == "written from knowledge, not read: check the text"


def test_what_is_not_seen_of_a_provision_stands_in_the_caveat() -> None:
    assert "para 9" in basis_notes("designated", date(2020, 1, 1))[0].caveat


def test_a_provision_with_a_later_start_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    row = next(row for row in basis.load_legal_basis() if row.id == "wages/2397-8a")
    monkeypatch.setattr(basis, "load_legal_basis", lambda: (dataclasses.replace(row, provision="2397-5"),))
    assert legal_basis("wages", date(2017, 12, 31)) == ()
    assert legal_basis("wages", date(2018, 1, 1)) == ("2397-5",)
