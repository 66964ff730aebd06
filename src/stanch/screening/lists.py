"""Which lists to screen against: files given by hand, else the workspace's, else the packaged ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stanch.exc import InputError
from stanch.model import Entity
from stanch.screening.index import Index
from stanch.screening.listed import ListInfo
from stanch.sources.base import Record, Rejected
from stanch.sources.raw import RawFile

if TYPE_CHECKING:
    from stanch.workspace import Workspace


def load_lists(
    workspace: Workspace | None = None, files: Sequence[Path] = ()
) -> tuple[list[Entity], tuple[ListInfo, ...]]:
    """All listed entities, and which lists they come from.

    Args:
        workspace: its current lists are used when it has any.
        files: official lists or FollowTheMoney JSON lines to use instead of all others.

    Raises:
        InputError: a file is none of these.
    """
    if files:
        parts = [read_list_file(path) for path in files]
        return [entity for found, _ in parts for entity in found], tuple(info for _, infos in parts for info in infos)
    if workspace is not None:
        snapshots = workspace.list_snapshots()
        if snapshots:
            infos = tuple(ListInfo(item.source_id, item.list_date, item.sha256) for item in snapshots)
            return list(workspace.listed_entities()), infos
    return packaged_lists()


def packaged_lists() -> tuple[list[Entity], tuple[ListInfo, ...]]:
    """The DPRK parts of the official lists that come with stanch."""
    from stanch.sources.ftm.read import read_ftm
    from stanch.sources.packaged import designation_snapshots

    snapshots = designation_snapshots()
    entities = [record.value for item in snapshots for record in read_ftm(item.file) if isinstance(record, Record)]
    return entities, tuple(ListInfo(item.name, item.date, item.sha256) for item in snapshots)


def load_index(workspace: Workspace | None = None, files: Sequence[Path] = ()) -> Index:
    """The index of `load_lists`."""
    return Index.build(*load_lists(workspace, files))


def read_list_file(path: Path) -> tuple[list[Entity], tuple[ListInfo, ...]]:
    """The entities of one list file, known by its content: an official list (UN, OFAC, EU, UK, Japan, the US screening
    list) or FollowTheMoney.

    The date is the one the file states, else the one in its name, "" when there is none.

    Raises:
        InputError: none of these, or not readable as such.
    """
    from stanch.sources.catalogue import date_in_name, stated_date

    raw = RawFile.open(path)
    source_id, records = _reader_of(raw)
    day = (stated_date(source_id, raw) or date_in_name(raw.name)) if source_id else None
    entities = [_named(record.value, raw) for record in records if isinstance(record, Record)]
    if not entities:
        raise InputError("holds no listed subject", file=raw.name, remedy="give the list itself")
    found = dict.fromkeys(name for entity in entities for name in entity.datasets)
    return entities, tuple(ListInfo(name, day.isoformat() if day else "", raw.sha256) for name in found)


def _reader_of(raw: RawFile) -> tuple[str, Iterator[Record[Entity] | Rejected]]:
    """The source id of a file ("" when it is none of ours) and its records. A file that only begins like a list goes
    to that list's reader, which says what is wrong with it."""
    from stanch.sources.catalogue import read_entries, recognise

    head = next(raw.chunks(), b"").lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if head == b"{":
        from stanch.sources.ftm.read import read_ftm

        return "", read_ftm(raw)
    found = recognise(raw)
    source_id = found.source_id if found else {b"<": "un"}.get(head, "ofac" if head.isdigit() else "")
    if not source_id:
        raise InputError(
            "not a list that can be read",
            file=raw.name,
            remedy="give an official list (UN, OFAC sdn.csv, EU, UK, Japan, trade.gov) or FollowTheMoney JSON lines",
        )
    if source_id == "ofac":
        from stanch.sources.ofac.read import OfacFiles, read_ofac

        return source_id, read_ofac(OfacFiles(raw))
    return source_id, read_entries(source_id, [raw])


def _named(entity: Entity, raw: RawFile) -> Entity:
    """The entity with a list to name: the file, when it states none."""
    return (
        entity if entity.datasets else Entity(entity.id, entity.schema, entity.properties, (raw.name,), entity.source)
    )
