"""`stanch backtest`: an incumbent's alerts, with their dispositions, against stanch."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from stanch.cli.columns import map_option
from stanch.cli.files import FILE, opened
from stanch.cli.lists_in_use import lists_in_use
from stanch.cli.output import Column, Output, note, output_options, printable
from stanch.cli.progress import counting
from stanch.cli.staleness import warn_lists
from stanch.exc import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stanch.screening.backtest import Backtest, Judged, New
    from stanch.screening.rates import Rate
    from stanch.sources.alerts import Alert, Verdicts
    from stanch.sources.columns import Columns

_KEYS = (
    "outcome", "locator", "customer_id", "customer", "listed_id", "listed_name", "disposition", "verdict", "date",
    "probability", "entity_id", "why", "waterfall",
)  # fmt: skip
_SWEEP_KEYS = ("threshold", "found", "missed", "saved", "kept", "undecided_raised", "new", "new_records")
#: New alerts and missed ones printed in the table format; the other formats have all.
_SHOWN = 20


@click.command()
@click.argument("alerts_file", metavar="ALERTS", type=FILE)
@click.option(
    "--customers",
    type=FILE,
    metavar="FILE",
    help="All records that the incumbent screened: needed to count new alerts on anybody.",
)
@click.option("--threshold", type=click.FloatRange(0, 1), help="Least probability of an alert.  [default: 0.0005]")
@click.option("--list", "list_files", multiple=True, type=FILE, metavar="FILE", help="Use this list instead. Repeats.")
@click.option("--sweep", is_flag=True, help="Count at other thresholds too; CSV and JSON lines then print these rows.")
@click.option("--true", "true_words", multiple=True, metavar="WORD", help="A disposition that means: true match.")
@click.option("--false", "false_words", multiple=True, metavar="WORD", help="A disposition that means: false positive.")
@map_option
@output_options
@click.pass_obj
def backtest(
    given: str | None,
    alerts_file: Path,
    customers: Path | None,
    threshold: float | None,
    list_files: tuple[Path, ...],
    sweep: bool,
    true_words: tuple[str, ...],
    false_words: tuple[str, ...],
    columns: Columns,
    out: Output,
) -> None:
    """Compare an incumbent's alerts with stanch: saved, missed and new.

    ALERTS is CSV or JSON lines, one alert a row: customer_id, customer_name, birth_date, listed_id or listed_name,
    disposition (true match, false positive, TP, FP, escalated, cleared…), date. Only the disposition and a customer id
    or name are needed. Every true match that stanch would not raise is listed, with the reason.

    \b
    Examples:
      stanch backtest alerts.csv
      stanch backtest alerts.csv --customers customers.csv --sweep
      stanch backtest alerts.csv --map customer_name=PARTY --true "L2 hit" --false "L1 closed"
      stanch backtest alerts.csv --format csv --output judged.csv
    """
    from stanch.screening import DEFAULT_THRESHOLD, Index, read_queries
    from stanch.screening.backtest import SWEEP
    from stanch.screening.backtest import backtest as judge
    from stanch.sources.alerts import Verdicts

    verdicts = Verdicts.of(true_words, false_words)
    least = DEFAULT_THRESHOLD if threshold is None else threshold
    steps = sorted({*SWEEP, least}) if sweep else []
    with ExitStack() as stack:
        alerts = _read(alerts_file, columns, verdicts, stack)
        queries = None
        if customers is not None:
            queries = read_queries(stack.enter_context(opened(customers)), None, note)
        entities, lists = lists_in_use(given, list_files)
        index = Index.build(entities, lists)
        warn_lists(lists, given)
        progress = stack.enter_context(counting("screening"))
        result = judge(alerts, index, entities, least, customers=queries, sweep=steps, progress=progress)
    told = "; ".join(f"{item.name} of {item.date or 'no date'}" for item in lists)
    note(f"lists: {told}; P ≥ {least:g}")
    if not result.whole_file:
        note("without --customers only alerted customers are screened: new alerts can only be on those")
    summary = _summary(result)
    if out.format == "json":
        tallies = [result.tally(step).to_json() for step in steps]
        out.document({"summary": summary, "sweep": tallies, "alerts": result.rows()})
    elif out.format == "table":
        with out.stream() as stream:
            _print(result, summary, steps, stream)
    else:
        _tell(summary)
        if sweep:
            out.rows([result.tally(step).to_json() for step in steps], [Column(key, key) for key in _SWEEP_KEYS])
        else:
            rows = result.rows()
            out.rows(map(_flat, rows) if out.format == "csv" else rows, [Column(key, key) for key in _KEYS])


def _read(path: Path, columns: Columns, verdicts: Verdicts, stack: ExitStack) -> list[Alert]:
    """The alerts of a file; what could not be used is told."""
    from stanch.sources.alerts import read_alerts
    from stanch.sources.base import Record

    raw = stack.enter_context(opened(path))
    found = list(read_alerts(raw, columns.names, verdicts))
    alerts = [item.value for item in found if isinstance(item, Record)]
    refused = [item for item in found if not isinstance(item, Record)]
    for item in refused[:10]:
        note(f"{raw.name}, {item.locator}: {item.reason}; {item.remedy}")
    if len(refused) > 10:
        note(f"{raw.name}: {len(refused) - 10:,} more rows could not be used")
    if verdicts.unknown:
        common = sorted(verdicts.unknown.items(), key=lambda item: (-item[1], item[0]))
        told = ", ".join(f"{word[:40]!r} ({count:,})" for word, count in common[:10])
        note(f"dispositions not known, taken as undecided: {told}; give them a meaning with --true or --false")
    if not alerts:
        raise InputError("holds no alert that can be used", file=raw.name, remedy="see the columns in: backtest --help")
    return alerts


def _summary(result: Backtest) -> dict[str, Any]:
    """All counts at the threshold in force, by name."""
    from stanch.screening.backtest import NOT_LISTED, NOT_SCREENED

    tally = result.tally(result.threshold).to_json()
    return {
        **tally,
        "alerts": len(result.judged),
        "not_on_these_lists": result.apart(NOT_LISTED),
        "not_screened": result.apart(NOT_SCREENED),
        "records_screened": result.records,
        "whole_file": result.whole_file,
    }


def _tell(summary: Mapping[str, Any]) -> None:
    note(
        f"{summary['alerts']:,} alerts: {summary['saved']:,} saved, {summary['missed']:,} missed, "
        f"{summary['new']:,} new on {summary['new_records']:,} records; true matches found {summary['found']:,}, "
        f"false positives kept {summary['kept']:,}"
    )


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "waterfall": " | ".join(f"{step['what']} {step['bits']:+.3f}" for step in row["waterfall"])}


def _print(result: Backtest, summary: Mapping[str, Any], steps: Sequence[float], stream: TextIO) -> None:
    """The answer for a person: counts, what was missed and why, what is new, the sweep."""
    tally = result.tally(result.threshold)

    def line(what: str, count: int, rate: Rate | None = None, note: str = "") -> None:
        share = ""
        if rate is not None and rate.share is not None:
            low, high = rate.interval
            share = f"{count / rate.total:7.1%} of {rate.total:,}"
            if count == rate.found:
                share += f" ({low:.1%}–{high:.1%})"
        stream.write(f"{what:<34} {count:>9,}  {share}{note}\n")

    line("alerts of the incumbent", summary["alerts"])
    line("  saved: false positives not raised", tally.saved.found, tally.saved)
    line("  kept: false positives raised", tally.saved.total - tally.saved.found, tally.saved)
    line("  found: true matches raised", tally.found.found, tally.found)
    line("  missed: true matches not raised", tally.found.total - tally.found.found, tally.found)
    line("  undecided: raised", tally.raised.found, tally.raised)
    for key, what in (("not_on_these_lists", "not on these lists"), ("not_screened", "not screened")):
        if count := sum(summary[key].values()):
            parts = ", ".join(f"{value:,} {verdict}" for verdict, value in summary[key].items() if value)
            line(f"  apart: {what}", count, note=f"({parts})")
    where = "all records" if result.whole_file else "alerted customers only"
    line(
        "new: raised by stanch only",
        tally.new,
        note=f"on {tally.new_records:,} of {result.records:,} records ({where})",
    )
    missed = [item for item in result.judged if item.outcome == "missed"]
    for number, item in enumerate(missed[:_SHOWN]):
        _block("\nmissed\n" if number == 0 else "", _of_alert(item), item, stream, item.why)
    _more(len(missed), stream)
    new = sorted(result.new, key=lambda item: (-item.probability, item.locator, item.entity_id))
    for number, fresh in enumerate(new[:_SHOWN]):
        text = f"{fresh.customer_id or fresh.locator}  {fresh.customer} ⇄ {fresh.listed_name} ({fresh.entity_id})"
        _block("\nnew\n" if number == 0 else "", text, fresh, stream)
    _more(len(new), stream)
    if steps:
        stream.write("\n     P ≥    found   missed    saved     kept      new\n")
        for step in steps:
            row = result.tally(step).to_json()
            counts = " ".join(f"{row[key]:>8,}" for key in ("found", "missed", "saved", "kept", "new"))
            stream.write(f"{step:>8g} {counts}{'   in force' if step == result.threshold else ''}\n")


def _of_alert(item: Judged) -> str:
    alert = item.alert
    customer = ", ".join(alert.customer.get("name"))
    return f"{alert.customer_id or alert.locator}  {customer} ⇄ {alert.listed_name or alert.listed_id}"


def _block(heading: str, text: str, item: Judged | New, stream: TextIO, why: str = "") -> None:
    stream.write(f"{heading}  {printable(text[:200])}: P {item.probability:.6f}\n")
    if why:
        stream.write(f"    {printable(why[:400])}\n")
    for what, bits in item.waterfall:
        stream.write(f"    {bits:+8.2f}  {printable(what[:200])}\n")


def _more(count: int, stream: TextIO) -> None:
    if count > _SHOWN:
        stream.write(f"  … and {count - _SHOWN:,} more: --format csv has all\n")
