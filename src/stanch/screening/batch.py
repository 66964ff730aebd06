"""Many records: read in one process, screened in several, answered in input order.

The parent reads the file (line numbers, repeated ids and notes need one reader) and hands out chunks; each worker
builds the same index once and sends back what is to be printed. At most two chunks a worker are under way, so memory
does not grow with the file. A short input stays in one process: workers take longer to start than it takes to screen.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from typing import Any

from stanch.model import Entity
from stanch.screening.index import Index
from stanch.screening.listed import ListInfo
from stanch.screening.match import Screened
from stanch.screening.query import Query

#: Queries handed to a worker at once.
CHUNK = 1_000
#: Fewer queries than this are screened in one process.
LEAST_PARALLEL = 20_000

#: What is printed of an answer. Must be found by name in a new process: a function of a module, or a partial of one.
Render = Callable[[Screened], Iterable[dict[str, Any]]]

_worker: tuple[Index, float, Render] | None = None


def screen_many(
    queries: Iterable[Query],
    index: Index,
    entities: Sequence[Entity],
    threshold: float,
    render: Render,
    *,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda _count: None,
) -> Iterator[dict[str, Any]]:
    """Screen queries and yield the rows to print, in input order: the same rows, whatever the number of workers.

    Args:
        index: built from `entities` and used for short inputs and for the lists that workers state.
        threshold: the least probability shown, as `Index.screen` takes it.
        workers: processes; None is one a processor. 1 starts none.
        progress: told how many queries are done.
    """
    count = workers if workers is not None else (os.cpu_count() or 1)
    waiting = iter(queries)
    head = list(islice(waiting, LEAST_PARALLEL)) if count > 1 else []
    if count <= 1 or len(head) < LEAST_PARALLEL:
        for done, query in enumerate(chain(head, waiting), 1):
            yield from render(index.screen(query, threshold))
            if done % CHUNK == 0:
                progress(done)
        return
    yield from _in_pool(chain(head, waiting), index.lists, entities, threshold, render, count, progress)


def _in_pool(
    queries: Iterator[Query],
    lists: Sequence[ListInfo],
    entities: Sequence[Entity],
    threshold: float,
    render: Render,
    workers: int,
    progress: Callable[[int], None],
) -> Iterator[dict[str, Any]]:
    # "spawn" on every system: a fork of a process with threads (progress, numba) may hang.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        workers, mp_context=context, initializer=_start, initargs=(entities, lists, threshold, render)
    )
    under_way: deque[tuple[int, Future[list[dict[str, Any]]]]] = deque()
    done = 0
    try:
        while True:
            while len(under_way) < 2 * workers and (piece := list(islice(queries, CHUNK))):
                under_way.append((len(piece), pool.submit(_screen, piece)))
            if not under_way:
                return
            size, future = under_way.popleft()
            yield from future.result()
            done += size
            progress(done)
    finally:
        # Also when the reader of the output went away: no worker is left behind.
        pool.shutdown(wait=True, cancel_futures=True)


def _start(entities: Sequence[Entity], lists: Sequence[ListInfo], threshold: float, render: Render) -> None:
    global _worker
    _worker = Index.build(entities, lists), threshold, render
    # The index and the cached names stay for good: looking through them for garbage costs a tenth of the time.
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)


def _screen(queries: Sequence[Query]) -> list[dict[str, Any]]:
    if _worker is None:
        raise RuntimeError("a worker that was not started")
    index, threshold, render = _worker
    return [row for query in queries for row in render(index.screen(query, threshold))]
