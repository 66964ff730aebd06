"""Taint never appears and never vanishes: checked to the unit after every run, not hoped for."""

from __future__ import annotations

import numpy as np

from stanch.exc import StanchError
from stanch.tracing.flow import Flow
from stanch.tracing.policies import Outcome


class ConservationError(StanchError):
    """A policy lost or made value. This is a fault of stanch, never of the input."""


def check(name: str, flow: Flow, outcome: Outcome) -> None:
    """Assert that all that came in is held or stopped, and that rows and balances tell the same story.

    Raises:
        ConservationError: the books do not balance; nothing of such a trace may be shown.
    """
    came = outcome.observed + outcome.inferred + outcome.contaminated
    there = int(outcome.held.sum()) + int(outcome.stopped.sum())
    _require(came == there, name, f"{came} came in, {there} is held or stopped")
    _require(
        bool((outcome.moved >= 0).all()) and bool((outcome.moved <= flow.amount).all()), name, "a row carries more"
    )
    kept = slice(0, flow.stops_from)
    within = (outcome.held[kept] >= 0) & (outcome.held[kept] <= outcome.balance[kept])
    _require(bool(within.all()), name, "an account holds more taint than value")
    arrived = np.zeros(flow.size, np.int64)
    carrying = np.flatnonzero(outcome.moved)
    np.add.at(arrived, flow.receiver[carrying], outcome.moved[carrying])
    _require(bool((arrived[flow.stops_from :] == outcome.stopped[flow.stops_from :]).all()), name, "rows disagree")
    if outcome.contaminated == 0 and not flow.arrivals:
        np.subtract.at(arrived, flow.sender[carrying], outcome.moved[carrying])
        ordinary = slice(0, flow.seeds_from)
        _require(bool((arrived[ordinary] == outcome.held[ordinary]).all()), name, "rows and holdings disagree")


def _require(true: bool, policy: str, what: str) -> None:
    if not true:
        raise ConservationError(f"{policy}: value is not conserved ({what}); please report this with the input")


def remainder(name: str, stolen: int, outcome: Outcome) -> int:
    """What a policy's books declare beside held and stopped, so that stolen = held + stopped + remainder.

    It is 0 for a policy that conserves value. A policy that takes clean value for stolen has −(that value): what it
    contaminated, less what it had already counted when it came back to a seed and the reference counted it anew.

    Raises:
        ConservationError: it is not what the policy added up on its way, or it is above 0, so value is missing.
    """
    declared = stolen - outcome.observed - outcome.inferred - outcome.contaminated
    left = stolen - int(outcome.held.sum()) - int(outcome.stopped.sum())
    _require(left == declared and left <= 0, name, f"{left} is left over, {declared} was declared")
    return left
