"""Reads a GraphSense TagPack (YAML) into labels."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from stanch.exc import InputError
from stanch.model import Account, Label, check_event_time, now_utc, parse_time
from stanch.sources.base import Record, Rejected, RejectedField
from stanch.sources.chains import account_of
from stanch.sources.raw import RawFile
from stanch.yamlevents import events

MAX_TAGPACK_BYTES = 64 * 1024**2
#: A tag is a mapping in a list in a mapping; its context may nest a little.
MAX_DEPTH = 32

#: TagPack category → ours. Anything else is "other".
CATEGORIES = {
    "exchange": "exchange",
    "mixing_service": "mixer",
    "coinjoin": "mixer",
    "bridge": "bridge",
    "defi_bridge": "bridge",
    "defi_dex": "dex",
    "defi": "defi",
    "defi_lending": "defi",
    "gambling": "gambling",
    "market": "market",
    "payment_processor": "payment",
    "miner": "miner",
    "wallet_service": "wallet-service",
    "hosted_wallet": "wallet-service",
    "black_list": "blocked",
}
#: TagPack abuse type → ours, for tags whose category says nothing better.
ABUSES = {
    "sanction": "sanctioned",
    "service_hack": "theft",
    "ransomware": "ransomware",
    "scam": "scam",
    "phishing": "scam",
    "ponzi_scheme": "scam",
    "pyramid_scheme": "scam",
    "investment_fraud": "scam",
}
#: TagPack confidence id → level in 0..1, as the TagPack tool's own table gives it (in per cent).
CONFIDENCE = {
    "override": 1.0,
    "ownership": 1.0,
    "manual_transaction": 0.9,
    "service_api": 0.7,
    "authority_data": 0.6,
    "trusted_provider": 0.5,
    "service_data": 0.5,
    "forensic": 0.5,
    "untrusted_transaction": 0.4,
    "web_crawl": 0.2,
    "heuristic": 0.1,
    "unknown": 0.05,
}
#: Fields that a tag takes from the head of its pack when it has none of its own.
_INHERITED = ("label", "source", "currency", "network", "category", "abuse", "actor", "confidence", "lastmod")


def read_tagpack(raw: RawFile) -> Iterator[Record[Label] | Rejected]:
    """Yield one label a tag. The locator is the tag's number, from 1.

    Scalars are kept as the text they are written as: an unquoted 0x… address is not read as a number.

    Raises:
        InputError: not YAML, or not a TagPack (a mapping with a list `tags`).
    """
    pack = _load(raw)
    tags = pack.get("tags")
    if not isinstance(tags, list) or not tags:
        raise InputError('is not a TagPack: no list "tags"', file=raw.name, remedy="give a GraphSense TagPack")
    head = {name: pack[name] for name in _INHERITED if isinstance(pack.get(name), str)}
    for number, tag in enumerate(tags, 1):
        locator = f"tag {number}"
        fields = {name: value for name, value in tag.items() if isinstance(value, str)} if isinstance(tag, dict) else {}
        label = label_of_tag({**head, **fields}, raw, locator)
        if isinstance(label, str):
            yield Rejected(locator, None, str(fields)[:4000], label, "correct the tag")
        else:
            yield Record(locator, label)
            if not label.date and (said := fields.get("lastmod") or head.get("lastmod")):
                reason = f"lastmod: no possible date: {said[:40]!r}; the rest of the tag is kept"
                yield RejectedField(locator, None, str(fields)[:4000], reason, "write YYYY-MM-DD")


def label_of_tag(tag: Mapping[str, str], raw: RawFile, locator: str) -> Label | str:
    """The label of one tag with its inherited fields, or the reason why there is none."""
    network = (tag.get("network") or tag.get("currency", "")).strip()
    try:
        chain, address = account_of(network, tag.get("address", ""))
    except ValueError as err:
        return str(err)
    return Label(
        account=Account(chain, address),
        label=" ".join(tag.get("label", "").split())[:200],
        category=category_of(tag),
        source=tag.get("source", ""),
        actor=tag.get("actor", ""),
        date=_day(tag.get("lastmod", "")),
        confidence=CONFIDENCE.get(tag.get("confidence", "")),
        sha256=raw.sha256,
        locator=locator,
    )


def _day(text: str) -> str:
    """The day of a time, or "" when it cannot be one."""
    try:
        check_event_time(parse_time(text), now_utc())
    except ValueError:
        return ""
    return text.strip()[:10]


def category_of(tag: Mapping[str, str]) -> str:
    """Our category for a tag: by what kind of service it is, else by the abuse it is known for, else "other"."""
    return CATEGORIES.get(tag.get("category", "")) or ABUSES.get(tag.get("abuse", ""), "other")


def _load(raw: RawFile) -> dict[str, Any]:
    text = raw.read(MAX_TAGPACK_BYTES).decode(raw.encoding(), errors="replace")
    deque(events(text, raw.name, max_depth=MAX_DEPTH), maxlen=0)
    try:
        # The base loader makes text, lists and mappings only: no tags, no objects, no numbers. Aliases are shared
        # objects, not copies, and nothing here walks deeper than one tag, so nested ones cannot blow up.
        pack = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506
    except (yaml.YAMLError, RecursionError, ValueError) as err:
        line = getattr(getattr(err, "problem_mark", None), "line", None)
        problem = getattr(err, "problem", None) or type(err).__name__
        raise InputError(
            f"is not YAML ({problem})", file=raw.name, line=None if line is None else line + 1, remedy="correct it"
        ) from err
    if not isinstance(pack, dict):
        raise InputError("is not a TagPack: not a mapping", file=raw.name, remedy="give a GraphSense TagPack")
    return pack
