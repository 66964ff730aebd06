"""`stanch trace`: follow stolen money through a ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stanch.cli.columns import column_options
from stanch.cli.files import FILE, opened
from stanch.cli.output import Column, Output, console, note, output_options, printable
from stanch.exc import InputError, NotFoundError

if TYPE_CHECKING:
    from stanch.model import Account, Label
    from stanch.sources.columns import Columns
    from stanch.sources.raw import RawFile
    from stanch.tracing import AssetTrace, Seed, Trace
    from stanch.tracing.ledger import Ledger, LedgerTable

#: Holders in the printed table; JSON, JSON lines and CSV have all of them.
_TOP = 20

EPILOG = """\b
Examples:
  stanch trace --theft ronin-2022
  stanch trace --ledger transfers.csv --from 0x098b716b8aaf21512996dc57eb0615e2383e2f96
  stanch trace --ledger bank.csv --chain bank:acme --from DE89370400440532013000 --labels ours.csv
  stanch trace --ledger t.csv --from 0x098b…,ETH,173600,2022-03-23T13:29:09Z --format json --output trace.json

\b
A bare seed declares all that it sends stolen. ADDRESS,ASSET,AMOUNT,TIME declares that much of what it holds at that
time. Haircut spreads stolen value in proportion; poison is the upper bound. The trace stops at labelled services.
"""


@click.command(epilog=EPILOG)
@click.option(
    "--ledger", "ledgers", multiple=True, metavar="FILE", type=FILE,
    help="Transfers: CSV, JSON lines or Parquet; repeats. Default: the workspace's, else the packaged one of --theft.",
)  # fmt: skip
@click.option("--from", "seeds", multiple=True, metavar="ADDRESS", help="Where the stolen value was first; repeats.")
@click.option("--theft", "theft_id", metavar="ID", help="Take the seeds of a theft of the registry.")
@click.option(
    "--labels", "label_files", multiple=True, metavar="FILE", type=FILE,
    help="What accounts are: CSV or TagPack YAML; repeats.",
)  # fmt: skip
@click.option("--no-packaged-labels", is_flag=True, help="Use only the labels given.")
@click.option(
    "--policy", "policies", multiple=True, type=click.Choice(["haircut", "poison"]), help="Default: both; repeats."
)
@click.option("--asset", metavar="ASSET", help="Follow only this asset, as the ledger names it.")
@column_options
@click.option("--hub-degree", type=click.IntRange(2), metavar="N",
              help="Stop at unlabelled accounts that dealt with N others or more. Default: never.")  # fmt: skip
@click.option("--top", type=click.IntRange(1), default=_TOP, show_default=True, help="Holders to print in the table.")
@output_options
@click.pass_obj
def trace(
    given: str | None,
    ledgers: tuple[Path, ...],
    seeds: tuple[str, ...],
    theft_id: str | None,
    label_files: tuple[Path, ...],
    no_packaged_labels: bool,
    policies: tuple[str, ...],
    asset: str | None,
    columns: Columns,
    hub_degree: int | None,
    top: int,
    out: Output,
) -> None:
    """Follow stolen value through a ledger: who holds it now, which rows carried it, how sure that is."""
    if bool(seeds) == bool(theft_id):
        raise click.UsageError("give either --from ADDRESS or --theft ID")
    from stanch.tracing import Boundary, SeedText, build_ledgers, place_seeds
    from stanch.tracing import trace as run

    written = [SeedText.parse(text) for text in seeds]
    name = _theft_name(theft_id)
    tables, workspace_labels = _transfers(given, ledgers, theft_id, columns)
    labels = [*_labels(label_files, packaged=not no_packaged_labels), *workspace_labels]
    declared = sum((text.amount for text in written if text.amount is not None), Decimal(0))
    built = _only(build_ledgers(tables, extra=declared), asset)
    chosen = _seeds_of(theft_id, labels) if theft_id else place_seeds(written, columns.constants.get("chain"), built)
    result = run(
        built,
        chosen,
        Boundary.of(labels, hub_degree),
        policies or ("haircut", "poison"),
        theft_id=theft_id,
        all_seeds=theft_id is None,
    )
    _print(result, name, top, out)


def _theft_name(theft_id: str | None) -> str:
    if theft_id is None:
        return ""
    from stanch.knowledge import theft

    return theft(theft_id).victim


def _transfers(
    workspace: str | None, files: Sequence[Path], theft_id: str | None, columns: Columns
) -> tuple[list[LedgerTable], list[Label]]:
    """The rows to trace, and the workspace's labels where it is the workspace that is traced."""
    from stanch.sources.packaged import ledger_file

    if files:
        with ExitStack() as stack:
            return _read([stack.enter_context(opened(path)) for path in files], columns), []
    from stanch.workspace import Workspace

    try:
        with Workspace.find(workspace) as held:
            labels = held.labels()
            seeds = _accounts_of(theft_id, labels) if theft_id else set()
            # A theft that this ledger does not show is traced in the packaged one.
            book = held.address_book()
            shown = not theft_id or any(book.find(account) is not None for account in seeds)
            if shown and (tables := list(held.transfers())):
                return list(tables), labels
    except NotFoundError:
        if workspace is not None:
            raise
    if theft_id is None:
        raise InputError("no ledger to trace", remedy="give one with --ledger, or add transfers to a workspace")
    raw = ledger_file(theft_id)
    note(f"using the packaged ledger of {theft_id}; name another with --ledger")
    return _read([raw], columns), []


