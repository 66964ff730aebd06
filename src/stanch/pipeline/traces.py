"""Traces of the known cases through the ledger of a workspace, made once and shared by the detectors."""

from __future__ import annotations

from dataclasses import dataclass, field

from stanch.knowledge import load_thefts
from stanch.model import content_hash
from stanch.tracing import Boundary, Trace, build_ledgers, seeds_of_theft, trace
from stanch.tracing.flow import seeds_in
from stanch.workspace import Workspace


@dataclass(slots=True)
class Traces:
    """Keeps the traces of one state of a workspace: asking again is free until ledger or labels change."""

    _state: str = ""
    _traces: dict[str, Trace] = field(default_factory=dict)

    def inputs(self, workspace: Workspace) -> str:
        """A hash of the ledger files and the labels."""
        return content_hash([workspace.ledger_imports(), workspace.label_hashes()])

    def of(self, workspace: Workspace) -> dict[str, Trace]:
        """Case → its trace, for every case whose seeds appear in the ledger."""
        state = self.inputs(workspace)
        if state != self._state:
            self._traces = trace_thefts(workspace)
            self._state = state
        return self._traces


def trace_thefts(workspace: Workspace) -> dict[str, Trace]:
    """Trace every case that has a seed (a label of category "theft") in the ledger of a workspace: thefts of the
    registry, and cases of the user's own."""
    parts = list(workspace.transfers())
    if not parts:
        return {}
    ledgers = build_ledgers(parts, workspace.address_book())
    labels = tuple(workspace.labels())
    boundary = Boundary.of(labels)
    found: dict[str, Trace] = {}
    for case in sorted({label.case for label in labels if label.category == "theft" and label.case}):
        seeds = seeds_of_theft(case, labels)
        if any(seeds_in(ledger, seeds) for ledger in ledgers):
            found[case] = trace(ledgers, seeds, boundary, theft_id=case, all_seeds=False)
    return found


def name_of_case(case: str) -> str:
    """The victim's name for a theft of the registry, without what stands in brackets; else the case's own id."""
    return next((theft.victim.split(" (")[0] for theft in load_thefts() if theft.id == case), case)
