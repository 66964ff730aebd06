"""Traces of the known thefts through the ledger of a workspace, made once and shared by the detectors."""

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
        """Theft id → its trace, for every theft of the registry whose seeds appear in the ledger."""
        state = self.inputs(workspace)
        if state != self._state:
            self._traces = trace_thefts(workspace)
            self._state = state
        return self._traces


def trace_thefts(workspace: Workspace) -> dict[str, Trace]:
    """Trace every theft of the registry that the ledger of a workspace shows."""
    parts = list(workspace.transfers())
    if not parts:
        return {}
    ledgers = build_ledgers(parts, workspace.address_book())
    labels = tuple(workspace.labels())
    boundary = Boundary.of(labels)
    found: dict[str, Trace] = {}
    for theft in load_thefts():
        seeds = seeds_of_theft(theft.id, labels)
        if seeds and any(seeds_in(ledger, seeds) for ledger in ledgers):
            found[theft.id] = trace(ledgers, seeds, boundary, theft_id=theft.id, all_seeds=False)
    return found
