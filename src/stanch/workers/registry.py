"""The catalogue of indicators: each a small function with what a reader needs to judge it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from stanch.knowledge import load_indicators
from stanch.workers.scoring import Group, Signal
from stanch.workers.traces import Traces


@dataclass(frozen=True, slots=True)
class Indicator:
    """One registered indicator.

    `id` is the row of the indicator table (`stanch facts show indicators`), which holds the citation. `needs` are kinds
    of data in `Traces.observed`: without all of them the indicator could not be checked. `means` says what it shows,
    `false_positive` who else looks like this, `hard_when` under which condition it is a hard link ("" never).
    """

    id: str
    version: int
    group: Group
    needs: tuple[str, ...]
    weights: tuple[str, ...]
    means: str
    false_positive: str
    hard_when: str
    check: Callable[[Traces], Signal | None]

    @property
    def citation(self) -> str:
        """Who publishes this sign and where it was read, from the indicator table; "" when the table lacks the row."""
        return _citations().get(self.id, "")

    def could_check(self, traces: Traces) -> bool:
        """Whether the record holds the data that this indicator needs."""
        return traces.observed.issuperset(self.needs)


#: All indicators by id, in the order they are registered (by id).
INDICATORS: dict[str, Indicator] = {}


def indicator(
    id: str,
    *,
    version: int,
    group: Group,
    needs: tuple[str, ...],
    weights: tuple[str, ...],
    means: str,
    false_positive: str,
    hard_when: str = "",
) -> Callable[[Callable[[Traces], Signal | None]], Callable[[Traces], Signal | None]]:
    """Register a function under an indicator id.

    Raises:
        ValueError: the id is taken.
    """

    def register(check: Callable[[Traces], Signal | None]) -> Callable[[Traces], Signal | None]:
        if id in INDICATORS:
            raise ValueError(f"indicator {id} is registered twice")
        INDICATORS[id] = Indicator(id, version, group, needs, weights, means, false_positive, hard_when, check)
        return check

    return register


@cache
def _citations() -> dict[str, str]:
    return {row.id: f"{row.named_in}; read in: {row.citation}" for row in load_indicators()}
