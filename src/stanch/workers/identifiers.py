"""The identifiers of an engagement in normal form: equal values have equal text, and placeholders have none.

Exact forms come from `names.identifiers`. What has no exact form (a device fingerprint, a postal address) is only
folded, never guessed at: two spellings of one street stay two values.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from stanch.model import Engagement, Payout, Source, canonical_json, sha256_hex
from stanch.names.identifiers import is_placeholder, normalise
from stanch.names.identifiers.person import normalise_document
from stanch.workers.traces import Identifier, PayoutTrace

#: Longer texts are no identifiers; they come from broken or hostile records.
_LONGEST = 512
_WORD, _DIGIT = re.compile(r"[^\W_]+"), re.compile(r"\d")

#: Addresses behind which nobody in particular stands: private, carrier-grade NAT, link-local, loopback, unique local.
_NOWHERE = tuple(
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.168.0.0/16", "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
    )
)  # fmt: skip


def identifiers_of(engagement: Engagement) -> tuple[Identifier, ...]:
    """All identifiers that could be shared, without repeats, in the order document, payee, device, contact, IP."""
    return tuple(dict.fromkeys(_all(engagement)))


def payouts_of(engagement: Engagement) -> tuple[PayoutTrace, ...]:
    """Where pay goes, without the holders' names. A payout of which no account can be read is left out."""
    return tuple(
        PayoutTrace(item.kind, item.value, payout.since)
        for payout in engagement.payouts
        for item in payee_identifiers(payout)
    )


def payee_identifiers(payout: Payout) -> Iterator[Identifier]:
    """The account, wallet and platform account of one payout, as far as it has them."""
    if value := bank_account(payout.iban):
        yield Identifier("iban", value)
    if value := wallet(payout.wallet):
        yield Identifier("wallet", value)
    if value := folded(payout.account):
        yield Identifier("account", f"{folded(payout.platform) or ''}:{value}")


def normal_form(kind: str, text: str) -> str | None:
    """The normal form of a value of `kind` (see `Identifier`), or None when it is no identifier."""
    return _FORMS[kind](text)


def place_source(engagement: Engagement) -> Source:
    """Where the record stands; for one made in memory, a name and the hash of its content."""
    if engagement.source is not None:
        return engagement.source
    content = {name: getattr(engagement, name) for name in ("id", "name", "employer", "documents", "emails", "phones")}
    return Source("record in memory", engagement.id, sha256_hex(canonical_json(content)))


def bank_account(text: str) -> str | None:
    """An IBAN, or any other account number as capitals and digits: a wrong check digit does not stop two people from
    being paid to it."""
    if not text or len(text) > _LONGEST:
        return None
    return normalise("iban", text) or normalise_document(text, longest=40)


def wallet(text: str) -> str | None:
    """A wallet address in its chain's normal form, or as written when the chain is not known to us."""
    if not text or len(text) > _LONGEST:
        return None
    if known := normalise("wallet", text):
        return known
    text = text.strip()
    return None if len(text) < 12 or " " in text or is_placeholder(text) else text


def folded(text: str) -> str | None:
    """Text compared without case, width and outer spaces; None for a placeholder or fewer than three characters."""
    if not text or len(text) > _LONGEST:
        return None
    text = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return None if len(text) < 3 or is_placeholder(text) else text


def postal(text: str) -> str | None:
    """A postal address as words and numbers; without a number it is a town, which many share."""
    if not text or len(text) > _LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = _WORD.findall(plain)
    return " ".join(words) if len(words) > 1 and _DIGIT.search(plain) else None


@lru_cache(maxsize=1 << 16)
def public_ip(text: str) -> str | None:
    """An IP address that stands for a place on the internet; IPv6 by its /64 network, since hosts change the rest."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if any(address in block for block in _NOWHERE if block.version == address.version):
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))
    return str(address)


def _document(text: str) -> str | None:
    # Also image hashes: up to 512 bits in hexadecimal.
    return normalise_document(text, longest=128) if 0 < len(text) <= _LONGEST else None


def _phone(text: str) -> str | None:
    return normalise("phone", text)


def _email(text: str) -> str | None:
    return normalise("email", text)


_FORMS: dict[str, Callable[[str], str | None]] = {
    "document": _document,
    "iban": bank_account,
    "wallet": wallet,
    "account": folded,
    "device": folded,
    "email": _email,
    "phone": _phone,
    "address": postal,
    "ip": public_ip,
}


def _all(engagement: Engagement) -> Iterator[Identifier]:
    yield from _of("document", engagement.documents)
    for payout in engagement.payouts:
        yield from payee_identifiers(payout)
    # A device signs in a thousand times: fold it once.
    yield from _of(
        "device", tuple(dict.fromkeys((*engagement.devices, *(login.device for login in engagement.logins))))
    )
    yield from _of("email", engagement.emails)
    yield from _of("phone", engagement.phones)
    yield from _of("address", engagement.addresses)
    yield from _of("ip", tuple(dict.fromkeys(login.ip for login in engagement.logins)))


def _of(kind: str, texts: tuple[str, ...]) -> Iterator[Identifier]:
    form = _FORMS[kind]
    for text in texts:
        if text and (value := form(text)) is not None:
            yield Identifier(kind, value)
