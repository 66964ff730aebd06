"""`stanch update`: fetch the official lists, or read them from files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stanch.cli.changes import CHANGES, rows_of, told
from stanch.cli.output import Column, Output, note, output_options
from stanch.cli.progress import counting
from stanch.cli.staleness import warn_held
from stanch.exc import InputError, StanchError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stanch.sources.card import OfficialFile
    from stanch.sources.fetch import Progress
    from stanch.sources.raw import RawFile
    from stanch.workspace import NewSnapshot, Workspace

SOURCES = ("un", "ofac", "eu", "uk", "jp", "csl")
_COLUMNS = [
    Column("source", "Source"),
    Column("state", "State"),
    Column("list_date", "List date", wrap=False),
    Column("entities", "Entries", right=True),
    Column("rejected", "Set aside", right=True),
    Column("added", "Added", right=True),
    Column("removed", "Removed", right=True),
    Column("changed", "Changed", right=True),
    Column("note", ""),
]
#: Changed entries of one list that are shown; stanch lists changes shows all.
_SHOWN = 20


@click.command(
    epilog="\b\nExamples:\n  stanch update                       the UN and OFAC lists, from their publishers\n"
    "  stanch update un                    the UN list only\n"
    "  stanch update --from downloads/     from files, without a network\n"
    "  stanch update ofac --from sdn.csv   one list from one file\n"
    "  stanch update eu                    one more list: eu, uk, csl (jp is read --from a file only)"
)
@click.argument("source", required=False, type=click.Choice(SOURCES))
@click.option(
    "--from",
    "from_",
    type=click.Path(path_type=Path, readable=False),
    help="Read from a file or folder, fetch nothing.",
)
@click.option(
    "--check/--no-check",
    "check",
    default=True,
    help="Screen customers again who share a key with a change, or not yet.",
)
@click.option("--url", "base_url", default="", hidden=True, help="Fetch the files from here instead.")
@output_options
@click.pass_obj
def update(given: str | None, source: str | None, from_: Path | None, check: bool, base_url: str, out: Output) -> None:
    """Fetch the official lists (SOURCE; un and ofac when not named), or read them from files.

    un: Security Council; ofac: US Treasury; eu: European Union; uk: United Kingdom; jp: Japan, Ministry of Finance;
    csl: US Consolidated Screening List.

    A list that fails its card's assertions never replaces the one held. This is the only command that uses the network.
    What was added, removed or changed is shown, and customers who share a key with it are screened again.
    """
    from stanch.sources.card import LISTS
    from stanch.workspace import Workspace

    rows: list[dict[str, Any]] = []
    failed: StanchError | None = None
    with Workspace.find(given) as workspace:
        local = _local_files(from_, source) if from_ is not None else None
        for source_id in [source] if source else list(local if local is not None else LISTS):
            try:
                if local is not None:
                    rows.append(_add(workspace, snapshot_of(source_id, local[source_id])))
                else:
                    rows.append(_fetch(workspace, source_id, base_url))
            except StanchError as err:
                # The other list is still updated; the error decides the exit code.
                note(f"stanch: {err}")
                failed = err
                rows.append(_row(source_id, "failed", note=str(err)))
        warn_held(workspace, besides=[row["source"] for row in rows if row["state"] == "failed"])
        if failed is None or len(rows) > 1 or out.format != "table":
            _print(rows, out)
        if check:
            _screen_again(workspace)
    if failed is not None:
        raise click.exceptions.Exit(failed.exit_code)


def snapshot_of(
    source_id: str, files: Sequence[RawFile], url: str = "", etag: str = "", last_modified: str = ""
) -> NewSnapshot:
    """The snapshot that a workspace imports, with its reader and its card's assertions."""
    from stanch.sources.catalogue import check_of, date_of_list, read_list
    from stanch.workspace import NewSnapshot

    return NewSnapshot(
        source_id=source_id,
        list_date=date_of_list(source_id, files, last_modified).isoformat(),
        files=files,
        records=lambda: read_list(source_id, files),
        check=check_of(source_id, files),
        url=url,
        etag=etag,
        last_modified=last_modified,
    )


