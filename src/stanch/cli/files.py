"""Files that a command reads: one parameter type, and one way to open them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from stanch.sources.raw import RawFile

#: A file to read, or "-" for standard input. That it can be read is checked when it is opened, so that a missing and a
#: forbidden file end alike and the files beside it are still read.
FILE = click.Path(path_type=Path, allow_dash=True, readable=False)


@contextmanager
def opened(path: Path) -> Iterator[RawFile]:
    """The file as a RawFile; "-" is stdin, spooled to disk so that it can be hashed before it is read."""
    from stanch.sources.raw import RawFile

    if str(path) != "-":
        yield RawFile.open(path)
        return
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory(prefix="stanch-") as folder:
        spool = Path(folder) / "stdin"
        with spool.open("wb") as stream:
            shutil.copyfileobj(sys.stdin.buffer, stream)
        yield RawFile.open(spool, "stdin")
