"""Shares with their uncertainty."""

from __future__ import annotations

import math
from dataclasses import dataclass

#: Half-width of a 95 % interval in standard deviations.
_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Rate:
    """`found` of `total`, with the Wilson 95 % interval of the share (E. B. Wilson, Journal of the American Statistical
    Association 22, 1927). All three are None when there is nothing to count."""

    found: int
    total: int

    @property
    def share(self) -> float | None:
        """The share, 0 to 1, rounded to four places."""
        return round(self.found / self.total, 4) if self.total else None

    @property
    def interval(self) -> tuple[float, float] | tuple[None, None]:
        """Lower and upper end, rounded to four places."""
        if not self.total:
            return None, None
        share, n = self.found / self.total, self.total
        middle = share + _Z * _Z / (2 * n)
        half = _Z * math.sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
        scale = 1 + _Z * _Z / n
        return round(max(0.0, (middle - half) / scale), 4), round(min(1.0, (middle + half) / scale), 4)

    def to_json(self) -> dict[str, float | int | None]:
        """As printed."""
        low, high = self.interval
        return {"found": self.found, "of": self.total, "share": self.share, "low": low, "high": high}
