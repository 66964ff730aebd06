"""Which provisions forbid what a finding claims, as of a day.

The UN layer first, then what the tables have of the law of states. A provision counts from the adoption of its
resolution, or its own later start; being superseded by a stricter rule does not end it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from stanch.knowledge import (
    Basis,
    Instrument,
    Provision,
    load_instruments,
    load_legal_basis,
    load_provisions,
    provision,
)
from stanch.model import Verified


@dataclass(frozen=True, slots=True)
class BasisNote:
    """A provision behind a claim: what it obliges to, why it bears on the claim, and what must hold besides.

    `verified` is how far the provision was checked, `caveat` what was not seen of it; recall-only says so there.
    """

    provision: str
    heading: str
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

    Empty when none did yet, or when the tables have nothing on the claim. `schema` is the
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
    laws: list[Provision | Instrument] = [item for item in load_provisions() if item.starts <= day]
    laws += [item for item in load_instruments() if item.date <= day]
    return tuple(_note(item, rows[item.id]) for item in laws if item.id in rows)


def _note(item: Provision | Instrument, row: Basis) -> BasisNote:
    recalled = "written from knowledge, not read: check the text" if item.verified is Verified.RECALL else ""
    return BasisNote(
        provision=item.id,
        heading=heading(item),
        duty=item.duty if isinstance(item, Provision) else item.what,
        exceptions=item.exceptions if isinstance(item, Provision) else "",
        why=row.why,
        condition=row.condition,
        verified=item.verified,
        citation=item.citation,
        caveat="; ".join(part for part in (recalled, item.note) if part),
    )


def heading(item: Provision | Instrument) -> str:
    """What a law is called: "UN Security Council resolution 2397, paragraph 8"."""
    if isinstance(item, Provision):
        return f"UN Security Council resolution {item.resolution}, paragraph {item.paragraph}"
    return f"{', '.join(item.issuers)}, {item.date.isoformat()}"


def provision_or_instrument(law_id: str) -> Provision | Instrument:
    """The law that `legal_basis` names by this id.

    Raises:
        NotFoundError: no such law.
    """
    known = next((item for item in load_instruments() if item.id == law_id), None)
    return known if known is not None else provision(law_id)


def _rows(claim: str) -> list[Basis]:
    rows = [row for row in load_legal_basis() if row.claim == claim]
    if not rows:
        raise ValueError(f"no law is known for the claim {claim[:60]!r}; claims are {', '.join(claims())}")
    return rows
