"""`stanch facts`: the curated facts, table by table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from click.core import ParameterSource

from stanch.cli.output import Column, Output, output_options

_LIST = (
    Column("name", "table", wrap=False),
    Column("rows", "rows", right=True, wrap=False),
    Column("first_date", "first", wrap=False),
    Column("last_date", "last", wrap=False),
    Column("verified", "excerpt / partial / recall", right=True, wrap=False),
    Column("cited", "own citation", right=True),
    Column("title", "what it is"),
)
_VERIFIED = Column("verified", "verified", wrap=False)

#: The columns worth a look on a screen of 120; JSON, JSON lines and CSV have all of them.
_MAIN: Mapping[str, tuple[Column, ...]] = {
    "resolutions": (
        Column("id", "number", wrap=False),
        Column("adopted", "adopted", wrap=False),
        Column("sanctions_round", "round", right=True, wrap=False),
        Column("trigger", "trigger"),
        _VERIFIED,
    ),
    "provisions": (
        Column("id", "id", wrap=False),
        Column("topic", "topic"),
        Column("starts", "starts", wrap=False),
        Column("deadline", "deadline", wrap=False),
        Column("duty", "duty"),
        _VERIFIED,
    ),
    "instruments": (
        Column("id", "id", wrap=False),
        Column("date", "date", wrap=False),
        Column("what", "what"),
        _VERIFIED,
    ),
    "legal_basis": (
        Column("claim", "claim", wrap=False),
        Column("provision", "provision", wrap=False),
        Column("schema", "only for", wrap=False),
        Column("why", "why"),
        Column("condition", "condition"),
    ),
    "ownership": (
        Column("id", "id", wrap=False),
        Column("starts", "starts", wrap=False),
        Column("threshold", "%", right=True, wrap=False),
        Column("test", "test", wrap=False),
        Column("control_shown", "control", wrap=False),
        Column("rule", "rule"),
        _VERIFIED,
    ),
    "thefts": (
        Column("id", "id", wrap=False),
        Column("date", "date", wrap=False),
        Column("victim", "victim"),
        Column("amount_shown", "USD then", right=True, wrap=False),
        Column("attribution_level", "level", wrap=False),
        Column("doubt_shown", "doubtful", wrap=False),
        _VERIFIED,
        Column("attributed_by", "attributed by"),
    ),
    "laundering": (
        Column("id", "id", wrap=False),
        Column("days_shown", "days", wrap=False),
        Column("title", "title"),
        Column("what", "what"),
        _VERIFIED,
    ),
    "indicators": (
        Column("id", "id", wrap=False),
        Column("phase", "phase", wrap=False),
        Column("indicator", "indicator"),
        Column("weight_hint", "weight", wrap=False),
        Column("fairness_class", "fairness"),
        _VERIFIED,
    ),
}


@click.group(invoke_without_command=True)
@output_options
@click.pass_context
def facts(ctx: click.Context, out: Output) -> None:
    """The curated facts: tables, rows, dates, how far verified.

    excerpt: the figure or gist was read in a copy of a public page. partial: part of the row was read. recall: written
    from knowledge, or from a page that was not read again. A row without a citation of its own has its table's.

    \b
    Examples:
      stanch facts                              all tables
      stanch facts show thefts                  one table
      stanch facts show provisions --format json
      stanch facts card thefts                  what a table is, its columns and doubts
    """
    if ctx.invoked_subcommand is not None:
        return
    from stanch.knowledge import tables
    from stanch.model import Verified

    rows = []
    for info in tables():
        counts = {"excerpt": info.excerpt, "partial": info.partial, "recall": info.recall}
        shares = {f"share_{level}": round(info.share(level), 3) for level in Verified}
        shown = " / ".join(f"{count} ({100 * count / info.rows:.0f} %)" for count in counts.values())
        rows.append(
            {
                "name": info.name,
                "title": info.title,
                "rows": info.rows,
                "first_date": info.first_date,
                "last_date": info.last_date,
                **counts,
                **shares,
                "cited": info.cited,
                "citation": info.citation,
                **({"verified": shown} if out.format == "table" else {}),
            }
        )
    out.rows(rows, _LIST if out.format == "table" else [Column(name, name) for name in rows[0]])


@facts.command()
@click.argument("table")
@output_options
@click.pass_context
def show(ctx: click.Context, table: str, out: Output) -> None:
    """Print one table: the main columns on screen, every column as JSON, JSON lines or CSV.

    \b
    Examples:
      stanch facts show thefts
      stanch facts show provisions --format csv --output provisions.csv
      stanch facts show indicators --format jsonl
    """
    from stanch.knowledge import as_row
    from stanch.knowledge import table as read

    rows = [as_row(fact) for fact in read(table).rows]
    out = _inherit(ctx, out)
    if out.format == "table":
        out.rows([_shown(row) for row in rows], _MAIN[table])
    else:
        out.rows(rows, [Column(name, name) for name in rows[0]])


@facts.command()
@click.argument("table")
@output_options
@click.pass_context
def card(ctx: click.Context, table: str, out: Output) -> None:
    """Print what a table is: publisher, citation, licence, date, doubts, and the meaning of its columns.

    \b
    Examples:
      stanch facts card thefts
      stanch facts card provisions --format json
    """
    from stanch.knowledge import table as read

    info = read(table).card
    lines = [
        {"part": part, "text": text}
        for part, text in (
            ("title", info.title),
            ("about", info.about),
            ("publisher", info.publisher),
            ("citation", info.citation),
            ("licence", info.licence),
            ("as of", info.as_of.isoformat()),
            *(("caution", text) for text in info.cautions),
            *((f"column {name}", f"{text} ({info.kinds[name]})") for name, text in info.columns.items()),
        )
    ]
    _inherit(ctx, out).rows(lines, (Column("part", "", wrap=False), Column("text", "")))


def _inherit(ctx: click.Context, out: Output) -> Output:
    """Let `stanch facts --format json show TABLE` mean what it says."""
    parent = ctx.parent
    if parent is None or parent.info_name != "facts":
        return out
    chosen = {
        name: (parent if ctx.get_parameter_source(name) is ParameterSource.DEFAULT else ctx).params[name]
        for name in ("format_", "output_path")
    }
    return Output(chosen["format_"], chosen["output_path"])


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with the cells that only a person needs: grouped digits, day ranges, doubt as a word."""
    shown = dict(row)
    if "amount" in row:
        shown["amount_shown"] = f"{int(row['amount']):,}"
        shown["doubt_shown"] = "yes" if row["doubtful"] else ""
        if row["date"] != row["date_to"]:
            shown["date"] = f"{row['date']:%Y-%m}"
    if "together" in row:
        shown["test"] += ", added up" if row["together"] else ", each alone"
        shown["control_shown"] = ", ".join(row["control"]) or "none"
    if "day_from" in row:
        shown["days_shown"] = "" if row["day_from"] is None else f"day {row['day_from']} to {row['day_to']}"
    return shown
