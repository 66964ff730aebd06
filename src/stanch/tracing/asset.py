"""The trace of one asset on one chain: totals, who holds what, which rows carried it, how far from the theft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from stanch.model import Account, Label, format_decimal, format_time, parse_amount
from stanch.tracing.amounts import Ints, decimal_of, text_of
from stanch.tracing.boundary import FEE_ROLE, Boundary
from stanch.tracing.conservation import check, remainder
from stanch.tracing.flow import Flow, build_flow, moment_of
from stanch.tracing.ledger import Ledger
from stanch.tracing.policies import POLICIES, REFERENCE, Outcome
from stanch.tracing.seeds import Seed

#: Reasons for which value is where it is, beside the service categories.
HELD, HUB = "held", "hub"


@dataclass(frozen=True, slots=True)
class Totals:
    """The books of one policy, in base units: stolen = held + stopped + fees + remainder."""

    stolen: int
    held: int
    stopped: int
    fees: int
    remainder: int


@dataclass(frozen=True, slots=True)
class Holder:
    """An account where stolen value is now, in base units by policy; `low`..`high` is the band over the policies.

    `reason` says why the value is counted here: "held" (received and not sent on), a service category, "hub" or "fee".
    `number` is the account's place in the flow.
    """

    number: int
    account: Account
    labels: tuple[Label, ...]
    reason: str
    seed: bool
    by_policy: Mapping[str, int]
    low: int
    high: int
    unobserved: int
    first_at: datetime | None
    last_at: datetime | None

    @property
    def value(self) -> int:
        """Under the reference policy."""
        return self.by_policy[REFERENCE]

    @property
    def category(self) -> str | None:
        """Category of the first label."""
        return self.labels[0].category if self.labels else None

    @property
    def name(self) -> str | None:
        """The first label."""
        return self.labels[0].label if self.labels else None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an account received stolen value: what arrived there in all, whether or not it went on.

    `share` is `amount` over all inflow of the account in that asset, 0..1; `hops` the fewest transfers from the seeds
    in time (0 for a seed). `passed_service` is always false: a trace stops at services.
    """

    account: Account
    theft_id: str | None
    asset: str
    amount: Decimal
    low: Decimal
    high: Decimal
    share: float
    hops: int
    first_at: datetime | None
    last_at: datetime | None
    passed_service: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class AssetTrace:
    """One asset on one chain. `outcomes` always holds the reference policy; `policies` are those asked for.

    Arrays go by account of the flow: `inflow` is all that was seen to arrive, `unobserved` what was spent beyond what
    was seen, `arrived[policy]` the taint that arrived, `first` and `last` the flow rows that brought it (-1: none).
    """

    ledger: Ledger
    flow: Flow
    boundary: Boundary
    seeds: tuple[Seed, ...]
    policies: tuple[str, ...]
    outcomes: Mapping[str, Outcome]
    inflow: Ints
    unobserved: Ints
    arrived: Mapping[str, Ints]
    first: Ints
    last: Ints

    @classmethod
    def run(
        cls, ledger: Ledger, seeds: tuple[Seed, ...], boundary: Boundary, policies: tuple[str, ...], prune: bool = True
    ) -> AssetTrace:
        """Prune, run every policy, and check that the books balance.

        Raises:
            ConservationError: they do not.
        """
        flow = build_flow(ledger, seeds, boundary, prune)
        wanted = dict.fromkeys((REFERENCE, *policies))
        outcomes = {name: POLICIES[name](flow) for name in wanted}
        for name, outcome in outcomes.items():
            check(name, flow, outcome)
        inflow, outflow = np.zeros(flow.size, np.int64), np.zeros(flow.size, np.int64)
        np.add.at(inflow, flow.receiver, flow.amount)
        np.add.at(outflow, flow.sender, flow.amount)
        unobserved = outcomes[REFERENCE].balance - inflow + outflow
        unobserved[~flow.reached] = 0
        unobserved[flow.stops_from :] = 0
        arrived = {name: _arrived(flow, outcome) for name, outcome in outcomes.items()}
        first, last = _moments(flow, outcomes)
        return cls(ledger, flow, boundary, seeds, policies, outcomes, inflow, unobserved, arrived, first, last)

    @property
    def scale(self) -> int:
        """One whole unit is 10^scale base units."""
        return self.ledger.scale

    @property
    def stolen(self) -> int:
        """Stolen value that entered, seen and inferred, in base units."""
        return self.outcomes[REFERENCE].observed + self.outcomes[REFERENCE].inferred

    @property
    def as_of(self) -> datetime:
        """Time of the ledger's last transfer."""
        return moment_of(int(self.ledger.time_us[-1]))

    def amount(self, units: int) -> Decimal:
        """Base units as an exact amount."""
        return decimal_of(units, self.scale)

    def totals(self, policy: str) -> Totals:
        """The books of a policy. `remainder` is 0 for an exact policy; below 0 it is clean value counted as stolen."""
        outcome = self.outcomes[policy]
        fees = sum(int(outcome.stopped[number]) for number in self._fee_accounts())
        held, stopped = int(outcome.held.sum()), int(outcome.stopped.sum()) - fees
        left = remainder(policy, self.stolen, outcome)
        return Totals(self.stolen, held, stopped, fees, left)

    def holders(self) -> list[Holder]:
        """Who holds or stopped stolen value under any policy: most under the reference first, then by address."""
        here = {name: outcome.held + outcome.stopped for name, outcome in self.outcomes.items()}
        numbers = np.flatnonzero(np.logical_or.reduce([amounts > 0 for amounts in here.values()]))
        accounts = self.accounts(numbers)
        found = []
        for number, account in zip(numbers.tolist(), accounts, strict=True):
            values = {name: int(amounts[number]) for name, amounts in here.items()}
            found.append(
                Holder(
                    number=number,
                    account=account,
                    labels=self.boundary.labels_of(account),
                    reason=self._reason(number, account),
                    seed=bool(self.flow.hops[number] == 0),
                    by_policy=values,
                    low=min(values.values()),
                    high=min(max(values.values()), self.stolen),
                    unobserved=int(self.unobserved[number]),
                    first_at=self._moment(self.first[number]),
                    last_at=self._moment(self.last[number]),
                )
            )
        return sorted(found, key=lambda holder: (-holder.value, holder.account))

    def reach(self, account: Account, theft_id: str | None = None) -> Reach | None:
        """What arrived at an account, or None when nothing did under any policy."""
        number = self.number_of(account)
        if number is None or not self.flow.reached[number]:
            return None
        values = {name: int(amounts[number]) for name, amounts in self.arrived.items()}
        if max(values.values()) == 0:
            return None
        inflow = int(self.inflow[number]) + int(self.unobserved[number])
        return Reach(
            account=account,
            theft_id=theft_id,
            asset=self.ledger.asset,
            amount=self.amount(values[REFERENCE]),
            low=self.amount(min(values.values())),
            high=self.amount(max(values.values())),
            share=values[REFERENCE] / inflow,
            hops=int(self.flow.hops[number]),
            first_at=self._moment(self.first[number]),
            last_at=self._moment(self.last[number]),
        )

    def rows_into(self, number: int, limit: int) -> list[tuple[int, int]]:
        """The rows that brought most stolen value to an account: (row of the flow, base units), largest first.

        Under the reference policy; under the others where the reference saw none.
        """
        into = np.flatnonzero(self.flow.receiver == number)
        for outcome in self.outcomes.values():
            rows = into[outcome.moved[into] > 0]
            if len(rows):
                order = np.argsort(-outcome.moved[rows], kind="stable")[:limit]
                return [(int(row), int(outcome.moved[row])) for row in rows[order]]
        return []

    def accounts(self, numbers: Ints) -> list[Account]:
        """The accounts behind numbers of the flow, read from rows in which they take part."""
        rows = np.arange(len(self.flow.amount))
        texts: dict[int, str] = {}
        for side, ends in (("sender", self.flow.sender), ("receiver", self.flow.receiver)):
            shown = np.full(self.flow.size, -1)
            shown[ends] = rows
            some = numbers[shown[numbers] >= 0]
            table = self.ledger.text_rows(self.flow.position[shown[some]])
            texts.update(zip(some.tolist(), table[side].to_pylist(), strict=True))
        for seed in self.seeds:
            texts[self.number_of(seed.account) or 0] = seed.account.address
        return [Account(self.ledger.chain, texts[number]) for number in numbers.tolist()]

    def edge_rows(self) -> Ints:
        """Rows of the flow that carry stolen value under a policy that was asked for, in time order."""
        carrying = np.logical_or.reduce([self.outcomes[name].moved > 0 for name in self.policies])
        found: Ints = np.flatnonzero(carrying)
        return found

    def edges(self) -> list[dict[str, Any]]:
        """Those rows as printed."""
        rows = self.edge_rows()
        positions = self.flow.position[rows]
        table = self.ledger.text_rows(positions)
        moved = {name: self.outcomes[name].moved[rows].tolist() for name in self.policies}
        columns = {name: table[name].to_pylist() for name in ("tx", "index", "sender", "receiver", "source", "line")}
        times = self.ledger.time_us[positions].tolist()
        return [
            {
                "tx": columns["tx"][at],
                "index": columns["index"][at],
                "time": format_time(moment_of(times[at])),
                "sender": columns["sender"][at],
                "receiver": columns["receiver"][at],
                "amount": amount,
                "by_policy": {name: text_of(units[at], self.scale) for name, units in moved.items()},
                "source": self.ledger.sources[columns["source"][at]].name,
                "line": columns["line"][at],
            }
            for at, amount in enumerate(self._amounts(rows, table))
        ]

    def _amounts(self, rows: Ints, table: pa.Table) -> list[str]:
        """Exact amounts of rows: from base units where these are exact, else from the text."""
        if not self.ledger.quantisation:
            return [text_of(units, self.scale) for units in self.flow.amount[rows].tolist()]
        return [format_decimal(parse_amount(text)) for text in table["amount"].to_pylist()]

    def number_of(self, account: Account) -> int | None:
        """The account's number in the flow, or None when the flow does not have it."""
        wanted = self.ledger.book.find(account) if account.chain == self.ledger.chain else None
        if wanted is None:
            return None
        # Ids rise within each kind of account.
        cuts = (0, self.flow.seeds_from, self.flow.stops_from, self.flow.size)
        for first, last in pairwise(cuts):
            number = first + int(np.searchsorted(self.flow.ids[first:last], wanted))
            if number < last and self.flow.ids[number] == wanted:
                return number
        return None

    def _fee_accounts(self) -> list[int]:
        numbers = (
            self.number_of(account)
            for account in self.boundary.labels
            if self.boundary.stop_reason(account) == FEE_ROLE
        )
        return [number for number in numbers if number is not None]

    def _reason(self, number: int, account: Account) -> str:
        if number < self.flow.stops_from:
            return HELD
        return self.boundary.stop_reason(account) or HUB

    def _moment(self, row: int) -> datetime | None:
        return None if row < 0 else moment_of(int(self.ledger.time_us[self.flow.position[row]]))


