"""Identifiers in normal form: equal identifiers have equal text, and what is no identifier has none.

Pure functions. `normalise` answers "which exact identifier is this?" for screening and vetting; `normalise_chain` and
`normalise_address` are what every reader of ledgers and labels uses before it lets an address in.
"""

from __future__ import annotations

from collections.abc import Callable

from stanch.names.identifiers.chain import (
    checksum_ok,
    checksums_ok,
    guess_chain,
    normalise_address,
    normalise_chain,
    split_account,
)
from stanch.names.identifiers.money import normalise_bic, normalise_iban
from stanch.names.identifiers.person import (
    is_placeholder,
    normalise_document,
    normalise_email,
    normalise_imo,
    normalise_mmsi,
    normalise_phone,
)

__all__ = [
    "KINDS",
    "checksum_ok",
    "checksums_ok",
    "guess_chain",
    "is_placeholder",
    "normalise",
    "normalise_address",
    "normalise_chain",
    "read_account",
    "split_account",
]


def read_account(text: str, chain: str | None = None) -> tuple[str, str]:
    """Chain and address, both in normal form, of "ADDRESS" or "CHAIN:ADDRESS"; `chain` serves where none is written.
    On a bank's ledger (`chain` is ``bank:…``) a colon is part of the account.

    Raises:
        ValueError: the chain is unknown or cannot be told from the address, or the address is not one of that chain.
    """
    written, address = (None, text) if chain is not None and chain.startswith("bank:") else split_account(text)
    if written is None and chain is None:
        written = guess_chain(address)
        if written is None:
            raise ValueError(f"unknown address format: {text.strip()[:60]!r}")
    known = normalise_chain(written if written is not None else chain or "")
    return known, normalise_address(known, address)


def _wallet(text: str) -> str | None:
    try:
        return read_account(text)[1]
    except ValueError:
        return None


#: Kind → function that gives the normal form or None.
KINDS: dict[str, Callable[[str], str | None]] = {
    "passport": normalise_document,
    "national-id": normalise_document,
    "imo": normalise_imo,
    "mmsi": normalise_mmsi,
    "bic": normalise_bic,
    "iban": normalise_iban,
    "phone": normalise_phone,
    "email": normalise_email,
    "wallet": _wallet,
}


def normalise(kind: str, text: str) -> str | None:
    """The normal form of an identifier of `kind` (a key of KINDS), or None when `text` is not one: wrong shape, wrong
    check digit, or a placeholder such as "N/A" or "123456789". Texts longer than 512 characters are never identifiers.

    A wallet's normal form is its address without the chain: one EVM address belongs to one holder on every EVM chain.

    Raises:
        KeyError: an unknown kind (an error of the caller, not of the data).
    """
    return KINDS[kind](text) if len(text) <= 512 else None
