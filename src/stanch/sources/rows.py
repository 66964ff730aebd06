"""Rows of CSV and JSON lines files with their exact line numbers; a bad row never costs its neighbours."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import msgspec

from stanch.exc import InputError
from stanch.sources.base import Rejected, RejectedField
from stanch.sources.raw import RawFile

#: Longest cell of a CSV row and longest record of a JSON lines file, in characters.
MAX_CELL = 100_000
MAX_RECORD = 4_000_000
#: How many lines one quoted CSV field may span. A quote that nobody closes costs its own line only.
MAX_ROW_LINES = 200
_RAW_SHOWN = 4_000
#: The first line that is not empty stands among this many: a small gzip can hold a thousand million empty ones.
_HEADER_WITHIN = 1_000
_DELIMITERS = (",", ";", "\t", "|")
_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP or Excel file", "save it as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file", "save it as CSV UTF-8"),
    (b"%PDF", "a PDF file", "export CSV"),
)

#: Numbers of JSON stay as they are written: a binary float cannot hold 0.1.
_json = msgspec.json.Decoder(float_hook=str)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line where it starts, its values by column name (CSV: text; JSON lines: any), and its text."""

    line: int
    values: Mapping[str, Any]
    raw: str


@dataclass(frozen=True, slots=True)
class Header:
    """How a CSV file is laid out: its column names, its delimiter, and the line the names stand in."""

    columns: tuple[str, ...]
    delimiter: str
    line: int


def reject(line: int, raw: str, reason: str, remedy: str) -> Rejected:
    """A rejected row of a file that is read by lines."""
    return Rejected(f"line {line}", line, raw[:_RAW_SHOWN], reason, remedy)


def reject_field(line: int, raw: str, reason: str, remedy: str) -> RejectedField:
    """A field that is dropped from a row which is kept; the reason names the field."""
    return RejectedField(f"line {line}", line, raw[:_RAW_SHOWN], f"{reason}; the rest of the row is kept", remedy)


def file_format(raw: RawFile) -> str:
    """ "csv", "jsonl" or "parquet", by content: the name is not trusted.

    Raises:
        InputError: a format that is not read (Excel, PDF, a JSON array).
    """
    head = raw.head()
    if head.startswith(b"PAR1"):
        return "parquet"
    for signature, what, remedy in _SIGNATURES:
        if head.startswith(signature):
            raise InputError(f"this is {what}", file=raw.name, remedy=remedy)
    first = next((line.strip() for _, line in islice(raw.lines(), _HEADER_WITHIN) if line.strip()), "")
    if first.startswith("["):
        raise InputError("a JSON array, not JSON lines", file=raw.name, remedy="write one JSON object a line")
    return "jsonl" if first.startswith("{") else "csv"


def read_rows(raw: RawFile) -> tuple[tuple[str, ...] | None, Iterator[Row | Rejected]]:
    """The column names (None for JSON lines) and the rows of a CSV, JSON lines or Parquet file.

    Raises:
        InputError: none of the three, or no header.
    """
    kind = file_format(raw)
    if kind == "parquet":
        from stanch.sources.parquet import read_parquet_rows

        return read_parquet_rows(raw)
    if kind == "jsonl":
        return None, json_rows(raw.lines())
    header = read_header(raw)
    lines = ((number, line) for number, line in raw.lines() if number > header.line)
    return header.columns, _named(header, lines)


def read_header(raw: RawFile) -> Header:
    """The header of a CSV file: the first line that is not empty, nor Excel's ``sep=;``.

    Raises:
        InputError: there is none, or it is not text.
    """
    told = ""
    for number, line in islice(raw.lines(), _HEADER_WITHIN):
        if (directive := re.fullmatch(r"sep=(.)", line.strip("\ufeff "), re.IGNORECASE)) and not told:
            told = directive[1]
            continue
        if not line.strip():
            continue
        bare = re.sub(r'"[^"]*"', "", line)
        delimiter = told if told in _DELIMITERS and told else max(_DELIMITERS, key=bare.count)
        if "\r" in line:
            raise InputError("its lines end in CR alone", file=raw.name, line=number, remedy="save it as CSV UTF-8")
        if "\0" in line or len(line) > MAX_CELL:
            raise InputError("not a table of text", file=raw.name, line=number, remedy="save it as CSV UTF-8")
        try:
            cells = next(csv.reader([line], delimiter=delimiter, strict=True))
        except csv.Error as err:
            problem = f"the header is not a CSV row ({err})"
            raise InputError(problem, file=raw.name, line=number, remedy="save it as CSV UTF-8") from err
        return Header(tuple(cell.strip() for cell in cells), delimiter, number)
    raise InputError("no header row", file=raw.name, remedy="put the column names in the first line")


