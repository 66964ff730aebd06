"""Where a fact was read, and how far it was checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verified(StrEnum):
    """How far a fact was checked against its source. A loader never raises it."""

    EXCERPT = "excerpt"
    """The figure or gist was read in a copy of a public page."""
    PARTIAL = "partial"
    """Part of the row was read; its note says which part was not."""
    RECALL = "recall"
    """Written from knowledge, or from a page that was not read again: it never decides an answer alone."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Publisher, title, date and place of a published statement. `date` is ISO text, "" when not known."""

    publisher: str
    title: str = ""
    date: str = ""
    locator: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in (self.publisher, self.title, self.date, self.locator) if part)
