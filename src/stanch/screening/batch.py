"""Many records: read in one process, screened in several, answered in input order.

The parent reads the file (line numbers, repeated ids and notes need one reader) and hands out chunks; each worker makes
queries of its rows, screens them against the same index, and sends back what is to be printed. At most two chunks a
worker are under way, so memory does not grow with the file. A short input stays in one process.
"""

from __future__ import annotations

import gc
import multiprocessing
import multiprocessing.connection
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from stanch.model import Entity
from stanch.screening.index import Index
from stanch.screening.listed import ListInfo
from stanch.screening.match import Screened
from stanch.screening.query import Query

#: Queries screened together, and handed to a worker at once.
CHUNK = 1_000
#: Fewer queries than this are screened in one process; five times as many where each worker must build its own index.
LEAST_PARALLEL = 4_000

#: What is printed of an answer: texts, or mappings. A function of a module, or a partial of one: a new process must
#: find it by name.
Render = Callable[[Screened], Iterable[Any]]
#: Makes an item of the input a query, in the worker; bound to the same condition.
Read = Callable[[Any], Query]


def as_it_is(item: Query) -> Query:
    """The `Read` of an input that is queries already."""
    return item


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to answer."""

    index: Index
    threshold: float
    render: Render
    read: Read

    def answer(self, items: Sequence[Any]) -> list[Any]:
        """What is printed of some items, in order."""
        answers = self.index.screen_all([self.read(item) for item in items], self.threshold)
        return [piece for answer in answers for piece in self.render(answer)]


_worker: Job | None = None


def screen_many(
    items: Iterable[Any],
    index: Index,
    entities: Sequence[Entity],
    threshold: float,
    render: Render,
    *,
    read: Read = as_it_is,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda _count: None,
) -> Iterator[Any]:
    """Screen queries and yield what `render` makes of each, in input order: the same, whatever the number of workers.

    Args:
        items: queries, or what `read` makes a query.
        index: built from `entities`, which workers read again where they cannot inherit it.
        threshold: the least probability shown, as `Index.screen` takes it.
        workers: processes; None is one a processor. 1 starts none.
        progress: told how many queries are done.
    """
    done = 0
    for size, pieces in screen_chunks(items, index, entities, threshold, render, read=read, workers=workers):
        yield from pieces
        done += size
        progress(done)


def screen_chunks(
    items: Iterable[Any],
    index: Index,
    entities: Sequence[Entity],
    threshold: float,
    render: Render,
    *,
    read: Read = as_it_is,
    workers: int | None = None,
) -> Iterator[tuple[int, list[Any]]]:
    """As `screen_many`, in chunks: how many queries each has answered, and what is printed of them."""
    count = workers if workers is not None else (os.cpu_count() or 1)
    job = Job(index, threshold, render, read)
    waiting = iter(items)
    least = LEAST_PARALLEL * (1 if _can_fork() else 5)
    head = list(islice(waiting, least)) if count > 1 else []
    everything = chain(head, waiting)
    if count > 1 and len(head) >= least:
        yield from _in_pool(everything, job, entities, count)
        return
    while piece := list(islice(everything, CHUNK)):
        yield len(piece), job.answer(piece)


def _can_fork() -> bool:
    """Whether workers may be forks, which start at once with the index in place. A fork of a process with threads may
    hang; there, and where the system has no safe fork, workers are new processes and build the index again."""
    return sys.platform == "linux" and threading.active_count() == 1


def _in_pool(
    items: Iterator[Any], job: Job, entities: Sequence[Entity], workers: int
) -> Iterator[tuple[int, list[Any]]]:
    if _can_fork():
        pool = ProcessPoolExecutor(
            workers, mp_context=multiprocessing.get_context("fork"), initializer=_start, initargs=(job,)
        )
    else:
        index = job.index
        pool = ProcessPoolExecutor(
            workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_build,
            initargs=(entities, index.lists, index.links, job.threshold, job.render, job.read),
        )
    under_way: deque[tuple[int, Future[list[Any]]]] = deque()
    try:
        while True:
            while len(under_way) < 2 * workers and (piece := list(islice(items, CHUNK))):
                under_way.append((len(piece), pool.submit(_answer, piece)))
            if not under_way:
                return
            size, future = under_way.popleft()
            yield size, future.result()
    finally:
        # Also when the reader of the output went away: no worker is left behind.
        pool.shutdown(wait=True, cancel_futures=True)


def _build(
    entities: Sequence[Entity], lists: Sequence[ListInfo], links: bool, threshold: float, render: Render, read: Read
) -> None:
    _start(Job(Index.build(entities, lists, links), threshold, render, read))


def _start(job: Job) -> None:
    global _worker
    _worker = job
    # The index and the cached names stay for good: looking through them for garbage costs a tenth of the time.
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this worker when the parent is gone: killed, it cannot tell its workers."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _answer(items: Sequence[Any]) -> list[Any]:
    if _worker is None:
        raise RuntimeError("a worker that was not started")
    return _worker.answer(items)
