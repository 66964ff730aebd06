"""How answers of screening are printed: rows of a table, JSON lines, or a waterfall of evidence."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from stanch.cli.output import Column
from stanch.reports.tabular import csv_cell

if TYPE_CHECKING:
    from stanch.screening import ListInfo, Match, Screened

COLUMNS = (
    Column("row", "row", right=True),
    Column("query", "query"),
    Column("match", "match"),
    Column("lists", "list", wrap=False),
    Column("probability", "P", right=True, wrap=False),
    Column("bits", "bits", right=True, wrap=False),
    Column("why", "why"),
)
CSV_COLUMNS = (
    COLUMNS[0],
    Column("input_id", "id"),
    *COLUMNS[1:],
    Column("entity_id", "entity"),
    Column("match_kind", "kind"),
    Column("error", "error"),
)
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def csv_text(answer: Screened) -> tuple[str, ...]:
    """The answer for a record of a file as CSV text; nothing for most."""
    rows = list(answer_rows(answer, from_file=True, csv=True))
    if not rows:
        return ()
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    for row in rows:
        writer.writerow([csv_cell(row.get(column.key)) for column in CSV_COLUMNS])
    return (stream.getvalue(),)


def json_text(answer: Screened) -> tuple[str]:
    """The answer as one JSON line, as `tabular.write_jsonl` writes it."""
    whole = list(answer.to_json().items())
    at = next(place for place, (key, _) in enumerate(whole) if key == "lists")
    head, tail = _encode(dict(whole[:at])), _encode(dict(whole[at + 1 :]))
    # The lists are the same in every answer, and the longest part of most: they are encoded once.
    return (f'{head[:-1]}, "lists": {_lists_text(tuple(answer.lists))}, {tail[1:]}\n',)


@lru_cache(maxsize=8)
def _lists_text(lists: tuple[ListInfo, ...]) -> str:
    return _encode([item.to_json() for item in lists])


def why(match: Match) -> str:
    stands = match.relation.evidence if match.relation is not None else ()
    weighed = [f"{item.statement} ({item.bits:+.1f})" for item in match.evidence if item.bits is not None]
    return "; ".join([*(item.statement for item in stands), *weighed])


def answer_rows(answer: Screened, from_file: bool, csv: bool) -> Iterator[dict[str, Any]]:
    """Rows of the printed table: one a match; for a record without one, only what is worth telling.

    CSV has a column for errors and exact numbers; a printed table tells an error in a row of its own.
    """
    query = answer.query
    head = {"row": query.row, "input_id": query.input_id, "query": short(query.text), "error": query.error}
    for match in answer.matches:
        yield head | {
            "match": match.title,
            "match_kind": match.match_kind,
            "entity_id": match.entity_id,
            "lists": ", ".join(match.listed.lists),
            "probability": f"{match.probability:.6f}" if csv else rounded(match.probability),
            "bits": f"{match.bits:+.1f}",
            "why": why(match),
        }
    if query.error is not None and not (csv and answer.matches):
        yield head | {"match": "", "why": f"error: {query.error}"}
    elif not answer.matches and not from_file:
        yield head | {"match": "no match", "why": ""}


def whole_answer(answer: Screened) -> tuple[dict[str, Any]]:
    """The answer as one JSON object."""
    return (answer.to_json(),)


def waterfall(answer: Screened, from_file: bool) -> Iterator[str]:
    """The evidence of each match as lines that add up, drawn as bars of one block a bit."""
    from stanch.screening.weights import log_odds, prior_of

    query = answer.query
    if query.error is None and not answer.matches and from_file:
        return
    yield f"row {query.row}  {short(query.text)}\n"
    if query.error is not None:
        yield f"  error: {query.error}\n"
    elif not answer.matches:
        yield "  no match\n"
    for match in answer.matches:
        yield f"  {match.title} ({match.entity_id}; {', '.join(match.listed.lists)})\n"
        prior = log_odds(prior_of(match.listed.entity.schema))
        yield _bar(prior, "before any evidence (an estimate)")
        for item in match.evidence:
            if item.bits is not None:
                yield _bar(item.bits, item.statement)
        yield _bar(prior + match.bits, f"sum: P {rounded(match.probability)}")
        for item in match.evidence:
            if item.bits is None:
                yield f"  · {item.statement}\n"


def _bar(bits: float, text: str) -> str:
    block = ("█" if bits > 0 else "░") * min(round(abs(bits)), 30)
    return f"  {bits:+8.2f}  {block:<30}  {text}\n"


def rounded(value: float) -> str:
    """A probability for people: never printed as certain."""
    return ">0.999" if value > 0.999 else f"{value:.3f}"


def short(text: str, width: int = 80) -> str:
    return text if len(text) <= width else f"{text[:width]}… ({len(text):,} characters)"
