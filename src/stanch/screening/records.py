"""A customer file as queries: one a row, in order, also for rows that could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from stanch.screening.query import Query
from stanch.sources.base import Rejected, RejectedField
from stanch.sources.raw import RawFile


def read_queries(
    raw: RawFile, columns: Mapping[str, str] | None = None, note: Callable[[str], None] | None = None
) -> Iterator[Query]:
    """Yield one query an input row, numbered from 1.

    A rejected row becomes a query that only carries its problem; a field that was dropped is told as a problem of the
    row that was kept.

    Args:
        columns: field → column of the file, where they differ (as `read_customers` takes them).
        note: told once which columns are not used.

    Raises:
        InputError: the file cannot be read at all.
    """
    from stanch.sources.customers import read_customers

    row = 0
    waiting: Query | None = None
    for record in read_customers(raw, columns or {}, note=note):
        if isinstance(record, RejectedField) and waiting is not None:
            waiting = replace(waiting, problems=(*waiting.problems, _problem(record)))
            continue
        if waiting is not None:
            yield waiting
        row += 1
        if isinstance(record, Rejected):
            waiting = Query(row, "", record.raw, "Thing", (), problems=(_problem(record),))
        else:
            party, *others = record.value
            waiting = Query.of_entities(party, others, row)
    if waiting is not None:
        yield waiting


def _problem(rejected: Rejected) -> str:
    return f"{rejected.locator}: {rejected.reason}; {rejected.remedy}"
