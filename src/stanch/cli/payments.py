"""`stanch payments`: ISO 20022 and MT payment messages against the designations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stanch.cli.files import FILE, opened
from stanch.cli.output import Column, Output, note, output_options
from stanch.cli.progress import counting
from stanch.exc import InputError

if TYPE_CHECKING:
    from stanch.screening import Index
    from stanch.screening.payments import PaymentAnswer, PaymentScreener
    from stanch.sources.raw import RawFile

_COLUMNS = (
    Column("message", "message"),
    Column("transaction", "tx", right=True),
    Column("role", "role"),
    Column("field", "field"),
    Column("text", "text"),
    Column("match", "match"),
    Column("lists", "list", wrap=False),
    Column("probability", "P", right=True, wrap=False),
    Column("why", "why"),
)
_CSV_COLUMNS = tuple(
    Column(key, key)
    for key in (
        *("file", "format", "message", "transaction", "end_to_end", "uetr", "amount", "currency", "value_date"),
        *("role", "field", "line", "text", "match", "entity_id", "match_kind", "lists", "probability", "bits", "why"),
        *("notes", "error"),
    )
)
#: Messages that could not be read are told on stderr up to this many; all of them are in the output.
_TOLD = 20


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE… | -")
@click.option("--threshold", type=click.FloatRange(0, 1), help="Least probability to show.  [default: 0.0005]")
@click.option(
    "--list", "list_files", multiple=True, type=FILE, metavar="FILE", help="Screen against this list instead. Repeats."
)
@output_options
@click.pass_context
def payments(
    ctx: click.Context, files: tuple[Path, ...], threshold: float | None, list_files: tuple[Path, ...], out: Output
) -> None:
    """Screen payment messages: parties, banks and remittance texts. Each hit names message and field.

    Reads ISO 20022 (pain.001, pacs.008, pacs.009, camt.052, camt.053, camt.054; all versions) and SWIFT MT103, MT202
    and MT205, known by their content. JSON lines have a line for every screened field; tables and CSV only hits,
    notes and errors. Exit code 1 when a message could not be read: it was not screened.

    \b
    Examples:
      stanch payments outgoing.xml
      stanch payments pacs008/*.xml mt103.fin --format csv --output hits.csv
      zcat statements.xml.gz | stanch payments - --format jsonl
    """
    from stanch.cli.lists_in_use import lists_in_use
    from stanch.cli.screen import _tell_lists
    from stanch.cli.staleness import warn_lists
    from stanch.screening import Index

    index = Index.build(*lists_in_use(ctx.obj, list_files))
    _tell_lists(index)
    warn_lists(index.lists, ctx.obj)
    if not print_payments(files, index, threshold, out):
        ctx.exit(1)


def print_payments(files: Sequence[Path | RawFile], index: Index, threshold: float | None, out: Output) -> bool:
    """Screen payment files and print the answers; whether every message could be read. A file that cannot be read at
    all is told, and the others go on.

    Raises:
        InputError: it is the only file.
    """
    from stanch.screening import DEFAULT_THRESHOLD
    from stanch.screening.payments import PaymentScreener

    screener = PaymentScreener(index, DEFAULT_THRESHOLD if threshold is None else threshold)
    unread: list[str] = []
    answers = _answers(files, screener, unread)
    if out.format in ("json", "jsonl"):
        out.rows((answer.to_json() for answer in answers), ())
    else:
        csv = out.format == "csv"
        rows = (row for answer in answers for row in _rows(answer, csv))
        out.rows(rows, _CSV_COLUMNS if csv else _COLUMNS, empty="no hit")
    _tell_totals(screener)
    return not unread and not screener.totals.rejected


def _answers(files: Sequence[Path | RawFile], screener: PaymentScreener, unread: list[str]) -> Iterator[PaymentAnswer]:
    told = 0
    with counting("screening payments") as progress:
        for file in files:
            try:
                for answer in _of_file(file, screener):
                    if answer.payment is None:
                        told += 1
                        if told <= _TOLD:
                            note(f"{answer.file}, line {answer.line or 1}: {answer.screened.query.error}")
                    if screener.totals.fields % 1_000 == 0:
                        progress(screener.totals.fields)
                    yield answer
            except InputError as err:
                if len(files) == 1:
                    raise
                unread.append(str(file))
                note(f"stanch: {err}")
    if told > _TOLD:
        note(f"… and {told - _TOLD:,} more, all of them in the output")


def _of_file(file: Path | RawFile, screener: PaymentScreener) -> Iterator[PaymentAnswer]:
    if isinstance(file, Path):
        with opened(file) as raw:
            yield from screener.screen(raw)
    else:
        yield from screener.screen(file)


def _tell_totals(screener: PaymentScreener) -> None:
    totals = screener.totals
    told = [
        f"{totals.messages:,} messages",
        f"{totals.transactions:,} transactions",
        f"{totals.fields:,} fields screened",
        f"{totals.hits:,} with hits",
        f"{totals.notes:,} with notes",
        f"{totals.rejected:,} rejected",
    ]
    if totals.problems:
        told.append(f"{totals.problems:,} with an error")
    if totals.unnamed:
        told.append(f"{totals.unnamed:,} agents without BIC and name not screened")
    note(", ".join(told))


def _rows(answer: PaymentAnswer, csv: bool) -> Iterable[dict[str, Any]]:
    """Rows of the table and of CSV: one a match, else one for the notes or the error of a field."""
    from stanch.cli.answers import rounded, short, why

    whole = answer.to_json()
    head = whole | {
        "text": short(whole["text"]),
        "notes": "; ".join(item.statement for item in answer.notes),
        "lists": "",
        "match": "",
    }
    notes = [f"note: {head['notes']}"] if head["notes"] else []
    told = notes + ([f"error: {whole['error']}"] if whole["error"] else [])
    for match in answer.screened.matches:
        yield head | {
            "match": match.name,
            "entity_id": match.entity_id,
            "match_kind": match.to_json()["match_kind"],
            "lists": ", ".join(match.listed.lists),
            "probability": f"{match.probability:.6f}" if csv else rounded(match.probability),
            "bits": f"{match.bits:+.1f}",
            "why": "; ".join((why(match), *(() if csv else told))),
        }
    if told and not answer.screened.matches:
        yield head | {"why": "" if csv else "; ".join(told)}
