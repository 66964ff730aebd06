"""Reads labels: address, what it is said to be, and who says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from stanch.model import LABEL_CATEGORIES, Account, Label, check_event_time, now_utc, parse_time
from stanch.names.identifiers import normalise_chain, read_account
from stanch.sources.base import Record, Rejected
from stanch.sources.columns import USUAL, Columns
from stanch.sources.raw import RawFile
from stanch.sources.records import Fields, read_fields
from stanch.sources.rows import reject, reject_field

ALIASES: Mapping[str, Sequence[str]] = {
    "chain": ("chain", "network", "blockchain"),
    "address": ("address", "account", "wallet"),
    "label": ("label", "name_tag", "name", "tag"),
    "category": ("category", "type"),
    "source": ("source", "publisher", "url"),
    "actor": ("actor", "entity", "owner"),
    "case": ("case", "theft"),
    "role": ("role",),
    "date": ("date", "lastmod", "since"),
    "confidence": ("confidence",),
}
REQUIRED = ("address", "label", "category", "source")

#: Words of other vocabularies (TagPacks, explorers, sanctions lists) → our category. Compared by `_word`.
CATEGORY_WORDS: Mapping[str, str] = {
    **{category: category for category in LABEL_CATEGORIES},
    **dict.fromkeys(("cex", "centralized-exchange", "centralised-exchange", "deposit", "exchange-deposit"), "exchange"),
    **dict.fromkeys(("mixing-service", "mixing", "tumbler", "coinjoin", "tornado-cash"), "mixer"),
    **dict.fromkeys(("defi-bridge", "cross-chain-bridge"), "bridge"),
    **dict.fromkeys(("defi-dex", "decentralized-exchange", "decentralised-exchange", "swap"), "dex"),
    **dict.fromkeys(("defi-lending", "lending"), "defi"),
    **dict.fromkeys(("casino", "gaming"), "gambling"),
    **dict.fromkeys(("marketplace", "darknet-market", "darkweb-market", "shop"), "market"),
    **dict.fromkeys(("payment-processor", "payments", "merchant"), "payment"),
    **dict.fromkeys(("token-issuer", "stablecoin-issuer"), "issuer"),
    **dict.fromkeys(("mining", "mining-pool", "pool"), "miner"),
    **dict.fromkeys(("hosted-wallet", "custodian", "wallet"), "wallet-service"),
    **dict.fromkeys(("sanction", "sanctions", "ofac", "sdn"), "sanctioned"),
    **dict.fromkeys(("hack", "hacker", "service-hack", "exploit", "heist", "thief"), "theft"),
    **dict.fromkeys(("launderer", "money-laundering"), "laundering"),
    **dict.fromkeys(("black-list", "blacklist", "blacklisted", "frozen"), "blocked"),
    **dict.fromkeys(("phishing", "fraud", "ponzi-scheme", "investment-fraud"), "scam"),
    **dict.fromkeys(("user", "organization", "organisation", "donation", "service", "unknown"), "other"),
}


def read_labels(raw: RawFile, columns: Columns = USUAL) -> Iterator[Record[Label] | Rejected]:
    """Read labels in file order. The chain may be left out where the address, or a constant of `columns`, tells it.

    A bad date or confidence is dropped with a `RejectedField`; anything else bad costs the row.

    Raises:
        InputError: not CSV or JSON lines, or a needed column is missing.
    """
    constant = columns.constants.get("chain", "")
    for fields in read_fields(raw, ALIASES, columns.names, REQUIRED):
        if isinstance(fields, Rejected):
            yield fields
            continue
        try:
            account, category, texts = _account(fields, constant), _category(fields), _texts(fields)
        except ValueError as err:
            reason, _, remedy = str(err).partition("\n")
            yield reject(fields.line, fields.raw, reason, remedy or "correct the row")
            continue
        date, confidence, dropped = _optional(fields)
        locator = f"line {fields.line}"
        yield Record(
            locator,
            Label(
                account=account,
                label=texts["label"],
                category=category,
                source=texts["source"],
                actor=texts["actor"],
                case=texts["case"],
                role=texts["role"],
                date=date,
                confidence=confidence,
                sha256=raw.sha256,
                locator=locator,
            ),
        )
        yield from dropped


def _texts(fields: Fields) -> dict[str, str]:
    texts = {name: fields.text(name) for name in ("label", "source", "actor", "case", "role")}
    for name in ("label", "source"):
        if not texts[name]:
            raise ValueError(f"{name}: empty\nsay what the address is, and who says so")
    return texts


def _account(fields: Fields, constant: str) -> Account:
    """The account. Reasons carry their remedy after a line feed."""
    chain, address = fields.text("chain") or constant, fields.text("address")
    if not address:
        raise ValueError("address: empty\ngive the address")
    try:
        return Account(*read_account(address, normalise_chain(chain) if chain else None))
    except ValueError as err:
        place = "chain" if str(err).startswith("unknown chain") else "address"
        raise ValueError(f"{place}: {err}\ncheck the address, and name its chain (eip155:1, btc, tron)") from None


def _category(fields: Fields) -> str:
    text = fields.text("category")
    category = CATEGORY_WORDS.get(_word(text))
    if category is None:
        raise ValueError(f"category: unknown {text[:40]!r}\nuse one of {', '.join(LABEL_CATEGORIES)}")
    return category


def _word(text: str) -> str:
    return re.sub(r"[\s_-]+", "-", text.strip().lower())


def _optional(fields: Fields) -> tuple[str, float | None, list[Rejected]]:
    """Date and confidence, and what had to be dropped of them."""
    dropped: list[Rejected] = []
    date, confidence = "", None
    try:
        if text := fields.text("date"):
            check_event_time(parse_time(text), now_utc())
            date = text[:10]
    except (ValueError, OverflowError) as err:
        dropped.append(reject_field(fields.line, fields.raw, f"date: {err}", "write YYYY-MM-DD"))
    try:
        if text := fields.text("confidence"):
            confidence = float(text)
            if not 0.0 <= confidence <= 1.0:
                raise ValueError(f"{text[:20]} is not between 0 and 1")
    except ValueError as err:
        confidence = None
        dropped.append(reject_field(fields.line, fields.raw, f"confidence: {err}", "write a number from 0 to 1"))
    return date, confidence, dropped
