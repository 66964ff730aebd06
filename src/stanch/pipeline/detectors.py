"""The standard detectors: each joins one part of stanch to the records of a workspace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from stanch import screening, workers
from stanch.model import Clear, Finding, Subject, content_hash
from stanch.pipeline.detector import Detector, Done, Outcome
from stanch.pipeline.traces import Traces, name_of_case
from stanch.pipeline.wallets import watched_wallets
from stanch.pipeline.watch import Customer, Screen, rescreen
from stanch.screening.batch import CHUNK
from stanch.screening.links.relation import rules_source
from stanch.screening.touched import lookup_keys
from stanch.screening.weights import SOURCE
from stanch.tracing import findings as stolen_funds
from stanch.tracing.findings import DETECTOR, VERSION
from stanch.workers.taint import taint_of
from stanch.workspace import Workspace
from stanch.workspace.records import batched
from stanch.workspace.rescreening import Rescreening


def standard_detectors() -> tuple[Detector, ...]:
    """All detectors, in order: workers come after tracing because they ask where payout wallets got their money."""
    traces = Traces()
    return (ScreeningDetector(), TracingDetector(traces), WorkersDetector(traces))


@dataclass(frozen=True, slots=True)
class ScreeningDetector:
    """Each customer against the current lists."""

    name: str = screening.DETECTOR
    version: int = screening.VERSION
    whole: bool = False

    def inputs(self, workspace: Workspace) -> str:
        """The lists, the threshold and the table of weights."""
        lists = [(item.source_id, item.list_date, item.sha256) for item in workspace.list_snapshots()]
        return content_hash([lists, self.rest(workspace)])

    def rest(self, workspace: Workspace) -> str:
        """What the answers rest on beside the lists: when it changes, everybody is screened again."""
        return content_hash([workspace.settings.screening_threshold, SOURCE.sha256, rules_source().sha256])

    def catch_up(self, workspace: Workspace) -> tuple[Rescreening, ...]:
        """After a change of lists: only customers who share a key with it, and only against what changed."""
        return rescreen(workspace, self)

    def outcomes(self, workspace: Workspace, done: Done) -> Iterator[Outcome]:
        """Screen customers that are new or changed."""
        waiting = [id_ for id_, content in workspace.customer_hashes() if not done(id_, content)]
        if not waiting:
            return
        index = screening.load_index(workspace)
        screen = partial(index.screen_all, threshold=workspace.settings.screening_threshold)
        for customers in batched(workspace.customers(waiting), CHUNK):
            yield from self.screened(customers, screen)

    def screened(self, customers: Sequence[Customer], screen: Screen) -> Iterator[Outcome]:
        """Screen some customers, in their order."""
        queries = [screening.Query.of_entities(party, others) for _, (party, *others) in customers]
        for (content, (party, *_)), query, answer in zip(customers, queries, screen(queries), strict=True):
            result = screening.findings(answer)
            found = () if isinstance(result, Clear) else result
            as_of = result.as_of if isinstance(result, Clear) else max(finding.as_of for finding in found)
            # Interests of several owners count together, so a record with owners is never screened by halves.
            keys = lookup_keys(query) if query.related is None else None
            yield Outcome(Subject(party.schema, party.id, party.caption), content, found, as_of, keys)


@dataclass(frozen=True, slots=True)
class TracingDetector:
    """Each theft whose seeds appear in the ledger, followed to where the money is; customers' wallets are watched."""

    traces: Traces
    name: str = DETECTOR
    version: int = VERSION
    whole: bool = True

    def inputs(self, workspace: Workspace) -> str:
        """The ledger, the labels, the wallets of customers and the settings."""
        watched = [[str(account), subject.id] for account, subject in watched_wallets(workspace).items()]
        return content_hash([self.traces.inputs(workspace), watched, workspace.settings.trace_min_share])

    def catch_up(self, workspace: Workspace) -> tuple[Rescreening, ...]:  # noqa: ARG002 - all or nothing
        """Nothing: subjects depend on each other."""
        return ()

    def outcomes(self, workspace: Workspace, done: Done) -> Iterator[Outcome]:  # noqa: ARG002 - all or nothing
        """One outcome a theft."""
        watch = watched_wallets(workspace)
        share = Decimal(repr(workspace.settings.trace_min_share))
        for theft_id, trace in self.traces.of(workspace).items():
            victim = name_of_case(theft_id)
            found = stolen_funds(trace, theft_id, victim, watch=watch, holder_share=share)
            content = content_hash(trace.manifest())
            as_of = max(asset.as_of for asset in trace.assets)
            yield Outcome(Subject("Event", theft_id, victim), content, tuple(found), as_of)


@dataclass(frozen=True, slots=True)
class WorkersDetector:
    """All engagements together, since what counts is what they share."""

    traces: Traces
    name: str = workers.DETECTOR
    version: int = workers.VERSION
    whole: bool = True

    def inputs(self, workspace: Workspace) -> str:
        """The engagements, the ledger and labels that payout wallets are traced on, and the base rate."""
        return content_hash(
            [workspace.engagement_hashes(), self.traces.inputs(workspace), workspace.settings.workers_base_rate]
        )

    def catch_up(self, workspace: Workspace) -> tuple[Rescreening, ...]:  # noqa: ARG002 - all or nothing
        """Nothing: subjects depend on each other."""
        return ()

    def outcomes(self, workspace: Workspace, done: Done) -> Iterator[Outcome]:  # noqa: ARG002 - all or nothing
        """One outcome an engagement."""
        engagements = workspace.engagements()
        if not engagements:
            return
        traces = list(self.traces.of(workspace).values())
        wallets = taint_of(traces, workers.payout_wallets(engagements)) if traces else None
        context = workers.Context(base_rate=workspace.settings.workers_base_rate, wallets=wallets)
        inputs = self.inputs(workspace)
        received = workspace.first_import("engagements")
        for result in workers.findings(workers.vet(engagements, context), context, received):
            found: tuple[Finding, ...] = () if isinstance(result, Clear) else (result,)
            yield Outcome(result.subject, inputs, found, result.as_of)
