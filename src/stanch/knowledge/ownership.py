"""When a party that is not listed counts as owned or controlled by listed ones: one dated row a rule and regime."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources.abc import Traversable

from stanch.knowledge.table import AMOUNT, DATE, FLAG, TEXT, TEXTS, Column, Fact, Kind, Table, one_of, read_table


class Compare(StrEnum):
    """How a share is compared with the threshold."""

    AT_LEAST = "at-least"
    MORE_THAN = "more-than"


class Control(StrEnum):
    """What a source may state that amounts to control."""

    BOARD = "board"
    """The right to appoint or remove a majority of the board."""
    VOTES = "votes"
    """A majority of the voting rights."""
    INFLUENCE = "influence"
    """Dominant influence, or significant influence or control."""
    STATED = "stated"
    """Called control, without saying how."""


class Otherwise(StrEnum):
    """The answer where the test of a rule is not met."""

    NO = "no"
    UNKNOWN = "unknown"
    """The rule leaves it open: somebody has to judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipRule(Fact):
    """One rule of one regime, in force from `starts` until the next row of the regime.

    `lists` names the lists whose entries it looks at; a row without any serves every list that no other row names.
    `threshold` is a percentage. `together` adds up the interests of all listed parties; otherwise each is looked at by
    itself. `below` is the answer for an interest that does not reach the threshold, `control` what counts as control,
    `other_control` the answer for control of another kind.
    """

    regime: str
    lists: tuple[str, ...]
    starts: datetime.date
    threshold: Decimal
    test: Compare
    together: bool
    below: Otherwise
    control: tuple[Control, ...]
    other_control: Otherwise
    rule: str

    @property
    def words(self) -> str:
        """The test in words: "at least 50 %"."""
        return f"{self.test.value.replace('-', ' ')} {self.threshold.normalize():f} %"


_CONTROLS = Kind(f"list of {', '.join(Control)}", one_of(Control).parse, many=True, default=())
_COLUMNS = {
    "regime": Column(TEXT, True),
    "lists": Column(TEXTS),
    "starts": Column(DATE, True),
    "threshold": Column(AMOUNT, True),
    "test": Column(one_of(Compare), True),
    "together": Column(FLAG),
    "below": Column(one_of(Otherwise), True),
    "control": Column(_CONTROLS),
    "other_control": Column(one_of(Otherwise), True),
    "rule": Column(TEXT, True),
}


def read_ownership(folder: Traversable | None = None) -> Table[OwnershipRule]:
    """Read the table from `folder`, by default the packaged one.

    Raises:
        InputError: also for a threshold above 100, a rule after the date of the table, two rules of one regime on one
            day or rules that are not in order, and a list that two regimes name.
    """
    table = read_table("ownership", _COLUMNS, lambda row: OwnershipRule(**row), folder)
    last: dict[str, datetime.date] = {}
    regime_of: dict[str, str] = {}
    for row in table.rows:
        table.check_past(row.id, row.starts)
        if row.threshold > 100:
            raise table.refuse(row.id, f"a threshold of {row.threshold} %", "give a percentage")
        if row.regime in last and row.starts <= last[row.regime]:
            raise table.refuse(row.id, "not later than the rule before it", "sort the rules of a regime by date")
        last[row.regime] = row.starts
        for name in row.lists:
            if regime_of.setdefault(name, row.regime) != row.regime:
                raise table.refuse(row.id, f"the list {name} belongs to {regime_of[name]} too", "keep one")
    return table


ownership_table = cache(read_ownership)


def load_ownership() -> tuple[OwnershipRule, ...]:
    """All rules, by regime and date."""
    return ownership_table().rows


def rules_in_force(day: datetime.date | None = None) -> tuple[OwnershipRule, ...]:
    """The rule of each regime on that day, the latest of each without one. A regime without a rule yet is left out."""
    found: dict[str, OwnershipRule] = {}
    for row in load_ownership():
        if day is None or row.starts <= day:
            found[row.regime] = row
    return tuple(found.values())


def regimes_of(lists: Iterable[str]) -> tuple[str, ...]:
    """The regimes whose rules look at entries of these lists, in the order of the table."""
    names = tuple(lists)
    known = {name: row.regime for row in load_ownership() for name in row.lists}
    rest = next((row.regime for row in load_ownership() if not row.lists), None)
    chosen = {known.get(name, rest) for name in names or ("",)}
    return tuple(dict.fromkeys(row.regime for row in load_ownership() if row.regime in chosen))
