"""Rows as table, JSON, JSON lines or CSV. The one place that writes CSV, so the guard against formulas stands once."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TextIO

from stanch.model import format_decimal, format_time

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(value: Any) -> Any:
    """Turn dates, decimals, tuples and sets into what JSON has."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return format_decimal(value)
    if isinstance(value, datetime):
        return format_time(value)
    return value.isoformat() if isinstance(value, date) else value


def write_json(value: Any, stream: TextIO) -> None:
    """One JSON document, indented, never truncated."""
    json.dump(plain(value), stream, ensure_ascii=False, indent=2, allow_nan=False)
    stream.write("\n")


def write_jsonl(rows: Iterable[Any], stream: TextIO) -> None:
    """One JSON object a line, flushed so that the next command in a pipe sees it."""
    for row in rows:
        stream.write(json.dumps(plain(row), ensure_ascii=False, allow_nan=False) + "\n")
        stream.flush()


def csv_cell(value: Any) -> str:
    """Text for a CSV cell. Text that a spreadsheet would run as a formula gets a leading apostrophe (CWE-1236)."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    text = str(value)
    if isinstance(value, str) and text.startswith(_FORMULA) and not _is_number(text):
        return "'" + text
    return text


def _is_number(text: str) -> bool:
    body = text[1:] if text[:1] in "+-" else text
    return body.replace(".", "", 1).isdigit()


def write_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], stream: TextIO) -> None:
    """CSV with a header, RFC 4180, formula-safe."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([csv_cell(row.get(column)) for column in columns])
