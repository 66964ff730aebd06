"""Exact amounts as 64-bit integers: decimal text ↔ base units, with what the rounding loses said."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal, localcontext

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stanch.exc import InputError
from stanch.model import parse_amount

#: Sums of a ledger stay below this, so no balance can leave 64 bits.
MAX_UNITS = 1 << 62
#: The form nearly all amounts have; the others go one by one through Decimal.
_COMMON = r"^\d{1,18}(\.\d{1,18})?$"
_WIDTH = 18
#: Shares of whole amounts need room below the point, though no amount uses it.
_LEAST_SCALE = 6

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Units:
    """Amounts in base units, 10^`scale` to one whole unit of the asset.

    A negative `scale` makes one base unit a power of ten of whole ones (tokens minted without measure). `lost` is what
    flooring every row took away in all, in whole units; `decimals` is the longest fraction seen.
    """

    units: Ints
    scale: int
    decimals: int
    lost: Decimal


def to_units(texts: pa.Array, extra: Decimal = Decimal(0)) -> Units:
    """Convert decimal texts at the scale that they need (6 at least, 18 at most) if it keeps their sum below 2^62, else
    at the finest that does.

    `extra` is added to the sum before the scale is chosen: value that enters beside the rows.

    Raises:
        InputError: a text is not a plain decimal number, or is negative.
    """
    common = pc.match_substring_regex(texts, _COMMON).to_numpy(zero_copy_only=False)
    whole, fraction, decimals = _split(texts.filter(pa.array(common)))
    odd_rows = np.flatnonzero(~common)
    odd = [_decimal(text) for text in texts.take(pa.array(odd_rows)).to_pylist()]

    with localcontext() as context:
        context.prec, context.rounding = 200, ROUND_DOWN
        total = extra + _sum(whole) + _sum(fraction).scaleb(-_WIDTH) + sum(odd, Decimal(0))
        needed = max([decimals, *(-min(int(value.normalize().as_tuple().exponent), 0) for value in odd)])
        scale = min(max(needed, _LEAST_SCALE), scale_for(total))
        units = np.zeros(len(texts), np.int64)
        lost = Decimal(0)
        if len(whole):
            scaled, cut = _rescale(whole, fraction, scale)
            units[common] = scaled
            lost += cut
        for row, value in zip(odd_rows, odd, strict=True):
            units[row] = int(value.scaleb(scale))
            lost += value - Decimal(int(units[row])).scaleb(-scale)
        return Units(units, scale, needed, lost.normalize() if lost else Decimal(0))


def scale_for(total: Decimal) -> int:
    """The largest scale, at most 18, at which `total` whole units stay below 2^62 base units. It may be negative."""
    scale = _WIDTH if total == 0 else min(_WIDTH, _WIDTH - total.adjusted())
    while total.scaleb(scale) >= MAX_UNITS:
        scale -= 1
    return scale


def units_of(amount: Decimal, scale: int) -> int:
    """An amount in whole units as base units, floored."""
    with localcontext() as context:
        context.prec, context.rounding = 200, ROUND_DOWN
        return int(amount.scaleb(scale))


def decimal_of(units: int, scale: int) -> Decimal:
    """Base units as an exact amount in whole units."""
    return Decimal(int(units)).scaleb(-scale)


def text_of(units: int, scale: int) -> str:
    """Base units as decimal text in whole units, as `format_decimal` writes it, without the detour over Decimal."""
    units = int(units)
    if scale <= 0:
        return str(units * 10**-scale)
    sign, digits = ("-", -units) if units < 0 else ("", units)
    whole, fraction = divmod(digits, 10**scale)
    tail = f"{fraction:0{scale}d}".rstrip("0")
    return f"{sign}{whole}.{tail}" if tail else f"{sign}{whole}"


def _decimal(text: str) -> Decimal:
    try:
        value = parse_amount(text)
    except ValueError as err:
        raise InputError(f"an amount is {err}", remedy="write amounts as plain decimal numbers") from err
    if value < 0:
        raise InputError(f"an amount is negative: {text[:40]!r}", remedy="swap sender and receiver instead")
    return value


def _split(texts: pa.Array) -> tuple[Ints, Ints, int]:
    """Whole part, fraction in 10^-18, and the longest fraction without trailing zeros, of texts in the common form."""
    if len(texts) == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), 0
    before = pc.replace_substring_regex(texts, r"\..*", "")
    whole = before.cast(pa.int64()).to_numpy(zero_copy_only=False)
    tails = pc.utf8_rtrim(pc.replace_substring_regex(texts, r"^\d+\.?", ""), "0")
    decimals = int(pc.max(pc.utf8_length(tails)).as_py())
    fraction = pc.utf8_rpad(tails, _WIDTH, "0").cast(pa.int64()).to_numpy(zero_copy_only=False)
    return whole, fraction, decimals


def _rescale(whole: Ints, fraction: Ints, scale: int) -> tuple[Ints, Decimal]:
    """Base units, and what was cut off in whole units."""
    if scale < 0:
        step = 10**-scale
        units = whole // step if step < MAX_UNITS else np.zeros_like(whole)
        cut = _sum(whole) - _sum(units) * step
        return units, cut + _sum(fraction).scaleb(-_WIDTH)
    step = 10 ** (_WIDTH - scale)
    return whole * 10**scale + fraction // step, _sum(fraction % step).scaleb(-_WIDTH)


def _sum(values: Ints) -> Decimal:
    """Exact sum of non-negative integers below 2^63, whatever their number."""
    high, low = int((values >> 32).sum()), int((values & 0xFFFFFFFF).sum())
    return Decimal((high << 32) + low)
