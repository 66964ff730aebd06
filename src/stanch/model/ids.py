"""Stable ids: the same content always has the same id, on any machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from stanch.model.times import format_time


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, Decimal):
        return format_decimal(value)
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def canonical_json(value: Any) -> bytes:
    """Serialise to the one byte string that stands for `value`: sorted keys, no spaces, UTF-8, decimals as strings."""
    return json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def content_hash(value: Any) -> str:
    """First 128 bits of the SHA-256 of the canonical JSON of `value`, as 32 hex digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()[:32]


def sha256_hex(data: bytes) -> str:
    """SHA-256 of raw bytes, 64 hex digits: how a source file is named in evidence."""
    return hashlib.sha256(data).hexdigest()


def format_decimal(amount: Decimal) -> str:
    """Write an exact amount without exponent and without trailing zeros ("0.1", "4000", "0")."""
    text = format(amount, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
