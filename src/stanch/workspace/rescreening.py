"""What each check rested on, and the log of screening again after a change of lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, select

from stanch.model import format_time, parse_time
from stanch.workspace import schema
from stanch.workspace.findings import StoreCounts
from stanch.workspace.records import batched

_B, _C, _F, _P = schema.list_basis, schema.checked, schema.finding, schema.customer
_LOG, _ROW = schema.rescreening, schema.rescreened
_OPEN = _F.c.superseded_by.is_(None) & _F.c.withdrawn_at.is_(None)


@dataclass(frozen=True, slots=True)
class Basis:
    """What `inputs` stood for: ids of list snapshots in order of source, and a hash of all else."""

    inputs: str
    snapshots: tuple[int, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class Rescreening:
    """One run of the log: lists before and after, listed subjects that differ (`subjects`), how many keys they have,
    customers on record, how many of them share a key and were screened again, and what came of it."""

    id: int
    at: datetime
    detector: str
    version: int
    before: tuple[Mapping[str, str], ...]
    after: tuple[Mapping[str, str], ...]
    subjects: tuple[str, ...]
    keys: int
    customers: int
    screened: int
    counts: StoreCounts

    @property
    def carried(self) -> int:
        """Customers who share no key with a change: their last answer stands."""
        return self.customers - self.screened

    def to_json(self) -> dict[str, Any]:
        """As printed; every key always present."""
        c = self.counts
        return {
            "run": self.id, "at": format_time(self.at.replace(microsecond=0)),
            "detector": self.detector, "version": self.version,
            "from": [dict(item) for item in self.before], "to": [dict(item) for item in self.after],
            "changed_entries": list(self.subjects), "keys": self.keys, "customers": self.customers,
            "screened": self.screened, "carried": self.carried,
            "new": c.new, "updated": c.updated, "withdrawn": c.withdrawn, "unchanged": c.unchanged,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class RescreenedRow:
    """One customer of a run: the keys shared, each with the ids of changed entries that have it, the first ten (no key:
    an open finding was about a changed entry), and what came of it."""

    subject_id: str
    shared: Mapping[str, Sequence[str]]
    counts: StoreCounts

    def to_json(self) -> dict[str, Any]:
        """As printed; every key always present."""
        c = self.counts
        return {
            "customer": self.subject_id, "shared": {key: list(ids) for key, ids in self.shared.items()},
            "new": c.new, "updated": c.updated, "withdrawn": c.withdrawn, "unchanged": c.unchanged,
        }  # fmt: skip


def remember(connection: Connection, detector: str, basis: Basis) -> None:
    """Note what these inputs stand for, unless that is known."""
    if find_basis(connection, detector, basis.inputs) is None:
        values = {"inputs": basis.inputs, "rest": basis.rest, "snapshots": list(basis.snapshots)}
        connection.execute(_B.insert().values(detector=detector, **values))


def find_basis(connection: Connection, detector: str, inputs: str) -> Basis | None:
    """What these inputs stood for, or None when it was not noted."""
    query = select(_B.c.snapshots, _B.c.rest).where(_B.c.detector == detector, _B.c.inputs == inputs)
    row = connection.execute(query).one_or_none()
    return None if row is None else Basis(inputs, tuple(row.snapshots), row.rest)


def other_inputs(connection: Connection, detector: str, version: int, inputs: str) -> list[str]:
    """The inputs, other than these, that subjects were last checked against by this version, where it is known what
    they were looked up by."""
    query = select(_C.c.inputs).where(
        _C.c.detector == detector, _C.c.version == version, _C.c.inputs != inputs, _C.c.lookup_keys.is_not(None)
    )
    return sorted(connection.execute(query.distinct()).scalars())


def checked_customers(
    connection: Connection, detector: str, version: int, inputs: str
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(id, keys) of every customer whom this version last checked against these inputs, whose record is the same
    still, and of whom it is known what they were looked up by."""
    query = (
        select(_C.c.subject_id, _C.c.lookup_keys)
        .join_from(_C, _P, (_P.c.id == _C.c.subject_id) & (_P.c.content == _C.c.content))
        .where(_those(detector, version, inputs))
    )
    for row in connection.execution_options(yield_per=10_000).execute(query):
        yield row.subject_id, tuple(row.lookup_keys.splitlines())


