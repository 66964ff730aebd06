"""The theft registry as the tracing and the demo use it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from stanch.exc import NotFoundError
from stanch.knowledge import AttributionLevel, load_thefts, theft
from stanch.model import Money, Verified


def total(levels: str, first: int = 2018, last: int = 2022) -> int:
    """Sum in USD over thefts of the levels in those years, in whole millions."""
    wanted = [row for row in load_thefts() if row.attribution_level in levels and first <= row.date.year <= last]
    return round(sum(row.amount.amount for row in wanted) / 1_000_000)


def test_ronin_is_found_by_its_id() -> None:
    ronin = theft("ronin-2022")
    assert (ronin.date, ronin.amount, ronin.attribution_level) == (
        date(2022, 3, 23),
        Money(Decimal(620_000_000), "USD"),
        AttributionLevel.GOVERNMENT,
    )
    assert ronin.addresses == ("0x098b716b8aaf21512996dc57eb0615e2383e2f96",)


def test_an_unknown_theft_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="nearest: ronin-2022"):
        theft("ronin")


def test_a_misspelt_theft_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="nearest: wazirx-2024"):
        theft("wazrix-2024")


def test_a_theft_far_from_all_points_to_the_table() -> None:
    with pytest.raises(NotFoundError, match="stanch facts show thefts"):
        theft("0x" + "0" * 500)


@pytest.mark.parametrize(("levels", "millions"), [("A", 1217), ("AB", 1275), ("ABCD", 2196)])
def test_sums_of_2018_to_2022_are_the_published_ones(levels: str, millions: int) -> None:
    # The reference states these sums of its registry (article facts, row af-4), computed apart from this code.
    assert total(levels) == millions


def test_twelve_thefts_are_doubtful() -> None:
    assert sum(row.doubtful for row in load_thefts()) == 12


def test_binance_stays_out_of_every_level() -> None:
    binance = theft("binance-2026")
    assert (binance.attribution_level, binance.claimed_level, binance.verified) == ("?", "A", Verified.RECALL)


def test_a_month_spans_its_days() -> None:
    assert (theft("bithumb-2017").date, theft("bithumb-2017").date_to) == (date(2017, 2, 1), date(2017, 2, 28))


def test_a_disputed_theft_keeps_its_dissent() -> None:
    assert "Asahi" in theft("coincheck-2018").uncertainty
    assert theft("coincheck-2018").attribution_level is AttributionLevel.DISPUTED


def test_addresses_have_the_shape_of_their_chain() -> None:
    shapes = re.compile(
        r"0x[0-9a-fA-F]{40}|T[1-9A-HJ-NP-Za-km-z]{33}|bc1[02-9ac-hj-np-z]{39,59}|1[1-9A-HJ-NP-Za-km-z]{25,33}"
    )
    assert [a for row in load_thefts() for a in row.addresses if not shapes.fullmatch(a)] == []


def test_transactions_are_hashes() -> None:
    hashes = [tx for row in load_thefts() for tx in row.transactions]
    assert len(hashes) == 3
    assert all(re.fullmatch(r"(0x)?[0-9a-f]{64}", tx) for tx in hashes)
