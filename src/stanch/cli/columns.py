"""Shared options that say how a file's columns map to our fields, the same on every command that reads tables."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def column_options(command: F) -> F:
    """Add `--map`, `--chain` and `--asset-default`; the command receives them as one `columns: Columns`."""

    @click.option(
        "--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="Read a field from this column; repeats."
    )
    @click.option("--chain", metavar="CHAIN", help="Chain of a ledger without a chain column, and of bare addresses.")
    @click.option("--asset-default", metavar="ASSET", help="Asset of a ledger without an asset column.")
    @functools.wraps(command)
    def wrapper(*args: Any, pairs: tuple[str, ...], chain: str | None, asset_default: str | None, **kwargs: Any) -> Any:
        from stanch.sources.columns import parse_mapping
        from stanch.workspace import Columns

        constants = {name: value for name, value in (("chain", chain), ("asset", asset_default)) if value}
        return command(*args, columns=Columns(parse_mapping(pairs), constants), **kwargs)

    return wrapper  # type: ignore[return-value]
