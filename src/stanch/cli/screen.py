"""`stanch screen`: names, a file or standard input against the designations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stanch.cli.columns import map_option
from stanch.cli.files import FILE, opened
from stanch.cli.output import Column, Output, note, output_options, printable
from stanch.cli.progress import counting
from stanch.exc import NotFoundError

if TYPE_CHECKING:
    from stanch.model import Entity
    from stanch.screening import Index, ListInfo, Match, Query, Screened
    from stanch.sources.columns import Columns

_COLUMNS = (
    Column("row", "row", right=True),
    Column("query", "query"),
    Column("match", "match"),
    Column("lists", "list", wrap=False),
    Column("probability", "P", right=True, wrap=False),
    Column("bits", "bits", right=True, wrap=False),
    Column("why", "why"),
)
_CSV_COLUMNS = (
    _COLUMNS[0],
    Column("input_id", "id"),
    *_COLUMNS[1:],
    Column("entity_id", "entity"),
    Column("error", "error"),
)
_FILE_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".gz", ".xlsx", ".xls", ".parquet"})
#: A list older than this many days is called old; the UN and OFAC change theirs about every two weeks (estimate).
_OLD_DAYS = 30


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
    out: Output,
) -> None:
    """Who is this? Screen names, a customer file (CSV or JSON lines) or standard input against the designations.

    Every match has P(same person), the evidence in bits, and what would settle it. A name alone is seldom proof: many
    people share it. Nothing here decides; people do.

    \b
    Examples:
      stanch screen "Kim Jong Un" 김정은 "Ri Pyong Chol"
      stanch screen customers.csv --format jsonl --output answers.jsonl
      stanch screen customers.csv --map name=FULL_NAME --map birth_date=DOB
      cat customers.jsonl | stanch screen - --format csv
      stanch screen --explain "Kim Yong Chol"
      stanch screen --list un_consolidated.xml 김정은
    """
    from stanch.screening import DEFAULT_THRESHOLD, Index
    from stanch.screening.batch import screen_many

    if explain and out.format != "table":
        raise click.UsageError("--explain goes with the table format; JSON always carries all evidence")
    least = DEFAULT_THRESHOLD if threshold is None else threshold
    with ExitStack() as stack:
        queries, from_file = _queries(names, columns, stack)
        entities, lists = _lists(ctx.obj, list_files)
        index = Index.build(entities, lists)
        _tell_lists(index)
        if explain:
            with out.stream() as stream:
                answers = (index.screen(query, least) for query in queries)
                stream.writelines(printable(text) for answer in answers for text in _waterfall(answer, from_file))
            return
        whole = out.format in ("json", "jsonl")
        render = _whole if whole else partial(_rows, from_file=from_file, csv=out.format == "csv")
        progress = stack.enter_context(counting("screening"))
        rows = screen_many(queries, index, entities, least, render, workers=workers, progress=progress)
        if whole:
            out.rows(rows, ())
        else:
            shown = _CSV_COLUMNS if out.format == "csv" else _COLUMNS
            out.rows(rows, shown, empty=f"no match with P ≥ {least:g} in {len(index.subjects):,} listed subjects")


def _lists(workspace: str | None, list_files: tuple[Path, ...]) -> tuple[list[Entity], tuple[ListInfo, ...]]:
    """The entities of the files given, else of the workspace that is named or found, else of the packaged lists."""
    from stanch.screening import load_lists
    from stanch.workspace import Workspace

    if list_files:
        return load_lists(files=list_files)
    try:
        found = Workspace.find(workspace)
    except NotFoundError:
        if workspace is not None:
            raise
        return load_lists()
    with found:
        return load_lists(found)


def _queries(names: tuple[str, ...], columns: Columns, stack: ExitStack) -> tuple[Iterable[Query], bool]:
    """The queries of the arguments, and whether they come from a file."""
    from stanch.screening import Query, read_queries

    files = [text for text in names if _means_file(text)]
    if files and len(names) > 1:
        raise click.UsageError(f"{files[0][:80]!r} is a file: give one file alone, or names")
    if files:
        raw = stack.enter_context(opened(Path(files[0])))
        return read_queries(raw, columns.names, note), True
    if columns.names:
        raise click.UsageError("--map goes with a file")
    return (Query.of_name(text, row) for row, text in enumerate(names, 1)), False


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
        told.append(f"{item.name} of {item.date} ({age:,} days old{', update it' if age > _OLD_DAYS else ''})")
    note(f"lists: {'; '.join(told) or 'none'}: {len(index.subjects):,} subjects")


def _why(match: Match) -> str:
    return "; ".join(f"{item.statement} ({item.bits:+.1f})" for item in match.evidence if item.bits is not None)


def _rows(answer: Screened, from_file: bool, csv: bool) -> Iterator[dict[str, Any]]:
    """Rows of the printed table: one a match; for a record without one, only what is worth telling.

    CSV has a column for errors and exact numbers; a printed table tells an error in a row of its own.
    """
    query = answer.query
    head = {"row": query.row, "input_id": query.input_id, "query": _short(query.text), "error": query.error}
    for match in answer.matches:
        yield head | {
            "match": match.name,
            "entity_id": match.entity_id,
            "lists": ", ".join(match.listed.lists),
            "probability": f"{match.probability:.6f}" if csv else _rounded(match.probability),
            "bits": f"{match.bits:+.1f}",
            "why": _why(match),
        }
    if query.error is not None and not (csv and answer.matches):
        yield head | {"match": "", "why": f"error: {query.error}"}
    elif not answer.matches and not from_file:
        yield head | {"match": "no match", "why": ""}


def _whole(answer: Screened) -> tuple[dict[str, Any]]:
    """The answer as one JSON object."""
    return (answer.to_json(),)


def _waterfall(answer: Screened, from_file: bool) -> Iterator[str]:
    """The evidence of each match as lines that add up, drawn as bars of one block a bit."""
    from stanch.screening.weights import log_odds, prior_of

    query = answer.query
    if query.error is None and not answer.matches and from_file:
        return
    yield f"row {query.row}  {_short(query.text)}\n"
    if query.error is not None:
        yield f"  error: {query.error}\n"
    elif not answer.matches:
        yield "  no match\n"
    for match in answer.matches:
        yield f"  {match.name} ({match.entity_id}; {', '.join(match.listed.lists)})\n"
        prior = log_odds(prior_of(match.listed.entity.schema))
        yield _bar(prior, "before any evidence (an estimate)")
        for item in match.evidence:
            if item.bits is not None:
                yield _bar(item.bits, item.statement)
        yield _bar(prior + match.bits, f"sum: P {_rounded(match.probability)}")
        for item in match.evidence:
            if item.bits is None:
                yield f"  · {item.statement}\n"


def _bar(bits: float, text: str) -> str:
    block = ("█" if bits > 0 else "░") * min(round(abs(bits)), 30)
    return f"  {bits:+8.2f}  {block:<30}  {text}\n"


def _rounded(value: float) -> str:
    """A probability for people: never printed as certain."""
    return ">0.999" if value > 0.999 else f"{value:.3f}"


def _short(text: str, width: int = 80) -> str:
    return text if len(text) <= width else f"{text[:width]}… ({len(text):,} characters)"
