"""A customer file screened into text: by several processes, with the time left, and to be continued after a crash."""

from __future__ import annotations

import gc
import io
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stanch.cli.answers import CSV_COLUMNS, csv_text, json_text
from stanch.cli.output import Output, note
from stanch.cli.progress import counting

if TYPE_CHECKING:
    from stanch.model import Entity
    from stanch.screening import Index
    from stanch.screening.records import ToQuery
    from stanch.sources.raw import RawFile


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be screened, and how: the file, its rows (not read yet), and what was asked for."""

    raw: RawFile
    rows: Iterator[Any]
    read: ToQuery
    columns: Mapping[str, str]
    threshold: float
    workers: int | None
    resume: bool


#: Where answers go: told how many rows they answer, and the text.
Write = Callable[[int, str], None]


def calm_collector() -> None:
    """Let Python look for garbage less often: millions of small objects are made that stay, and to look through them
    again and again costs a fifth of the time."""
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)


def is_resumable(out: Output) -> bool:
    """Whether the output is a file that can be continued: not a terminal, a pipe or a device."""
    return out.path is not None and str(out.path) != "-" and (out.path.is_file() or not out.path.exists())


def write_answers(task: Task, index: Index, entities: Sequence[Entity], out: Output) -> None:
    """Write the answer for every row of the file as JSON lines or CSV.

    Raises:
        InputError: the output cannot be written, or the interrupted run cannot be continued.
    """
    from stanch.screening.batch import screen_chunks
    from stanch.screening.records import about_rows

    calm_collector()  # the index is there now, and stays
    total = about_rows(task.raw)
    with _output(task, index, out) as (done, read, write):
        if done:
            note(f"continuing after {done:,} rows")
            deque(islice(task.rows, done), maxlen=0)
        with counting("screening", total, done) as progress:
            render = csv_text if out.format == "csv" else json_text
            chunks = screen_chunks(task.rows, index, entities, task.threshold, render, read=read, workers=task.workers)
            for size, texts in chunks:
                write(size, "".join(texts))
                done += size
                progress(done)


@contextmanager
def _output(task: Task, index: Index, out: Output) -> Iterator[tuple[int, ToQuery, Write]]:
    """How many rows are answered already, how rows are read, and where the answers of the others go."""
    from stanch.reports.resumable import resumable
    from stanch.reports.tabular import write_csv

    header = io.StringIO()
    if out.format == "csv":
        write_csv((), [column.key for column in CSV_COLUMNS], header)
    if out.path is None or not is_resumable(out):
        with out.stream() as stream:
            stream.write(header.getvalue())

            def write(_size: int, text: str) -> None:
                stream.write(text)
                stream.flush()

            yield 0, task.read, write
        return
    facts = {
        "input": task.raw.sha256,
        "columns": dict(task.columns),
        "lists": [item.to_json() for item in index.lists],
        "links": index.links,
        "threshold": task.threshold,
        "format": out.format,
        "engine": dict(_engine()),
        "day": task.read.today.isoformat(),
    }
    target = Path(out.path).resolve()
    # The day bounds birth dates: a run that goes on past midnight must read the rest as it read the beginning.
    with resumable(target, facts, task.resume, frozenset({"day"})) as file:
        if task.resume and not file.rows:
            note("no interrupted run to continue: starting with the first row")
        if file.is_empty:
            file.write(0, header.getvalue())
        yield file.rows, replace(task.read, today=date.fromisoformat(file.facts["day"])), file.write


def _engine() -> Mapping[str, str]:
    from stanch.screening.recording import engine

    return engine()