def _arrived(flow: Flow, outcome: Outcome) -> Ints:
    """Stolen value that arrived at each account; at a seed it is all its inflow, seen or not."""
    arrived = np.zeros(flow.size, np.int64)
    carrying = np.flatnonzero(outcome.moved)
    np.add.at(arrived, flow.receiver[carrying], outcome.moved[carrying])
    seeds = slice(flow.seeds_from, flow.stops_from)
    left = np.zeros(flow.size, np.int64)
    np.add.at(left, flow.sender[carrying], outcome.moved[carrying])
    arrived[seeds] = outcome.held[seeds] + left[seeds]
    for arrival in flow.arrivals:
        arrived[arrival.account] = max(arrived[arrival.account], outcome.held[arrival.account] + left[arrival.account])
    return arrived


def _moments(flow: Flow, outcomes: Mapping[str, Outcome]) -> tuple[Ints, Ints]:
    """First and last row that brought stolen value to each account; for seeds, the first and last that they are in.

    Where the reference policy saw nothing arrive, the others' rows count.
    """
    first, last = np.full(flow.size, -1), np.full(flow.size, -1)
    others = [outcome for name, outcome in outcomes.items() if name != REFERENCE]
    for outcome in [*others, outcomes[REFERENCE]]:
        rows = np.flatnonzero(outcome.moved)
        ends = flow.receiver[rows]
        last[ends] = rows
        first[ends[::-1]] = rows[::-1]
    seed = flow.hops == 0
    rows = np.flatnonzero(seed[flow.sender] | seed[flow.receiver])
    first[seed], last[seed] = np.iinfo(np.int64).max, -1
    for ends in (flow.sender[rows], flow.receiver[rows]):
        own = seed[ends]
        np.minimum.at(first, ends[own], rows[own])
        np.maximum.at(last, ends[own], rows[own])
    first[last < 0] = -1
    return first, last
