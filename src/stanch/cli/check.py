"""`stanch check`, `findings`, `finding`, `report`: run the detectors, and read what they found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from stanch.cli.changes import told
from stanch.cli.output import Column, Output, note, output_options
from stanch.cli.progress import counting
from stanch.cli.staleness import warn_held
from stanch.exc import NotFoundError

_COLUMNS = (
    Column("id", "Id"),
    Column("detector", "Detector"),
    Column("weight", "Weight", right=True),
    Column("headline", "Finding"),
)
#: The keys of a finding as JSON (`Finding.to_json`): the columns of its CSV, also when there is no finding.
_KEYS = (
    "key", "id", "detector", "version", "subject", "headline", "probability", "amount", "evidence", "legal_basis",
    "as_of", "decision",
)  # fmt: skip


@click.command(
    epilog="\b\nExamples:\n  stanch check\n  stanch check --fail-on-findings --format jsonl   for a nightly job"
)
@click.option("--fail-on-findings", is_flag=True, help="Exit with 1 when there is any open finding.")
@output_options
@click.pass_obj
def check(given: str | None, fail_on_findings: bool, out: Output) -> None:
    """Run every detector on what is new in the workspace, and print the open findings without those decided on.

    A second run adds nothing. What changed is said on stderr.
    """
    from stanch.pipeline import check as run_check
    from stanch.workspace import Workspace

    with Workspace.find(given) as workspace:
        warn_held(workspace)
        with counting("checking") as progress:
            result = run_check(workspace, progress=lambda _name, count: progress(count))
        for report in result.detectors:
            for line in told(report.rescreenings):
                note(line)
            c = report.counts
            note(
                f"{report.detector}/{report.version}: {report.checked} checked, {c.new} new, {c.updated} updated, "
                f"{c.unchanged} unchanged, {c.withdrawn} withdrawn"
            )
        found = undecided(workspace.with_decisions(workspace.findings()))
    print_findings(found, out)
    if fail_on_findings and found:
        raise click.exceptions.Exit(1)


@click.command(
    epilog="\b\nExamples:\n  stanch findings\n  stanch findings --detector screening.designated --format jsonl"
)
@click.option("--detector", help="Only findings of this detector.")
@click.option("--all", "everything", is_flag=True, help='Also those with a decision in force ("not the same person").')
@output_options
@click.pass_obj
def findings(given: str | None, detector: str | None, everything: bool, out: Output) -> None:
    """List the open findings of the workspace, without those decided on."""
    from stanch.workspace import Workspace

    with Workspace.find(given) as workspace:
        known = sorted({item["detector"] for item in workspace.findings()} | set(workspace.checked()))
        if detector is not None and detector not in known:
            raise NotFoundError(f"no detector {detector!r} has run here; there are: {', '.join(known) or 'none yet'}")
        found = workspace.with_decisions(workspace.findings(detector))
    print_findings(found if everything else undecided(found), out)


@click.command(epilog="\b\nExamples:\n  stanch finding 3fa9c1\n  stanch finding 3fa9c1 --format json")
@click.argument("id_", metavar="ID")
@output_options
@click.pass_obj
def finding(given: str | None, id_: str, out: Output) -> None:
    """Show one finding with its evidence, down to the source row and the hash of the file."""
    from stanch.workspace import Workspace

    with Workspace.find(given) as workspace:
        (found,) = workspace.with_decisions([workspace.finding(id_)])
        state = workspace.finding_state(found["id"])
    if state != "open":
        note(f"this finding is {state}")
    if out.format == "json":
        out.document(found)
    elif out.format == "table":
        print_finding(found, out)
    else:
        print_findings([found], out)


@click.command(epilog="\b\nExamples:\n  stanch report --output report.html")
@click.option(
    "--output",
    type=click.Path(path_type=Path, readable=False),
    default=Path("report.html"),
    show_default=True,
    help="The file to write.",
)
@click.pass_obj
def report(given: str | None, output: Path) -> None:
    """Write the open findings as one self-contained HTML page."""
    from stanch.reports.html import render
    from stanch.reports.summary import report_data
    from stanch.workspace import Workspace

    with Workspace.find(given) as workspace:
        page = render(report_data(workspace))
    with Output("json", output).stream() as stream:
        stream.write(page)
    note(f"written: {output}")


def weight(found: Mapping[str, Any]) -> str:
    """The number that a finding leads with: its probability, or its amount."""
    from decimal import Decimal

    from stanch.reports.flow import thousands
    from stanch.reports.html import percent

    if found["probability"] is not None:
        return percent(found["probability"])
    if found["amount"] is not None:
        return f"{thousands(Decimal(found['amount']['value']))} {found['amount']['asset']}"
    return "–"


def undecided(found: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Findings without a decision in force; how many are left out is said on stderr."""
    from stanch.workspace.decisions import is_decided

    shown = [item for item in found if not is_decided(item)]
    if hidden := len(found) - len(shown):
        note(f"{hidden} more decided not the same person; see: stanch findings --all, stanch decisions list")
    return shown


def print_findings(found: Sequence[Mapping[str, Any]], out: Output) -> None:
    """Print findings; tables lead with the weight and the first digits of the id, and end with what was decided."""
    if out.format == "table":
        rows: Sequence[Mapping[str, Any]] = [
            {**item, "id": item["id"][:10], "weight": weight(item), "decision": decided(item)} for item in found
        ]
        columns = (*_COLUMNS, Column("decision", "Decision")) if any(row["decision"] for row in rows) else _COLUMNS
        out.rows(rows, columns, empty="no finding")
    else:
        out.rows(found, [Column(key, key) for key in _KEYS])


def decided(found: Mapping[str, Any]) -> str:
    """The last decision on a finding in a few words, and why it does not hold any more."""
    from stanch.cli.decisions import STATES

    made = found.get("decision")
    if made is None:
        return ""
    if made["state"] == "in-force":
        return f"not the same person ({made['reviewer']}), until {made['expires']}"
    return f"{STATES[made['state']]}: {'; '.join(made['why'])}"


def print_finding(found: Mapping[str, Any], out: Output) -> None:
    """Print one finding for a reader: headline, weight, evidence rows with sources, legal basis."""
    from rich.table import Table
    from rich.text import Text

    from stanch.cli.output import console, printable

    with out.stream() as stream:
        screen = console(stream)

        def line(text: str = "", style: str | None = None) -> None:
            screen.print(printable(text), style=style, markup=False)

        line(found["headline"], "bold")
        line(f"{found['detector']}/{found['version']} · {weight(found)} · as of {found['as_of'][:10]}")
        if found["amount"]:
            band = found["amount"]
            line(f"amount {band['value']} {band['asset']}, between {band['low']} and {band['high']}")
        line()
        rows = Table.grid(padding=(0, 2))
        rows.add_column(justify="right", min_width=6)
        rows.add_column(overflow="fold")
        for item in found["evidence"]:
            source = item["source"]
            bits = "" if item["bits"] is None else f"{item['bits']:+.1f}"
            place = f"{source['name']}, {source['locator']}\nSHA-256 {source['sha256']}"
            rows.add_row(bits, Text(printable(item["statement"])))
            rows.add_row("", Text(printable(place), style="dim"))
        screen.print(rows)
        line()
        line(f"legal basis: {', '.join(found['legal_basis']) or 'none found'}")
        if found["decision"] is not None:
            from stanch.cli.decisions import decision_lines

            line("\n".join(decision_lines(found["decision"])))
        line(f"id {found['id']}  key {found['key']}", "dim")
