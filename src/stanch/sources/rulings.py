"""A file of decisions: which finding, why, who, until when. What `stanch decisions list --format csv` writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from stanch.exc import InputError
from stanch.model.decision import DecisionState, Ruling, Verdict
from stanch.sources.base import Record, Rejected
from stanch.sources.raw import RawFile
from stanch.sources.rows import Row, read_rows, reject

COLUMNS = ("finding", "reason", "reviewer", "expires")


@dataclass(frozen=True, slots=True)
class RulingRow:
    """One row: a finding by id or key, and the ruling. `lapsed` is the state that the row itself gives (expired,
    revoked…) when that is not in force: such a row is history, not a decision to make."""

    finding: str
    ruling: Ruling
    lapsed: str = ""


def read_rulings(raw: RawFile) -> Iterator[Record[RulingRow] | Rejected]:
    """Yield the rows of a CSV or JSON lines file with COLUMNS (`expires` may be missing or empty).

    Raises:
        InputError: it cannot be read, or a column is missing.
    """
    columns, rows = read_rows(raw)
    missing = [name for name in COLUMNS[:3] if columns is not None and name not in columns]
    if missing:
        problem = f"no column {missing[0]} (the file has: {', '.join(columns or ())[:200]})"
        raise InputError(problem, file=raw.name, remedy=f"give the columns {', '.join(COLUMNS)}")
    for row in rows:
        if isinstance(row, Rejected):
            yield row
            continue
        try:
            yield Record(f"line {row.line}", _ruling(row))
        except ValueError as err:
            yield reject(row.line, row.raw, str(err), "correct the row")


def read_day(text: str) -> date:
    """A day as YYYY-MM-DD.

    Raises:
        ValueError: it is none.
    """
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text[:20]!r} is not a day as YYYY-MM-DD") from None


def _ruling(row: Row) -> RulingRow:
    finding = _text(row.values, "finding").strip()
    if not finding:
        raise ValueError("no finding is given")
    state = _text(row.values, "state").strip()
    verdict = _text(row.values, "verdict").strip() or Verdict.NOT_SAME_PERSON.value
    if verdict not in set(Verdict):
        raise ValueError(f"the verdict {verdict[:40]!r} is not known; it can be: {', '.join(Verdict)}")
    expires = _text(row.values, "expires").strip()
    ruling = Ruling(
        _text(row.values, "reason"),
        _text(row.values, "reviewer"),
        read_day(expires) if expires else None,
        Verdict(verdict),
    )
    return RulingRow(finding, ruling, "" if state in ("", DecisionState.IN_FORCE) else state[:20])


def _text(values: Any, name: str) -> str:
    value = values.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name} is not a text")
    return value
