"""`stanch vet`: signs of disguised work in engagement records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from stanch.cli.columns import map_option
from stanch.cli.files import FILE, opened
from stanch.cli.output import Column, Output, note, output_options
from stanch.exc import InputError

if TYPE_CHECKING:
    from stanch.model import Account, Engagement
    from stanch.sources.base import Record, Rejected
    from stanch.sources.columns import Columns
    from stanch.workers import Confirmed, TaintedWallet, Vetted

T = TypeVar("T")

_TABLE = (
    Column("engagement_id", "engagement"),
    Column("level", "level", wrap=False),
    Column("probability", "P (low–high)", right=True, wrap=False),
    Column("why", "strongest reasons, in bits"),
    Column("could_not_check", "not checked"),
)
_CSV = tuple(
    Column(key, key)
    for key in ("engagement_id", "probability", "low", "high", "bits", "level", "indicators", "could_not_check")
)
_TOLD = 10
_REASONS = 3


class Share(click.ParamType):  # type: ignore[type-arg]
    """A share strictly between 0 and 1, written 0.003 or 1/343."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read the text."""
        if isinstance(value, float):
            return value
        over, _, under = str(value).partition("/")
        try:
            share = float(over) / float(under or 1)
        except (ValueError, ZeroDivisionError):
            share = -1.0
        if not 0.0 < share < 1.0:
            self.fail(f"{value!r} is not a share between 0 and 1; write 0.003 or 1/343", param, ctx)
        return share


@click.command()
@click.argument("file", required=False, type=FILE)
@click.option(
    "--all", "everyone", is_flag=True, help="Print every engagement, flagged or not, in the order of the file."
)
@click.option(
    "--base-rate",
    type=Share(),
    help="Share of disguised workers expected before anything is seen, as 0.003 or 1/343.  [default: 1/343]",
)
@click.option("--watch-at", type=Share(), help="Probability from which a watch note is given.  [default: 0.05]")
@click.option(
    "--confirmed",
    type=FILE,
    metavar="FILE",
    help="CSV of confirmed cases: kind,value,source. A kind is engagement, document, iban, wallet, account, device, "
    "email, phone, address or ip.",
)
@click.option(
    "--theft",
    "thefts",
    multiple=True,
    metavar="ID",
    help="Trace this theft and see whether it reached a payout wallet (ids: `stanch facts show thefts`). Repeats.",
)
@click.option(
    "--ledger",
    type=FILE,
    metavar="FILE",
    help="The transfers to trace in, with --theft.  [default: the packaged ledger of the theft]",
)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of an engagement record with an example, and stop.")
@map_option
@output_options
def vet(
    file: Path | None,
    everyone: bool,
    base_rate: float | None,
    watch_at: float | None,
    confirmed: Path | None,
    thefts: tuple[str, ...],
    ledger: Path | None,
    schema: bool,
    columns: Columns,
    out: Output,
) -> None:
    """Who is really being paid? Look for signs of disguised work in engagement records (JSON lines).

    A finding needs a hard link (to a confirmed case, or a payout wallet that stolen coins reached) or two strong signs
    of different kinds; less is a watch note. Name, nationality and origin never enter the score. What the records lack
    is listed as not checked and counts neither way. Nothing here decides; people do.

    \b
    Examples:
      stanch vet engagements.jsonl
      stanch vet engagements.jsonl --all --format jsonl --output answers.jsonl
      stanch vet engagements.jsonl --confirmed cases.csv --base-rate 1/5000
      stanch vet engagements.jsonl --theft ronin-2022
      cat engagements.jsonl | stanch vet - --format csv
      stanch vet --schema
    """
    if schema:
        _print_schema(out)
        return
    if file is None:
        raise click.UsageError("give a FILE of engagement records, - for standard input, or --schema")
    if ledger is not None and not thefts:
        raise click.UsageError("--ledger goes with --theft: where does the trace start?")

    from stanch.sources.engagements import read_engagements
    from stanch.workers import BASE_RATE, WATCH_AT, Context, Level, read_confirmed
    from stanch.workers import vet as vet_all

    with opened(file) as raw:
        engagements = _good(raw.name, read_engagements(raw, columns.names), "engagement")
    cases: Sequence[Confirmed] = ()
    if confirmed is not None:
        with opened(confirmed) as listed:
            cases = _good(listed.name, read_confirmed(listed), "confirmed case")
    context = Context(
        BASE_RATE if base_rate is None else base_rate,
        WATCH_AT if watch_at is None else watch_at,
        tuple(cases),
        _wallets(engagements, thefts, ledger) if thefts else None,
    )
    answers = vet_all(engagements, context)
    shown = [answer for answer in answers if everyone or answer.level is not Level.NONE]
    if out.format in ("json", "jsonl"):
        out.rows((answer.to_json() for answer in shown), ())
        return
    if out.format == "csv":
        out.rows((_csv_row(answer) for answer in shown), _CSV)
    else:
        empty = f"no finding and no watch note among {len(answers):,} engagements"
        out.rows([_table_row(answer) for answer in shown], _TABLE, empty=empty)
    _tell(answers, context.base_rate)


