"""How stolen assets are laundered: phases with their days, a vendor's windows, and figures of behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources.abc import Traversable

from stanch.knowledge.table import INTEGER, TEXT, TEXTS, Column, Fact, Table, one_of, read_table


class LaunderingKind(StrEnum):
    """What a row of the table is."""

    PHASE = "phase"
    WINDOW = "window"
    MEASURE = "measure"
    ERA = "era"


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunderingPhase(Fact):
    """One phase, window, measure or earlier era.

    `day_from` and `day_to` count days after the theft (negative is before), None where no source gives them.
    """

    kind: LaunderingKind
    title: str
    day_from: int | None
    day_to: int | None
    what: str
    services: tuple[str, ...]
    examples: tuple[str, ...]


_COLUMNS = {
    "kind": Column(one_of(LaunderingKind), True),
    "title": Column(TEXT, True),
    "day_from": Column(INTEGER),
    "day_to": Column(INTEGER),
    "what": Column(TEXT, True),
    "services": Column(TEXTS),
    "examples": Column(TEXTS),
}


def read_laundering(folder: Traversable | None = None) -> Table[LaunderingPhase]:
    """Read the table from `folder`, by default the packaged one.

    Raises:
        InputError: also for days given by halves or out of order.
    """
    table = read_table("laundering", _COLUMNS, lambda row: LaunderingPhase(**row), folder)
    for row in table.rows:
        if (row.day_from is None) != (row.day_to is None):
            raise table.refuse(row.id, "only one of day_from and day_to", "give both or none")
        if row.day_from is not None and row.day_to is not None and row.day_from > row.day_to:
            raise table.refuse(row.id, f"day {row.day_from} to {row.day_to}", "put the earlier day first")
    return table


laundering_table = cache(read_laundering)


def load_laundering() -> tuple[LaunderingPhase, ...]:
    """Phases in order, then windows, measures and eras."""
    return laundering_table().rows
