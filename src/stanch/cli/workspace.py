"""`stanch init`, `add`, `quarantine`, `status`: the workspace folder and what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stanch.cli.columns import column_options
from stanch.cli.files import FILE, opened
from stanch.cli.output import Column, Output, note, output_options
from stanch.cli.progress import counting
from stanch.cli.staleness import too_old_held
from stanch.exc import InputError

if TYPE_CHECKING:
    from stanch.sources.columns import Columns
    from stanch.sources.raw import RawFile
    from stanch.workspace import ImportReport, Workspace

#: Kind of record → which of --map, --chain and --asset-default mean something for its files.
KINDS = {
    "customers": ("--map",),
    "transfers": ("--map", "--chain", "--asset-default"),
    "labels": ("--map", "--chain"),
    "engagements": ("--map",),
    "entities": (),
}


@click.command(
    epilog="\b\nExamples:\n  stanch init                 in the current folder\n  stanch init casework\n"
    "  stanch init casework --empty   without the packaged lists and labels"
)
@click.argument("directory", type=click.Path(path_type=Path, readable=False), default=".")
@click.option("--empty", is_flag=True, help="Do not load the packaged designations and labels.")
def init(directory: Path, empty: bool) -> None:
    """Make a workspace folder, with the packaged designations (UN, OFAC) and account labels in it."""
    from stanch.pipeline.reference import load_reference
    from stanch.workspace import Workspace

    with Workspace.init(directory) as workspace:
        if not empty:
            load_reference(workspace)
            for item in workspace.list_snapshots():
                note(f"loaded {item.source_id}: {item.entities} entries of {item.list_date} (newer: stanch update)")
        note(f"workspace ready: {workspace.folder.root}")


@click.command(
    epilog="\b\nExamples:\n  stanch add customers customers.csv\n"
    "  stanch add transfers ledger.csv --map sender=from_addr --chain eip155:1 --asset-default ETH\n"
    "  stanch add labels labels.csv tagpack.yaml\n"
    "  stanch add entities opensanctions.ftm.jsonl.gz\n"
    "  zcat export.csv.gz | stanch add customers -"
)
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("files", nargs=-1, required=True, type=FILE)
@column_options
@click.option("--list", "list_name", metavar="NAME", help="For entities: the list they belong to (default: file name).")
@click.option("--date", "list_date", metavar="DATE", help="For entities: the date of the list (default: today).")
@output_options
@click.pass_obj
def add(
    given: str | None,
    kind: str,
    files: tuple[Path, ...],
    columns: Columns,
    list_name: str | None,
    list_date: str | None,
    out: Output,
) -> None:
    """Import files of KIND: customers, transfers, labels, engagements or entities. "-" reads stdin.

    The same file twice adds nothing. Rows that cannot be used are kept aside with line and reason: see
    `stanch quarantine`.
    """
    from stanch.workspace import Workspace

    _check_flags(kind, columns, list_name, list_date)
    reports: list[ImportReport] = []
    failed = False
    with Workspace.find(given) as workspace:
        for path in files:
            try:
                with opened(path) as raw, counting(f"reading {raw.name}") as progress:
                    if kind == "entities":
                        reports.append(_add_entities(workspace, raw, list_name, list_date))
                    else:
                        reports.append(workspace.add(kind, raw, columns, progress))
            except InputError as err:
                # The other files are still read; the error decides the exit code.
                note(f"stanch: {err}")
                failed = True
    _print(reports, out)
    for report in reports:
        if report.rejected and not report.total and not report.already:
            note(f"stanch: {report.name}: not one row could be used; see: stanch quarantine")
            failed = True
    if failed:
        raise click.exceptions.Exit(1)


def _check_flags(kind: str, columns: Columns, list_name: str | None, list_date: str | None) -> None:
    """Refuse flags that mean nothing for a kind of record, rather than pass over them."""
    from datetime import date

    from stanch.model import now_utc

    given = {
        "--map": columns.names,
        "--chain": columns.constants.get("chain"),
        "--asset-default": columns.constants.get("asset"),
    }
    wrong = [flag for flag, value in given.items() if value and flag not in KINDS[kind]]
    if kind != "entities":
        wrong += [flag for flag, value in (("--list", list_name), ("--date", list_date)) if value is not None]
    if wrong:
        raise click.UsageError(f"{wrong[0]} does not go with {kind}")
    if list_date is not None:
        try:
            day = date.fromisoformat(list_date)
        except ValueError as err:
            raise click.UsageError(f"--date wants YYYY-MM-DD, got {list_date!r}") from err
        if not day.year >= 1900 or day > now_utc().date():
            raise click.UsageError(f"--date {list_date} is not between 1900 and today")


def _add_entities(workspace: Workspace, raw: RawFile, name: str | None, date: str | None) -> ImportReport:
    from stanch.model import now_utc
    from stanch.pipeline.reference import user_list

    return workspace.add_list(user_list(raw, name, date or now_utc().date().isoformat()))


def _print(reports: Sequence[ImportReport], out: Output) -> None:
    rows = [
        {
            "file": report.name,
            "kind": report.kind,
            "added": report.added,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "rejected": report.rejected,
            "fields_dropped": report.fields,
            "already": report.already,
            "notes": report.notes,
        }
        for report in reports
    ]
    if out.format == "table":
        for row in rows:
            row["state"] = "already imported, nothing added" if row["already"] else "; ".join(row["notes"])  # type: ignore[arg-type]
    numbers = ("added", "updated", "unchanged", "rejected")
    columns = [Column("file", "File"), Column("kind", "Kind"), *(Column(n, n.title(), right=True) for n in numbers)]
    out.rows(rows, [*columns, Column("state" if out.format == "table" else "notes", "")], empty="no file imported")
    rejected, fields = sum(report.rejected for report in reports), sum(report.fields for report in reports)
    if rejected or fields:
        note(f"rows set aside: {rejected}; values dropped from rows that are kept: {fields}; see: stanch quarantine")


@click.command(epilog="\b\nExamples:\n  stanch quarantine\n  stanch quarantine --format csv --output bad-rows.csv")
@output_options
@click.pass_obj
def quarantine(given: str | None, out: Output) -> None:
    """Show rows that could not be used: file, line, reason, and what to change."""
    from dataclasses import asdict

    from stanch.workspace import Workspace

    with Workspace.find(given) as workspace:
        rows = [asdict(row) for row in workspace.quarantined()]
    columns = [
        Column("file", "File"),
        Column("locator", "Where"),
        Column("reason", "Reason"),
        Column("remedy", "Remedy"),
        *([] if out.format == "table" else [Column("line", "Line"), Column("raw", "Row")]),
    ]
    out.rows(rows, columns, empty="no row is set aside")


@click.command(epilog="\b\nExamples:\n  stanch status\n  stanch status --format json")
@output_options
@click.pass_obj
def status(given: str | None, out: Output) -> None:
    """What the workspace holds, and how old its lists are."""
    from stanch.workspace import Workspace

    with Workspace.find(given) as workspace:
        counts, lists, settings = workspace.counts(), workspace.list_snapshots(), workspace.settings
    rows: list[dict[str, object]] = [
        {"what": name, "count": count, "date": None, "note": ""} for name, count in counts.items()
    ]
    for item in lists:
        old = too_old_held(item, settings.list_max_age_days) or ""
        rows.append({"what": f"list {item.source_id}", "count": item.entities, "date": item.list_date, "note": old})
    out.rows(
        rows, [Column("what", "What"), Column("count", "Count", right=True), Column("date", "Date"), Column("note", "")]
    )
