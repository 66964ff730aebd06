"""The folder that holds everything: raw bytes, records, the ledger with its address ids, findings.

Names are imported when first used: tracing a file needs the address book and not the database.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stanch.workspace.folder import find_folder
    from stanch.workspace.ledger import LedgerPart
    from stanch.workspace.lists import ListSnapshot, NewSnapshot
    from stanch.workspace.records import ImportReport
    from stanch.workspace.workspace import QuarantinedRow, Workspace

_HOMES = {
    "ImportReport": "records",
    "LedgerPart": "ledger",
    "ListSnapshot": "lists",
    "NewSnapshot": "lists",
    "QuarantinedRow": "workspace",
    "Workspace": "workspace",
    "find_folder": "folder",
}

__all__ = [
    "ImportReport",
    "LedgerPart",
    "ListSnapshot",
    "NewSnapshot",
    "QuarantinedRow",
    "Workspace",
    "find_folder",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
