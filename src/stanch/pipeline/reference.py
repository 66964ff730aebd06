"""Reference data into a workspace: the packaged designations and labels, and lists that a user brings."""

from __future__ import annotations

from stanch.exc import InputError
from stanch.sources.card import OFFICIAL
from stanch.sources.ftm.read import read_ftm
from stanch.sources.packaged import designation_snapshots, label_files
from stanch.sources.raw import RawFile
from stanch.workspace import NewSnapshot, Workspace


def load_reference(workspace: Workspace) -> None:
    """Load the packaged designations and account labels, through the same readers as a user's files."""
    for packaged in designation_snapshots():
        workspace.add_list(_snapshot(packaged.file, packaged.name, packaged.date, packaged.url))
    for raw in label_files():
        workspace.add("labels", raw)


def user_list(raw: RawFile, name: str | None, date: str) -> NewSnapshot:
    """A list of the user's own: FollowTheMoney JSON lines. Its name is the file's unless given.

    Raises:
        InputError: the name is that of an official list, which it would replace.
    """
    chosen = name or raw.name.split(".")[0]
    if chosen.lower() in OFFICIAL:
        remedy = "give another name with --list, or read official files with: stanch update --from"
        raise InputError(f"the name {chosen!r} belongs to the official list", file=raw.name, remedy=remedy)
    if not 0 < len(chosen) <= 100 or not chosen.isprintable():
        raise InputError("the list needs a short, printable name", file=raw.name, remedy="give one with --list NAME")
    return _snapshot(raw, chosen, date)


def _snapshot(raw: RawFile, name: str, date: str, url: str = "") -> NewSnapshot:
    def check(counts: dict[str, int]) -> None:
        if not counts:
            raise InputError("holds no entity", file=raw.name, remedy="give FollowTheMoney JSON lines")

    return NewSnapshot(name, date, [raw], lambda: read_ftm(raw), check, url)