def carry(connection: Connection, detector: str, version: int, old: str, new: str, as_of: datetime) -> int:
    """Say of all who were checked against the inputs `old`, and of whom it is known what they were looked up by, that
    the same holds for `new`. A clear is then as of the new lists; when it was screened stays. Returns how many."""
    values = {"inputs": new, "as_of": case((_C.c.findings == 0, as_of), else_=_C.c.as_of)}
    return connection.execute(_C.update().where(_those(detector, version, old)).values(values)).rowcount


def _those(detector: str, version: int, inputs: str) -> ColumnElement[bool]:
    return (
        (_C.c.detector == detector)
        & (_C.c.version == version)
        & (_C.c.inputs == inputs)
        & _C.c.lookup_keys.is_not(None)
    )


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """An open finding: whom it is about, the listed subject it names, and its date."""

    subject_id: str
    object: str
    key: str
    as_of: datetime


def open_objects(connection: Connection, detector: str) -> list[tuple[str, str]]:
    """(subject id, object) of every open finding of a detector."""
    rows = connection.execute(select(_F.c.subject_id, _F.c.object).where(_F.c.detector == detector, _OPEN))
    return [(row.subject_id, row.object) for row in rows]


def open_findings(connection: Connection, detector: str, subject_ids: Sequence[str]) -> dict[str, list[OpenFinding]]:
    """Subject id → the open findings of a detector about it; subjects without one are left out."""
    found: dict[str, list[OpenFinding]] = {}
    for some in batched(subject_ids, 500):
        query = select(_F.c.subject_id, _F.c.object, _F.c.key, _F.c.content).where(
            _F.c.detector == detector, _OPEN, _F.c.subject_id.in_(some)
        )
        for id_, object_, key, content in connection.execute(query.order_by(_F.c.seq)):
            found.setdefault(id_, []).append(OpenFinding(id_, object_, key, parse_time(content["as_of"])))
    return found


def write_log(connection: Connection, run: Rescreening, rows: Sequence[RescreenedRow]) -> Rescreening:
    """Add one run to the log; gives it back with its number."""
    values = {
        "at": run.at, "detector": run.detector, "version": run.version,
        "from_snapshots": [dict(item) for item in run.before], "to_snapshots": [dict(item) for item in run.after],
        "subjects": list(run.subjects), "key_count": run.keys, "customers": run.customers, "screened": run.screened,
        **_counts(run.counts),
    }  # fmt: skip
    done = connection.execute(_LOG.insert().values(values))
    number = int(done.inserted_primary_key[0]) if done.inserted_primary_key else 0
    for some in batched(rows, 2_000):
        connection.execute(
            _ROW.insert(),
            [
                {"rescreening_id": number, "subject_id": row.subject_id, "shared": dict(row.shared)}
                | _counts(row.counts)
                for row in some
            ],
        )
    return replace(run, id=number)


def log(connection: Connection) -> list[Rescreening]:
    """All runs, oldest first."""
    return [
        Rescreening(
            row.id, row.at, row.detector, row.version, tuple(row.from_snapshots), tuple(row.to_snapshots),
            tuple(row.subjects), row.key_count, row.customers, row.screened, _counted(row),
        )
        for row in connection.execute(select(_LOG).order_by(_LOG.c.id))
    ]  # fmt: skip


def log_rows(connection: Connection, run: int) -> list[RescreenedRow]:
    """The customers of one run, by id."""
    query = select(_ROW).where(_ROW.c.rescreening_id == run).order_by(_ROW.c.subject_id)
    return [RescreenedRow(row.subject_id, row.shared, _counted(row)) for row in connection.execute(query)]


def _counts(counts: StoreCounts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in ("new", "updated", "withdrawn", "unchanged")}


def _counted(row: Any) -> StoreCounts:
    return StoreCounts(row.new, row.updated, row.unchanged, row.withdrawn)
