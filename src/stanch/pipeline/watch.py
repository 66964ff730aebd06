"""Screening again after lists changed: only who shares a key with a change, only against what changed, with a log.

Why the result is that of screening everybody against everything: see `screening.touched`. All of it is one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from sqlalchemy import Connection

from stanch.model import Entity, now_utc
from stanch.pipeline.detector import Outcome
from stanch.pipeline.legal import with_legal_basis
from stanch.screening import ListInfo, Query, Screened
from stanch.screening.findings import date_of
from stanch.screening.touched import Touched, touched
from stanch.workspace import ListSnapshot, Workspace, lists
from stanch.workspace import findings as store
from stanch.workspace import rescreening as log
from stanch.workspace.findings import StoreCounts
from stanch.workspace.records import batched
from stanch.workspace.rescreening import Basis, RescreenedRow, Rescreening

#: Entries that the log names for one key of one customer. A whole new list has hundreds for a common name.
MOST_ENTRIES = 10
#: Key → ids of the changed entries that have it.
_Shared = Mapping[str, Sequence[str]]
#: The hash of a customer's record, and the party with its wallets and accounts (`Workspace.customers`).
Customer = tuple[str, tuple[Entity, ...]]
#: What answers queries, one answer a query, in order.
Screen = Callable[[Sequence[Query]], Sequence[Screened]]


class Screener(Protocol):
    """The detector whose subjects are screened again (`detectors.ScreeningDetector`)."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> int: ...

    def inputs(self, workspace: Workspace) -> str: ...
    def rest(self, workspace: Workspace) -> str: ...
    def screened(self, customers: Sequence[Customer], screen: Screen, /) -> Iterable[Outcome]: ...


def rescreen(workspace: Workspace, detector: Screener) -> tuple[Rescreening, ...]:
    """Bring all customers who were checked against other lists up to the current ones; usually one run of the log.

    Customers are left to a whole check when threshold, weights or the version of the detector changed meanwhile, when
    their own record did, or when the keys they were looked up by are not on record (checked by an older stanch).

    Raises:
        BusyError: another process is writing.
    """
    with workspace.reading() as connection:
        inputs = detector.inputs(workspace)
        known = log.find_basis(connection, detector.name, inputs) is not None
        if known and not log.other_inputs(connection, detector.name, detector.version, inputs):
            return ()
    with workspace.writing() as connection:
        # Read again: nobody else can change the lists from here on.
        inputs, current = detector.inputs(workspace), lists.current(connection)
        basis = Basis(inputs, tuple(item.id for item in current), detector.rest(workspace))
        log.remember(connection, detector.name, basis)
        runs = []
        for other in log.other_inputs(connection, detector.name, detector.version, inputs):
            before = log.find_basis(connection, detector.name, other)
            # Without a list of its own a workspace is screened against the packaged ones, which are no snapshot.
            if before is not None and before.rest == basis.rest and before.snapshots and basis.snapshots:
                runs.append(_Run(workspace, connection, detector, before, basis).run())
        return tuple(runs)


def waiting(workspace: Workspace, detector: Screener) -> int:
    """How many customers are new, changed, or for another reason not yet checked against the current lists."""
    inputs = detector.inputs(workspace)
    with workspace.reading() as connection:
        done = store.checked_against(connection, detector.name, detector.version, inputs)
    return sum(done.get(id_) != content for id_, content in workspace.customer_hashes())


@dataclass(frozen=True, slots=True)
class _Run:
    """Everybody who was checked against one earlier state of the lists, inside the transaction."""

    workspace: Workspace
    connection: Connection
    detector: Screener
    before: Basis
    after: Basis

    def run(self) -> Rescreening:
        """Screen those who must be, carry the others, write the log."""
        held = {item.id: item for item in lists.held(self.connection)}
        old, new = ([held[number] for number in basis.snapshots] for basis in (self.before, self.after))
        changed = self._changed(_infos(old), _infos(new))
        shared, total = self._sharing(changed)
        rows = [row for some in batched(shared, 500) for row in self._screen(some, shared, changed)]
        # Those whose own record changed are carried with it: the new record was not checked against anything yet.
        name, version = self.detector.name, self.detector.version
        log.carry(self.connection, name, version, self.before.inputs, self.after.inputs, date_of(_infos(new)))
        run = Rescreening(
            id=0,
            at=now_utc(),
            detector=name,
            version=version,
            before=tuple(map(_named, old)),
            after=tuple(map(_named, new)),
            subjects=tuple(sorted(changed.ids)),
            keys=len(changed.keys),
            customers=total,
            screened=len(rows),
            counts=sum((row.counts for row in rows), StoreCounts()),
        )
        return log.write_log(self.connection, run, rows)

    def _changed(self, before: Sequence[ListInfo], after: Sequence[ListInfo]) -> Touched:
        """What differs between the two states of the lists. A snapshot in both is read once."""
        numbers = dict.fromkeys((*self.before.snapshots, *self.after.snapshots))
        read = {number: lists.entities_of(self.connection, number) for number in numbers}
        old, new = (
            [entity for number in basis.snapshots for entity in read[number]] for basis in (self.before, self.after)
        )
        return touched(old, new, before, after)

    def _sharing(self, changed: Touched) -> tuple[dict[str, _Shared], int]:
        """The customers who share a key with a change or have an open finding about one, with the keys; and how many
        customers there are, all told."""
        name, version = self.detector.name, self.detector.version
        about = {customer for customer, listed in log.open_objects(self.connection, name) if listed in changed.ids}
        shared: dict[str, _Shared] = {}
        total = 0
        for id_, keys in log.checked_customers(self.connection, name, version, self.before.inputs):
            total += 1
            found = {key: changed.keys[key][:MOST_ENTRIES] for key in keys if key in changed.keys}
            if found or id_ in about:
                shared[id_] = found
        return shared, total

    def _screen(self, ids: Sequence[str], shared: Mapping[str, _Shared], changed: Touched) -> list[RescreenedRow]:
        """Screen some customers against what changed; findings about all else stand."""
        screen = partial(changed.screen_all, threshold=self.workspace.settings.screening_threshold)
        name, now = self.detector.name, now_utc()
        open_ = log.open_findings(self.connection, name, ids)
        rows, checks = [], []
        for outcome in self.detector.screened(list(self.workspace.customers(ids)), screen):
            id_ = outcome.subject.id
            found = [with_legal_basis(finding) for finding in outcome.findings]
            before = open_.get(id_, [])
            standing = [item for item in before if item.object not in changed.ids]
            counts = store.store(self.connection, found, now)
            if len(standing) < len(before):
                keep = [item.key for item in standing] + [finding.key for finding in found]
                counts += store.withdraw(self.connection, name, keep, now, id_)
            dates = [item.as_of for item in standing] + [finding.as_of for finding in found]
            as_of = max(dates) if dates else outcome.as_of
            checks.append(store.Check(outcome.subject, outcome.content, len(dates), as_of, outcome.keys))
            rows.append(RescreenedRow(id_, shared[id_], counts))
        store.record_checks(self.connection, name, self.detector.version, self.after.inputs, checks, now)
        return rows


def _infos(snapshots: Sequence[ListSnapshot]) -> list[ListInfo]:
    return [ListInfo(item.source_id, item.list_date, item.sha256) for item in snapshots]


def _named(snapshot: ListSnapshot) -> dict[str, str]:
    return {"source": snapshot.source_id, "date": snapshot.list_date, "sha256": snapshot.sha256}
