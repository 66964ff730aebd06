"""The vocabulary of stanch: what every other package speaks in. Pure data, no I/O."""

from stanch.model.citation import Citation, Verified
from stanch.model.engagement import Engagement, Login, Payout
from stanch.model.entity import LINK_SCHEMATA, PARTY_SCHEMATA, Entity, EntityBuilder
from stanch.model.evidence import Evidence, Source
from stanch.model.finding import Clear, Finding, Subject
from stanch.model.ids import canonical_json, content_hash, format_decimal, sha256_hex
from stanch.model.money import AmountBand, Money, parse_amount
from stanch.model.times import check_event_time, format_time, now_utc, parse_time, start_of
from stanch.model.transfer import (
    CHAIN_ALIASES,
    LABEL_CATEGORIES,
    NATIVE_ASSET,
    SERVICE_CATEGORIES,
    Account,
    Label,
    Transfer,
)

__all__ = [
    "CHAIN_ALIASES",
    "LABEL_CATEGORIES",
    "LINK_SCHEMATA",
    "NATIVE_ASSET",
    "PARTY_SCHEMATA",
    "SERVICE_CATEGORIES",
    "Account",
    "AmountBand",
    "Citation",
    "Clear",
    "Engagement",
    "Entity",
    "EntityBuilder",
    "Evidence",
    "Finding",
    "Label",
    "Login",
    "Money",
    "Payout",
    "Source",
    "Subject",
    "Transfer",
    "Verified",
    "canonical_json",
    "check_event_time",
    "content_hash",
    "format_decimal",
    "format_time",
    "now_utc",
    "parse_amount",
    "parse_time",
    "sha256_hex",
    "start_of",
]
