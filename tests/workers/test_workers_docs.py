"""The method page shows the numbers in use."""

from __future__ import annotations

from pathlib import Path

import pytest

from stanch.workers import INDICATORS, WEIGHTS
from stanch.workers.scoring import GROUP_REST_BITS
from stanch.workers.weights import STRONG_BITS, WATCH_AT

PAGE = Path(__file__).resolve().parents[2] / "docs" / "methods" / "workers.md"


@pytest.mark.parametrize("row", list(WEIGHTS))
def test_page_shows_every_weight_as_it_is(row: str) -> None:
    weight = WEIGHTS[row]
    line = (
        f"| {row} | {weight.ratio:g} | {weight.low:g}–{weight.high:g} | {weight.bits:.1f} | {weight.typical or '–'} "
        f"| {weight.origin} | {weight.basis} |"
    )
    assert line in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("id", list(INDICATORS))
def test_page_shows_every_indicator_as_it_is(id: str) -> None:
    item = INDICATORS[id]
    line = (
        f"| {id} | {item.group} | {item.version} | {', '.join(item.needs)} | {item.means} | {item.false_positive} "
        f"| {item.hard_when or 'never'} |"
    )
    assert line in PAGE.read_text(encoding="utf-8")


def test_page_states_the_thresholds_in_use() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"at least {STRONG_BITS} bits" in text
    assert f"at most {GROUP_REST_BITS:g} bit" in text
    assert f"at least {WATCH_AT:.0%}".replace("%", " %") in text
