"""The compiled policies against the plain Python ones, on random ledgers with everything that can go wrong in them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tracing_oracle import START, Arrivals, Books, Row, account, haircut_oracle, ledger_of, poison_oracle

from stanch.model import Label
from stanch.tracing import Boundary, Seed, policies
from stanch.tracing.asset import AssetTrace
from stanch.tracing.conservation import ConservationError, check
from stanch.tracing.flow import build_flow

NAMES = "abcdefgh"
amounts = st.one_of(st.integers(0, 12), st.integers(0, 2**58))
rows = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), amounts), min_size=1, max_size=14)
names = st.sets(st.sampled_from(NAMES), max_size=3)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Row], set[str], set[str], Arrivals, list[int]]:
    """Rows, seeds, services, declared arrivals, and the minute of each row (several in one minute)."""
    ledger = draw(rows)
    seen = sorted({name for row in ledger for name in row[:2]})
    seeds = draw(st.sets(st.sampled_from(seen), max_size=2))
    minutes = sorted(draw(st.lists(st.integers(0, 6), min_size=len(ledger), max_size=len(ledger))))
    arrivals: Arrivals = {}
    declared = draw(
        st.dictionaries(st.sampled_from(seen), st.tuples(st.integers(0, 6), st.integers(1, 20)), max_size=2)
    )
    for name, (minute, units) in sorted(declared.items(), key=lambda item: (item[1][0], seen.index(item[0]))):
        if name not in seeds:
            arrivals.setdefault(int(np.searchsorted(minutes, minute, side="right")), []).append((name, units))
    if not seeds and not arrivals:
        seeds = {ledger[0][0]}
    return ledger, seeds, draw(names), arrivals, minutes


def declared_in(arrivals: Arrivals) -> set[str]:
    return {name for arriving in arrivals.values() for name, _ in arriving}


def run(case: tuple[list[Row], set[str], set[str], Arrivals, list[int]], prune: bool = True) -> AssetTrace:
    ledger_rows, seeds, stops, arrivals, minutes = case
    ledger = ledger_of(ledger_rows, times=[START + timedelta(minutes=minute) for minute in minutes])
    bare = [Seed(account(name)) for name in sorted(seeds)]
    declared = []
    for row, arriving in arrivals.items():
        minute = minutes[row - 1] if row else -1
        declared += [
            Seed(account(name), "ETH", Decimal(units), START + timedelta(minutes=minute)) for name, units in arriving
        ]
    labels = [Label(account(name), name, "exchange", "test") for name in sorted(stops - declared_in(arrivals))]
    return AssetTrace.run(ledger, tuple(bare + declared), Boundary.of(labels), ("haircut", "poison"), prune)


def expected(case: tuple[list[Row], set[str], set[str], Arrivals, list[int]], policy: str, scale: int) -> Books:
    ledger_rows, seeds, stops, arrivals, _ = case
    stops = stops - declared_in(arrivals)
    unit = 10**scale
    ledger_rows = [(sender, receiver, amount * unit) for sender, receiver, amount in ledger_rows]
    arrivals = {row: [(name, units * unit) for name, units in arriving] for row, arriving in arrivals.items()}
    oracle = haircut_oracle if policy == "haircut" else poison_oracle
    return oracle(ledger_rows, seeds, stops, arrivals)


def by_name(asset: AssetTrace, values: np.ndarray) -> dict[str, int]:
    shown = {number: found.address for number, found in enumerate(asset.accounts(np.arange(asset.flow.size)))}
    return {shown[number]: value for number, value in enumerate(values.tolist()) if value}


def of_oracle(values: dict[str, int]) -> dict[str, int]:
    return {account(name).address: value for name, value in values.items() if value}


@pytest.mark.parametrize("policy", ["haircut", "poison"])
@given(case=cases())
@settings(max_examples=150, deadline=None)
def test_policy_equals_its_oracle_on_random_ledgers(policy: str, case) -> None:
    asset = run(case)
    books = expected(case, policy, asset.scale)
    outcome = asset.outcomes[policy]
    assert by_name(asset, outcome.held) == of_oracle(books.taint)
    assert by_name(asset, outcome.stopped) == of_oracle(books.stopped)
    moved = np.zeros(len(case[0]), np.int64)
    moved[asset.ledger.row[asset.flow.position]] = outcome.moved
    assert moved.tolist() == books.moved


@given(case=cases())
@settings(max_examples=100, deadline=None)
def test_stolen_and_unobserved_equal_the_oracle(case) -> None:
    asset = run(case)
    books = expected(case, "haircut", asset.scale)
    assert (asset.outcomes["haircut"].observed, asset.outcomes["haircut"].inferred) == (books.observed, books.inferred)
    reached = {found.address for found in asset.accounts(np.flatnonzero(asset.flow.reached))}
    unobserved = of_oracle(
        {name: value for name, value in books.unobserved.items() if account(name).address in reached}
    )
    assert by_name(asset, asset.unobserved) == unobserved


@given(case=cases())
@settings(max_examples=100, deadline=None)
def test_pruning_changes_nothing(case) -> None:
    pruned, whole = run(case), run(case, prune=False)
    assert [holder_key(holder) for holder in pruned.holders()] == [holder_key(holder) for holder in whole.holders()]
    assert pruned.edges() == whole.edges()
    assert [pruned.totals(name) for name in ("haircut", "poison")] == [
        whole.totals(name) for name in ("haircut", "poison")
    ]
    assert by_name(pruned, pruned.unobserved) == by_name(whole, whole.unobserved)


def holder_key(holder) -> tuple:
    return (
        holder.account,
        holder.reason,
        dict(holder.by_policy),
        holder.low,
        holder.high,
        holder.first_at,
        holder.last_at,
    )


@given(case=cases())
@settings(max_examples=150, deadline=None)
def test_value_is_conserved_and_poison_bounds_haircut(case) -> None:
    asset = run(case)
    for name in ("haircut", "poison"):
        books = asset.totals(name)
        assert books.stolen == books.held + books.stopped + books.fees + books.remainder
    assert asset.totals("haircut").remainder == 0
    assert asset.totals("poison").remainder <= 0
    for part in ("held", "stopped", "moved"):
        assert (getattr(asset.outcomes["poison"], part) >= getattr(asset.outcomes["haircut"], part)).all()


def test_a_lost_unit_is_noticed() -> None:
    ledger = ledger_of([("a", "b", 10), ("b", "c", 4)])
    flow = build_flow(ledger, (Seed(account("a")),), Boundary())
    outcome = policies.haircut(flow)
    outcome.held[int(np.argmax(outcome.held))] -= 1
    with pytest.raises(ConservationError, match="conserved"):
        check("haircut", flow, outcome)


def test_a_row_that_disagrees_with_the_holdings_is_noticed() -> None:
    ledger = ledger_of([("a", "b", 10), ("b", "c", 4)])
    flow = build_flow(ledger, (Seed(account("a")),), Boundary())
    outcome = policies.haircut(flow)
    outcome.moved[1] -= 1
    with pytest.raises(ConservationError, match="disagree"):
        check("haircut", flow, outcome)


def test_balances_near_the_limit_do_not_overflow() -> None:
    big = 2**60 - 1
    asset = run(([("a", "b", big), ("b", "c", big - 1), ("c", "a", 7)], {"a"}, set(), {}, [0, 1, 2]))
    assert asset.totals("haircut").held == asset.stolen == big
