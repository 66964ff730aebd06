"""A customer file as queries: one a row, in order, also for rows that could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stanch.screening.query import Query
from stanch.sources.base import Rejected
from stanch.sources.raw import RawFile


def read_queries(raw: RawFile, columns: Mapping[str, str] | None = None) -> Iterator[Query]:
    """Yield one query an input row, numbered from 1; a rejected row becomes a query that only carries its problem.

    Args:
        columns: field → column of the file, where they differ (as `read_customers` takes them).

    Raises:
        InputError: the file cannot be read at all.
    """
    from stanch.sources.customers import read_customers

    for row, record in enumerate(read_customers(raw, columns or {}), 1):
        if isinstance(record, Rejected):
            reason = f"{record.reason} ({record.locator}); {record.remedy}"
            yield Query(row, "", record.raw, "Thing", (), problems=(reason,))
        else:
            party, *others = record.value
            yield Query.of_entities(party, others, row)
