"""`stanch demo`: the main job, end to end, on packaged real data."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from stanch.cli.check import weight
from stanch.cli.output import Column, Output
from stanch.cli.progress import counting

_TOP = 6
_CHAPTERS = (
    ("screening.designated", "Who in these records is designated?"),
    ("tracing.stolen-funds", "Where did the stolen money go?"),
    ("workers.disguised-work", "Who is really being paid?"),
)
_COLUMNS = (
    Column("weight", "Weight", right=True, wrap=False),
    Column("headline", "Finding"),
    Column("id", "Id", wrap=False),
)
_NEXT = """\
Try next:
  stanch finding {id} --workspace {root}
  stanch screen "Ri Pyong Chol" 리병철 "Park Chung-hee"
  stanch trace --theft ronin-2022
  stanch facts show thefts
  stanch init casework && stanch add customers YOUR.csv --workspace casework && stanch check --workspace casework"""


@click.command(epilog="\b\nExamples:\n  stanch demo\n  stanch demo elsewhere")
@click.argument("directory", type=click.Path(path_type=Path, readable=False), default="stanch-demo")
def demo(directory: Path) -> None:
    """Run the whole job in a fresh workspace: real UN and OFAC lists, the real Ronin and Atomic Wallet ledgers, and
    constructed customers and engagements. Writes report.html there. An earlier demo in DIRECTORY is replaced.
    """
    from stanch.pipeline import check
    from stanch.pipeline.demo import make_demo
    from stanch.reports.html import render
    from stanch.reports.summary import report_data

    began = time.monotonic()
    with counting("reading lists, labels, ledgers and records"):
        workspace = make_demo(directory)
    with workspace:
        held = workspace.counts()
        lists = ", ".join(f"{item.source_id.upper()} of {item.list_date}" for item in workspace.list_snapshots())
        click.echo(
            f"{held['listed entities']:,} designated parties and wallets ({lists}) · {held['labels']:,} account "
            f"labels · {held['transfers']:,} transfers · {held['customers']} customers · {held['engagements']} "
            "engagements"
        )
        with counting("screening, tracing, vetting"):
            check(workspace)
        findings = workspace.findings()
        checked = workspace.checked()
        for detector, question in _CHAPTERS:
            found = [item for item in findings if item["detector"] == detector]
            _chapter(question, found, checked.get(detector, (0, 0)))
        with counting("writing the report"):
            page = render(report_data(workspace, "The demonstration: what these records show"))
    report = directory / "report.html"
    report.write_text(page, encoding="utf-8")
    click.echo(
        f"\n{len(findings)} findings in {time.monotonic() - began:.0f} s. Customers and engagements are constructed; "
        f"lists, labels and ledgers are real.\nThe report, for reading: {report.resolve().as_uri()}\n"
    )
    first = min(findings, key=_heaviest, default={"id": "ID"})["id"][:10]
    click.echo(_NEXT.format(id=first, root=directory))


def _chapter(question: str, found: Sequence[Mapping[str, Any]], checked: tuple[int, int]) -> None:
    click.echo(f"\n{click.style(question, bold=True)}")
    rows = _one_of_each_first(sorted(found, key=_heaviest))[:_TOP]
    Output("table", None).rows(
        [{"weight": weight(item), "headline": item["headline"], "id": item["id"][:10]} for item in rows],
        [
            Column("weight", "Weight", right=True, wrap=False),
            Column("headline", "Finding"),
            Column("id", "Id", wrap=False),
        ],
        empty="no finding",
    )
    more = f", {len(found) - len(rows)} more in the report" if len(found) > len(rows) else ""
    click.echo(click.style(f"{len(found)} findings{more}; {checked[1]} of {checked[0]} subjects clear", dim=True))


def _one_of_each_first(found: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Alternate between assets, so that the largest theft does not hide the others; the order is kept otherwise."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for item in found:
        groups.setdefault(item["amount"]["asset"] if item["amount"] else "", []).append(item)
    ranked = [(rank, place, item) for place, group in enumerate(groups.values()) for rank, item in enumerate(group)]
    chosen = sorted(ranked, key=lambda entry: entry[:2])[:_TOP]
    return [item for _, _, item in sorted(chosen, key=lambda entry: entry[1])]


def _heaviest(finding: Mapping[str, Any]) -> tuple[float, float]:
    amount = float(finding["amount"]["value"]) if finding["amount"] else 0.0
    return -(finding["probability"] or 0.0), -amount
