"""Evidence: one checkable statement, and where a stranger can check it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """The place of a statement: a file (or published list), the row in it, and the SHA-256 of its raw bytes.

    `name` is the file's or list's name, `locator` the place inside ("line 12", "KPi.033", "row 3"), `sha256` 64 hex
    digits of the bytes as received.
    """

    name: str
    locator: str
    sha256: str

    def to_json(self) -> dict[str, str]:
        """As printed in findings."""
        return {"name": self.name, "locator": self.locator, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One statement with its source; `bits` is its weight as log2 of a likelihood ratio, where it has one."""

    statement: str
    source: Source
    bits: float | None = None

    def to_json(self) -> dict[str, Any]:
        """As printed in findings. Bits are rounded to a thousandth so that ids do not hang on the last float digit."""
        bits = None if self.bits is None else round(self.bits, 3)
        return {"statement": self.statement, "bits": bits, "source": self.source.to_json()}
