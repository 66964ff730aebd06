"""Recorded screenings: who was screened when, against what, with which result; the clear ones too.

What is kept of a record is its place, its id and a hash of what was compared, not the personal data. A run is one row
of `screening_run`; its records stand in a Parquet segment under screenings/, named by the hash of its content, so that
two runs with the same answers share one. Rows go to a nameless temporary file first: a run that is killed leaves
nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import Connection, select

from stanch.exc import NotFoundError, StanchError
from stanch.model import content_hash, format_time
from stanch.workspace import schema
from stanch.workspace.folder import SCREENING_NAME, Folder, put_in_place

if TYPE_CHECKING:
    from stanch.workspace.workspace import Workspace

_T = schema.screening_run
#: What stands for the name of the input when names were typed in.
TYPED = "typed names"
#: Records written at once, and so held in memory.
_GROUP = 50_000
_PART = pa.struct([("label", pa.string()), ("bits", pa.float64())])
_MATCH = pa.struct(
    [
        ("entity_id", pa.string()),
        ("match_kind", pa.string()),
        ("alert", pa.bool_()),
        ("probability", pa.float64()),
        ("bits", pa.float64()),
        ("parts", pa.list_(_PART)),
    ]
)
_SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("locator", pa.string()),
        ("input_id", pa.string()),
        ("record", pa.binary(16)),
        ("outcome", pa.string()),
        ("partial", pa.bool_()),
        ("alerts", pa.int32()),
        ("matches", pa.list_(_MATCH)),
    ]
)


@dataclass(frozen=True, slots=True)
class KeptMatch:
    """A match as recorded. `alert` is False for one below the threshold, kept because it came near.

    `parts` are the pieces of evidence with their bits, named without the personal data ("the same full date of birth").
    """

    entity_id: str
    match_kind: str
    alert: bool
    probability: float
    bits: float
    parts: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """One record of a run.

    `outcome` is "alert", "clear" or "error" (nothing in it could be screened); `partial` says that some of it could not
    be used. `record` is a hash of what was compared (32 hex digits). `alerts` counts all matches at or above the
    threshold; `matches` has the most probable of them and of those below, most probable first.
    """

    row: int
    locator: str
    input_id: str
    record: str
    outcome: str
    partial: bool
    alerts: int
    matches: tuple[KeptMatch, ...]


@dataclass(frozen=True, slots=True)
class RunFacts:
    """Everything that the answers of a run rest on, and what its input was called.

    `lists` has name, date and SHA-256 of each list; `engine` names version and tables of the program; `floor` is the
    least probability of a match that is kept below the threshold; `links` says whether bare links were shown too.
    """

    input_name: str
    input_sha256: str
    columns: Mapping[str, str]
    lists: Sequence[Mapping[str, str]]
    engine: Mapping[str, str]
    threshold: float
    floor: float
    links: bool = False

    @property
    def inputs(self) -> str:
        """Names these facts by content; the name of the file is no part of it."""
        lists = sorted((item["name"], item["date"], item["sha256"]) for item in self.lists)
        return content_hash(
            [self.input_sha256, self.columns, lists, self.engine, self.threshold, self.floor, self.links]
        )


@dataclass(frozen=True, slots=True)
class Run:
    """A recorded run: facts, times and counts. `path` is the segment with its records."""

    id: str
    inputs: str
    started_at: datetime
    finished_at: datetime
    facts: RunFacts
    records: int
    alerts: int
    clear: int
    errors: int
    path: str

    def to_json(self) -> dict[str, Any]:
        """As printed; every key always present."""
        return {
            "run": self.id,
            "inputs": self.inputs,
            "started_at": format_time(self.started_at),
            "finished_at": format_time(self.finished_at),
            "input": self.facts.input_name,
            "input_sha256": self.facts.input_sha256,
            "columns": dict(self.facts.columns),
            "lists": [dict(item) for item in self.facts.lists],
            "engine": dict(self.facts.engine),
            "threshold": self.facts.threshold,
            "floor": self.facts.floor,
            "links": self.facts.links,
            "records": self.records,
            "alerts": self.alerts,
            "clear": self.clear,
            "errors": self.errors,
        }


class Recorder:
    """Collects the records of one run; `commit` makes them durable, all or nothing. Use it in a `with` block."""

    def __init__(self, workspace: Workspace, facts: RunFacts, started_at: datetime) -> None:
        self._workspace, self._facts, self._started_at = workspace, facts, started_at
        workspace.folder.screenings.mkdir(exist_ok=True)
        # Nameless: nothing to sweep, and other processes may write to the workspace meanwhile.
        self._spool: IO[bytes] = tempfile.TemporaryFile(dir=workspace.folder.screenings)  # noqa: SIM115 - see close
        self._writer = pq.ParquetWriter(self._spool, _SCHEMA, compression="zstd")
        self._waiting: list[KeptRecord] = []
        self._digest = hashlib.sha256()
        self.counts = {"alert": 0, "clear": 0, "error": 0}

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        with self._spool:
            self._writer.close()  # else it would write to the closed file when it is collected

    def add(self, record: KeptRecord) -> None:
        """Take one record, in input order."""
        self._waiting.append(record)
        self.counts[record.outcome] += 1
        if len(self._waiting) >= _GROUP:
            self._flush()

    def commit(self, finished_at: datetime) -> Run:
        """Put the records in place and register the run.

        Raises:
            BusyError: another process is writing.
        """
        self._flush()
        self._writer.close()
        name = f"records-{self._digest.hexdigest()[:32]}.parquet"
        run = Run(
            id=content_hash([self._facts.inputs, format_time(self._started_at)]),
            inputs=self._facts.inputs,
            started_at=self._started_at,
            finished_at=finished_at,
            facts=self._facts,
            records=sum(self.counts.values()),
            alerts=self.counts["alert"],
            clear=self.counts["clear"],
            errors=self.counts["error"],
            path=name,
        )
        with self._workspace.writing() as connection:
            known = connection.execute(select(_T.c.path).where(_T.c.path == name).limit(1)).scalar()
            if known is None:
                self._put(self._workspace.folder.screenings / name)
            connection.execute(_T.insert().values(_values(run)))
        return run

    def _flush(self) -> None:
        if not self._waiting:
            return
        rows, self._waiting = self._waiting, []
        self._digest.update(msgspec.json.encode(rows))
        self._writer.write_table(_table(rows))

    def _put(self, target: Path) -> None:
        part = target.with_name(target.name + ".part")
        self._spool.seek(0)
        with part.open("wb") as stream:
            shutil.copyfileobj(self._spool, stream, 1 << 20)
            stream.flush()
            os.fsync(stream.fileno())
        put_in_place(part, target)


def runs(connection: Connection) -> list[Run]:
    """All recorded runs, oldest first."""
    return [_run(row) for row in connection.execute(select(_T).order_by(_T.c.started_at, _T.c.id)).mappings()]


def find(connection: Connection, reference: str) -> Run:
    """The run with this id, or whose id begins so; "latest" is the one started last.

    Raises:
        NotFoundError: none, or several.
    """
    remedy = "list them with: stanch screenings"
    if reference == "latest":
        row = connection.execute(select(_T).order_by(_T.c.started_at.desc(), _T.c.id).limit(1)).mappings().first()
        if row is None:
            raise NotFoundError("no screening is recorded here; record one with: stanch screen FILE --record")
        return _run(row)
    wanted = reference.lower()
    if not wanted or not all(char in "0123456789abcdef" for char in wanted):
        raise NotFoundError(f"{reference[:40]!r} is not the id of a run; {remedy}")
    found = connection.execute(select(_T).where(_T.c.id.startswith(wanted)).limit(2)).mappings().all()
    if len(found) != 1:
        problem = "no run has the id" if not found else "more than one run has an id that starts with"
        raise NotFoundError(f"{problem} {wanted[:40]}; {remedy}")
    return _run(found[0])


def paths(connection: Connection) -> set[str]:
    """The segments that recorded runs point to."""
    return set(connection.execute(select(_T.c.path)).scalars())


def records(folder: Folder, run: Run, *, customer: str | None = None) -> Iterator[KeptRecord]:
    """The records of a run in input order, or those with one id only.

    Raises:
        StanchError: the segment is missing or damaged.
    """
    if not SCREENING_NAME.fullmatch(run.path):
        # A workspace may come from a stranger: its database must not lead to files outside the folder.
        raise StanchError(f"stanch.db names a segment {run.path[:60]!r}, which is none of ours; restore a backup")
    try:
        with pq.ParquetFile(folder.screenings / run.path) as file:
            for group in range(file.num_row_groups):
                if customer is None:
                    table = file.read_row_group(group)
                else:
                    ids = file.read_row_group(group, columns=["input_id"])["input_id"]
                    places = pc.indices_nonzero(pc.equal(ids, customer))
                    if len(places) == 0:
                        continue
                    table = file.read_row_group(group).take(places)
                yield from map(_record, table.to_pylist())
    except (OSError, pa.ArrowException) as err:
        raise StanchError(f"segment {run.path} cannot be read ({err}); restore it from a backup") from err


def _table(rows: Sequence[KeptRecord]) -> pa.Table:
    columns = {
        "row": [row.row for row in rows],
        "locator": [row.locator for row in rows],
        "input_id": [row.input_id for row in rows],
        "record": [bytes.fromhex(row.record) for row in rows],
        "outcome": [row.outcome for row in rows],
        "partial": [row.partial for row in rows],
        "alerts": [row.alerts for row in rows],
        "matches": [[_packed(match) for match in row.matches] for row in rows],
    }
    return pa.table(columns, _SCHEMA)


def _packed(match: KeptMatch) -> dict[str, Any]:
    parts = [{"label": label, "bits": bits} for label, bits in match.parts]
    return {
        "entity_id": match.entity_id,
        "match_kind": match.match_kind,
        "alert": match.alert,
        "probability": match.probability,
        "bits": match.bits,
        "parts": parts,
    }


def _record(row: dict[str, Any]) -> KeptRecord:
    matches = tuple(
        KeptMatch(**{**match, "parts": tuple((part["label"], part["bits"]) for part in match["parts"])})
        for match in row["matches"]
    )
    return KeptRecord(**{**row, "record": row["record"].hex(), "matches": matches})


def _values(run: Run) -> dict[str, Any]:
    values = {name: getattr(run, name) for name in ("id", "inputs", "started_at", "finished_at", "path")}
    counts = {name: getattr(run, name) for name in ("records", "alerts", "clear", "errors")}
    return values | counts | {"facts": msgspec.to_builtins(run.facts)}


def _run(row: Mapping[Any, Any]) -> Run:
    return Run(**{**row, "facts": msgspec.convert(row["facts"], RunFacts)})
