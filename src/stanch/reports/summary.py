"""Gathers what the report shows from a workspace: findings, traces, lists, the law, and what was not seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stanch import __version__
from stanch.knowledge import Provision, load_thefts
from stanch.model import now_utc
from stanch.pipeline.traces import trace_thefts
from stanch.regime import heading, provision_or_instrument
from stanch.reports.html import LegalText, ReportData, TracedTheft
from stanch.workspace import Workspace
from stanch.workspace.decisions import is_decided

NOTES = (
    "A finding is a reason for a person to look, not a verdict. Most people with a listed person's name are not that "
    "person; most who share an address or a device have an innocent reason.",
    "Probabilities rest on tables of weights that are printed with their origin; many of those are estimates. A "
    "probability is about the records given here, not about people at large.",
    "A trace sees only the transfers in the ledger. Value that went through a mixer, an exchange or a bridge is "
    "followed to its door and no further; behind it the same coins belong to many.",
    "That nothing was found means that these checks, on these records, against lists of these dates, found nothing.",
)


def report_data(workspace: Workspace, title: str = "What these records show") -> ReportData:
    """All that the HTML page needs. Traces are computed anew from the ledger."""
    judged = workspace.with_decisions(workspace.findings())
    findings = [item for item in judged if not is_decided(item)]
    traces = trace_thefts(workspace)
    snapshots = [
        {"name": item.source_id.upper(), "date": item.list_date, "entities": item.entities}
        for item in workspace.list_snapshots()
    ]
    return ReportData(
        title=title,
        made_at=now_utc().replace(microsecond=0),
        code_version=__version__,
        findings=findings,
        decided=[item for item in judged if is_decided(item)],
        claims={id_: claim for id_, (claim, _) in workspace.claims().items()},
        objects={id_: object_ for id_, (_, object_) in workspace.claims().items()},
        checked=workspace.checked(),
        thefts=[_traced(case, trace.to_json()) for case, trace in traces.items()],
        lists=snapshots,
        legal=_legal(findings),
        counts=workspace.counts(),
        notes=NOTES,
    )


def _traced(case: str, trace: Mapping[str, Any]) -> TracedTheft:
    record = next((theft for theft in load_thefts() if theft.id == case), None)
    if record is None:
        return TracedTheft(case, case, "A case of your own labels, not of the registry.", "your labels", "not", trace)
    facts = f"{record.date:%d %B %Y}: about {record.amount.amount:,.0f} {record.amount.asset} at the time"
    if record.assets:
        facts += f" ({record.assets})"
    facts += f". Attributed to the DPRK by: {record.attributed_by} (level {record.attribution_level})."
    if record.uncertainty:
        facts += f" Doubts: {record.uncertainty}."
    return TracedTheft(
        id=record.id,
        title=record.victim,
        facts=facts,
        citation=record.citation,
        verified=record.verified.value,
        trace=trace,
    )


def _legal(findings: Iterable[Mapping[str, Any]]) -> list[LegalText]:
    ids = dict.fromkeys(id_ for finding in findings for id_ in finding["legal_basis"])
    texts = []
    for id_ in sorted(ids):
        law = provision_or_instrument(id_)
        duty = law.duty if isinstance(law, Provision) else law.what
        texts.append(LegalText(id_, heading(law), duty, law.citation, law.verified.value))
    return texts
