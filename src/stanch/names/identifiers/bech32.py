"""Bech32, Bech32m (BIP 173, BIP 350) and CashAddr: addresses with an error-detecting code over 5-bit groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUE = {char: value for value, char in enumerate(_ALPHABET)}
_BECH32, _BECH32M = 1, 0x2BC830A3
_BECH32_STEPS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CASH_STEPS = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)


def check_segwit(text: str, prefix: str) -> str:
    """The normal (lower-case) form of a segregated witness address of the network `prefix` ("bc", "ltc").

    Raises:
        ValueError: mixed case, another network, a wrong character, length or checksum.
    """
    if text not in (text.lower(), text.upper()):
        raise ValueError("mixed case is not allowed in a Bech32 address")
    text = text.lower()
    found, _, data = text.rpartition("1")
    if found != prefix:
        raise ValueError(f"not an address of this network (it starts with {found[:10]!r}, not {prefix!r})")
    values = _values(data)
    if not 8 <= len(values) <= 90:
        raise ValueError("wrong length for a Bech32 address")
    expanded = [*(ord(char) >> 5 for char in prefix), 0, *(ord(char) & 31 for char in prefix), *values]
    version, checksum = values[0], _polymod(expanded, _BECH32_STEPS, 25)
    if checksum != (_BECH32 if version == 0 else _BECH32M):
        raise ValueError("Bech32 checksum does not match")
    program = _bytes(values[1:-6])
    if version > 16 or not 2 <= len(program) <= 40 or (version == 0 and len(program) not in (20, 32)):
        raise ValueError("not a valid witness program")
    return text


def check_cash(text: str, prefix: str = "bitcoincash") -> str:
    """The normal form (lower case, no prefix) of a CashAddr address.

    Raises:
        ValueError: mixed case, another network, a wrong character, length or checksum.
    """
    if text not in (text.lower(), text.upper()):
        raise ValueError("mixed case is not allowed in a CashAddr address")
    found, colon, data = text.lower().rpartition(":")
    if colon and found != prefix:
        raise ValueError(f"not an address of this network (it starts with {found[:20]!r})")
    values = _values(data)
    if len(values) < 9 or _polymod([*_low_bits(prefix), 0, *values], _CASH_STEPS, 35) != 1:
        raise ValueError("CashAddr checksum does not match")
    if len(_bytes(values[:-8])) not in (21, 25, 29, 33, 41, 49, 57, 65):
        raise ValueError("wrong length for a CashAddr address")
    return data


def encode_cash(kind: int, payload: bytes, prefix: str = "bitcoincash") -> str:
    """The CashAddr of a 20-byte hash without its prefix; `kind` is 0 for a key hash, 1 for a script hash."""
    values = _groups(bytes([kind << 3]) + payload)
    checksum = _polymod([*_low_bits(prefix), 0, *values, *[0] * 8], _CASH_STEPS, 35) ^ 1
    return "".join(_ALPHABET[value] for value in (*values, *((checksum >> 5 * (7 - i)) & 31 for i in range(8))))


def _polymod(values: Iterable[int], steps: Sequence[int], top: int) -> int:
    """The BCH code's remainder; `top` is the bit above which the five steps act. CashAddr's ends with an XOR of 1,
    which is left to the callers (they compare with 1)."""
    remainder, mask = 1, (1 << top) - 1
    for value in values:
        high = remainder >> top
        remainder = ((remainder & mask) << 5) ^ value
        for i, step in enumerate(steps):
            if high >> i & 1:
                remainder ^= step
    return remainder


def _values(data: str) -> list[int]:
    try:
        return [_VALUE[char] for char in data]
    except KeyError as err:
        raise ValueError(f"{err.args[0]!r} is not a Bech32 character") from None


def _low_bits(prefix: str) -> list[int]:
    return [ord(char) & 31 for char in prefix]


def _bytes(values: Sequence[int]) -> bytes:
    """Join 5-bit groups to bytes; the bits left over must be fewer than five and zero."""
    number, bits = 0, 5 * len(values)
    for value in values:
        number = number << 5 | value
    spare = bits % 8
    if spare >= 5 or number & ((1 << spare) - 1):
        raise ValueError("wrong padding")
    return (number >> spare).to_bytes(bits // 8, "big")


def _groups(data: bytes) -> list[int]:
    bits = 8 * len(data)
    spare = -bits % 5
    number = int.from_bytes(data, "big") << spare
    return [(number >> shift) & 31 for shift in range(bits + spare - 5, -1, -5)]
