"""Which provisions forbid what a finding claims, as of a day.

Only the UN layer: the law of states comes on top. A provision counts from the adoption of its resolution, or its own
later start; being superseded by a stricter rule does not end it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from stanch.knowledge import Basis, load_legal_basis, load_provisions
from stanch.model import Verified


@dataclass(frozen=True, slots=True)
class BasisNote:
    """A provision behind a claim: what it obliges to, why it bears on the claim, and what must hold besides.

    `verified` is how far the provision was checked, `caveat` what was not seen of it; recall-only says so there.
    """

    provision: str
    duty: str
    exceptions: str
    why: str
    condition: str
    verified: Verified
    citation: str
    caveat: str


def claims() -> tuple[str, ...]:
    """All claims that the law is known for, in the order of the table."""
    return tuple(dict.fromkeys(row.claim for row in load_legal_basis()))


def legal_basis(claim: str, as_of: date, schema: str = "") -> tuple[str, ...]:
    """Ids of the provisions that forbid what the claim says, on that day, in order of resolution and paragraph.

    Empty when none did yet, or when the UN layer has nothing on the claim (a listing by a state alone). `schema` is the
    FtM schema of the subject; rows for one schema, such as the travel ban for persons, come only when it is given. A
    datetime counts by its day in UTC.

    Raises:
        ValueError: a claim that the table does not know.
    """
    return tuple(note.provision for note in basis_notes(claim, as_of, schema))


def basis_notes(claim: str, as_of: date, schema: str = "") -> tuple[BasisNote, ...]:
    """The same provisions with the reasons, conditions, and how far each was checked.

    Raises:
        ValueError: a claim that the table does not know.
    """
    # A datetime is a date to the type checker, but the two do not compare.
    day = as_of.astimezone(UTC).date() if isinstance(as_of, datetime) else as_of
    rows = {row.provision: row for row in _rows(claim) if row.provision and row.schema in ("", schema)}
    notes = []
    for item in load_provisions():
        if item.id in rows and item.starts <= day:
            row = rows[item.id]
            recalled = "written from knowledge, not read: check the text" if item.verified is Verified.RECALL else ""
            notes.append(
                BasisNote(
                    provision=item.id,
                    duty=item.duty,
                    exceptions=item.exceptions,
                    why=row.why,
                    condition=row.condition,
                    verified=item.verified,
                    citation=item.citation,
                    caveat="; ".join(part for part in (recalled, item.note) if part),
                )
            )
    return tuple(notes)


def _rows(claim: str) -> list[Basis]:
    rows = [row for row in load_legal_basis() if row.claim == claim]
    if not rows:
        raise ValueError(f"no law is known for the claim {claim[:60]!r}; claims are {', '.join(claims())}")
    return rows
