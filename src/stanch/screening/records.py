"""A customer file as queries: one a row, in order, also for rows that could not be read.

Reading is cut in two, so that a large file can be read by several processes. `read_rows` must see the rows one after
the other (their numbers, repeated ids); `ToQuery` does the larger part, of each row by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from stanch.model import now_utc
from stanch.screening.query import Query
from stanch.sources.base import Rejected, RejectedField
from stanch.sources.raw import RawFile

if TYPE_CHECKING:
    from stanch.sources.customers.read import CustomerRow

#: A row of a customer file on its way to a query: its number from 1 with what was read of it, or the query itself.
Row = tuple[int, "CustomerRow | Rejected"] | Query


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
    return map(ToQuery(raw.name, raw.sha256, now_utc().date()), read_rows(raw, columns, note))


def read_rows(
    raw: RawFile, columns: Mapping[str, str] | None = None, note: Callable[[str], None] | None = None
) -> Iterator[Row]:
    """The first part of `read_queries`: its rows, each to be made a query by `ToQuery`."""
    from stanch.sources.customers.ftm import is_ftm
    from stanch.sources.customers.read import read_customer_rows

    if not columns and is_ftm(raw):
        # Entities of one party may stand on several lines: there is no row to read by itself.
        return _read_ftm(raw, note)
    return enumerate(read_customer_rows(raw, columns, note=note), 1)


def about_rows(raw: RawFile) -> int:
    """About how many rows a file has, for a person who waits: its lines; too many where a field has several."""
    from stanch.sources.rows import file_format

    if file_format(raw) == "parquet":
        from stanch.sources.parquet import count_rows

        return count_rows(raw)
    return sum(chunk.count(b"\n") for chunk in raw.chunks())


@dataclass(frozen=True, slots=True)
class ToQuery:
    """Makes a row of one file a query. `today` bounds birth dates."""

    file: str
    sha256: str
    today: date

    def __call__(self, item: Row) -> Query:
        """The query of a row; a bad row becomes one that carries its problem."""
        from stanch.sources.customers.read import records_of

        if isinstance(item, Query):
            return item
        number, row = item
        if isinstance(row, Rejected):
            return _of_rejected(row, number)
        query: Query | None = None
        problems: list[str] = []
        for record in records_of(row, self.file, self.sha256, self.today):
            if isinstance(record, RejectedField):
                problems.append(_problem(record))
            else:
                party, *others = record.value
                query = Query.of_entities(party, others, number)
        if query is None:
            raise RuntimeError("a row without a record")
        return replace(query, problems=(*query.problems, *problems)) if problems else query


def _read_ftm(raw: RawFile, note: Callable[[str], None] | None) -> Iterator[Query]:
    from stanch.sources.customers.ftm import read_ftm_customers

    row = 0
    waiting: Query | None = None
    for record in read_ftm_customers(raw, note):
        if isinstance(record, RejectedField) and waiting is not None:
            waiting = replace(waiting, problems=(*waiting.problems, _problem(record)))
            continue
        if waiting is not None:
            yield waiting
        row += 1
        if isinstance(record, Rejected):
            waiting = _of_rejected(record, row)
        else:
            party, *others = record.value
            waiting = Query.of_entities(party, others, row)
    if waiting is not None:
        yield waiting


def _of_rejected(rejected: Rejected, row: int) -> Query:
    return Query(row, "", rejected.raw, "Thing", (), problems=(_problem(rejected),))


def _problem(rejected: Rejected) -> str:
    return f"{rejected.locator}: {rejected.reason}; {rejected.remedy}"
