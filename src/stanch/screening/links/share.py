"""Shares in percent as intervals: what a source states, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from stanch.model import format_decimal

#: A text that is longer says no percentage.
MAX_TEXT = 120
HUNDRED = Fraction(100)
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Share:
    """A share between `low` and `high` percent, both in 0..100. An open end is not reached: "more than 50 %" is low 50,
    open. Exact: no float is used.

    Raises:
        ValueError: no share fits.
    """

    low: Fraction = ZERO
    high: Fraction = HUNDRED
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        if not ZERO <= self.low <= self.high <= HUNDRED:
            raise ValueError("not a share of 0 to 100 percent")
        if self.low == self.high and (self.low_open or self.high_open):
            raise ValueError("no share fits")

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is stated at all."""
        return self == UNKNOWN

    def __str__(self) -> str:
        low, high = percent(self.low), percent(self.high)
        if self.is_unknown:
            return "an unknown share"
        if self.low == self.high:
            return f"{low} %"
        if self.high == HUNDRED and not self.high_open:
            return f"{'more than' if self.low_open else 'at least'} {low} %"
        if self.low == ZERO and not self.low_open:
            return f"{'less than' if self.high_open else 'at most'} {high} %"
        return f"{'more than ' if self.low_open else ''}{low} to {'less than ' if self.high_open else ''}{high} %"

    def meet(self, other: Share) -> Share | None:
        """What both allow, None when they contradict each other."""
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, closed = min((self.high, not self.high_open), (other.high, not other.high_open))
        try:
            return Share(low, high, low_open, not closed)
        except ValueError:
            return None


UNKNOWN = Share()


def percent(value: Fraction) -> str:
    """An exact share as decimal text; one that does not end is cut after six digits."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return format_decimal(exact.quantize(Decimal("0.000001")) if Fraction(exact) != value else exact)


def combined(shares: Iterable[Share]) -> tuple[Share, bool]:
    """What several statements on one holding say together, and whether they agree. Statements that do not are taken as
    one or as parts: the share may be the least of them, or their sum."""
    given = list(shares)
    joint: Share | None = UNKNOWN
    for share in given:
        joint = joint.meet(share) if joint is not None else None
    if joint is not None:
        return joint, True
    low, low_open = min((share.low, share.low_open) for share in given)
    return Share(low, min(sum((share.high for share in given), ZERO), HUNDRED), low_open), False


_NUMBER = r"(\d{1,3}(?:[.,]\d{1,15})?)"
_SIGN = r"\s*(?:%|percent|per cent|pct)?"
_MORE = r"(?:>|more than|over|above|greater than|in excess of|exceeding)"
_LEAST = r"(?:>=|≥|at least|not less than|no less than|minimum(?: of)?|min\.?|from)"
_LESS = r"(?:<|less than|under|below)"
_MOST = r"(?:<=|≤|at most|not more than|no more than|up to|maximum(?: of)?|max\.?)"
_WORDS = {
    "majority": Share(Fraction(50), HUNDRED, low_open=True),
    "minority": Share(ZERO, Fraction(50), high_open=True),
    "half": Share(Fraction(50), Fraction(50)),
    **dict.fromkeys(("wholly owned", "sole owner", "sole ownership", "full"), Share(HUNDRED, HUNDRED)),
    **dict.fromkeys(("", "-", "?", "n/a", "na", "none", "null", "unknown", "not stated", "undisclosed"), UNKNOWN),
}
#: The bands of the UK register of persons with significant control, whose law says which ends belong to them.
_BANDS = {
    ("25", "50"): Share(Fraction(25), Fraction(50), low_open=True),
    ("50", "75"): Share(Fraction(50), Fraction(75), low_open=True, high_open=True),
    ("75", "100"): Share(Fraction(75), HUNDRED),
}
_PATTERNS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"{_NUMBER}{_SIGN}",
        rf"{_MORE}\s*{_NUMBER}{_SIGN}",
        rf"{_LEAST}\s*{_NUMBER}{_SIGN}|{_NUMBER}{_SIGN}\s*(?:\+|(?:or|and) more)",
        rf"{_LESS}\s*{_NUMBER}{_SIGN}",
        rf"{_MOST}\s*{_NUMBER}{_SIGN}|{_NUMBER}{_SIGN}\s*(?:or|and) less",
        rf"(?:between |from )?{_NUMBER}{_SIGN}\s*(?:-|–|—|to|and|\.\.)\s*{_NUMBER}{_SIGN}",
        rf"{_MORE}\s*{_NUMBER}{_SIGN},?\s*(?:but|and)\s*{_MOST}\s*{_NUMBER}{_SIGN}",
        rf"{_MORE}\s*{_NUMBER}{_SIGN},?\s*(?:but|and)\s*{_LESS}\s*{_NUMBER}{_SIGN}",
    )
)


def parse_share(text: str) -> Share:
    """Read "51", "51 %", "33,3 %", ">50", "more than 75 percent", "25-50%", "75% or more", "majority"; nothing stated
    is an unknown share, not zero.

    Raises:
        ValueError: it says something else, or something that can be read in two ways ("0.5" may be a fraction, "1,000"
            a number of shares).
    """
    if len(text) > MAX_TEXT:
        raise ValueError(f"a percentage of {len(text):,} characters")
    plain = " ".join(text.replace("％", "%").casefold().split())
    if plain in _WORDS:
        return _WORDS[plain]
    if band := re.fullmatch(r"ownership-of-shares-(\d+)-to-(\d+)-percent[a-z-]*", plain, re.ASCII):
        if band.groups() in _BANDS:
            return _BANDS[band.group(1), band.group(2)]
        raise ValueError(f"not a percentage: {text[:40]!r}")
    for number, pattern in enumerate(_PATTERNS):
        if match := pattern.fullmatch(plain):
            values = [_number(part) for part in match.groups() if part is not None]
            if number == 0 and ZERO < values[0] <= 1 and not re.search(r"[%pc]", plain):
                raise ValueError(f"{text[:40]!r} may be a percentage or a fraction")
            return _share(number, values, text)
    raise ValueError(f"not a percentage: {text[:40]!r}")


def _number(text: str) -> Fraction:
    whole, comma, rest = text.partition(",")
    if comma and len(rest) == 3:
        raise ValueError(f"{text!r} may be a number of shares")
    return Fraction(f"{whole}.{rest}" if comma else text)


def _share(pattern: int, values: list[Fraction], text: str) -> Share:
    first, last = values[0], values[-1]
    if last > HUNDRED or first > HUNDRED:
        raise ValueError(f"beyond 100 percent: {text[:40]!r}")
    try:
        return (
            lambda: Share(first, first),
            lambda: Share(first, HUNDRED, low_open=True),
            lambda: Share(first, HUNDRED),
            lambda: Share(ZERO, first, high_open=True),
            lambda: Share(ZERO, first),
            lambda: Share(first, last),
            lambda: Share(first, last, low_open=True),
            lambda: Share(first, last, low_open=True, high_open=True),
        )[pattern]()
    except ValueError:
        raise ValueError(f"no share fits: {text[:40]!r}") from None
