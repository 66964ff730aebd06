"""`stanch lists`: which lists are in use, where they disagree, and what one entry says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from stanch.cli.changes import changes
from stanch.cli.files import FILE
from stanch.cli.output import Column, Output, note, output_options
from stanch.exc import NotFoundError

if TYPE_CHECKING:
    from stanch.model import Entity
    from stanch.screening import ListInfo

_LISTS = (
    Column("name", "List", wrap=False),
    Column("title", "Title"),
    Column("date", "Date", wrap=False),
    Column("age_days", "Age, days", right=True),
    Column("entries", "Entries", right=True),
    Column("origin", "From", wrap=False),
)
_CONFLICTS = (
    Column("grade", "How sure", wrap=False),
    Column("kind", "Kind", wrap=False),
    Column("name", "Name"),
    Column("entities", "Entries"),
    Column("detail", "What stands where"),
)
_SHOW = (Column("property", "", wrap=False), Column("value", ""))


@click.group(invoke_without_command=True)
@output_options
@click.pass_context
def lists(ctx: click.Context, out: Output) -> None:
    """Lists in use: dates, ages, entries; where they disagree; what one entry says; what changed.

    They are the workspace's, else the packaged ones (DPRK entries only).

    \b
    Examples:
      stanch lists                              the lists in use and how old they are
      stanch lists conflicts                    where they disagree, and probable errors
      stanch lists conflicts un.xml eu.csv      the same between files
      stanch lists show un-KPi.033              one entry, and the same subject on other lists
      stanch lists changes                      what the last update changed, and who was screened again
    """
    if ctx.invoked_subcommand is not None:
        return
    from stanch.model import now_utc
    from stanch.model.entity import PARTY_SCHEMATA

    today = now_utc().date()
    entities, infos, origin = _in_use(ctx.obj, ())
    rows = [
        {
            "name": info.name,
            "title": _title(info.name),
            "date": info.date or None,
            "age_days": (today - date.fromisoformat(info.date)).days if info.date else None,
            "entries": sum(info.name in item.datasets and item.schema in PARTY_SCHEMATA for item in entities),
            "origin": origin,
            "sha256": info.sha256,
        }
        for info in infos
    ]
    out.rows(rows, _LISTS)


lists.add_command(changes)


@lists.command()
@click.argument("files", nargs=-1, type=FILE)
@click.option("--dprk", is_flag=True, help="Only entries that the lists themselves tie to the DPRK.")
@output_options
@click.pass_context
def conflicts(ctx: click.Context, files: tuple[Path, ...], dprk: bool, out: Output) -> None:
    """Compare lists: one subject across them, where they disagree on it, and entries that look wrong.

    FILES are official lists or FollowTheMoney; without any, the lists in use. What comes out are leads for a reviewer.
    "probable error": one list at least looks wrong. "difference": lists disagree, either may be right. "note": not an
    error, it says why two entries were kept apart.

    \b
    Examples:
      stanch lists conflicts
      stanch lists conflicts --dprk un.xml sdn.csv eu.xml --format csv --output conflicts.csv
    """
    from stanch.screening.conflicts import find_conflicts
    from stanch.screening.subjects import compare_lists
    from stanch.sources.programmes import is_dprk

    out = inherit(ctx, out)
    entities, infos, _ = _in_use(ctx.obj, files)
    if dprk:
        entities = [entity for entity in entities if is_dprk(entity)]
    compared = compare_lists(entities, infos)
    joined = sum(len(group) > 1 for group in compared.groups)
    names = ", ".join(dict.fromkeys(info.name for info in infos))
    note(f"{len(compared.entries):,} entries of {names}; {joined:,} subjects stand on more than one list")
    found = [conflict.to_json() for conflict in find_conflicts(compared)]
    if out.format == "table":
        found = [{**row, "entities": " ".join(row["entities"])} for row in found]
    out.rows(found, _CONFLICTS, empty="no conflict found")


@lists.command()
@click.argument("entity_id")
@output_options
@click.pass_context
def show(ctx: click.Context, entity_id: str, out: Output) -> None:
    """Show one entry of the lists in use, and the entries of other lists that are the same subject.

    \b
    Examples:
      stanch lists show un-KPi.033
      stanch lists show ofac-12211 --format json
    """
    from stanch.screening.subjects import compare_lists

    out = inherit(ctx, out)
    entities, infos, _ = _in_use(ctx.obj, ())
    entity = next((item for item in entities if item.id == entity_id), None)
    if entity is None:
        raise NotFoundError(f"no entry {entity_id[:60]!r} in the lists in use; ids are printed by: stanch screen NAME")
    compared = compare_lists(entities, infos)
    others: list[str] = []
    for group in compared.groups:
        ids = [compared.entity(number).id for number in group]
        if entity_id in ids:
            others = [other for other in ids if other != entity_id]
    document = {**entity.to_ftm(), "same_subject": others, "source": _place(entity)}
    if out.format == "json":
        out.document(document)
    elif out.format == "jsonl":
        out.rows([document], ())
    else:
        values = [("id", entity.id), ("schema", entity.schema), ("lists", ", ".join(entity.datasets))]
        values += [(name, value) for name, found in entity.properties.items() for value in found]
        values += [("same subject", other) for other in others] + [("stands in", _place(entity) or "")]
        out.rows([{"property": name, "value": value} for name, value in values], _SHOW)


def _in_use(workspace: str | None, files: tuple[Path, ...]) -> tuple[list[Entity], tuple[ListInfo, ...], str]:
    """Entities, lists, and where they are from: the files given, else the workspace found, else the packaged lists."""
    from stanch.screening.lists import load_lists
    from stanch.workspace import Workspace

    if files:
        return (*load_lists(files=files), "files")
    try:
        found = Workspace.find(workspace)
    except NotFoundError:
        if workspace is not None:
            raise
        return (*load_lists(), "packaged")
    with found:
        return (*load_lists(found), "workspace" if found.list_snapshots() else "packaged")


def _title(name: str) -> str:
    """The title of an official list, "" of a list of the user's own."""
    from stanch.sources.card import OFFICIAL, load_card

    return load_card(name).title if name in OFFICIAL else ""


def _place(entity: Entity) -> str | None:
    return f"{entity.source.name}, {entity.source.locator}" if entity.source is not None else None


def inherit(ctx: click.Context, out: Output) -> Output:
    """Let `stanch lists --format json conflicts` mean what it says."""
    parent = ctx.parent
    if parent is None or parent.info_name != "lists":
        return out
    chosen = {
        name: (parent if ctx.get_parameter_source(name) is ParameterSource.DEFAULT else ctx).params[name]
        for name in ("format_", "output_path")
    }
    return Output(chosen["format_"], chosen["output_path"])
