"""Chains and the addresses on them: one normal form each, checksums verified."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stanch.model import CHAIN_ALIASES
from stanch.names.identifiers import base58, bech32
from stanch.names.identifiers.keccak import keccak256, keccak256_many
from stanch.names.identifiers.money import normalise_iban

ETHEREUM, BITCOIN = CHAIN_ALIASES["eth"], CHAIN_ALIASES["btc"]
LITECOIN, BITCOIN_CASH = CHAIN_ALIASES["ltc"], CHAIN_ALIASES["bch"]
TRON, SOLANA = CHAIN_ALIASES["tron"], CHAIN_ALIASES["solana"]

#: CAIP-2, and the longest and widest address CAIP-10 allows.
_CAIP2 = re.compile(r"[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}")
_CAIP10_ADDRESS = re.compile(r"[-.%a-zA-Z0-9]{1,128}")
_BANK = re.compile(r"bank:[-._a-zA-Z0-9]{1,64}")
_EVM = re.compile(r"(?:0[xX]|\\x)[0-9a-fA-F]{40}")
_BASE58 = "[1-9A-HJ-NP-Za-km-z]"
#: Rootstock main and test net write the chain number into the checksum (ERC-1191).
_ERC1191 = {"eip155:30": "300x", "eip155:31": "310x"}


def normalise_chain(text: str) -> str:
    """The CAIP-2 id of a chain given as one ("eip155:1"), by an everyday name ("ETH"), as the number of an EVM chain
    ("56"), or ``bank:ID``.

    Raises:
        ValueError: none of these.
    """
    text = text.strip()
    if (known := CHAIN_ALIASES.get(text.lower())) is not None:
        return known
    if _BANK.fullmatch(text) or (_CAIP2.fullmatch(text) and not text.startswith("bank:")):
        return text
    if re.fullmatch(r"[1-9][0-9]{0,9}", text):
        return f"eip155:{text}"
    raise ValueError(f"unknown chain {text[:40]!r}")


def normalise_address(chain: str, text: str) -> str:
    """The one form in which an address of `chain` (as `normalise_chain` gives it) is kept and compared.

    EVM: ``0x`` and 40 lower-case hex digits; ``\\x…`` as Dune prints it is read; a mixed-case address must have the
    checksum of EIP-55. Bitcoin: Base58Check as written, Bech32 in lower case. Litecoin: the same, old ``3…`` script
    addresses as ``M…``. Bitcoin Cash: CashAddr without prefix, also from the legacy form. Tron: Base58Check ``T…``,
    also from hex ``41…``. Solana: Base58 of 32 bytes. ``bank:*``: an IBAN without spaces, else the text with single
    spaces. Other ``bip122`` chains: Base58Check as written. Other chains: as written, when CAIP-10 allows it.

    Raises:
        ValueError: the reason, in words for the person who owns the file.
    """
    text = text.strip()
    if not text:
        raise ValueError("no address")
    namespace = chain.partition(":")[0]
    if namespace == "eip155":
        return _evm(chain, text)
    if namespace == "bip122":
        return _bitcoin_like(chain, text)
    if namespace == "tron":
        return _tron(text)
    if namespace == "solana":
        return _solana(text)
    if namespace == "bank":
        return _bank(text)
    if not _CAIP10_ADDRESS.fullmatch(text):
        raise ValueError(f"not an address: {text[:60]!r}")
    return text


def guess_chain(text: str) -> str | None:
    """The chain that a bare address most likely belongs to, by its shape alone; None when no shape fits.

    An EVM address is the same on every EVM chain: Ethereum main net stands for them all. The checksum is not looked at,
    so that `normalise_address` can say what is wrong with a mistyped one.
    """
    text = text.strip()
    if _EVM.fullmatch(text):
        return ETHEREUM
    lower = text.lower()
    if lower.startswith("bc1"):
        return BITCOIN
    if lower.startswith("ltc1"):
        return LITECOIN
    if lower.startswith("bitcoincash:") or re.fullmatch(r"[qp][02-9ac-hj-np-z]{41}", lower):
        return BITCOIN_CASH
    if re.fullmatch(f"T{_BASE58}{{33}}", text):
        return TRON
    if re.fullmatch(f"{_BASE58}{{32,44}}", text) and len(base58.decode(text)) == 32:
        return SOLANA
    if re.fullmatch(f"[13]{_BASE58}{{24,34}}", text):
        return BITCOIN
    if re.fullmatch(f"[LM]{_BASE58}{{25,33}}", text):
        return LITECOIN
    return None


def split_account(text: str) -> tuple[str | None, str]:
    """Split "CHAIN:ADDRESS" ("eth:0x…", "eip155:1:0x…", "bank:acme:123") into chain and address, neither checked for
    sense; a bare address gives (None, address). "bitcoincash:q…" is an address, not a prefix."""
    text = text.strip()
    if text.lower().startswith("bitcoincash:"):
        return None, text
    head, colon, address = text.rpartition(":")
    return (head, address.strip()) if colon else (None, text)


def checksum_ok(address: str, chain: str = ETHEREUM) -> bool:
    """Whether an EVM address (0x and 40 hex digits) has its EIP-55 checksum; without mixed case it has none to fail."""
    digits = address[2:]
    if digits in (digits.lower(), digits.upper()):
        return True
    return digits == _checksummed(digits.lower(), keccak256(_hashed(digits, chain)))


def checksums_ok(addresses: Sequence[str], chain: str = ETHEREUM) -> list[bool]:
    """`checksum_ok` for many addresses at once, a hundred times faster."""
    digests = keccak256_many([_hashed(address[2:], chain) for address in addresses])
    return [
        (digits := address[2:]) in (digits.lower(), digits.upper()) or digits == _checksummed(digits.lower(), digest)
        for address, digest in zip(addresses, digests, strict=True)
    ]


def _hashed(digits: str, chain: str) -> bytes:
    return (_ERC1191.get(chain, "") + digits.lower()).encode()


def _checksummed(digits: str, digest: bytes) -> str:
    return "".join(
        char.upper() if nibble in "89abcdef" else char for char, nibble in zip(digits, digest.hex(), strict=False)
    )


def _evm(chain: str, text: str) -> str:
    if not _EVM.fullmatch(text):
        raise ValueError(f"not an EVM address (0x and 40 hex digits): {text[:60]!r}")
    if not checksum_ok(text, chain):
        raise ValueError(f"EIP-55 checksum does not match: {text}")
    return "0x" + text[2:].lower()


def _bitcoin_like(chain: str, text: str) -> str:
    lower = text.lower()
    if chain == BITCOIN_CASH and (":" in text or re.fullmatch(r"[qp][02-9ac-hj-np-z]{41}", lower)):
        return bech32.check_cash(text)
    if chain == BITCOIN and lower.startswith(("bc1", "tb1")):
        return bech32.check_segwit(text, "bc")
    if chain == LITECOIN and lower.startswith(("ltc1", "tltc1")):
        return bech32.check_segwit(text, "ltc")
    try:
        data = base58.decode_check(text)
    except ValueError as err:
        raise ValueError(f"{err}: {text[:60]!r}") from None
    version, payload = data[0], data[1:]
    if chain not in (BITCOIN, LITECOIN, BITCOIN_CASH):
        return text
    versions = (0x30, 0x32, 0x05) if chain == LITECOIN else (0x00, 0x05)
    if len(payload) != 20 or version not in versions:
        raise ValueError(f"a Base58 address of another network: {text[:60]!r}")
    if chain == BITCOIN_CASH:
        return bech32.encode_cash(1 if version == 0x05 else 0, payload)
    return base58.encode_check(b"\x32" + payload) if chain == LITECOIN and version == 0x05 else text


def _tron(text: str) -> str:
    if re.fullmatch(r"(?:0[xX])?41[0-9a-fA-F]{40}", text):
        return base58.encode_check(bytes.fromhex(text[-42:]))
    try:
        data = base58.decode_check(text)
    except ValueError as err:
        raise ValueError(f"not a Tron address, {err}: {text[:60]!r}") from None
    if len(data) != 21 or data[0] != 0x41:
        raise ValueError(f"not a Tron address: {text[:60]!r}")
    return text


def _solana(text: str) -> str:
    try:
        size = len(base58.decode(text))
    except ValueError as err:
        raise ValueError(f"not a Solana address, {err}") from None
    if size != 32:
        raise ValueError(f"not a Solana address ({size} bytes, not 32): {text[:60]!r}")
    return text


def _bank(text: str) -> str:
    text = " ".join(text.split())
    if (iban := normalise_iban(text)) is not None:
        return iban
    if len(text) > 128 or not text.isprintable() or "\ufffd" in text:
        raise ValueError(f"not an account: {text[:60]!r}")
    return text
