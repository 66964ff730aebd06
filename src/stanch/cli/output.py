"""Shared output options: `--format table|json|jsonl|csv` and `--output FILE`, the same on every command."""

from __future__ import annotations

import functools
import secrets
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

from stanch.exc import InputError
from stanch.reports import tabular

F = TypeVar("F", bound=Callable[..., Any])
FORMATS = ("table", "json", "jsonl", "csv")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a printed table: the row's key, its heading, and how it is laid out."""

    key: str
    heading: str
    right: bool = False
    wrap: bool = True


@dataclass(frozen=True, slots=True)
class Output:
    """Where and how a command prints its result. Logs and progress never come here: they go to stderr."""

    format: str
    path: Path | None

    @contextmanager
    def stream(self) -> Iterator[TextIO]:
        """The text stream to write to; a file appears only when all of it is written.

        Raises:
            InputError: the file cannot be written.
        """
        if self.path is None or str(self.path) == "-":
            yield sys.stdout
            return
        try:
            if self.path.exists() and not self.path.is_file() and not self.path.is_dir():
                # A device or a pipe (/dev/null, a process substitution) is written to, never replaced.
                with self.path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
                    yield stream
                return
            target = self.path.resolve()
            part = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
            try:
                with part.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
                    yield stream
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
        except BrokenPipeError:
            raise
        except OSError as err:
            problem = f"cannot be written ({err.strerror})"
            raise InputError(problem, file=str(self.path), remedy="name another file with --output") from err

    def rows(self, rows: Iterable[Mapping[str, Any]], columns: Sequence[Column], empty: str = "nothing found") -> None:
        """Print rows in the chosen format; JSON and JSON lines carry every key of a row, tables the named columns."""
        with self.stream() as stream:
            if self.format == "jsonl":
                tabular.write_jsonl(rows, stream)
            elif self.format == "json":
                tabular.write_json(list(rows), stream)
            elif self.format == "csv":
                tabular.write_csv(rows, [column.key for column in columns], stream)
            else:
                self._table(list(rows), columns, stream, empty)

    def tables(self, parts: Sequence[tuple[Sequence[Mapping[str, Any]], Sequence[Column]]]) -> None:
        """Print tables one below the other, with a line between; for the format "table" only."""
        with self.stream() as stream:
            for number, (rows, columns) in enumerate(parts):
                stream.write("\n" if number else "")
                self._table(rows, columns, stream, "nothing found")

    @property
    def is_parquet(self) -> bool:
        """Whether the name of the output file asks for Parquet, whatever the format."""
        return self.path is not None and self.path.suffix.lower() == ".parquet"

    def parquet(self, rows: Iterable[Mapping[str, Any]], columns: Sequence[tuple[str, type]]) -> None:
        """Write rows as a Parquet file: the named columns, each text, `int` or `float`.

        Raises:
            InputError: the file cannot be written.
        """
        from stanch.reports.parquet import write_parquet

        if self.path is None:
            raise RuntimeError("Parquet needs a file")
        part = self.path.with_name(f".{self.path.name[:100]}.{secrets.token_hex(4)}.part")
        try:
            try:
                write_parquet(rows, columns, part)
                part.replace(self.path)
            finally:
                part.unlink(missing_ok=True)
        except OSError as err:
            problem = f"cannot be written ({err.strerror or 'not possible'})"
            raise InputError(problem, file=str(self.path), remedy="name another file with --output") from err

    def document(self, value: Any) -> None:
        """Print one JSON document."""
        with self.stream() as stream:
            tabular.write_json(value, stream)

    def _table(self, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], stream: TextIO, empty: str) -> None:
        from rich.table import Table
        from rich.text import Text

        if not rows:
            stream.write(empty + "\n")
            return
        table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
        for column in columns:
            table.add_column(
                column.heading,
                justify="right" if column.right else "left",
                no_wrap=not column.wrap,
                overflow="fold",
            )
        for row in rows:
            # Text, not markup: a hostile name such as "[red]" must print as it is.
            table.add_row(*(Text(printable(tabular.csv_cell(row.get(column.key)))) for column in columns))
        console(stream).print(table)


def printable(text: str) -> str:
    """Text without control and bidirectional override characters, which could repaint a terminal; wide and no-break
    spaces, which names do hold, become plain ones."""
    if text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char.isprintable() or char == "\n":
        return char
    return " " if char == "\t" or unicodedata.category(char) == "Zs" else "�"


def console(stream: TextIO) -> Any:
    """A rich console on `stream`: plain and 120 wide when it is not a terminal."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # rich would exit with 1; `main` makes it a clean end

    return Plain(file=stream, highlight=False, width=None if stream.isatty() else 120)


def note(text: str) -> None:
    """A line for the person at the terminal, on stderr."""
    click.echo(printable(text), err=True)


def output_options(command: F) -> F:
    """Add `--format` and `--output`; the command receives them as one `out: Output`."""

    @click.option("--format", "format_", type=click.Choice(FORMATS), default="table", help="How to print.")
    @click.option(
        "--output",
        "output_path",
        type=click.Path(path_type=Path, readable=False),
        help="Write to a file instead of stdout.",
    )
    @functools.wraps(command)
    def wrapper(*args: Any, format_: str, output_path: Path | None, **kwargs: Any) -> Any:
        return command(*args, out=Output(format_, output_path), **kwargs)

    return wrapper  # type: ignore[return-value]