def _accounts_of(theft_id: str, labels: Sequence[Label]) -> set[Account]:
    from stanch.tracing import seeds_of_theft

    return {seed.account for seed in seeds_of_theft(theft_id, tuple(labels))}


def _read(files: Sequence[RawFile], columns: Columns) -> list[LedgerTable]:
    from stanch.cli.progress import counting
    from stanch.tracing.files import read_ledger_file

    tables: list[LedgerTable] = []
    for raw in files:
        with counting(f"reading {raw.name}") as progress:
            read = read_ledger_file(raw, columns, progress)
        for text in read.notes:
            note(f"{raw.name}: {text}")
        _tell_rejected(raw, read.rejected, read.left_out)
        tables.append(read.table)
    return tables


def _labels(files: Sequence[Path], packaged: bool) -> list[Label]:
    from stanch.sources.packaged import label_files
    from stanch.tracing.files import read_label_files

    with ExitStack() as stack:
        raws = [*(label_files() if packaged else ()), *(stack.enter_context(opened(path)) for path in files)]
        labels, rejected = read_label_files(raws)
    for raw in raws:
        own = [row for where, row in rejected if where is raw]
        _tell_rejected(raw, own, len(own))
    return labels


def _tell_rejected(raw: RawFile, rejected: Sequence[Any], count: int) -> None:
    for row in rejected[:3]:
        note(f"stanch: {raw.name}, {row.locator}: {row.reason}; {row.remedy}")
    if count > 3:
        note(f"stanch: {raw.name}: {count - 3:,} more rows left out")


def _seeds_of(theft_id: str, labels: Sequence[Label]) -> tuple[Seed, ...]:
    """Seeds of a theft by its labels; where there are none, by the addresses of the registry."""
    from stanch.knowledge import theft
    from stanch.tracing import SeedText, seeds_of_theft

    if found := seeds_of_theft(theft_id, labels):
        return found
    listed = theft(theft_id).addresses
    if not listed:
        raise InputError(f"no seed address of {theft_id} is known", remedy="give one with --from ADDRESS")
    return tuple(SeedText(address).on(None) for address in listed)


def _only(ledgers: Sequence[Ledger], asset: str | None) -> tuple[Ledger, ...]:
    if not ledgers:
        raise InputError("the ledger has no usable row", remedy="see the lines above, or check the file")
    if asset is None:
        return tuple(ledgers)
    if kept := tuple(ledger for ledger in ledgers if ledger.asset == asset):
        return kept
    some = ", ".join(sorted({ledger.asset for ledger in ledgers})[:5])
    raise InputError(f"no transfer of {asset[:80]!r} in the ledger", remedy=f"it has, among others: {some}")


# -- printing -------------------------------------------------------------------------------------------------------


def _print(result: Trace, name: str, top: int, out: Output) -> None:
    if out.format == "json":
        out.document(result.to_json())
    elif out.format in ("jsonl", "csv"):
        columns = ("asset", "chain", "address", "label", "category", "reason", *result.policies, "low", "high",
                   "first_at", "last_at", "unobserved_inflow")  # fmt: skip
        out.rows(_holder_rows(result, flat=out.format == "csv"), [Column(key, key) for key in columns])
    else:
        _print_table(result, name, top, out)