def csv_rows(lines: Iterator[tuple[int, str]], header: Header) -> Iterator[tuple[int, list[str], str] | Rejected]:
    """Split numbered lines into (line of the row's start, cells, text); a quoted field may hold line feeds."""
    waiting: deque[tuple[int, str]] = deque()
    width = len(header.columns)
    while True:
        start = waiting.popleft() if waiting else next(lines, None)
        if start is None:
            return
        number, text = start
        if not text.strip():
            continue
        more: list[tuple[int, str]] = []
        if text.count('"') % 2:
            more = _until_closed(text, lines, waiting)
        whole = "\n".join((text, *(line for _, line in more)))
        cells, problem = _split(whole, header.delimiter, width)
        if cells is not None:
            yield number, cells, whole
            continue
        # The quote may be a slip: the lines after this one are read again on their own.
        waiting.extendleft(reversed(more))
        yield reject(number, text, problem, "quote a field that holds the delimiter, a quote or a line break")


def json_rows(lines: Iterator[tuple[int, str]]) -> Iterator[Row | Rejected]:
    """JSON objects, one a line. Numbers with a point come as text, exactly as written."""
    for number, line in lines:
        if not line.strip():
            continue
        if len(line) > MAX_RECORD:
            yield reject(number, line, f"a record longer than {MAX_RECORD:,} characters", "split the record")
            continue
        try:
            value = _json.decode(line)
        except RecursionError:
            yield reject(number, line, "nested too deeply", "flatten the record")
            continue
        except (msgspec.DecodeError, UnicodeError) as err:
            yield reject(number, line, f"not JSON: {err}", "write one JSON object a line")
            continue
        if isinstance(value, dict):
            yield Row(number, value, line)
        else:
            yield reject(number, line, "not a JSON object", "write one JSON object a line")


def _named(header: Header, lines: Iterator[tuple[int, str]]) -> Iterator[Row | Rejected]:
    for item in csv_rows(lines, header):
        if isinstance(item, Rejected):
            yield item
        else:
            number, cells, text = item
            yield Row(number, dict(zip(header.columns, cells, strict=True)), text)


def _until_closed(
    text: str, lines: Iterator[tuple[int, str]], waiting: deque[tuple[int, str]]
) -> list[tuple[int, str]]:
    """The lines up to the one that closes an open quote; [] when none does within the bounds (they wait again)."""
    taken: list[tuple[int, str]] = []
    size = len(text)
    while len(taken) < MAX_ROW_LINES and size <= MAX_CELL:
        item = waiting.popleft() if waiting else next(lines, None)
        if item is None:
            break
        taken.append(item)
        size += len(item[1])
        if item[1].count('"') % 2:
            return taken
    waiting.extendleft(reversed(taken))
    return []


def _split(text: str, delimiter: str, width: int) -> tuple[list[str] | None, str]:
    """The cells of one row, or None and the reason."""
    if "\0" in text:
        return None, "holds a NUL byte"
    if len(text) > MAX_CELL * width:
        return None, f"a field longer than {MAX_CELL:,} characters"
    try:
        cells = next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as err:
        if "field limit" in str(err):
            return None, f"a field longer than {MAX_CELL:,} characters"
        return None, "a quoted field is never closed" if "end of data" in str(err) else f"not a CSV row ({err})"
    if len(cells) != width:
        return None, f"{len(cells)} columns instead of {width}"
    if any(len(cell) > MAX_CELL for cell in cells):
        return None, f"a field longer than {MAX_CELL:,} characters"
    return cells, ""
