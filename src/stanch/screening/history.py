"""Changes of lists over time: between the snapshots that a workspace holds, or between two files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stanch.exc import InputError, NotFoundError
from stanch.model import Entity
from stanch.screening.changes import Change, compare
from stanch.screening.identify import HELD_SCHEMATA
from stanch.screening.listed import ListInfo
from stanch.screening.lists import read_list_file
from stanch.sources.programmes import is_dprk

if TYPE_CHECKING:
    from stanch.workspace import ListSnapshot, Workspace


@dataclass(frozen=True, slots=True)
class ListChanges:
    """What changed in one list between two of its versions."""

    before: ListInfo
    after: ListInfo
    changes: tuple[Change, ...]

    def count(self, kind: str) -> int:
        """How many entries were "added", "removed" or "changed"."""
        return sum(change.kind == kind for change in self.changes)

    @property
    def summary(self) -> str:
        """One line: "un, 2025-11-20 to 2026-02-27: 4 added, 1 removed, 0 changed"."""
        counts = ", ".join(f"{self.count(kind):,} {kind}" for kind in ("added", "removed", "changed"))
        return f"{self.after.name}, {self.before.date or 'undated'} to {self.after.date or 'undated'}: {counts}"


def changes_held(
    workspace: Workspace, source_id: str | None = None, since: str = "", until: str = "", dprk: bool = False
) -> list[ListChanges]:
    """Compare snapshots that a workspace holds, one comparison a list that has two.

    Args:
        source_id: this list only.
        since: compare with the list as it stood on this day (ISO date); else with the one that was current before.
        until: the list as it stood on this day; else the current one.
        dprk: only entries that the list itself ties to the DPRK, and what they hold.

    Raises:
        NotFoundError: no such list, or no snapshot so old.
    """
    from stanch.workspace import lists

    with workspace.reading() as connection:
        snapshots = lists.held(connection, source_id)
        sources = dict.fromkeys(item.source_id for item in snapshots)
        if not sources:
            raise NotFoundError(f"no list {source_id} is held" if source_id else "no list is held; run: stanch update")
        pairs = [_pair([item for item in snapshots if item.source_id == source], since, until) for source in sources]
        found = []
        for before, after in [pair for pair in pairs if pair is not None]:
            old, new = (lists.entities_of(connection, item.id) for item in (before, after))
            found.append(ListChanges(_info(before), _info(after), _changes(old, new, dprk)))
    if not found and source_id is not None:
        held = ", ".join(item.list_date for item in snapshots)
        raise NotFoundError(f"nothing to compare: of list {source_id} the snapshots held are of {held}")
    return found


def changes_between(old: Path, new: Path, dprk: bool = False) -> list[ListChanges]:
    """Compare two files of one list, official or FollowTheMoney.

    Raises:
        InputError: one is no list, or they are different lists.
    """
    (before, old_infos), (after, new_infos) = read_list_file(old), read_list_file(new)
    names = [item.name for item in new_infos]
    if not set(names) & {item.name for item in old_infos}:
        told = " and ".join(", ".join(item.name for item in infos) for infos in (old_infos, new_infos))
        raise InputError(f"these are different lists ({told})", file=new.name, remedy="give two versions of one list")
    return [ListChanges(old_infos[0], new_infos[0], _changes(before, after, dprk))]


def _pair(snapshots: Sequence[ListSnapshot], since: str, until: str) -> tuple[ListSnapshot, ListSnapshot] | None:
    """The two snapshots of one list to compare, given in order of date; None when there are no two."""
    after = _on(snapshots, until) if until else next((item for item in snapshots if item.is_current), None)
    if after is None:
        return None
    if since:
        before = _on(snapshots, since)
    elif until:
        before = next((item for item in reversed(snapshots) if item.list_date < after.list_date), None)
    else:
        before = next((item for item in snapshots if item.id == after.replaces), None)
    return None if before is None or before.id == after.id else (before, after)


def _on(snapshots: Sequence[ListSnapshot], day: str) -> ListSnapshot | None:
    return next((item for item in reversed(snapshots) if item.list_date <= day), None)


def _info(snapshot: ListSnapshot) -> ListInfo:
    return ListInfo(snapshot.source_id, snapshot.list_date, snapshot.sha256)


def _changes(old: Sequence[Entity], new: Sequence[Entity], dprk: bool) -> tuple[Change, ...]:
    found = compare(old, new)
    if not dprk:
        return tuple(found)
    # Either version may be the one with the tag.
    chosen = {entity.id for entity in (*old, *new) if is_dprk(entity)}
    chosen |= {
        entity.id
        for entity in (*old, *new)
        if entity.schema in HELD_SCHEMATA and not chosen.isdisjoint(entity.get("holder"))
    }
    return tuple(change for change in found if change.entity_id in chosen)
