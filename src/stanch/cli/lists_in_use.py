"""The lists that a command screens against: files given, else those of the workspace, else the packaged ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stanch.exc import NotFoundError

if TYPE_CHECKING:
    from stanch.model import Entity
    from stanch.screening import ListInfo


def lists_in_use(workspace: str | None, files: Sequence[Path]) -> tuple[list[Entity], tuple[ListInfo, ...]]:
    """The entities of the files given, else of the workspace that is named or found, else of the packaged lists.

    Raises:
        NotFoundError: the workspace named is none.
        InputError: a file is no list.
    """
    from stanch.screening import load_lists
    from stanch.workspace import Workspace

    if files:
        return load_lists(files=files)
    try:
        found = Workspace.find(workspace)
    except NotFoundError:
        if workspace is not None:
            raise
        return load_lists()
    with found:
        return load_lists(found)
