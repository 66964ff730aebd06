"""Findings: what a detector claims about a subject, with evidence; and clears, a check that found nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stanch.model.evidence import Evidence
from stanch.model.ids import content_hash
from stanch.model.money import AmountBand
from stanch.model.times import format_time


@dataclass(frozen=True, slots=True)
class Subject:
    """Who or what a finding is about: FtM schema, id in its own record, and a name to show."""

    schema: str
    id: str
    name: str

    def to_json(self) -> dict[str, str]:
        """As printed in findings."""
        return {"schema": self.schema, "id": self.id, "name": self.name}


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim by one detector at one version about one subject, with what a reviewer needs to check it.

    `key` names the claim (detector, subject id, claim, object) and never changes; `id` adds the content, so new
    evidence under the same claim gives a new id that supersedes the old one. `as_of` is the date of the data, never of
    the run: running twice on the same data gives the same id. `legal_basis` holds provision ids of `knowledge` and is
    attached by the pipeline.

    Raises:
        ValueError: no evidence, or a probability outside 0..1.
    """

    detector: str
    version: int
    subject: Subject
    claim: str
    object: str
    headline: str
    probability: float | None
    amount: AmountBand | None
    evidence: tuple[Evidence, ...]
    as_of: datetime
    legal_basis: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"{self.detector}: a finding without evidence")
        if self.probability is not None and not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"{self.detector}: probability {self.probability} is not in 0..1")

    @property
    def key(self) -> str:
        """What cases, decisions and allow-lists refer to."""
        return content_hash([self.detector, self.subject.id, self.claim, self.object])

    @property
    def id(self) -> str:
        """Hash of the key and the canonical content."""
        return content_hash([self.key, self._content()])

    def _content(self) -> dict[str, Any]:
        return {
            "detector": self.detector,
            "version": self.version,
            "subject": self.subject.to_json(),
            "headline": self.headline,
            "probability": None if self.probability is None else round(self.probability, 6),
            "amount": None if self.amount is None else self.amount.to_json(),
            "evidence": [item.to_json() for item in self.evidence],
            "legal_basis": list(self.legal_basis),
            "as_of": format_time(self.as_of),
        }

    def to_json(self) -> dict[str, Any]:
        """The finding as other commands and people rely on it; every key is always present."""
        return {"key": self.key, "id": self.id, **self._content()}


@dataclass(frozen=True, slots=True)
class Clear:
    """A check that ran and found nothing: which detector and version looked at whom, against what.

    `inputs` is a hash of everything the answer rests on (list snapshots, ledger, threshold).
    """

    detector: str
    version: int
    subject: Subject
    inputs: str
    as_of: datetime
