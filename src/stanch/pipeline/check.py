"""The main job: every detector on what is new, findings stored once, cleared subjects recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select

from stanch.model import now_utc
from stanch.pipeline.detector import Detector, Outcome
from stanch.pipeline.legal import with_legal_basis
from stanch.workspace import Workspace, schema
from stanch.workspace import findings as store
from stanch.workspace.findings import StoreCounts
from stanch.workspace.rescreening import Rescreening

#: Outcomes stored in one transaction: small enough that a killed run loses little, large enough to be fast.
_BATCH = 500

#: Called with a detector's name and the number of subjects it has checked.
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class DetectorReport:
    """What one detector did: subjects checked, and what that changed.

    `rescreenings` are part of both numbers: what was checked again only as far as the lists had changed.
    """

    detector: str
    version: int
    checked: int
    counts: StoreCounts
    rescreenings: tuple[Rescreening, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check did, by detector."""

    detectors: tuple[DetectorReport, ...]

    @property
    def counts(self) -> StoreCounts:
        """Changes over all detectors."""
        return sum((report.counts for report in self.detectors), StoreCounts())


def check(
    workspace: Workspace, detectors: Sequence[Detector] | None = None, progress: Progress = lambda _name, _count: None
) -> CheckReport:
    """Run detectors (all of them unless told) on what is new in the workspace and store their findings.

    Running twice adds nothing. Findings that no longer hold are withdrawn, not deleted.
    """
    if detectors is None:
        from stanch.pipeline.detectors import standard_detectors

        detectors = standard_detectors()
    return CheckReport(tuple(_run(workspace, detector, progress) for detector in detectors))


def _run(workspace: Workspace, detector: Detector, progress: Progress) -> DetectorReport:
    caught_up = detector.catch_up(workspace)
    inputs = detector.inputs(workspace)
    with workspace.reading() as connection:
        if detector.whole and _last_inputs(connection, detector) == inputs:
            return DetectorReport(detector.name, detector.version, 0, StoreCounts())
        known = {} if detector.whole else store.checked_against(connection, detector.name, detector.version, inputs)
    counts = sum((run.counts for run in caught_up), StoreCounts())
    checked, keys = sum(run.screened for run in caught_up), set[str]()
    outcomes = iter(detector.outcomes(workspace, lambda subject, content: known.get(subject) == content))
    while batch := list(islice(outcomes, _BATCH)):
        batch = [replace(outcome, findings=tuple(map(with_legal_basis, outcome.findings))) for outcome in batch]
        with workspace.writing() as connection:
            counts += _store(connection, detector, inputs, batch)
        keys |= {finding.key for outcome in batch for finding in outcome.findings}
        checked += len(batch)
        progress(detector.name, checked)
    with workspace.writing() as connection:
        if detector.whole:
            counts += store.withdraw(connection, detector.name, keys, now_utc())
        _complete(connection, detector, inputs)
    return DetectorReport(detector.name, detector.version, checked, counts, caught_up)


def _store(connection: Connection, detector: Detector, inputs: str, batch: Sequence[Outcome]) -> StoreCounts:
    now = now_utc()
    counts = StoreCounts()
    ids = [outcome.subject.id for outcome in batch]
    had = set() if detector.whole else store.subjects_with_findings(connection, detector.name, ids)
    for outcome in batch:
        counts += store.store(connection, outcome.findings, now)
        if outcome.subject.id in had:
            keys = [finding.key for finding in outcome.findings]
            counts += store.withdraw(connection, detector.name, keys, now, outcome.subject.id)
    checks = [store.Check(one.subject, one.content, len(one.findings), one.as_of, one.keys) for one in batch]
    store.record_checks(connection, detector.name, detector.version, inputs, checks, now)
    return counts


def _last_inputs(connection: Connection, detector: Detector) -> str | None:
    r = schema.run
    query = select(r.c.inputs).where(r.c.detector == detector.name, r.c.version == detector.version)
    return connection.execute(query).scalar()


def _complete(connection: Connection, detector: Detector, inputs: str) -> None:
    r = schema.run
    values: dict[str, Any] = {"version": detector.version, "inputs": inputs, "finished_at": now_utc()}
    updated = connection.execute(r.update().where(r.c.detector == detector.name).values(values)).rowcount
    if not updated:
        connection.execute(r.insert().values(detector=detector.name, **values))
