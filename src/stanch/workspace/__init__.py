"""The folder that holds everything: raw bytes, records, the ledger with its address ids, findings."""

from stanch.workspace.folder import find_folder
from stanch.workspace.imports import KINDS, Columns
from stanch.workspace.ledger import LedgerPart
from stanch.workspace.lists import ListSnapshot, NewSnapshot
from stanch.workspace.records import ImportReport
from stanch.workspace.workspace import QuarantinedRow, Workspace

__all__ = [
    "KINDS",
    "Columns",
    "ImportReport",
    "LedgerPart",
    "ListSnapshot",
    "NewSnapshot",
    "QuarantinedRow",
    "Workspace",
    "find_folder",
]
