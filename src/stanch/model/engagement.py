"""Engagements: a person, or an alias, working for someone; with the traces that work leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from stanch.model.evidence import Source


@dataclass(frozen=True, slots=True)
class Login:
    """One sign-in: when, from which IP address, with which device."""

    time: datetime
    ip: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Payout:
    """Where pay goes: the holder's name and the account, by one of IBAN, wallet (with chain) or platform handle."""

    holder: str = ""
    iban: str = ""
    wallet: str = ""
    chain: str = ""
    platform: str = ""
    account: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Engagement:
    """One person as claimed, at one employer or platform. Everything but `id` is optional; absent means not checked.

    `name`, `nationality` and `birth_date` are carried for the record and the reviewer only; no score may read them.
    `extra` keeps the fields this version does not compute with, so that nothing of the record is lost.
    """

    id: str
    name: str = ""
    employer: str = ""
    role: str = ""
    status: str = ""
    start: datetime | None = None
    country: str = ""
    timezone: str = ""
    nationality: str = ""
    birth_date: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    logins: tuple[Login, ...] = ()
    payouts: tuple[Payout, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    source: Source | None = None