def _holder_rows(result: Trace, flat: bool) -> Iterator[dict[str, Any]]:
    from stanch.tracing.trace import holder_json

    for asset in result.assets:
        for holder in asset.holders():
            row = {"asset": asset.ledger.asset, **holder_json(asset, holder)}
            yield {**row, **row["by_policy"]} if flat else row


def _print_table(result: Trace, name: str, top: int, out: Output) -> None:
    from rich.text import Text

    from stanch.tracing.where import where_now

    with out.stream() as stream:
        screen = console(stream)
        for number, asset in enumerate(result.assets):
            holders = asset.holders()
            lines = [*([""] if number else []), *_headline(asset, name), ""]
            screen.print(Text(printable("\n".join(lines))))
            places = _table("where it is now", "accounts>", "haircut>", "share>", "low–high>")
            for place in where_now(asset, holders):
                amounts = _amounts(asset, place.value, place.low, place.high)
                places.add_row(printable(place.name), f"{place.holders:,}", *amounts)
            screen.print(places)
            screen.print()
            shown = _table("holder|", "what it is", "haircut>", "share>", "low–high>", "last in|")
            for holder in holders[:top]:
                what = f"{holder.reason}: {holder.name}" if holder.name else holder.reason
                amounts = _amounts(asset, holder.value, holder.low, holder.high)
                last = f"{holder.last_at:%Y-%m-%d}" if holder.last_at else ""
                # Text, not markup: a hostile label such as "[red]" must print as it is.
                shown.add_row(Text(printable(holder.account.address)), Text(printable(what[:80])), *amounts, last)
            screen.print(shown)
            if len(holders) > top:
                more = f"… and {len(holders) - top:,} more holders; --format json, jsonl or csv has them all"
                screen.print(Text(more))


def _table(*headings: str) -> Any:
    """A plain table; ">" after a heading sets the column to the right, ">" and "|" keep it on one line."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for heading in headings:
        right, whole = heading.endswith(">"), heading.endswith((">", "|"))
        made.add_column(heading.rstrip(">|"), justify="right" if right else "left", no_wrap=whole, overflow="fold")
    return made


def _headline(asset: AssetTrace, name: str) -> Iterator[str]:
    reference = asset.outcomes["haircut"]
    unit = asset.ledger.asset
    unobserved = int(asset.unobserved.sum())
    books = asset.totals("haircut")
    about = f"{name}: {unit}" if name else unit
    yield f"{about} on {asset.ledger.chain}, {len(asset.ledger):,} transfers to {asset.as_of:%Y-%m-%d}"
    yield (
        f"  stolen      {_number(asset, asset.stolen)} {unit}: {_number(asset, reference.observed)} seen to arrive, "
        f"{_number(asset, reference.inferred)} assumed because the seeds spent it"
    )
    yield (
        f"  unobserved  {_number(asset, unobserved)} {unit} of inflow is not in the ledger: "
        f"{_number(asset, reference.inferred)} at the seeds, {_number(asset, unobserved - reference.inferred)} "
        "elsewhere, taken as clean"
    )
    yield (
        f"  books       stolen = {_number(asset, books.held)} held + {_number(asset, books.stopped)} stopped at "
        f"services + {_number(asset, books.fees)} fees, checked to the unit"
    )
    if "poison" in asset.outcomes:
        over = -asset.totals("poison").remainder
        yield f"  band        haircut to poison; poison counts {_number(asset, over)} {unit} of clean value as stolen"


def _amounts(asset: AssetTrace, value: int, low: int, high: int) -> tuple[str, str, str]:
    share = f"{100 * value / asset.stolen:.1f} %" if asset.stolen else "–"
    ends = [_number(asset, low), _number(asset, high)]
    return _number(asset, value), share, "–".join(dict.fromkeys(ends))


def _number(asset: AssetTrace, units: int) -> str:
    """For people: thousands separators, and decimals where they say something; JSON has the exact amount."""
    amount = asset.amount(units)
    return f"{amount:,.0f}" if amount >= 10_000 else f"{amount:,.2f}"
