"""Progress on stderr: one line that counts, only for a person at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def counting(what: str) -> Iterator[Callable[[int], None]]:
    """Give a function to call with the count so far; the line is rewritten in place and removed at the end."""
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    from rich.console import Console
    from rich.text import Text

    from stanch.cli.output import printable

    # Text, not markup: `what` holds the name of a file, which may be "[/red].csv".
    shown = printable(what)
    with Console(stderr=True).status(Text(f"{shown} …")) as status:
        yield lambda count: status.update(Text(f"{shown} … {count:,}"))
