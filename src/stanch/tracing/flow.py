"""What the policies run on: the part of a ledger that taint can touch, with accounts numbered by kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from stanch.exc import InputError
from stanch.tracing import kernels
from stanch.tracing.amounts import MAX_UNITS, Ints, units_of
from stanch.tracing.boundary import Boundary
from stanch.tracing.ledger import Ledger
from stanch.tracing.seeds import Seed

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A declared seed: `units` of what `account` holds before row `row` are tainted there."""

    row: int
    account: int
    units: int


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """Rows in time order, and accounts 0..`size`: ordinary ones, from `seeds_from` seeds, from `stops_from` stops.

    `position[row]` is the row's place in the ledger; `ids[account]` the account's id in the address book, `hops` its
    distance from the seeds (kernels.UNREACHED for those that taint never reaches); `arrivals` are in row order.
    """

    sender: npt.NDArray[np.int32]
    receiver: npt.NDArray[np.int32]
    amount: Ints
    position: Ints
    ids: Ints
    hops: npt.NDArray[np.int32]
    seeds_from: int
    stops_from: int
    arrivals: tuple[Arrival, ...]

    @property
    def size(self) -> int:
        """Number of accounts."""
        return len(self.ids)

    @property
    def reached(self) -> npt.NDArray[np.bool_]:
        """Which accounts taint can reach in time, seeds among them."""
        reached: npt.NDArray[np.bool_] = self.hops != kernels.UNREACHED
        return reached

    def segments(self) -> list[tuple[int, int, tuple[Arrival, ...]]]:
        """Row ranges between arrivals, each with the arrivals that come before its first row."""
        cuts = sorted({0, *(arrival.row for arrival in self.arrivals)})
        ends = [*cuts[1:], len(self.amount)]
        return [
            (first, last, tuple(arrival for arrival in self.arrivals if arrival.row == first))
            for first, last in zip(cuts, ends, strict=True)
        ]


def microseconds(moment: datetime) -> int:
    """A time as the ledger counts it."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(time_us: int) -> datetime:
    """The time of a ledger's microseconds."""
    return _EPOCH + int(time_us) * _MICROSECOND


def seeds_in(ledger: Ledger, seeds: tuple[Seed, ...]) -> tuple[Seed, ...]:
    """The seeds that take part in this ledger. A declared seed of an account that is a bare seed too adds nothing."""
    present = np.zeros(len(ledger.book), np.bool_)
    present[ledger.sender] = True
    present[ledger.receiver] = True
    numbers = {seed: ledger.book.find(seed.account) for seed in seeds if seed.account.chain == ledger.chain}
    here = [
        seed
        for seed, number in numbers.items()
        if number is not None and present[number] and seed.asset in (None, ledger.asset)
    ]
    bare = {seed.account for seed in here if seed.is_bare}
    return tuple(seed for seed in here if seed.is_bare or seed.account not in bare)


def build_flow(ledger: Ledger, seeds: tuple[Seed, ...], boundary: Boundary, prune: bool = True) -> Flow:
    """Prune a ledger to the rows of accounts that taint reaches in time, and number their accounts.

    Rows between accounts that taint never reaches cannot change where it goes; all other rows stay, those before it
    arrives too, for they make the balance it mixes with. `prune=False` keeps everything: the answer is the same.

    Raises:
        InputError: a declared amount that with the ledger's leaves 62 bits.
    """
    count = len(ledger.book)
    flags = np.zeros(count, np.uint8)
    flags[_stops(ledger, boundary)] = kernels.STOP
    hops = np.full(count, kernels.UNREACHED, np.int32)
    declared: list[tuple[int, int, int]] = []
    for seed in seeds:
        if (number := ledger.book.find(seed.account)) is None:
            raise ValueError(f"seed {seed.account} is not in this ledger")
        if seed.amount is None or seed.time is None:
            flags[number] = kernels.SEED
            hops[number] = 0
        else:
            flags[number] = 0
            row = int(np.searchsorted(ledger.time_us, microseconds(seed.time), side="right"))
            declared.append((row, number, units_of(seed.amount, ledger.scale)))
    declared.sort()
    if int(ledger.amount.sum()) + sum(units for _, _, units in declared) >= MAX_UNITS:
        raise InputError(
            f"declared seeds bring in more {ledger.asset} than this ledger can count",
            remedy="check the amount; from Python, pass their sum to build_ledgers as `extra`",
        )

    first = 0
    for row, number, _ in declared:
        kernels.reach(ledger.sender, ledger.receiver, ledger.amount, first, row, flags, hops)
        first, hops[number] = row, 0
    kernels.reach(ledger.sender, ledger.receiver, ledger.amount, first, len(ledger), flags, hops)

    moving = (ledger.amount > 0) & (ledger.sender != ledger.receiver)
    if prune:
        near = hops != kernels.UNREACHED
        moving &= near[ledger.sender] | near[ledger.receiver]
    position = np.flatnonzero(moving)
    sender, receiver = ledger.sender[position], ledger.receiver[position]
    present = np.zeros(count, np.bool_)
    present[sender] = True
    present[receiver] = True
    present[hops == 0] = True
    kinds = [np.flatnonzero(present & (flags == kind)) for kind in (0, kernels.SEED, kernels.STOP)]
    ids = np.concatenate(kinds)
    local = np.zeros(count, np.int32)
    local[ids] = np.arange(len(ids), dtype=np.int32)
    return Flow(
        sender=local[sender],
        receiver=local[receiver],
        amount=ledger.amount[position],
        position=position,
        ids=ids,
        hops=hops[ids],
        seeds_from=len(kinds[0]),
        stops_from=len(kinds[0]) + len(kinds[1]),
        arrivals=tuple(
            Arrival(int(np.searchsorted(position, row)), int(local[number]), units) for row, number, units in declared
        ),
    )


def _stops(ledger: Ledger, boundary: Boundary) -> list[int]:
    """Ids of the accounts where taint stops: labelled services of this chain, and hubs when asked for."""
    stops = []
    labelled = set()
    for account in boundary.labels:
        number = ledger.book.find(account) if account.chain == ledger.chain else None
        if number is not None:
            labelled.add(number)
            if boundary.stop_reason(account) is not None:
                stops.append(number)
    if boundary.hub_degree is not None:
        hubs = np.flatnonzero(_degrees(ledger) >= boundary.hub_degree)
        stops += [int(number) for number in hubs if int(number) not in labelled]
    return stops


def _degrees(ledger: Ledger) -> Ints:
    """How many different accounts each account dealt with, in either direction, over the whole ledger."""
    moving = (ledger.amount > 0) & (ledger.sender != ledger.receiver)
    low = np.minimum(ledger.sender[moving], ledger.receiver[moving])
    high = np.maximum(ledger.sender[moving], ledger.receiver[moving])
    count = len(ledger.book)
    pairs = np.unique(low * count + high)
    return np.bincount(pairs // count, minlength=count) + np.bincount(pairs % count, minlength=count)
