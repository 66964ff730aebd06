"""The answer for one record: who it may be, how probable, and why in bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stanch.model import Evidence
from stanch.screening.links import Relation
from stanch.screening.listed import Listed, ListInfo
from stanch.screening.query import Query


@dataclass(frozen=True, slots=True)
class Match:
    """One listed subject that the record may be. With a `relation`, one that owns, controls or is linked to its party,
    or a party that is not listed but owned, controlled or linked, and that the record may be.

    `bits` is the sum of the evidence (log2 likelihood ratios, without the prior); `probability` follows from the prior
    and `bits` (`weights.probability`); an evidence item without bits states the prior.
    """

    listed: Listed
    probability: float
    bits: float
    evidence: tuple[Evidence, ...]
    relation: Relation | None = None

    @property
    def match_kind(self) -> str:
        """listed, owned, controlled or linked."""
        return "listed" if self.relation is None else self.relation.kind

    @property
    def entity_id(self) -> str:
        """The id of the listed entity."""
        return self.listed.entity.id

    @property
    def name(self) -> str:
        """The main name in the list."""
        return self.listed.entity.caption

    @property
    def title(self) -> str:
        """The name with what the match is, where it is not simply a listed subject: "owned by Ri Pyong Chol"."""
        if self.relation is None:
            return self.name
        if self.relation == self.listed.relation:
            return f"{self.name} (not listed: {self.match_kind})"
        return f"{self.match_kind} {'to' if self.match_kind == 'linked' else 'by'} {self.name}"

    def to_json(self) -> dict[str, Any]:
        """As printed; every key always present."""
        return {
            "entity_id": self.entity_id,
            "name": self.name,
            "match_kind": self.match_kind,
            "lists": list(self.listed.lists),
            "probability": round(self.probability, 6),
            "bits": round(self.bits, 3),
            "chain": [hop.to_json() for hop in self.relation.chain] if self.relation is not None else [],
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
