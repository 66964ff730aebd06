"""Shared options that say how a file's columns map to our fields, the same on every command that reads tables."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import click

from stanch.exc import InputError

F = TypeVar("F", bound=Callable[..., Any])

_MAP = click.option(
    "--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="Read a field from this column; repeats."
)


def map_option(command: F) -> F:
    """Add `--map`; the command receives it as `columns: Columns`."""

    @_MAP
    @functools.wraps(command)
    def wrapper(*args: Any, pairs: tuple[str, ...], **kwargs: Any) -> Any:
        return command(*args, columns=_columns(pairs), **kwargs)

    return wrapper  # type: ignore[return-value]


def column_options(command: F) -> F:
    """Add `--map`, `--chain` and `--asset-default`; the command receives them as one `columns: Columns`."""

    @_MAP
    @click.option("--chain", metavar="CHAIN", help="Chain of a ledger without a chain column, and of bare addresses.")
    @click.option("--asset-default", metavar="ASSET", help="Asset of a ledger without an asset column.")
    @functools.wraps(command)
    def wrapper(*args: Any, pairs: tuple[str, ...], chain: str | None, asset_default: str | None, **kwargs: Any) -> Any:
        return command(*args, columns=_columns(pairs, chain, asset_default), **kwargs)

    return wrapper  # type: ignore[return-value]


def _columns(pairs: tuple[str, ...], chain: str | None = None, asset: str | None = None) -> Any:
    from stanch.sources.columns import Columns

    try:
        return Columns.parse(pairs, chain, asset)
    except InputError as err:
        raise click.BadParameter(str(err), param_hint="--map") from err
