"""Old lists: one limit (`list_max_age_days` of the workspace, else its default) and one way to say it, at each run."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING

from stanch.cli.output import note
from stanch.exc import NotFoundError

if TYPE_CHECKING:
    from stanch.screening import ListInfo
    from stanch.workspace import ListSnapshot, Workspace


def warn_lists(lists: Iterable[ListInfo], given: str | None) -> None:
    """Say on stderr which of these lists are too old, by the limit of the workspace named or found.

    Raises:
        InputError: the settings of that workspace cannot be read.
    """
    from stanch.workspace import Workspace
    from stanch.workspace.settings import Settings

    limit, asked = Settings().list_max_age_days, dict[str, datetime]()
    with suppress(NotFoundError), Workspace.find(given) as workspace:
        limit = workspace.settings.list_max_age_days
        asked = {item.sha256: item.checked_at for item in workspace.list_snapshots() if _fetched(item)}
    _warn((item.name, item.date, too_old(item.name, item.date, limit, asked.get(item.sha256))) for item in lists)


def warn_held(workspace: Workspace, besides: Iterable[str] = ()) -> None:
    """Say on stderr which lists of a workspace are too old; not of those named in `besides`."""
    limit, skip = workspace.settings.list_max_age_days, set(besides)
    held = [item for item in workspace.list_snapshots() if item.source_id not in skip]
    _warn((item.source_id, item.list_date, too_old_held(item, limit)) for item in held)


def too_old_held(item: ListSnapshot, limit: int) -> str | None:
    """`too_old` for a list as a workspace holds it."""
    return too_old(item.source_id, item.list_date, limit, item.checked_at if _fetched(item) else None)


def too_old(
    name: str, list_date: str, limit: int, asked: datetime | None = None, today: date | None = None
) -> str | None:
    """How old a list is, and what to do, when it is older than `limit` days; None when it is not, or has no date.

    Args:
        asked: when its publisher was last asked: a list may be old and still the newest there is.
    """
    from stanch.model import now_utc
    from stanch.sources.card import OFFICIAL

    today = today or now_utc().date()
    if not list_date or (age := (today - date.fromisoformat(list_date[:10])).days) <= limit:
        return None
    if asked is not None and (today - asked.date()).days <= limit:
        return f"{age:,} days old; its publisher had none newer on {asked:%Y-%m-%d}"
    return f"{age:,} days old: " + (f"stanch update {name}" if name in OFFICIAL else "give a newer one")


def _fetched(item: ListSnapshot) -> bool:
    """Whether a publisher's server gave it: a list from a file has an address at most, which nobody asked."""
    return bool(item.etag or item.last_modified)


def _warn(lists: Iterable[tuple[str, str, str | None]]) -> None:
    for name, list_date, text in lists:
        if text is not None:
            note(f"warning: list {name} is of {list_date[:10]}, {text}")
