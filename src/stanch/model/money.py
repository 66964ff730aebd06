"""Amounts of money with their unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from stanch.model.ids import format_decimal

_NUMBER = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$", re.ASCII)


def parse_amount(text: str) -> Decimal:
    """Read an exact decimal amount. Thousands separators are refused: "1,000" is 1 in half of Europe.

    Raises:
        ValueError: not a finite decimal number, or more than 60 digits.
    """
    text = text.strip()
    if not _NUMBER.match(text):
        raise ValueError(f"not a plain decimal number: {text[:40]!r}")
    try:
        amount = Decimal(text)
    except InvalidOperation as err:
        raise ValueError(f"not a plain decimal number: {text[:40]!r}") from err
    if abs(amount.adjusted()) > 60:
        raise ValueError(f"out of range: {text[:40]!r}")
    return amount


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in whole units of `asset` (ISO 4217 code, or an asset id as in `Transfer.asset`)."""

    amount: Decimal
    asset: str

    def __str__(self) -> str:
        return f"{format_decimal(self.amount)} {self.asset}"


@dataclass(frozen=True, slots=True)
class AmountBand:
    """An amount with its spread over methods: `low` ≤ `value` ≤ `high`, whole units of `asset`."""

    value: Decimal
    asset: str
    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"band out of order: {self.low} ≤ {self.value} ≤ {self.high}")

    def to_json(self) -> dict[str, str]:
        """Decimal strings in whole units."""
        return {
            "value": format_decimal(self.value),
            "asset": self.asset,
            "low": format_decimal(self.low),
            "high": format_decimal(self.high),
        }
