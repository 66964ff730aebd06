"""The documented shape of an engagement record. The JSON Schema is made from the types that check the records."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

Texts = str | int | list[str | int] | None


class LoginShape(Struct):
    """One sign-in."""

    time: Annotated[str | int, Meta(description="ISO 8601, or Unix seconds; UTC when no offset is given.")]
    ip: Annotated[str | None, Meta(description="IPv4 or IPv6 address.")] = None
    device: Annotated[str | None, Meta(description="Device fingerprint or id, as your platform names it.")] = None


class PayoutShape(Struct):
    """One place where pay goes."""

    holder: Annotated[str | None, Meta(description="Name of the account's holder.")] = None
    iban: str | None = None
    wallet: Annotated[str | None, Meta(description="Wallet address, or CHAIN:ADDRESS.")] = None
    chain: Annotated[str | None, Meta(description="CAIP-2 id (eip155:1) or usual name (eth, btc, tron).")] = None
    platform: Annotated[str | None, Meta(description="Payment platform, for an account on it.")] = None
    account: Annotated[str | int | None, Meta(description="Account or handle at the bank or platform.")] = None
    since: Annotated[str | int | None, Meta(description="When pay began to go there.")] = None


class EngagementShape(Struct):
    """One person as claimed, at one employer or platform. All fields may be absent: absent means not checked. Keys that
    are not listed are kept as they are."""

    id: Annotated[str | int | None, Meta(description="Your id of the engagement; row-N when absent.")] = None
    name: str | None = None
    employer: str | None = None
    role: str | None = None
    status: Annotated[str | None, Meta(description="applicant, contractor, employee, …")] = None
    start: Annotated[str | int | None, Meta(description="First day, ISO 8601.")] = None
    country: Annotated[str | None, Meta(description="Where the person says they work.")] = None
    timezone: Annotated[str | None, Meta(description="IANA name, as claimed.")] = None
    nationality: Annotated[str | None, Meta(description="For the record only: no score reads it.")] = None
    birth_date: Annotated[str | int | None, Meta(description="For the record only: no score reads it.")] = None
    emails: Annotated[Texts, Meta(description="Also as `email`.")] = None
    phones: Annotated[Texts, Meta(description="Also as `phone`.")] = None
    addresses: Annotated[Texts, Meta(description="Postal addresses. Also as `address`.")] = None
    documents: Annotated[Texts, Meta(description="Document numbers, or hashes of their images.")] = None
    devices: Annotated[Texts, Meta(description="Device ids. Also as `device`.")] = None
    handles: Annotated[Texts, Meta(description="Accounts elsewhere (code hosting, chat, freelance sites).")] = None
    logins: Annotated[list[LoginShape] | LoginShape | None, Meta(description="Sign-ins.")] = None
    payouts: Annotated[
        list[PayoutShape] | PayoutShape | None, Meta(description="Where pay goes. Also as `payout`.")
    ] = None


EXAMPLE: dict[str, Any] = {
    "id": "c-1001",
    "name": "Jan Example",
    "employer": "Example GmbH",
    "role": "full-stack developer",
    "status": "contractor",
    "start": "2025-03-01",
    "country": "PL",
    "timezone": "Europe/Warsaw",
    "emails": ["jan.example@example.com"],
    "phones": ["+48 22 123 45 67"],
    "addresses": ["Example Street 1, 00-001 Warszawa"],
    "documents": ["EX1234567"],
    "devices": ["fp-2f9a"],
    "handles": ["code.example/jan-example"],
    "logins": [{"time": "2025-03-03T09:12:00Z", "ip": "198.51.100.7", "device": "fp-2f9a"}],
    "payouts": [{"holder": "Jan Example", "iban": "PL61109010140000071219812874", "since": "2025-03-31"}],
    "cv_text": "Kept as it is: fields that are not in the schema go to `extra`.",
}


def _schema() -> dict[str, Any]:
    (_, parts) = msgspec.json.schema_components((EngagementShape,), ref_template="#/$defs/{name}")
    top = dict(parts.pop("EngagementShape"))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **top,
        "title": "Engagement",
        "description": " ".join(str(top["description"]).split()),
        "examples": [EXAMPLE],
        "$defs": parts,
    }


#: JSON Schema (2020-12) of one line of an engagements file.
ENGAGEMENT_SCHEMA: dict[str, Any] = _schema()
