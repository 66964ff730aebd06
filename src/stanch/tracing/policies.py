"""Taint policies: which part of what an account sends is the stolen part. One function each, behind one interface."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from stanch.tracing import kernels
from stanch.tracing.amounts import Ints
from stanch.tracing.flow import Arrival, Flow


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a policy makes of a flow, in base units.

    `moved[row]` is the taint a row carries, `held[account]` what is still there, `stopped[account]` what ended at a
    service. `observed` and `inferred` are the stolen value that came in, seen and assumed; `contaminated` is clean
    value that the policy counts as stolen (0 for an exact one), added up apart from `held`.
    `balance[account]` is all that an account holds in the end; it is the same under every policy.
    """

    moved: Ints
    held: Ints
    stopped: Ints
    balance: Ints
    observed: int
    inferred: int
    contaminated: int


Policy = Callable[[Flow], Outcome]


def haircut(flow: Flow) -> Outcome:
    """Each transfer carries taint in the proportion that the sender's balance has."""

    def arrive(state: Ints, arrival: Arrival, counters: Ints) -> None:
        balance, taint = (int(value) for value in state[arrival.account])
        missing = max(arrival.units - balance, 0)
        after = min(taint + arrival.units, balance + missing)
        counters[kernels.INFERRED] += missing
        counters[kernels.OBSERVED] += after - taint - missing
        state[arrival.account] = balance + missing, after

    state, moved, counters = _run(kernels.haircut, flow, arrive)
    held = state[:, 1].copy()
    held[flow.stops_from :] = 0
    return _outcome(flow, state, moved, held, counters)


def poison(flow: Flow) -> Outcome:
    """Once touched by taint, an account's whole balance is dirty, now and later: an upper bound that overcounts."""

    def arrive(state: Ints, arrival: Arrival, counters: Ints) -> None:
        balance, touched = (int(value) for value in state[arrival.account])
        missing = max(arrival.units - balance, 0)
        counters[kernels.INFERRED] += missing
        if not touched:
            counters[kernels.OBSERVED] += arrival.units - missing
            counters[kernels.CONTAMINATED] += balance + missing - arrival.units
        state[arrival.account] = balance + missing, 1

    state, moved, counters = _run(kernels.poison, flow, arrive)
    held = np.where(state[:, 1] != 0, state[:, 0], 0)
    held[flow.seeds_from : flow.stops_from] = state[flow.seeds_from : flow.stops_from, 0]
    held[flow.stops_from :] = 0
    return _outcome(flow, state, moved, held, counters)


#: Every policy by the name that users and outputs give it. Haircut is the reference: it conserves value exactly.
POLICIES: Mapping[str, Policy] = {"haircut": haircut, "poison": poison}
REFERENCE = "haircut"


def _run(kernel: Any, flow: Flow, arrive: Callable[[Ints, Arrival, Ints], None]) -> tuple[Ints, Ints, Ints]:
    state = np.zeros((flow.size, 2), np.int64)
    moved = np.zeros(len(flow.amount), np.int64)
    counters = np.zeros(kernels.COUNTERS, np.int64)
    rows = (flow.sender, flow.receiver, flow.amount)
    for first, last, arrivals in flow.segments():
        for arrival in arrivals:
            arrive(state, arrival, counters)
        kernel(*rows, first, last, flow.seeds_from, flow.stops_from, state, moved, counters)
    return state, moved, counters


def _outcome(flow: Flow, state: Ints, moved: Ints, held: Ints, counters: Ints) -> Outcome:
    stopped = np.zeros(flow.size, np.int64)
    stopped[flow.stops_from :] = state[flow.stops_from :, 1]
    balance = state[:, 0].copy()
    return Outcome(
        moved=moved,
        held=held,
        stopped=stopped,
        balance=balance,
        observed=int(counters[kernels.OBSERVED]),
        inferred=int(counters[kernels.INFERRED]),
        contaminated=int(counters[kernels.CONTAMINATED]),
    )
