"""`stanch screen`: names, a file or standard input against the designations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stanch.cli import bulk
from stanch.cli.answers import COLUMNS, CSV_COLUMNS, answer_rows, waterfall, whole_answer
from stanch.cli.columns import map_option
from stanch.cli.files import FILE, opened
from stanch.cli.lists_in_use import lists_in_use
from stanch.cli.output import Output, note, output_options, printable
from stanch.cli.progress import counting
from stanch.cli.recording import recording
from stanch.cli.staleness import warn_lists

if TYPE_CHECKING:
    from stanch.screening import Index
    from stanch.screening.batch import Read, Render
    from stanch.sources.columns import Columns
    from stanch.sources.raw import RawFile

_FILE_SUFFIXES = frozenset(
    {".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".gz", ".xlsx", ".xls", ".parquet", ".xml", ".fin"}
)


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME… | FILE | -")
@click.option("--threshold", type=click.FloatRange(0, 1), help="Least probability to show.  [default: 0.0005]")
@click.option(
    "--list",
    "list_files",
    multiple=True,
    type=FILE,
    metavar="FILE",
    help="Screen against this list instead (UN XML, OFAC SDN CSV, FollowTheMoney JSON lines). Repeats.",
)
@map_option
@click.option("--explain", is_flag=True, help="Show every part of the evidence with its bits, instead of a table.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes for a large file.  [default: one a processor]")
@click.option("--resume", is_flag=True, help="Continue the run that was interrupted while writing the same --output.")
@click.option("--links", is_flag=True, help="Also show bare links: relatives of listed persons, unnamed links.")
@click.option("--record", is_flag=True, help="Keep in the workspace who was screened, against what; also the clear.")
@output_options
@click.pass_context
def screen(
    ctx: click.Context,
    names: tuple[str, ...],
    threshold: float | None,
    list_files: tuple[Path, ...],
    columns: Columns,
    explain: bool,
    workers: int | None,
    resume: bool,
    links: bool,
    record: bool,
    out: Output,
) -> None:
    """Who is this? Screen names, a customer file (CSV, JSON lines, Parquet) or standard input against the designations.

    Every match has P(same person), the evidence in bits, and what would settle it. A name alone is seldom proof: many
    people share it. Nothing here decides; people do.

    \b
    Examples:
      stanch screen "Kim Jong Un" 김정은 "Ri Pyong Chol"
      stanch screen customers.csv --format jsonl --output answers.jsonl
      stanch screen customers.csv --format jsonl --output answers.jsonl --resume    goes on after a crash
      stanch screen customers.parquet --output matches.parquet
      stanch screen customers.csv --map name=FULL_NAME --map birth_date=DOB
      cat customers.jsonl | stanch screen - --format csv
      stanch screen --explain "Kim Yong Chol"
      stanch screen --list un_consolidated.xml 김정은
      stanch screen customers.ftm.jsonl --links  relatives of listed persons too
      stanch screen customers.csv --record      keep in the workspace that it was done
      stanch screen payments.xml                as `stanch payments`: known by its content
    """
    from stanch.cli.payments import print_payments
    from stanch.screening import DEFAULT_THRESHOLD, Index
    from stanch.screening.batch import screen_many
    from stanch.screening.records import ToQuery
    from stanch.sources.payments import is_payment_file
    from stanch.workspace.folder import find_folder

    if explain and out.format != "table":
        raise click.UsageError("--explain goes with the table format; JSON always carries all evidence")
    if explain and record:
        raise click.UsageError("--record does not go with --explain: run it without, then explain single names")
    if out.is_parquet and out.format not in ("table", "csv"):
        raise click.UsageError(f"--format {out.format} does not go with a .parquet file")
    in_bulk = out.format in ("jsonl", "csv") and not record and not out.is_parquet
    if resume and not (in_bulk and bulk.is_resumable(out)):
        raise click.UsageError("--resume goes with a file, --format jsonl or csv and --output FILE, without --record")
    least = DEFAULT_THRESHOLD if threshold is None else threshold
    with ExitStack() as stack:
        if record:
            find_folder(ctx.obj)  # says so before the work when there is no workspace to keep it in
        items, read, raw = _items(names, columns, stack)
        from_file = raw is not None
        is_payment = raw is not None and is_payment_file(raw)
        if is_payment and (explain or record or workers or columns.names):
            raise click.UsageError("payment messages are screened without --explain, --record, --workers and --map")
        entities, lists = lists_in_use(ctx.obj, list_files)
        bulk.calm_collector()
        index = Index.build(entities, lists, links)
        _tell_lists(index)
        warn_lists(index.lists, ctx.obj)
        if raw is not None and is_payment:
            if not print_payments((raw,), index, threshold, out):
                ctx.exit(1)
            return
        if explain:
            with out.stream() as stream:
                answers = (index.screen(read(item), least) for item in items)
                stream.writelines(printable(text) for answer in answers for text in waterfall(answer, from_file))
            return
        if raw is not None and in_bulk and isinstance(read, ToQuery):
            task = bulk.Task(raw, iter(items), read, columns.names, least, workers, resume)
            bulk.write_answers(task, index, entities, out)
            return
        whole = out.format in ("json", "jsonl")
        exact = out.format == "csv" or out.is_parquet
        render = whole_answer if whole else partial(answer_rows, from_file=from_file, csv=exact)
        progress = stack.enter_context(counting("screening"))

        def answers_of(floor: float, shown: Render) -> Iterator[dict[str, Any]]:
            return screen_many(items, index, entities, floor, shown, read=read, workers=workers, progress=progress)

        if record:
            kept = stack.enter_context(recording(ctx.obj, raw or names, columns.names, index.lists, least, links))
            rows = kept(answers_of, render)
        else:
            rows = answers_of(least, render)
        if whole:
            out.rows(rows, ())
        elif out.is_parquet:
            numbers = {"row": int, "probability": float, "bits": float}
            out.parquet(rows, [(column.key, numbers.get(column.key, str)) for column in CSV_COLUMNS])
        else:
            shown = CSV_COLUMNS if out.format == "csv" else COLUMNS
            out.rows(rows, shown, empty=f"no match with P ≥ {least:g} in {len(index.subjects):,} listed subjects")


def _items(names: tuple[str, ...], columns: Columns, stack: ExitStack) -> tuple[Iterable[Any], Read, RawFile | None]:
    """What is to be screened, what makes it queries, and the file that it comes from, if it does."""
    from stanch.model import now_utc
    from stanch.screening import Query
    from stanch.screening.batch import as_it_is
    from stanch.screening.records import ToQuery, read_rows

    files = [text for text in names if _means_file(text)]
    if files and len(names) > 1:
        raise click.UsageError(f"{files[0][:80]!r} is a file: give one file alone, or names")
    if files:
        raw = stack.enter_context(opened(Path(files[0])))
        return read_rows(raw, columns.names, note), ToQuery(raw.name, raw.sha256, now_utc().date()), raw
    if columns.names:
        raise click.UsageError("--map goes with a file")
    return (Query.of_name(text, row) for row, text in enumerate(names, 1)), as_it_is, None


def _means_file(text: str) -> bool:
    """Whether an argument is a file, or looks so much like one that screening it as a name would hide a mistake."""
    if text == "-" or text.endswith("/") or Path(text).suffix.lower() in _FILE_SUFFIXES:
        return True
    try:
        # A folder that happens to be called as a person is no file.
        return Path(text).exists() and ("/" in text or not Path(text).is_dir())
    except PermissionError:
        return True
    except (OSError, ValueError):  # too long for a path, or no text that a path can hold
        return False


def _tell_lists(index: Index) -> None:
    """Say on stderr which lists, of which day, and how old they are."""
    from datetime import date

    from stanch.model import now_utc

    today = now_utc().date()
    told = []
    for item in index.lists:
        if not item.date:
            told.append(f"{item.name} (no date)")
            continue
        age = (today - date.fromisoformat(item.date[:10])).days
        told.append(f"{item.name} of {item.date} ({age:,} days old)")
    note(f"lists: {'; '.join(told) or 'none'}: {len(index.subjects):,} subjects")
