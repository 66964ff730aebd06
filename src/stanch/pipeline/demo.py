"""The demonstration workspace: packaged real lists, labels and ledgers, and constructed customer and work records."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from stanch.exc import InputError
from stanch.pipeline.reference import load_reference
from stanch.sources.packaged import demo_file, ledgers
from stanch.workspace import ImportReport, Workspace

#: Marks a folder as made by `stanch demo`: only such a folder is ever replaced.
MARKER = ".stanch-demo"


def make_demo(root: Path, told: Callable[[ImportReport], None] = lambda _: None) -> Workspace:
    """A fresh demonstration workspace at `root`, with everything imported and nothing checked yet.

    Raises:
        InputError: `root` holds something that is no demonstration workspace.
    """
    if (root / MARKER).is_file():
        shutil.rmtree(root)
    elif root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise InputError("holds something that is no demo", file=str(root), remedy="name another folder")
    workspace = Workspace.init(root)
    (root / MARKER).touch()
    load_reference(workspace)
    for kind in ("customers", "engagements"):
        told(workspace.add(kind, demo_file(kind)))
    for packaged in ledgers():
        told(workspace.add("transfers", packaged.file))
    return workspace