def _print_schema(out: Output) -> None:
    from stanch.sources.engagements import ENGAGEMENT_SCHEMA, EXAMPLE

    out.document({"schema": ENGAGEMENT_SCHEMA, "example": EXAMPLE})


def _good(name: str, rows: Iterable[Record[T] | Rejected], what: str) -> list[T]:
    """The good records; bad rows are told on stderr.

    Raises:
        InputError: there is no good one.
    """
    from stanch.sources.base import Record

    good: list[T] = []
    bad: list[Rejected] = []
    for row in rows:
        if isinstance(row, Record):
            good.append(row.value)
        else:
            bad.append(row)
    _tell_rejected(name, bad, len(bad))
    if not good:
        place = bad[0].line if bad else None
        reason = f"no usable {what}" + (f" ({bad[0].reason})" if bad else "")
        raise InputError(reason, file=name, line=place, remedy="see the documentation of the file")
    return good


def _tell_rejected(name: str, bad: Sequence[Rejected], count: int) -> None:
    for item in bad[:_TOLD]:
        note(f"stanch: {name}, {item.locator}: left out: {item.reason}; {item.remedy}")
    if count > _TOLD:
        note(f"stanch: {name}: {count - _TOLD:,} more rows left out")


def _wallets(
    engagements: Sequence[Engagement], thefts: Sequence[str], ledger: Path | None
) -> Mapping[Account, Sequence[TaintedWallet]]:
    """What tracing each theft, in the ledger given or else the packaged one, says about the payout wallets."""
    from stanch.knowledge import theft as registered
    from stanch.sources.columns import USUAL
    from stanch.sources.packaged import label_files, ledger_file
    from stanch.tracing import Boundary, build_ledgers, seeds_of_theft, trace
    from stanch.tracing.files import read_label_files, read_ledger_file
    from stanch.workers import payout_wallets
    from stanch.workers.taint import taint_of

    for theft in thefts:
        registered(theft)  # An unknown id is told before anything is read.
    labels, _ = read_label_files(label_files())
    boundary = Boundary.of(labels)
    traces = []
    for theft in dict.fromkeys(thefts):
        seeds = seeds_of_theft(theft, tuple(labels))
        if not seeds:
            raise InputError(f"no seed address of {theft} is known", remedy="see `stanch facts show thefts`")
        with ExitStack() as stack:
            raw = ledger_file(theft) if ledger is None else stack.enter_context(opened(ledger))
            read = read_ledger_file(raw, USUAL, lambda _count: None)
        _tell_rejected(raw.name, read.rejected, read.left_out)
        traces.append(trace(build_ledgers([read.table]), seeds, boundary, theft_id=theft, all_seeds=False))
    return taint_of(traces, payout_wallets(engagements))


def _csv_row(answer: Vetted) -> dict[str, Any]:
    row = answer.to_json()
    return row | {
        "indicators": " ".join(item["id"] for item in row["indicators"]),
        "could_not_check": " ".join(row["could_not_check"]),
    }


def _table_row(answer: Vetted) -> dict[str, Any]:
    from stanch.workers import band

    return {
        "engagement_id": answer.engagement.id,
        "level": answer.level.value,
        "probability": band(answer),
        "why": "\n".join(_reasons(answer)),
        "could_not_check": " ".join(answer.could_not_check),
    }


def _reasons(answer: Vetted) -> Iterator[str]:
    signals = sorted(answer.score.signals, key=lambda signal: (not signal.hard, -signal.bits, signal.id))
    for signal in signals[:_REASONS]:
        hard = ", hard link" if signal.hard else ""
        yield f"{signal.id} {signal.bits:+.1f}{hard}: {signal.evidence[0].statement}"
    if len(signals) > _REASONS:
        yield f"and {len(signals) - _REASONS} more (--format json)"


def _tell(answers: Sequence[Vetted], base_rate: float) -> None:
    """Counts, base rate, and the limits of all this, on stderr."""
    from stanch.workers import NOT_SHOWN, Level

    counts = {level: sum(answer.level is level for answer in answers) for level in Level}
    note(
        f"{len(answers):,} engagements: {counts[Level.FINDING]:,} finding, {counts[Level.WATCH]:,} watch, "
        f"{counts[Level.NONE]:,} none; base rate 1 in {1 / base_rate:,.0f}"
    )
    note(NOT_SHOWN)
