"""Base58 and Base58Check: how Bitcoin, Litecoin, Tron and Solana write addresses."""

from __future__ import annotations

import hashlib

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUE = {char: value for value, char in enumerate(_ALPHABET)}
#: Longest text decoded: decoding is quadratic, and no address is longer.
MAX_LENGTH = 128


def decode(text: str) -> bytes:
    """The bytes that `text` stands for.

    Raises:
        ValueError: a character outside the alphabet (0, O, I and l are not in it), empty, or too long.
    """
    if not 0 < len(text) <= MAX_LENGTH:
        raise ValueError("not Base58: empty or too long")
    number = 0
    for char in text:
        value = _VALUE.get(char)
        if value is None:
            raise ValueError(f"not Base58: {char!r} is not in its alphabet")
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip("1"))
    return b"\x00" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode(data: bytes) -> str:
    """The Base58 text of `data`."""
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, value = divmod(number, 58)
        digits = _ALPHABET[value] + digits
    return "1" * (len(data) - len(data.lstrip(b"\x00"))) + digits


def decode_check(text: str) -> bytes:
    """Version byte(s) and payload of a Base58Check text, its checksum verified and removed.

    Raises:
        ValueError: not Base58, too short, or the checksum does not match.
    """
    data = decode(text)
    if len(data) < 5:
        raise ValueError("too short for Base58Check")
    if _checksum(data[:-4]) != data[-4:]:
        raise ValueError("Base58 checksum does not match")
    return data[:-4]


def encode_check(data: bytes) -> str:
    """The Base58Check text of version byte(s) and payload."""
    return encode(data + _checksum(data))


def _checksum(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4]
