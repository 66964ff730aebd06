"""Findings as stored: one open version a key, older ones kept; and the record of who was checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, select

from stanch.exc import NotFoundError
from stanch.model import Finding, Subject
from stanch.workspace import schema
from stanch.workspace.records import batched

_T = schema.finding
_OPEN = _T.c.superseded_by.is_(None) & _T.c.withdrawn_at.is_(None)


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """What storing findings changed."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    withdrawn: int = 0

    def __add__(self, other: StoreCounts) -> StoreCounts:
        return StoreCounts(
            self.new + other.new,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.withdrawn + other.withdrawn,
        )


def store(connection: Connection, findings: Iterable[Finding], now: datetime) -> StoreCounts:
    """Add findings. The same id is left alone; another id under a key supersedes the open one; one that was withdrawn
    and is found again opens anew."""
    counts = StoreCounts()
    for finding in findings:
        counts += _store_one(connection, finding, now)
    return counts


def _store_one(connection: Connection, finding: Finding, now: datetime) -> StoreCounts:
    open_id = connection.execute(select(_T.c.id).where(_T.c.key == finding.key, _OPEN)).scalar()
    if open_id == finding.id:
        return StoreCounts(unchanged=1)
    if open_id is not None:
        connection.execute(_T.update().where(_T.c.id == open_id).values(superseded_by=finding.id))
    sequence = connection.execute(select(func.coalesce(func.max(_T.c.seq), 0) + 1)).scalar_one()
    values = {
        "key": finding.key,
        "detector": finding.detector,
        "claim": finding.claim,
        "object": finding.object,
        "subject_id": finding.subject.id,
        "content": finding.to_json(),
        "seq": sequence,
        "found_at": now,
        "superseded_by": None,
        "withdrawn_at": None,
    }
    if connection.execute(select(_T.c.id).where(_T.c.id == finding.id)).scalar() is not None:
        connection.execute(_T.update().where(_T.c.id == finding.id).values(values))
    else:
        connection.execute(_T.insert().values(id=finding.id, **values))
    return StoreCounts(new=1) if open_id is None else StoreCounts(updated=1)


def withdraw(
    connection: Connection, detector: str, keep: Iterable[str], now: datetime, subject_id: str | None = None
) -> StoreCounts:
    """Close open findings of a detector (about one subject, when given) whose key is not in `keep`: they no longer
    hold on today's data. They stay readable."""
    condition = (_T.c.detector == detector) & _OPEN
    if subject_id is not None:
        condition &= _T.c.subject_id == subject_id
    kept = set(keep)
    gone = [id_ for id_, key in connection.execute(select(_T.c.id, _T.c.key).where(condition)) if key not in kept]
    for id_ in gone:
        connection.execute(_T.update().where(_T.c.id == id_).values(withdrawn_at=now))
    return StoreCounts(withdrawn=len(gone))


def open_findings(connection: Connection, detector: str | None = None) -> Iterator[dict[str, Any]]:
    """Open findings as JSON objects, in the order in which they were found."""
    query = select(_T.c.content).where(_OPEN).order_by(_T.c.seq)
    if detector is not None:
        query = query.where(_T.c.detector == detector)
    for (content,) in connection.execute(query):
        yield content


def claims(connection: Connection) -> dict[str, tuple[str, str]]:
    """Finding id → (claim, object), for open findings."""
    rows = connection.execute(select(_T.c.id, _T.c.claim, _T.c.object).where(_OPEN))
    return {id_: (claim, object_) for id_, claim, object_ in rows}


def checked_counts(connection: Connection) -> dict[str, tuple[int, int]]:
    """Detector → (subjects checked, of these without a finding)."""
    c = schema.checked
    clear = func.sum(case((c.c.findings == 0, 1), else_=0))
    rows = connection.execute(select(c.c.detector, func.count(), clear).group_by(c.c.detector).order_by(c.c.detector))
    return {detector: (int(total), int(none)) for detector, total, none in rows}


def state(connection: Connection, finding_id: str) -> str:
    """ "open", "superseded by ID" or "withdrawn on DATE"."""
    query = select(_T.c.superseded_by, _T.c.withdrawn_at).where(_T.c.id == finding_id)
    superseded_by, withdrawn_at = connection.execute(query).one()
    if superseded_by is not None:
        return f"superseded by {superseded_by}"
    return "open" if withdrawn_at is None else f"withdrawn on {withdrawn_at:%Y-%m-%d}: the data no longer say so"


def find(connection: Connection, id_or_key: str) -> dict[str, Any]:
    """The finding with this id, or the open one under this key; the first digits are enough when they are unique.

    Raises:
        NotFoundError: none, or several.
    """
    wanted = id_or_key.lower()
    if not wanted or not all(char in "0123456789abcdef" for char in wanted):
        raise NotFoundError(f"{id_or_key!r} is not a finding id; list them with: stanch findings")
    matches = connection.execute(select(_T.c.content).where(_T.c.id.startswith(wanted)).limit(2)).all()
    if not matches:
        matches = connection.execute(select(_T.c.content).where(_T.c.key.startswith(wanted), _OPEN).limit(2)).all()
    if len(matches) != 1:
        problem = "no finding has the id" if not matches else "more than one finding has an id that starts with"
        raise NotFoundError(f"{problem} {id_or_key}; list them with: stanch findings")
    content: dict[str, Any] = matches[0][0]
    return content


@dataclass(frozen=True, slots=True)
class Check:
    """That a subject was checked: the hash of its record, how many findings came of it (0: clear), as of when, and what
    it was looked up by (None: not noted)."""

    subject: Subject
    content: str
    findings: int
    as_of: datetime | None
    keys: Sequence[str] | None = None


def record_checks(
    connection: Connection, detector: str, version: int, inputs: str, checks: Sequence[Check], now: datetime
) -> None:
    """Note who was checked against what, in place of what was noted of them before. One check a subject."""
    table = schema.checked
    latest = {check.subject.id: check for check in checks}
    for some in batched(latest, 500):
        connection.execute(table.delete().where(table.c.detector == detector, table.c.subject_id.in_(some)))
    common = {"detector": detector, "version": version, "inputs": inputs, "checked_at": now}
    rows = [
        {
            "subject_id": id_,
            "subject_schema": check.subject.schema,
            "content": check.content,
            "findings": check.findings,
            "as_of": check.as_of,
            "lookup_keys": None if check.keys is None else "\n".join(check.keys),
        }
        | common
        for id_, check in latest.items()
    ]
    if rows:
        connection.execute(table.insert(), rows)


def subjects_with_findings(connection: Connection, detector: str, subject_ids: Sequence[str]) -> set[str]:
    """Which of these subjects have an open finding of a detector."""
    query = select(_T.c.subject_id).where(_T.c.detector == detector, _OPEN, _T.c.subject_id.in_(subject_ids))
    return set(connection.execute(query).scalars())


def checked_against(connection: Connection, detector: str, version: int, inputs: str) -> dict[str, str]:
    """Subject id → content hash of all that this detector version checked against these inputs."""
    table = schema.checked
    query = select(table.c.subject_id, table.c.content).where(
        table.c.detector == detector, table.c.version == version, table.c.inputs == inputs
    )
    return dict(connection.execute(query).all())
