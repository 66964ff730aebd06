"""The theft registry: thefts attributed to the DPRK, with who says so and how far that was checked."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any

from stanch.knowledge.lookup import find
from stanch.knowledge.table import AMOUNT, FLAG, TEXT, TEXTS, Column, Fact, Kind, Table, one_of, parse_day, read_table
from stanch.model import Money


class AttributionLevel(StrEnum):
    """Who attributes a theft to the DPRK."""

    GOVERNMENT = "A"
    """A court or a government."""
    JOINT = "B"
    """The UN, the MSMT, or several parties."""
    VENDOR = "C"
    ANALYST = "D"
    DISPUTED = "X"
    """Somebody with standing says it was not the DPRK."""
    DOUBTFUL = "?"
    """The attribution, or the event itself, was not confirmed."""


class DateBasis(StrEnum):
    """What happened on the date of a row."""

    THEFT = "theft"
    DISCLOSURE = "disclosure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Theft(Fact):
    """One theft. `verified` speaks of the incident and its attribution, not of the amount.

    `date` is the first day it can be and `date_to` the last: they differ where only the month is known. `amount` is USD
    at the time, one figure of a range that `uncertainty` gives with the dissent. `claimed_level` is the level that a
    doubtful attribution would have if confirmed. `doubtful`: no second source, for the row or a part of it.
    """

    date: datetime.date
    date_to: datetime.date
    date_basis: DateBasis
    date_note: str
    victim: str
    victim_type: str
    country: str
    chains: tuple[str, ...]
    amount: Money
    assets: str
    attribution_level: AttributionLevel
    claimed_level: AttributionLevel | None
    attributed_by: str
    vector: str
    addresses: tuple[str, ...]
    transactions: tuple[str, ...]
    address_note: str
    laundering: str
    uncertainty: str
    doubtful: bool


def _day_or_month(text: str) -> tuple[datetime.date, datetime.date]:
    """First and last day of a date as YYYY-MM-DD or YYYY-MM."""
    if len(text) != 7:
        return parse_day(text), parse_day(text)
    first = parse_day(f"{text}-01")
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


_COLUMNS = {
    "date": Column(Kind("date or month", _day_or_month), True),
    "date_basis": Column(one_of(DateBasis), True),
    "date_note": Column(TEXT),
    "victim": Column(TEXT, True),
    "victim_type": Column(TEXT),
    "country": Column(TEXT),
    "chains": Column(TEXTS),
    "amount_usd": Column(AMOUNT, True),
    "assets": Column(TEXT),
    "attribution_level": Column(one_of(AttributionLevel), True),
    "claimed_level": Column(one_of(AttributionLevel)),
    "attributed_by": Column(TEXT, True),
    "vector": Column(TEXT),
    "addresses": Column(TEXTS),
    "transactions": Column(TEXTS),
    "address_note": Column(TEXT),
    "laundering": Column(TEXT),
    "uncertainty": Column(TEXT),
    "doubtful": Column(FLAG),
}


def read_thefts(folder: Traversable | None = None) -> Table[Theft]:
    """Read the registry from `folder`, by default the packaged one.

    Raises:
        InputError: also for a theft after the date of the table, or a doubtful attribution without the flag.
    """

    def build(row: dict[str, Any]) -> Theft:
        first, last = row.pop("date")
        amount = Money(row.pop("amount_usd"), "USD")
        return Theft(**row, date=first, date_to=last, amount=amount)

    table = read_table("thefts", _COLUMNS, build, folder)
    for row in table.rows:
        table.check_past(row.id, row.date)
        if row.attribution_level is AttributionLevel.DOUBTFUL and not row.doubtful:
            raise table.refuse(row.id, "level ? without the flag", "add doubtful: yes")
    return table


thefts_table = cache(read_thefts)


def load_thefts() -> tuple[Theft, ...]:
    """All thefts of the registry, in file order, which is nearly that of their dates."""
    return thefts_table().rows


def theft(theft_id: str) -> Theft:
    """One theft by its registry id ("ronin-2022").

    Raises:
        NotFoundError: no such theft; names the nearest ids.
    """
    return find(thefts_table(), theft_id, "theft")
