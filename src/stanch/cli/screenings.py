"""`stanch screenings`: recorded screenings, what each said of one customer, and a validation pack for an auditor."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from stanch.cli.files import FILE, opened
from stanch.cli.output import Column, Output, note, output_options
from stanch.exc import NotFoundError

if TYPE_CHECKING:
    from stanch.workspace.screenings import KeptRecord, Run

_RUNS = (
    Column("run", "Run", wrap=False),
    Column("started_at", "Started", wrap=False),
    Column("input", "Input"),
    Column("lists", "Lists"),
    Column("threshold", "P ≥", right=True),
    Column("records", "Records", right=True),
    Column("alerts", "Alerts", right=True),
    Column("clear", "Clear", right=True),
    Column("errors", "Errors", right=True),
)
_OF_CUSTOMER = (
    *_RUNS[:5],
    Column("input_id", "Id"),
    Column("outcome", "Result", wrap=False),
    Column("probability", "Best P", right=True, wrap=False),
    Column("entity_id", "Entry", wrap=False),
)
_RECORDS = (
    Column("row", "Row", right=True),
    Column("locator", "Where", wrap=False),
    Column("input_id", "Id"),
    Column("outcome", "Result", wrap=False),
    Column("partial", "Partly"),
    Column("match", "Matches (P; * below the threshold)"),
    Column("record", "Hash of the record"),
)
_FACTS = (Column("what", "", wrap=False), Column("value", ""))
_OUTCOMES = ("alert", "clear", "error")


@click.group(invoke_without_command=True)
@output_options
@click.pass_context
def screenings(ctx: click.Context, out: Output) -> None:
    """Recorded screenings (`stanch screen --record`): when, against which lists, with which result.

    Of a record is kept its row, its id, a hash of what was compared, and the result; no names and no dates of birth.

    \b
    Examples:
      stanch screen customers.csv --record          make one
      stanch screenings                             all runs
      stanch screenings list --customer C-17        every time that this customer was screened
      stanch screenings show latest --id C-17       what one run said of this customer
      stanch screenings pack latest --output pack   a folder for an auditor
    """
    if ctx.invoked_subcommand is None:
        _list(ctx.obj, None, out)
    elif any(ctx.get_parameter_source(name) is not ParameterSource.DEFAULT for name in ("format_", "output_path")):
        raise click.UsageError(f"put --format and --output after {ctx.invoked_subcommand}")


@screenings.command("list")
@click.option("--customer", metavar="ID", help="Only runs that screened the record with this id, and their result.")
@output_options
@click.pass_obj
def list_(given: str | None, customer: str | None, out: Output) -> None:
    """List the recorded runs, oldest first; with --customer, what each said of one customer.

    \b
    Examples:
      stanch screenings list --format csv
      stanch screenings list --customer C-17
    """
    _list(given, customer, out)


@screenings.command()
@click.argument("run_id", metavar="RUN")
@click.option("--id", "customer", metavar="ID", help="What the run said of the record with this id.")
@click.option("--row", type=click.IntRange(min=1), help="What the run said of this row.")
@click.option("--outcome", type=click.Choice(_OUTCOMES), help="All records with this result.")
@output_options
@click.pass_obj
def show(
    given: str | None, run_id: str, customer: str | None, row: int | None, outcome: str | None, out: Output
) -> None:
    """Show one run: its facts, or what it said of a customer, a row, or all records with one result.

    RUN is the id of a run, its first digits, or "latest".

    \b
    Examples:
      stanch screenings show latest
      stanch screenings show 63d82985a4 --id C-17
      stanch screenings show 63d82985a4 --outcome alert --format csv --output alerts.csv
    """
    from stanch.workspace import Workspace
    from stanch.workspace import screenings as stored

    with Workspace.find(given) as workspace:
        with workspace.reading() as connection:
            run = stored.find(connection, run_id)
        if customer is None and row is None and outcome is None:
            _show_facts(run, out)
            return
        found = (
            record
            for record in stored.records(workspace.folder, run, customer=customer)
            if row in (None, record.row) and outcome in (None, record.outcome)
        )
        first = next(found, None)
        if first is None and outcome is None:
            what = f"id {customer[:60]!r}" if customer is not None else f"row {row}"
            raise NotFoundError(
                f"run {run.id[:10]} of {run.started_at:%Y-%m-%d} screened no record with {what}; "
                f"it read {run.facts.input_name}, {run.records:,} records"
            )
        _tell(run)
        whole = out.format in ("json", "jsonl")
        rows = chain(() if first is None else (first,), found)
        out.rows((_whole(run, item) if whole else _row(item) for item in rows), _RECORDS, empty="no such record")


@screenings.command()
@click.argument("run_id", metavar="RUN")
@click.option(
    "--output", "target", required=True, type=click.Path(path_type=Path), metavar="FOLDER", help="The folder to make."
)
@click.option("--input", "input_file", type=FILE, metavar="FILE", help="The input of the run: adds names and evidence.")
@click.option("--list", "lists", multiple=True, type=FILE, metavar="FILE", help="A list of the run that is not held.")
@click.option("--nearest", type=click.IntRange(1, 10_000), default=50, show_default=True, help="Matches on each side.")
@click.option("--sample", type=click.IntRange(0, 10_000), default=50, show_default=True, help="Clear records to draw.")
@click.option("--names", "names", type=click.IntRange(1, 5_000), default=200, show_default=True, help="Listed names to "
              "write in several ways.")  # fmt: skip
@click.option("--seed", help="Seed of what is drawn.  [default: the run's hash of all inputs]")
@click.pass_obj
def pack(
    given: str | None,
    run_id: str,
    target: Path,
    input_file: Path | None,
    lists: tuple[Path, ...],
    nearest: int,
    sample: int,
    names: int,
    seed: str | None,
) -> None:
    """Write a validation pack: alerts just above and just below the threshold, a sample of the clear, detection rates.

    RUN is the id of a run, its first digits, or "latest". The same run and options give the same bytes.

    \b
    Examples:
      stanch screenings pack latest --output pack
      stanch screenings pack latest --output pack --input customers.csv
    """
    from stanch.reports.folder import write_folder
    from stanch.reports.validation import Parts
    from stanch.reports.validation import pack as files_of
    from stanch.screening import rerun
    from stanch.screening.challenge import challenge
    from stanch.screening.survey import survey
    from stanch.workspace import Workspace
    from stanch.workspace import screenings as stored

    with Workspace.find(given) as workspace:
        with workspace.reading() as connection:
            run = stored.find(connection, run_id)
        rerun.check_engine(run)
        held = rerun.lists_of(workspace, run, lists)
        drawn = survey(run, stored.records(workspace.folder, run), nearest, sample, seed or run.inputs)
    repeats = None
    if input_file is not None:
        wanted = {record.row: record for record, _ in (*drawn.above, *drawn.below)}
        wanted |= {record.row: record for record in drawn.sample}
        with opened(input_file) as raw:
            repeats = rerun.repeat(run, raw, held.index, list(wanted.values()))
    cases = challenge(held.index, names, drawn.seed)
    about = {"run": run.id, "inputs": run.inputs, "seed": drawn.seed}
    write_folder(target, files_of(Parts(run, held, drawn, cases, repeats)), about)
    if repeats is not None and (differ := sum(not item.agrees for item in repeats.values())):
        note(f"warning: {differ} of {len(repeats)} records screened again gave another result; see screened_again")
    note(f"written: {target}: start with README.md")


def _list(given: str | None, customer: str | None, out: Output) -> None:
    from stanch.workspace import Workspace
    from stanch.workspace import screenings as stored

    with Workspace.find(given) as workspace:
        with workspace.reading() as connection:
            found = stored.runs(connection)
        if customer is None:
            rows = [_run_row(run, out) for run in found]
            out.rows(rows, _RUNS, empty="no screening is recorded; record one with: stanch screen FILE --record")
            return
        of_customer = [
            {**_run_row(run, out), **_best(record)}
            for run in found
            for record in stored.records(workspace.folder, run, customer=customer)
        ]
    out.rows(of_customer, _OF_CUSTOMER, empty=f"in {len(found):,} recorded runs: no record with id {customer[:60]!r}")


def _run_row(run: Run, out: Output) -> dict[str, Any]:
    row = run.to_json()
    if out.format in ("json", "jsonl"):
        return row
    row["lists"] = ", ".join(f"{item['name']} {item['date']}".strip() for item in run.facts.lists)
    if out.format == "table":
        row |= {"run": run.id[:10], "started_at": f"{run.started_at:%Y-%m-%d %H:%M}Z"}
    return row


def _best(record: KeptRecord) -> dict[str, Any]:
    best = max(record.matches, key=lambda match: match.probability, default=None)
    return {
        "input_id": record.input_id,
        "row": record.row,
        "outcome": record.outcome,
        "probability": None if best is None else round(best.probability, 6),
        "entity_id": None if best is None else best.entity_id,
    }


def _show_facts(run: Run, out: Output) -> None:
    document = run.to_json()
    if out.format == "json":
        out.document(document)
    elif out.format == "jsonl":
        out.rows([document], ())
    else:
        flat: list[tuple[str, Any]] = []
        for name, value in document.items():
            if name == "lists":
                flat += [(f"list {item['name']}", f"{item['date'] or 'no date'}, {item['sha256']}") for item in value]
            elif isinstance(value, dict):
                flat += [(f"{name}: {key}", item) for key, item in value.items()]
            else:
                flat.append((name, value))
        out.rows([{"what": name, "value": value} for name, value in flat], _FACTS)


def _tell(run: Run) -> None:
    lists = "; ".join(f"{item['name']} of {item['date'] or 'no date'}" for item in run.facts.lists)
    note(
        f"run {run.id[:10]}: {run.facts.input_name}, screened {run.started_at:%Y-%m-%d %H:%M} UTC against {lists}, "
        f"P ≥ {run.facts.threshold:g}, stanch {run.facts.engine.get('stanch', '?')}"
    )


def _row(record: KeptRecord) -> dict[str, Any]:
    matches = "; ".join(
        f"{match.entity_id} {match.probability:.6f}{'' if match.alert else '*'}" for match in record.matches
    )
    return {**_head(record), "match": matches}


def _head(record: KeptRecord) -> dict[str, Any]:
    return {
        "row": record.row,
        "locator": record.locator,
        "input_id": record.input_id,
        "outcome": record.outcome,
        "partial": record.partial,
        "record": record.record,
    }


def _whole(run: Run, record: KeptRecord) -> dict[str, Any]:
    matches = [
        {
            "entity_id": match.entity_id,
            "match_kind": match.match_kind,
            "alert": match.alert,
            "probability": round(match.probability, 6),
            "bits": round(match.bits, 3),
            "parts": [{"label": label, "bits": bits} for label, bits in match.parts],
        }
        for match in record.matches
    ]
    return {"run": run.id, **_head(record), "alerts": record.alerts, "matches": matches}
