"""The workspace: one folder that holds records, lists, the ledger and findings, for the command line and a server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Text, cast, func, select

from stanch.exc import BusyError, InputError
from stanch.model import Engagement, Entity, Label, content_hash, now_utc
from stanch.model.decision import Standing
from stanch.sources.columns import USUAL, Columns
from stanch.sources.raw import RawFile
from stanch.workspace import decisions, findings, ledger, lists, schema, screenings, store
from stanch.workspace.addresses import AddressBook
from stanch.workspace.folder import Folder, find_folder
from stanch.workspace.imports import IMPORTERS, Import, Progress
from stanch.workspace.ledger import LedgerPart
from stanch.workspace.lists import ListSnapshot, NewSnapshot
from stanch.workspace.records import ImportReport, batched, unpack, unpack_text
from stanch.workspace.settings import Settings


def _silent(_: int) -> None:
    """No progress wanted."""


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """A row that could not be used, and the file it stands in."""

    file: str
    locator: str
    line: int | None
    raw: str
    reason: str
    remedy: str


class Workspace:
    """Open with `open`, `find` or `init`; close with `close` or a `with` block. Safe to use from several processes."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.settings = Settings.read(folder.settings_file)

    # -- opening ------------------------------------------------------------------------------------------------

    @classmethod
    def init(cls, root: Path) -> Workspace:
        """Make a new, empty workspace in a new or empty folder.

        Raises:
            InputError: the folder holds something.
        """
        folder = Folder(root.expanduser().resolve())
        folder.create()
        workspace = cls(folder)
        with folder.writing(workspace.settings.busy_timeout_s):
            store.migrate(workspace.engine)
        return workspace

    @classmethod
    def open(cls, folder: Folder) -> Workspace:
        """Open an existing workspace, migrate it if it is older, and sweep what a killed import left behind."""
        workspace = cls(folder)
        try:
            with folder.writing(0):
                store.migrate(workspace.engine)
                folder.sweep(workspace._registered_files())
        except BusyError:
            # Someone is writing: nothing is left over that is not theirs. While they still make or migrate the
            # database there is nothing to read yet.
            if store.schema_version(workspace.engine) != store.HEAD:
                raise
        return workspace

    @classmethod
    def find(cls, given: str | Path | None) -> Workspace:
        """Open the workspace that a flag or the environment names, else the nearest one upwards.

        Raises:
            NotFoundError: none there.
        """
        return cls.open(find_folder(given))

    def close(self) -> None:
        """Give back the database connections."""
        self.engine.dispose()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def engine(self) -> Engine:
        """The SQLite engine."""
        return store.open_engine(self.folder.database, self.settings.busy_timeout_s)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the database."""
        with store.busy_as_error(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, with the right to write files beside it.

        Raises:
            BusyError: another process is writing.
        """
        with self.folder.writing(self.settings.busy_timeout_s), store.write(self.engine) as connection:
            yield connection

    def _registered_files(self) -> set[Path]:
        with self.reading() as connection:
            raw = {self.folder.raw_path(row.sha256) for row in connection.execute(select(schema.raw_file.c.sha256))}
            segments = select(schema.ledger_segment.c.path).union_all(select(schema.address_segment.c.path))
            recorded = {self.folder.screenings / path for path in screenings.paths(connection)}
            return raw | recorded | {self.folder.ledger / path for (path,) in connection.execute(segments)}

    # -- bringing records in ------------------------------------------------------------------------------------

    def add(
        self, kind: str, raw: RawFile, columns: Columns | None = None, progress: Progress = _silent
    ) -> ImportReport:
        """Import a file of customers, engagements, labels or transfers: all of it, or nothing after a crash.

        The same file under the same mapping adds nothing the second time. Bad rows go to quarantine.

        Raises:
            InputError: the file cannot be read as this kind.
            BusyError: another process is writing.
        """
        columns = columns or USUAL
        with self.writing() as connection:
            work = self._start(connection, kind, raw, columns.mapping, columns, progress)
            if not work.report.already:
                IMPORTERS[kind](work)
                if work.report.total == 0 and work.report.rejected == 0:
                    raise InputError("holds no rows", file=raw.name, remedy="export it again")
                work.close()
            return work.report

    def add_list(self, snapshot: NewSnapshot, progress: Progress = _silent) -> ImportReport:
        """Import a dated snapshot of a list of designations; it becomes the current one of its source.

        The snapshot's own assertions decide before anything is replaced (`lists.replace`).

        Raises:
            InputError: not readable, or too different from what such a list holds.
            BusyError: another process is writing.
        """
        with self.writing() as connection:
            mapping = content_hash([snapshot.source_id, snapshot.sha256])
            work = self._start(connection, "list", snapshot.files[0], mapping, USUAL, progress)
            for raw in snapshot.files[1:]:
                self._keep(connection, raw)
            if work.report.already:
                work.report.already = lists.touch_if_current(connection, snapshot, now_utc())
            if not work.report.already:
                work.report.added = lists.replace(connection, snapshot, work.good(snapshot.records()), now_utc())
                work.close()
            return work.report

    def _start(
        self, connection: Connection, kind: str, raw: RawFile, mapping: str, columns: Columns, progress: Progress
    ) -> Import:
        """Register an import, or find the earlier one of the same file under the same mapping."""
        report = ImportReport(kind, raw.name, raw.sha256)
        i = schema.import_
        same = (i.c.kind == kind) & (i.c.sha256 == raw.sha256) & (i.c.mapping == mapping)
        import_id = connection.execute(select(i.c.id).where(same)).scalar()
        report.already = import_id is not None
        kept = self._keep(connection, raw)
        if import_id is None:
            values = {"kind": kind, "sha256": raw.sha256, "mapping": mapping, "name": raw.name}
            empty = {"added": 0, "updated": 0, "unchanged": 0, "rejected": 0, "notes": []}
            connection.execute(i.insert().values(imported_at=now_utc(), **values, **empty))
            import_id = connection.execute(select(i.c.id).where(same)).scalar_one()
        return Import(connection, self.folder, int(import_id), kept, columns, report, progress)

    def _keep(self, connection: Connection, raw: RawFile) -> RawFile:
        kept = self.folder.keep_raw(raw)
        t = schema.raw_file
        if connection.execute(select(t.c.sha256).where(t.c.sha256 == raw.sha256)).scalar() is None:
            connection.execute(
                t.insert().values(sha256=raw.sha256, name=raw.name, size=raw.size, received_at=now_utc())
            )
        return kept

    # -- reading records ----------------------------------------------------------------------------------------

    def customers(self, ids: Sequence[str] | None = None) -> Iterator[tuple[str, tuple[Entity, ...]]]:
        """(content hash, party with its wallets and accounts) of all, or those with these ids, in order of import."""
        c = schema.customer.c
        query = select(c.content, cast(c.entities, Text)).order_by(c.seq)
        with self.reading() as connection:
            # SQLite takes some thousands of values in one statement.
            for some in [None] if ids is None else batched(ids, 1_000):
                chosen = query if some is None else query.where(c.id.in_(some))
                for content, entities in connection.execution_options(yield_per=1_000).execute(chosen):
                    yield content, unpack_text(entities, tuple[Entity, ...])

    def customer_hashes(self) -> list[tuple[str, str]]:
        """(id, content hash) of all customers, in order of import."""
        c = schema.customer.c
        with self.reading() as connection:
            return [(row.id, row.content) for row in connection.execute(select(c.id, c.content).order_by(c.seq))]

    def engagements(self) -> list[Engagement]:
        """All engagements, in order of import."""
        with self.reading() as connection:
            rows = connection.execute(select(schema.engagement.c.record).order_by(schema.engagement.c.seq))
            return [unpack(record, Engagement) for (record,) in rows]

    def labels(self) -> list[Label]:
        """All labels, in order of import; several on one account when sources differ."""
        with self.reading() as connection:
            rows = connection.execute(select(schema.label.c.record).order_by(schema.label.c.seq))
            return [unpack(record, Label) for (record,) in rows]

    def transfers(self) -> Iterator[LedgerPart]:
        """All transfers, one part a stored segment."""
        with self.reading() as connection:
            yield from ledger.parts(connection, self.folder)

    def address_book(self) -> AddressBook:
        """The persisted integer ids of all accounts in the ledger."""
        with self.reading() as connection:
            return ledger.load_addresses(connection, self.folder)

    def list_snapshots(self) -> list[ListSnapshot]:
        """The current snapshot of each list."""
        with self.reading() as connection:
            return lists.current(connection)

    def list_snapshot(self, source_id: str) -> ListSnapshot | None:
        """The current snapshot of one source, or None."""
        return next((item for item in self.list_snapshots() if item.source_id == source_id), None)

    def listed_entities(self) -> Iterator[Entity]:
        """The entities of all current lists."""
        with self.reading() as connection:
            yield from lists.entities(connection)

    def quarantined(self) -> list[QuarantinedRow]:
        """Every row that could not be used, oldest first."""
        q = schema.quarantine
        query = (
            select(schema.import_.c.name, q.c.locator, q.c.line, q.c.raw, q.c.reason, q.c.remedy)
            .join_from(q, schema.import_)
            .order_by(q.c.id)
        )
        with self.reading() as connection:
            return [QuarantinedRow(*row) for row in connection.execute(query)]

    # -- findings -----------------------------------------------------------------------------------------------

    def findings(self, detector: str | None = None) -> list[dict[str, Any]]:
        """Open findings as JSON objects, in the order in which they were found."""
        with self.reading() as connection:
            return list(findings.open_findings(connection, detector))

    def finding(self, id_or_key: str) -> dict[str, Any]:
        """One finding by id or key, or by their unique first digits.

        Raises:
            NotFoundError: none, or several.
        """
        with self.reading() as connection:
            return findings.find(connection, id_or_key)

    def finding_state(self, finding_id: str) -> str:
        """Whether a finding is open, superseded (by which id) or withdrawn (when)."""
        with self.reading() as connection:
            return findings.state(connection, finding_id)

    def claims(self) -> dict[str, tuple[str, str]]:
        """Finding id → (claim, object), for the open findings."""
        with self.reading() as connection:
            return findings.claims(connection)

    def checked(self) -> dict[str, tuple[int, int]]:
        """Detector → (subjects checked, of these clear)."""
        with self.reading() as connection:
            return findings.checked_counts(connection)

    # -- decisions ----------------------------------------------------------------------------------------------

    def decisions(self, today: date | None = None, keys: Iterable[str] | None = None) -> list[Standing]:
        """Every decision ever made (on findings with these keys), oldest first, with its state on a day (today)."""
        with self.reading() as connection:
            return decisions.standings(connection, today or now_utc().date(), keys)

    def with_decisions(self, found: Sequence[Mapping[str, Any]], today: date | None = None) -> list[dict[str, Any]]:
        """Findings with one key more: `decision`, the last one on each and its state, or None."""
        with self.reading() as connection:
            return decisions.with_decisions(connection, found, today or now_utc().date())

    # -- state --------------------------------------------------------------------------------------------------

    def ledger_imports(self) -> list[str]:
        """Hashes of the imported ledger files: what a trace over the ledger rests on."""
        query = select(schema.import_.c.sha256, schema.import_.c.mapping).where(schema.import_.c.kind == "transfers")
        with self.reading() as connection:
            return sorted(f"{sha256}:{mapping}" for sha256, mapping in connection.execute(query))

    def first_import(self, kind: str) -> datetime:
        """When the first file of a kind came in; the present when none did."""
        query = select(func.min(schema.import_.c.imported_at)).where(schema.import_.c.kind == kind)
        with self.reading() as connection:
            return connection.execute(query).scalar() or now_utc()

    def label_hashes(self) -> list[str]:
        """Hashes of all labels, sorted: what the boundary of a trace rests on."""
        with self.reading() as connection:
            return sorted(connection.execute(select(schema.label.c.content)).scalars())

    def engagement_hashes(self) -> list[str]:
        """Hashes of all engagements, sorted."""
        with self.reading() as connection:
            return sorted(connection.execute(select(schema.engagement.c.content)).scalars())

    def counts(self) -> dict[str, int]:
        """How many rows of each kind the workspace holds. "findings" are open ones without a decision in force."""
        tables = {
            "customers": select(func.count()).select_from(schema.customer),
            "engagements": select(func.count()).select_from(schema.engagement),
            "labels": select(func.count()).select_from(schema.label),
            "transfers": select(func.coalesce(func.sum(schema.ledger_segment.c.rows), 0)),
            "listed entities": select(func.coalesce(func.sum(schema.list_snapshot.c.entities), 0)).where(
                schema.list_snapshot.c.is_current
            ),
            "quarantined rows": select(func.count()).select_from(schema.quarantine),
            "findings": select(func.count())
            .select_from(schema.finding)
            .where(schema.finding.c.superseded_by.is_(None), schema.finding.c.withdrawn_at.is_(None)),
        }
        with self.reading() as connection:
            counts = {name: int(connection.execute(query).scalar_one()) for name, query in tables.items()}
            decided = decisions.count_decided(connection, now_utc().date())
        return counts | {"findings": counts["findings"] - decided, "decided not the same person": decided}
