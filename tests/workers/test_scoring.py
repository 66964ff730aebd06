from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.model import Evidence, Source
from stanch.workers.scoring import Group, Level, Signal, capped, from_bits, score
from stanch.workers.weights import GROUP_REST_BITS, STRONG_BITS, WEIGHTS, Weight

EVIDENCE = [Evidence("seen", Source("f", "line 1", "0" * 64))]


def signal(id: str, group: Group, ratio: float, *, hard: bool = False) -> Signal:
    return Signal.of(id, group, Weight(ratio, ratio / 4, ratio * 4, "test"), EVIDENCE, hard=hard)


signals = st.lists(st.tuples(st.sampled_from(list(Group)), st.floats(1.0, 2000.0)), max_size=12).map(
    lambda pairs: [signal(f"I{i:02d}", group, ratio) for i, (group, ratio) in enumerate(pairs)]
)


@given(signals)
def test_group_adds_at_most_its_cap_beyond_the_heaviest(given_signals: list[Signal]) -> None:
    counted = capped(given_signals)
    for group in Group:
        raw = [s.bits for s in given_signals if s.group is group]
        total = sum(s.bits for s in counted if s.group is group)
        assert total <= max(raw, default=0.0) + GROUP_REST_BITS + 1e-9
        assert total >= max(raw, default=0.0) - 1e-9


@given(signals)
def test_score_does_not_hang_on_the_order(given_signals: list[Signal]) -> None:
    forward, backward = score(given_signals, 1 / 343, 0.05), score(given_signals[::-1], 1 / 343, 0.05)
    assert (forward.probability, forward.low, forward.high, forward.bits) == (
        backward.probability,
        backward.low,
        backward.high,
        backward.bits,
    )


@given(signals, st.floats(1e-9, 0.999999))
def test_band_holds_the_probability(given_signals: list[Signal], rate: float) -> None:
    answer = score(given_signals, rate, 0.05)
    assert 0.0 <= answer.low <= answer.probability <= answer.high <= 1.0


@given(signals, st.floats(1.0, 2000.0))
def test_another_signal_never_lowers_the_probability(given_signals: list[Signal], ratio: float) -> None:
    more = [*given_signals, signal("I99", Group.DEVICE, ratio)]
    assert score(more, 1 / 343, 0.05).probability >= score(given_signals, 1 / 343, 0.05).probability - 1e-12


def test_probability_matches_bayes_by_hand() -> None:
    answer = score([signal("I29", Group.DEVICE, 40.0)], 1 / 343, 0.05)
    odds = (1 / 342) * 40
    assert answer.probability == pytest.approx(odds / (1 + odds))


def test_hard_link_is_a_finding_at_any_probability() -> None:
    assert score([signal("I19", Group.PAYMENT, 2.0, hard=True)], 1e-6, 0.05).level is Level.FINDING


def test_many_weak_signals_are_at_most_a_watch_note() -> None:
    weak = [signal(f"I{i}", group, 14.0) for i, group in enumerate(Group)]
    answer = score(weak, 1 / 343, 0.05)
    assert answer.probability > 0.9
    assert answer.level is Level.WATCH


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, 1.5, math.nan])
def test_base_rate_outside_the_open_interval_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="base rate"):
        score([], rate, 0.05)


@pytest.mark.parametrize("bits", [-1e9, -60.0, 0.0, 60.0, 1e9])
def test_from_bits_stays_within_a_probability(bits: float) -> None:
    assert 0.0 <= from_bits(bits) <= 1.0


def test_every_weight_has_an_ordered_range_and_a_reason() -> None:
    for row, weight in WEIGHTS.items():
        assert 1.0 <= weight.low <= weight.ratio <= weight.high, row
        assert weight.basis, row
        assert weight.origin, row


def test_weak_kinds_are_not_strong() -> None:
    for row in ("address", "ip", "household", "payee-differs", "crypto-payout", "payout-changes"):
        assert WEIGHTS[row].bits < STRONG_BITS


@given(st.sampled_from(sorted(WEIGHTS)), st.integers(2, 10**6), st.integers(2, 10**6))
def test_more_sharers_never_weigh_more(row: str, a: int, b: int) -> None:
    few, many = sorted((a, b))
    weight = WEIGHTS[row]
    if weight.typical:
        assert weight.shared_by(few).bits >= weight.shared_by(many).bits >= 0.0
