"""Where the stolen value is now, in a few lines: by reason and kind of account, largest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stanch.tracing.amounts import text_of
from stanch.tracing.asset import AssetTrace, Holder


@dataclass(frozen=True, slots=True)
class Place:
    """All holders with one reason and category of label, in base units at `scale`; `low`..`high` is the band.

    The sums of the policies bound the place as a whole: the sum of single holders' highs can be more than was stolen.
    """

    reason: str
    category: str | None
    holders: int
    value: int
    low: int
    high: int
    scale: int

    def to_json(self) -> dict[str, Any]:
        """As printed."""
        amounts = {name: text_of(getattr(self, name), self.scale) for name in ("value", "low", "high")}
        return {"reason": self.reason, "category": self.category, "holders": self.holders, **amounts}

    @property
    def name(self) -> str:
        """For people: "exchange", "held: laundering", "held: unlabelled"."""
        if self.reason == self.category:
            return self.reason
        return f"{self.reason}: {self.category or 'unlabelled'}"


def where_now(asset: AssetTrace, holders: Sequence[Holder]) -> tuple[Place, ...]:
    """Add up holders by reason and category; `value` is under the reference policy."""
    groups: dict[tuple[str, str | None], list[Holder]] = {}
    for holder in holders:
        groups.setdefault((holder.reason, holder.category), []).append(holder)
    places = []
    for (reason, category), group in groups.items():
        sums = [sum(holder.by_policy[name] for holder in group) for name in asset.outcomes]
        value = sum(holder.value for holder in group)
        high = min(max(sums), asset.stolen)
        places.append(Place(reason, category, len(group), value, min(sums), high, asset.scale))
    return tuple(sorted(places, key=lambda place: (-place.value, place.name)))
