"""One cell of a ledger at a time: the exact reading that the fast path must agree with, and the reasons for refusal."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from stanch.model import CHAIN_ALIASES, NATIVE_ASSET, check_event_time, parse_amount, parse_time
from stanch.names.identifiers import normalise_address, normalise_chain

#: What to do about a bad cell, by field.
REMEDIES = {
    "chain": "use a CAIP-2 id (eip155:1), a usual name (eth, btc, tron) or bank:ID",
    "time": "write ISO 8601 (2022-03-23T10:00:00Z) or Unix seconds",
    "tx": "give the transaction's hash or reference",
    "index": "write a whole number from 0",
    "sender": "check the address and its chain",
    "receiver": "check the address and its chain",
    "asset": "use the native unit (ETH), a token contract, a CAIP-19 id or an ISO 4217 code",
    "amount": "write plain digits with a point (1000.5), no thousands separator, not negative",
    "usd": "write plain digits with a point (1000.5), no thousands separator, not negative",
}
#: The namespace that CAIP-19 uses for tokens, by the chain's namespace.
_TOKENS = {"eip155": "erc20", "tron": "trc20", "solana": "token"}
_CAIP19 = re.compile(r"([-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,64})/([-a-z0-9]{3,8}):([-.%a-zA-Z0-9]{1,128})")
_WORD = re.compile(r"[^\s/:,;\"'<>|\\\ufffd]{1,32}")
#: Addresses by which exports mean the chain's own unit.
_NATIVE_STAND_INS = {"0x" + "0" * 40, "0x" + "e" * 40}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_time(text: str, now: datetime) -> datetime:
    """The time of an event: ISO 8601, or Unix seconds (9 or 10 digits, a fraction allowed) or milliseconds (12, 13).

    Raises:
        ValueError: neither, before 1900, or after `now`.
    """
    text = text.strip()
    if re.fullmatch(r"[0-9]{9,10}(\.[0-9]{1,9})?", text):
        seconds, _, fraction = text.partition(".")
        moment = _EPOCH + timedelta(seconds=int(seconds), microseconds=int(fraction[:6].ljust(6, "0")))
    elif re.fullmatch(r"[0-9]{12,13}", text):
        moment = _EPOCH + timedelta(milliseconds=int(text))
    else:
        # PostgreSQL prints the hour of the offset alone.
        text = re.sub(r"(:[0-9]{2}(?:\.[0-9]+)?[+-][0-9]{2})$", r"\1:00", text)
        moment = parse_time(text)
    return check_event_time(moment, now)


def read_amount(text: str) -> str:
    """An amount as exact decimal text: as written, but without sign or exponent, and with a digit before the point.

    Raises:
        ValueError: empty, negative, or not a plain decimal number.
    """
    text = text.strip()
    if not text:
        raise ValueError("no amount")
    amount = parse_amount(text)
    if amount.is_signed() and amount != 0:
        raise ValueError(f"the amount is negative: {text[:40]}")
    text = text.lstrip("+-")
    if "e" in text.lower():
        text = format(abs(amount), "f")
    text = text.removesuffix(".")
    return "0" + text if text.startswith(".") else text


def read_tx(text: str) -> str:
    """A transaction id: hex hashes in lower case with 0x, others as written with single spaces.

    Raises:
        ValueError: empty, longer than 256 characters, or with control characters.
    """
    text = " ".join(text.split())
    if not text:
        raise ValueError("no transaction id")
    if re.fullmatch(r"(?:0[xX]|\\x)[0-9a-fA-F]+", text):
        text = "0x" + text[2:].lower()
    if len(text) > 256 or not text.isprintable() or "\ufffd" in text:
        raise ValueError(f"not a transaction id: {text[:40]!r}")
    return text


def read_index(text: str) -> int:
    """The place of a movement in its transaction.

    Raises:
        ValueError: not a whole number from 0 to 10^18.
    """
    text = text.strip()
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise ValueError(f"not a whole number from 0: {text[:40]!r}")
    return int(text)


def read_asset(chain: str, text: str) -> str:
    """The id of an asset on `chain`: the native unit ("ETH"), a token as CAIP-19 from its contract, or a word as
    declared in capitals (an ISO 4217 code, a ticker): the word names an asset only together with the chain.

    Empty text is the chain's native unit.

    Raises:
        ValueError: the chain has no native unit, a contract is mistyped, or the asset lives on another chain.
    """
    text = text.strip()
    native = NATIVE_ASSET.get(chain)
    if not text:
        if native is None:
            raise ValueError(f"no asset given, and {chain} has no native unit")
        return native
    if (match := _CAIP19.fullmatch(text)) is not None:
        return _caip19(chain, *match.groups())
    namespace = chain.partition(":")[0]
    if namespace in _TOKENS and _looks_like_contract(namespace, text):
        address = normalise_address(chain, text)
        if address in _NATIVE_STAND_INS and native is not None:
            return native
        return f"{chain}/{_TOKENS[namespace]}:{address}"
    if not _WORD.fullmatch(text) or not text.isprintable():
        raise ValueError(f"not an asset: {text[:60]!r}")
    return text.upper()


def _caip19(chain: str, on: str, namespace: str, reference: str) -> str:
    known = CHAIN_ALIASES.get(on, on)
    if known != chain:
        raise ValueError(f"an asset of {known}, but the row is on {chain}")
    if namespace == "slip44" and chain in NATIVE_ASSET:
        return NATIVE_ASSET[chain]
    if namespace == _TOKENS.get(chain.partition(":")[0]):
        reference = normalise_address(chain, reference)
    return f"{chain}/{namespace}:{reference}"


def _looks_like_contract(namespace: str, text: str) -> bool:
    if namespace == "eip155":
        return text[:2].lower() == "0x" or text.startswith("\\x")
    return len(text) >= 32


def read_chain(text: str) -> str:
    """`normalise_chain`, with its own words for an empty cell.

    Raises:
        ValueError: empty or unknown.
    """
    if not text.strip():
        raise ValueError("no chain")
    return normalise_chain(text)
