"""`stanch lists changes`: what changed in the lists, and who was screened again because of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stanch.cli.output import Column, Output, note, output_options
from stanch.exc import InputError, NotFoundError

if TYPE_CHECKING:
    from stanch.screening.changes import Change
    from stanch.screening.history import ListChanges
    from stanch.workspace.rescreening import Rescreening

CHANGES = (
    Column("change", "Change", wrap=False),
    Column("entity_id", "Entry", wrap=False),
    Column("name", "Name"),
    Column("what", "What"),
)
_RUNS = (
    Column("run", "Run", right=True),
    Column("at", "When", wrap=False),
    Column("what", "Lists"),
    Column("changed", "Entries changed", right=True),
    Column("customers", "Customers", right=True),
    Column("screened", "Screened again", right=True),
    Column("carried", "Carried over", right=True),
    Column("new", "New", right=True),
    Column("updated", "Updated", right=True),
    Column("withdrawn", "Withdrawn", right=True),
)
_ROWS = (
    Column("customer", "Customer"),
    Column("what", "Shares with a changed entry"),
    Column("new", "New", right=True),
    Column("updated", "Updated", right=True),
    Column("withdrawn", "Withdrawn", right=True),
)
#: What is told of an entry that came or went; the rest is in the other formats.
_TELLING = ("birthDate", "nationality", "country", "program", "publicKey", "imoNumber")
#: Most characters of one cell in a table.
_MAX_TEXT = 400


@click.command()
@click.argument("what", nargs=-1, metavar="[SOURCE | OLD NEW]")
@click.option("--from", "since", metavar="DATE", help="The list as it stood on this day, instead of the one before.")
@click.option("--to", "until", metavar="DATE", help="The list as it stood on this day, instead of the current one.")
@click.option("--dprk", is_flag=True, help="Only entries that the lists themselves tie to the DPRK.")
@click.option("--log", "log", is_flag=True, help="Show the log instead: who was screened again after each change.")
@click.option("--run", "run", type=int, metavar="N", help="One run of the log: each customer, and the key shared.")
@output_options
@click.pass_context
def changes(
    ctx: click.Context,
    what: tuple[str, ...],
    since: str | None,
    until: str | None,
    dprk: bool,
    log: bool,
    run: int | None,
    out: Output,
) -> None:
    """Show which entries of a list were added, removed or changed, and how.

    SOURCE is a list of the workspace (all when not named): its current snapshot is compared with the one held before.
    OLD and NEW are two files of one list; no workspace is needed.

    After a change only customers are screened again who share a key (of a name, a document, a wallet) with an entry
    that changed; --log shows who, and why.

    \b
    Examples:
      stanch lists changes                                 since the snapshots before
      stanch lists changes un --from 2025-04-19            since that day
      stanch lists changes --dprk old.xml new.xml          between two files
      stanch lists changes --log                           who was screened again
      stanch lists changes --run 3                         each customer of one run, with the keys shared
    """
    from stanch.cli.lists import inherit

    out = inherit(ctx, out)
    days = [_day(text, name) for text, name in ((since, "--from"), (until, "--to"))]
    if log or run is not None:
        if what or since or until or dprk:
            raise click.UsageError("--log takes no list, no files, no days and no --dprk.")
        _print_log(ctx.obj, run, out)
        return
    if len(what) == 2:
        if since or until:
            raise click.UsageError("--from and --to belong to a list of the workspace, not to files.")
        from stanch.screening.history import changes_between

        found = changes_between(Path(what[0]), Path(what[1]), dprk)
    elif len(what) < 2:
        found = _held(ctx.obj, what[0] if what else None, days[0], days[1], dprk)
    else:
        raise click.UsageError("Give one list, or two files.")
    for item in found:
        note(item.summary)
    if not found:
        note("no list has two snapshots to compare yet; a second comes with: stanch update")
    out.rows((row for item in found for row in rows_of(item)), CHANGES, empty="no entry changed")


def rows_of(item: ListChanges) -> list[dict[str, Any]]:
    """The changes of one list as rows to print."""
    between = {"list": item.after.name, "from": item.before.date or None, "to": item.after.date or None}
    return [{**between, **change.to_json(), "what": _what(change)} for change in item.changes]


def told(runs: Iterable[Rescreening]) -> list[str]:
    """What screening again did, one line a run."""
    return [
        f"{len(run.subjects):,} changed entries; {run.screened:,} of {run.customers:,} customers share a key with one "
        f"and were screened again: {run.counts.new:,} new, {run.counts.updated:,} updated, {run.counts.withdrawn:,} "
        f"withdrawn findings (stanch lists changes --run {run.id})"
        for run in runs
    ]


def _held(given: str | None, source: str | None, since: str, until: str, dprk: bool) -> list[ListChanges]:
    from stanch.screening.history import changes_held
    from stanch.workspace import Workspace

    if source is not None and Path(source).is_file():
        raise InputError("one file cannot be compared", file=source, remedy="give two files: the older one first")
    with Workspace.find(given) as workspace:
        return changes_held(workspace, source, since, until, dprk)


def _print_log(given: str | None, run: int | None, out: Output) -> None:
    from stanch.workspace import Workspace, rescreening

    with Workspace.find(given) as workspace, workspace.reading() as connection:
        runs = rescreening.log(connection)
        if run is not None and run not in {item.id for item in runs}:
            held = f"1 to {runs[-1].id}" if runs else "none yet"
            raise NotFoundError(f"no run {run} in the log; runs are {held}")
        if run is not None:
            note(next(_lists(item) for item in runs if item.id == run))
            found = [row.to_json() for row in rescreening.log_rows(connection, run)]
            rows = [{"run": run, **row, "what": _shared(row["shared"])} for row in found]
            out.rows(rows, _ROWS, empty="no customer shared a key with a change")
            return
    rows = [{**item.to_json(), "changed": len(item.subjects), "what": _lists(item)} for item in runs]
    out.rows(rows, _RUNS, empty="no list has changed since customers were first checked")


def _lists(run: Rescreening) -> str:
    before = {item["source"]: item for item in run.before}
    after = {item["source"]: item for item in run.after}
    parts = []
    for name in sorted({**before, **after}):
        old, new = before.get(name), after.get(name)
        if old != new:
            parts.append(f"{name} {old['date'] if old else 'none'} → {new['date'] if new else 'none'}")
    return ", ".join(parts) or "the same lists"


def _shared(shared: dict[str, Sequence[str]]) -> str:
    text = "; ".join(f"{key}: {', '.join(ids)}" for key, ids in shared.items())
    return _cut(text) or "no key; a finding was about one"


def _what(change: Change) -> str:
    if change.kind == "changed":
        return _cut("; ".join(map(str, change.properties)))
    values = {item.name: item.added or item.removed for item in change.properties}
    parts = [change.schema, *(f"{name}: {', '.join(values[name][:3])}" for name in _TELLING if name in values)]
    return _cut("; ".join(parts))


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 2] + " …"


def _day(text: str | None, option: str) -> str:
    """An ISO date as given, "" for none.

    Raises:
        InputError: it is none.
    """
    if text is None:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as err:
        raise InputError(f"{option} {text[:20]!r} is not a date", remedy="write it as 2026-02-27") from err
