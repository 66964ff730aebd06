from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.screening import survey as module
from stanch.screening.survey import survey
from stanch.workspace.screenings import KeptMatch, KeptRecord, Run, RunFacts

NOON = datetime(2026, 1, 1, tzinfo=UTC)
FACTS = RunFacts("x.csv", "a" * 64, {}, [], {}, 0.005, 0.0005)
RUN = Run("1" * 32, FACTS.inputs, NOON, NOON, FACTS, 0, 0, 0, 0, "records-x.parquet")


def record(row: int, *chances: float) -> KeptRecord:
    matches = tuple(KeptMatch(f"e-{i}", "listed", p >= 0.005, p, 1.0, ()) for i, p in enumerate(chances))
    outcome = "alert" if any(match.alert for match in matches) else "clear"
    return KeptRecord(row, f"line {row + 1}", f"c-{row}", "0" * 32, outcome, False, 0, matches)


def test_survey_takes_the_matches_nearest_to_the_threshold_from_both_sides() -> None:
    rows = [record(1, 0.9), record(2, 0.006, 0.004), record(3, 0.001), record(4, 0.0049), record(5, 0.0051), record(6)]
    found = survey(RUN, rows, nearest=2, sample=10, seed="s")
    assert [match.probability for _, match in found.above] == [0.0051, 0.006]
    assert [match.probability for _, match in found.below] == [0.0049, 0.004]
    assert [item.row for item in found.sample] == [3, 4, 6]


def test_survey_counts_every_record_that_was_screened_in_one_band() -> None:
    error = KeptRecord(9, "line 10", "", "0" * 32, "error", False, 0, ())
    found = survey(
        RUN, [record(1, 0.9), record(2, 1.0), record(3, 0.0006), record(4), record(5, 0.005), error], 1, 1, "s"
    )
    assert sum(band.records for band in found.bands) == 5
    assert sum(band.records for band in found.bands if band.alert) == 3
    assert found.bands[0].records == 1
    assert found.bands[-1].high == 1.0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.0005, 1.0), max_size=60), st.integers(1, 5), st.randoms(use_true_random=False))
def test_survey_does_not_hang_on_the_order_of_records(chances: list[float], most: int, rng: random.Random) -> None:
    rows = [record(row, chance) for row, chance in enumerate(chances, 1)]
    mixed = rows.copy()
    rng.shuffle(mixed)
    one, two = survey(RUN, rows, most, most, "seed"), survey(RUN, mixed, most, most, "seed")
    assert one == two
    expected = sorted(p for p in chances if p >= 0.005)[:most]
    assert [match.probability for _, match in one.above] == expected


def test_sample_changes_with_the_seed_and_memory_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [record(row) for row in range(1, 5_001)]
    one, two = survey(RUN, rows, 5, 20, "a"), survey(RUN, rows, 5, 20, "b")
    assert len(one.sample) == 20
    assert one.sample != two.sample
    kept = module._Least[int](3)
    for number in range(5_000):
        kept.add((float(-number), str(number)), number)
        assert len(kept._kept) <= 1_006
    assert kept.items() == [4_999, 4_998, 4_997]
