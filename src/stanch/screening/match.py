"""The answer for one record: who it may be, how probable, and why in bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stanch.model import Evidence
from stanch.screening.listed import Listed, ListInfo
from stanch.screening.query import Query


@dataclass(frozen=True, slots=True)
class Match:
    """One listed subject that the record may be.

    `bits` is the sum of the evidence (log2 likelihood ratios, without the prior); `probability` follows from the prior
    and `bits` (`weights.probability`); an evidence item without bits states the prior.
    """

    listed: Listed
    probability: float
    bits: float
    evidence: tuple[Evidence, ...]
    match_kind: str = "listed"

    @property
    def entity_id(self) -> str:
        """The id of the listed entity."""
        return self.listed.entity.id

    @property
    def name(self) -> str:
        """The main name in the list."""
        return self.listed.entity.caption

    def to_json(self) -> dict[str, Any]:
        """As printed; every key always present."""
        return {
            "entity_id": self.entity_id,
            "name": self.name,
            "match_kind": self.match_kind,
            "lists": list(self.listed.lists),
            "probability": round(self.probability, 6),
            "bits": round(self.bits, 3),
            "evidence": [item.to_json() for item in self.evidence],
        }


@dataclass(frozen=True, slots=True)
class Screened:
    """One input row and its matches at or above the threshold, most probable first."""

    query: Query
    lists: Sequence[ListInfo]
    threshold: float
    matches: tuple[Match, ...]

    def to_json(self) -> dict[str, Any]:
        """One line of `stanch screen --format jsonl`; every key always present."""
        return {
            "row": self.query.row,
            "input_id": self.query.input_id,
            "query": self.query.text,
            "lists": [item.to_json() for item in self.lists],
            "threshold": self.threshold,
            "error": self.query.error,
            "matches": [match.to_json() for match in self.matches],
        }