def _local_files(path: Path, source: str | None) -> dict[str, list[RawFile]]:
    from stanch.sources.catalogue import find_files
    from stanch.sources.raw import RawFile

    if source is not None and path.is_file():
        # What the user names is read as that list, so that the reader says what is wrong with it.
        return {source: [RawFile.open(path)]}
    if not path.exists():
        raise InputError("no such file or folder", file=str(path), remedy="check the path")
    found = find_files(path)
    if source is not None and source not in found:
        raise InputError(f"holds no {source} list", file=str(path), remedy="name its file")
    return found


def _fetch(workspace: Workspace, source_id: str, base_url: str) -> dict[str, Any]:
    from stanch.sources.card import load_card
    from stanch.sources.fetch import NotModified
    from stanch.sources.update import fetch_list

    held = workspace.list_snapshot(source_id)
    card = load_card(source_id)
    if not card.files:
        raise InputError(f"the {source_id} list has no fixed address", remedy=f"get it from {card.home} and use --from")
    with tempfile.TemporaryDirectory(prefix="stanch-") as folder, _bytes_shown() as progress:
        result = fetch_list(
            card,
            Path(folder),
            etag=held.etag if held else "",
            last_modified=held.last_modified if held else "",
            base_url=base_url,
            progress=progress,
        )
        if isinstance(result, NotModified):
            return _row(source_id, "unchanged", held.list_date if held else None, held.entities if held else 0)
        return _add(workspace, snapshot_of(source_id, result.files, result.url, result.etag, result.last_modified))


def _add(workspace: Workspace, snapshot: NewSnapshot) -> dict[str, Any]:
    held = workspace.list_snapshot(snapshot.source_id)
    with counting(f"reading {snapshot.source_id}") as progress:
        report = workspace.add_list(snapshot, progress)
    if report.already:
        return _row(snapshot.source_id, "unchanged", snapshot.list_date, held.entities if held else 0)
    older = held is not None and snapshot.list_date < held.list_date
    row = _row(
        snapshot.source_id, "updated", snapshot.list_date, report.added, report.rejected,
        f"older than the list held before ({held.list_date})" if held is not None and older else "",
    )  # fmt: skip
    return row if held is None else {**row, **_changes(workspace, snapshot.source_id)}


def _changes(workspace: Workspace, source_id: str) -> dict[str, Any]:
    """What the update of one list changed: counts, and the entries."""
    from stanch.screening.history import changes_held

    (found,) = changes_held(workspace, source_id)
    counts = {kind: found.count(kind) for kind in ("added", "removed", "changed")}
    return {**counts, "changes": rows_of(found)}


def _print(rows: Sequence[dict[str, Any]], out: Output) -> None:
    """The lists, and for a reader the first entries of each that changed."""
    if out.format != "table":
        out.rows(rows, _COLUMNS)
        return
    parts: list[tuple[Sequence[dict[str, Any]], Sequence[Column]]] = [(rows, _COLUMNS)]
    for row in rows:
        if row["changes"]:
            parts.append((row["changes"][:_SHOWN], CHANGES))
        if len(row["changes"] or ()) > _SHOWN:
            source = row["source"]
            note(f"the first {_SHOWN} changes of {source} are shown; all of them: stanch lists changes {source}")
    out.tables(parts)


def _screen_again(workspace: Workspace) -> None:
    """Screen customers again as far as the lists changed; say what came of it, and who is left to a whole check."""
    from stanch.pipeline.detectors import ScreeningDetector
    from stanch.pipeline.watch import waiting

    if not workspace.counts()["customers"]:
        return
    detector = ScreeningDetector()
    with counting("screening again"):
        runs = detector.catch_up(workspace)
        left = waiting(workspace, detector)
    for line in told(runs):
        note(line)
    if left:
        note(f"{left:,} customers are not checked against these lists yet; run: stanch check")
    elif any(run.counts.new + run.counts.updated + run.counts.withdrawn for run in runs):
        note("see: stanch findings")


def _row(
    source_id: str, state: str, list_date: str | None = None, entities: int = 0, rejected: int = 0, note: str = ""
) -> dict[str, Any]:
    return {
        "source": source_id, "state": state, "list_date": list_date, "entities": entities, "rejected": rejected,
        "added": None, "removed": None, "changed": None, "note": note, "changes": None,
    }  # fmt: skip


@contextmanager
def _bytes_shown() -> Iterator[Any]:
    """Progress of each file on stderr, for a person at a terminal."""
    with counting("fetching") as count:

        def of_file(_file: OfficialFile) -> Progress:
            return lambda received, _total: count(received)

        yield of_file
