"""One row by its id, or an error that names the nearest ids."""

from __future__ import annotations

from typing import TypeVar

from stanch.exc import NotFoundError
from stanch.knowledge.table import Fact, Table

F = TypeVar("F", bound=Fact)


def find(table: Table[F], row_id: str, noun: str) -> F:
    """The row with that id.

    Raises:
        NotFoundError: no such row; names up to three near ids.
    """
    for row in table.rows:
        if row.id == row_id:
            return row
    raise NotFoundError(f'no {noun} "{row_id[:60]}"{nearest(row_id, list(table.lines), table.card.name)}')


def nearest(wanted: str, ids: list[str], table: str) -> str:
    """The end of a not-found message: near ids, and where all of them stand."""
    from difflib import get_close_matches

    # Half a name ("ronin") is far from "ronin-2022" by edit distance, yet what people type.
    text = wanted[:60].strip().lower()
    near = [name for name in ids if text and name.lower().startswith(text)][:3] or get_close_matches(text, ids, 3, 0.5)
    listing = f"see stanch facts show {table}"
    return f"; nearest: {', '.join(near)}; {listing}" if near else f"; {listing}"
