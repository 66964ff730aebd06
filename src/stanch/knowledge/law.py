"""The law: resolutions, their provisions, other instruments, and which provisions stand behind a claim."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any

from stanch.knowledge.lookup import find
from stanch.knowledge.table import (
    DATE,
    FLAG,
    INTEGER,
    TEXT,
    TEXTS,
    YES_NO_UNSAID,
    Column,
    Fact,
    Table,
    one_of,
    read_table,
)
from stanch.model import PARTY_SCHEMATA


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution(Fact):
    """A resolution of the UN Security Council; `id` is its number.

    `sanctions_round` is its place in the count of sanctions rounds, None where that is disputed.
    """

    adopted: datetime.date
    trigger: str
    sanctions_round: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision(Fact):
    """What one paragraph obliges whom to do, as a gist in our own words.

    `starts` is the first day it counts. `deadline` is the last day to fulfil it where that is a date; `deadline_rule`
    has it in words. `binding` is False for a call, None where the table does not say. `supersedes` names rules it goes
    beyond, which is not repeal; `extends` rules whose scope it widens.
    """

    resolution: str
    paragraph: str
    topic: str
    actor: str
    duty: str
    starts: datetime.date
    deadline: datetime.date | None
    deadline_rule: str
    notify_by: datetime.date | None
    baseline_date: datetime.date | None
    exceptions: str
    binding: bool | None
    hs_chapters: tuple[str, ...]
    cap: tuple[str, ...]
    test: str
    cyber_use: str
    supersedes: tuple[str, ...]
    superseded_by: tuple[str, ...]
    extends: tuple[str, ...]
    extended_by: tuple[str, ...]


class InstrumentKind(StrEnum):
    """Who acted, and how."""

    UN_RESOLUTION = "un-resolution"
    UN_VETO = "un-veto"
    MONITORING_TEAM = "monitoring-team"
    NATIONAL = "national"
    JOINT = "joint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument(Fact):
    """Another UN decision, or a law, order, listing or advisory of states. `doubtful`: rests on a weak source."""

    kind: InstrumentKind
    issuers: tuple[str, ...]
    date: datetime.date
    what: str
    doubtful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis(Fact):
    """One provision behind a claim: why it bears on it, and what must hold besides.

    `provision` is an id of the provisions, or of an instrument for the law of a state; "" where the tables have nothing
    on the claim. `schema` restricts the row to subjects of that
    FollowTheMoney schema, "" is any.
    """

    claim: str
    provision: str
    schema: str
    why: str
    condition: str


_RESOLUTION = {"adopted": Column(DATE, True), "trigger": Column(TEXT, True), "sanctions_round": Column(INTEGER)}
_LINKS = ("supersedes", "superseded_by", "extends", "extended_by")
_PROVISION = {
    **{name: Column(TEXT, True) for name in ("resolution", "paragraph", "topic", "actor", "duty")},
    "starts": Column(DATE),
    "deadline": Column(DATE),
    "deadline_rule": Column(TEXT),
    "notify_by": Column(DATE),
    "baseline_date": Column(DATE),
    "exceptions": Column(TEXT),
    "binding": Column(YES_NO_UNSAID),
    "hs_chapters": Column(TEXTS),
    "cap": Column(TEXTS),
    "test": Column(TEXT),
    "cyber_use": Column(TEXT),
    **{name: Column(TEXTS) for name in _LINKS},
}
_INSTRUMENT = {
    "kind": Column(one_of(InstrumentKind), True),
    "issuers": Column(TEXTS, True),
    "date": Column(DATE, True),
    "what": Column(TEXT, True),
    "doubtful": Column(FLAG),
}
_BASIS = {
    "claim": Column(TEXT, True),
    "provision": Column(TEXT),
    "schema": Column(TEXT),
    "why": Column(TEXT, True),
    "condition": Column(TEXT),
}


def read_resolutions(folder: Traversable | None = None) -> Table[Resolution]:
    """Read the table from `folder`, by default the packaged one."""
    table = read_table("resolutions", _RESOLUTION, lambda row: Resolution(**row), folder)
    for row in table.rows:
        table.check_past(row.id, row.adopted)
    return table


def read_provisions(folder: Traversable | None = None) -> Table[Provision]:
    """Read the table, and the resolutions its rows belong to.

    Raises:
        InputError: also for an unknown resolution, a start or deadline before adoption, or a link that leads nowhere.
    """
    resolutions = read_resolutions(folder) if folder is not None else resolutions_table()
    adopted = {row.id: row.adopted for row in resolutions.rows}

    def build(row: dict[str, Any]) -> Provision:
        # An unknown resolution is refused below, with its line; the placeholder never leaves this function.
        return Provision(**{**row, "starts": row["starts"] or adopted.get(row["resolution"], datetime.date.max)})

    table = read_table("provisions", _PROVISION, build, folder)
    for row in table.rows:
        if row.resolution not in adopted:
            raise table.refuse(row.id, f"unknown resolution {row.resolution}", "add it to resolutions.yml")
        for day in (row.starts, row.deadline, row.notify_by):
            if day is not None and day < adopted[row.resolution]:
                raise table.refuse(row.id, f"{day} is before the adoption of {row.resolution}", "correct the date")
        for name in _LINKS:
            for other in getattr(row, name):
                if other not in table.lines or other == row.id:
                    raise table.refuse(row.id, f"{name} names {other}, which is no other provision", "correct the id")
    return table


def read_instruments(folder: Traversable | None = None) -> Table[Instrument]:
    """Read the table from `folder`, by default the packaged one."""
    table = read_table("instruments", _INSTRUMENT, lambda row: Instrument(**row), folder)
    for row in table.rows:
        table.check_past(row.id, row.date)
    return table


def read_legal_basis(folder: Traversable | None = None) -> Table[Basis]:
    """Read the table, and the provisions and instruments its rows name.

    Raises:
        InputError: also for a provision that does not exist or stands twice under a claim, or an unknown schema.
    """
    provisions = read_provisions(folder) if folder is not None else provisions_table()
    instruments = read_instruments(folder) if folder is not None else instruments_table()
    laws = provisions.lines.keys() | instruments.lines.keys()
    table = read_table("legal_basis", _BASIS, lambda row: Basis(**row), folder)
    seen: set[tuple[str, str]] = set()
    for row in table.rows:
        if row.provision and row.provision not in laws:
            raise table.refuse(row.id, f"unknown provision {row.provision}", "add it to provisions.yml or correct it")
        if row.schema and row.schema not in PARTY_SCHEMATA:
            raise table.refuse(
                row.id, f"unknown schema {row.schema}", f"use one of {', '.join(sorted(PARTY_SCHEMATA))}"
            )
        if (row.claim, row.provision) in seen:
            raise table.refuse(row.id, "the claim has this provision already", "keep one of the rows")
        seen.add((row.claim, row.provision))
    return table


resolutions_table = cache(read_resolutions)
provisions_table = cache(read_provisions)
instruments_table = cache(read_instruments)
legal_basis_table = cache(read_legal_basis)


def load_resolutions() -> tuple[Resolution, ...]:
    """All resolutions, in order of number."""
    return resolutions_table().rows


def load_provisions() -> tuple[Provision, ...]:
    """All provisions, in order of resolution and paragraph."""
    return provisions_table().rows


def load_instruments() -> tuple[Instrument, ...]:
    """Other UN decisions, then measures of states."""
    return instruments_table().rows


def load_legal_basis() -> tuple[Basis, ...]:
    """Which provision stands behind which claim."""
    return legal_basis_table().rows


def provision(provision_id: str) -> Provision:
    """One provision by its id ("2397-8a").

    Raises:
        NotFoundError: no such provision; names the nearest ids.
    """
    return find(provisions_table(), provision_id, "provision")


def instrument(instrument_id: str) -> Instrument:
    """One instrument by its id ("US-EO13722").

    Raises:
        NotFoundError: no such instrument; names the nearest ids.
    """
    return find(instruments_table(), instrument_id, "instrument")
