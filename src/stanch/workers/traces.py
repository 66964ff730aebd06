"""What the score may see of an engagement: traces that work leaves, never who the person is said to be.

Fairness holds by type here: these classes have no field for a name, nationality, birth date or place, gender, or
country, and the indicators receive nothing else. Whatever needs a name (does the payee's name differ, are two records
one person) is worked out in `relations` and enters as yes, no or unclear.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from stanch.model import Account, Evidence, Source


class Relation(StrEnum):
    """The answer to a question that was put outside the score."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class Identifier(NamedTuple):
    """A normalised value that can be shared. `kind` is a row of `weights.WEIGHTS`: document, iban, wallet, account,
    device, email, phone, address, ip. A tuple, because millions of them are hashed."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Place:
    """An engagement, where its record stands, and the number of the person behind it (one person may have several)."""

    engagement_id: str
    source: Source
    person: int


@dataclass(frozen=True, slots=True)
class Link:
    """One identifier that engagements of several people share.

    `places` are all records that carry it, in input order; `people` counts the different people behind them (the same
    person at two employers counts once); `household` is true when they are two people at one postal address.
    """

    identifier: Identifier
    places: tuple[Place, ...]
    people: int
    household: bool


@dataclass(frozen=True, slots=True)
class ConfirmedLink:
    """An identifier that also belongs to a confirmed case; `people` as in `Link`, without the case itself."""

    identifier: Identifier
    case: str
    source: Source
    people: int


@dataclass(frozen=True, slots=True)
class TaintedWallet:
    """A payout account that stolen value reached, as tracing found it.

    `share` (0..1) is the stolen part of all that the account received and `amount` that part in whole units of
    `asset`, both under haircut; `low` and `high` are the amounts over all policies. `hops` counts transfers from the
    theft (0: the account is itself one of the theft's). `through_service` is true when every way there passes an
    exchange, mixer or other pooled service.
    """

    account: Account
    theft_id: str
    share: float
    amount: Decimal
    asset: str
    hops: int
    low: Decimal
    high: Decimal
    evidence: tuple[Evidence, ...] = ()
    through_service: bool = False


@dataclass(frozen=True, slots=True)
class PayoutTrace:
    """One payout destination without its holder: what sort of account it is ("iban", "wallet", "account"), and since
    when it is used."""

    kind: str
    value: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Traces:
    """All that an indicator receives about one engagement.

    `observed` names the kinds of data that the record holds (documents, contacts, devices, ips, payouts, holders,
    payout-times, traced-wallets): an indicator whose data is not among them could not be checked.
    """

    place: Place
    observed: frozenset[str]
    links: tuple[Link, ...] = ()
    confirmed: tuple[ConfirmedLink, ...] = ()
    payouts: tuple[PayoutTrace, ...] = ()
    payee_differs: Relation | None = None
    tainted: tuple[TaintedWallet, ...] = ()
