"""All tables by name: what each holds, from when to when, and how far it was verified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from stanch.exc import NotFoundError
from stanch.knowledge import indicators, laundering, law, ownership, thefts
from stanch.knowledge.table import Fact, Table, column_names
from stanch.model import Money, Verified, format_decimal

#: Name → its cached reader, and the field that dates a row.
_TABLES: dict[str, tuple[Callable[[], Table[Any]], str | None]] = {
    "resolutions": (law.resolutions_table, "adopted"),
    "provisions": (law.provisions_table, "starts"),
    "instruments": (law.instruments_table, "date"),
    "legal_basis": (law.legal_basis_table, None),
    "ownership": (ownership.ownership_table, "starts"),
    "thefts": (thefts.thefts_table, "date"),
    "laundering": (laundering.laundering_table, None),
    "indicators": (indicators.indicators_table, None),
}


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table at a glance. Dates are None for a table whose rows have none; the three counts sum to `rows`.

    `cited` counts the rows with a citation of their own; the others have `citation`, their table's.
    """

    name: str
    title: str
    rows: int
    first_date: date | None
    last_date: date | None
    excerpt: int
    partial: int
    recall: int
    cited: int
    citation: str

    def share(self, verified: Verified) -> float:
        """The part of the rows verified so far, 0..1."""
        return {"excerpt": self.excerpt, "partial": self.partial, "recall": self.recall}[verified] / self.rows


def table(name: str) -> Table[Any]:
    """A table by name.

    Raises:
        NotFoundError: no such table; names all there are.
    """
    if name not in _TABLES:
        raise NotFoundError(f'no table "{name[:60]}"; there are {", ".join(_TABLES)}')
    return _TABLES[name][0]()


def tables() -> list[TableInfo]:
    """Every table at a glance, the law first."""
    return [_info(name) for name in _TABLES]


def _info(name: str) -> TableInfo:
    content, dated = table(name), _TABLES[name][1]
    days = [getattr(row, dated) for row in content.rows] if dated is not None else []
    checked = Counter(row.verified for row in content.rows)
    return TableInfo(
        name=name,
        title=content.card.title,
        rows=len(content.rows),
        first_date=min(days, default=None),
        last_date=max(days, default=None),
        excerpt=checked[Verified.EXCERPT],
        partial=checked[Verified.PARTIAL],
        recall=checked[Verified.RECALL],
        cited=sum(not row.inherits_citation for row in content.rows),
        citation=content.card.citation,
    )


def as_row(fact: Fact) -> dict[str, Any]:
    """A fact as a flat mapping with every field; an amount becomes a decimal string and its unit."""
    row: dict[str, Any] = {}
    for name in column_names(type(fact)):
        value = getattr(fact, name)
        if isinstance(value, Money):
            row[name], row[f"{name}_unit"] = format_decimal(value.amount), value.asset
        else:
            row[name] = value
    return row
