"""Records of people, labels and engagements: one CSV row or JSON line, its values by field instead of by column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stanch.sources.base import Rejected
from stanch.sources.columns import Aliases, require, resolve_columns, show_columns
from stanch.sources.raw import RawFile
from stanch.sources.rows import Row, read_rows, reject

#: Told once a file what a reader assumed or left aside.
Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Fields:
    """One record: where it stands, its number among the records (from 1), its values by field, and what no field took,
    by column."""

    line: int
    number: int
    values: Mapping[str, Any]
    other: Mapping[str, Any]
    raw: str

    def texts(self, field: str, separator: str = ";") -> list[str]:
        """The values of a field as non-empty texts: a list's items, or a text parted at `separator` ("" parts nothing).

        Raises:
            ValueError: a value is neither text, number nor a list of these.
        """
        value = self.values.get(field)
        items = value if isinstance(value, list) else [value]
        texts: list[str] = []
        for item in items:
            if isinstance(item, bool) or not isinstance(item, (str, int, float, type(None))):
                raise ValueError(f"{field}: neither text nor a list of texts")
            text = "" if item is None else str(item)
            texts += text.split(separator) if separator and not isinstance(value, list) else [text]
        return [" ".join(text.split()) for text in texts if text.strip()]

    def text(self, field: str) -> str:
        """The one value of a field as text with single spaces, "" when absent.

        Raises:
            ValueError: several values, or not text.
        """
        texts = self.texts(field, separator="")
        if len(texts) > 1:
            raise ValueError(f"{field}: more than one value")
        return texts[0] if texts else ""


def read_fields(
    raw: RawFile, aliases: Aliases, given: Mapping[str, str], needed: Sequence[str]
) -> Iterator[Fields | Rejected]:
    """Read the records of a CSV or JSON lines file.

    A row with bytes that are no text in the file's encoding is rejected: a damaged name must not be screened as if it
    were whole.

    Raises:
        InputError: not such a file; or, in CSV, a needed field has no column.
    """
    columns, rows = read_rows(raw)
    mapper = _Mapper(raw.name, aliases, given)
    if columns is not None:
        found = mapper.find(columns)
        # A file without a single column that is known is another kind of file.
        require(found, needed if found else (needed or tuple(aliases)[:1]), columns, file=raw.name)
    for number, row in enumerate(rows, 1):
        if isinstance(row, Rejected):
            yield row
            continue
        if "\ufffd" in row.raw or "\0" in row.raw or "\\u0000" in row.raw:
            yield reject(row.line, row.raw, "holds damaged characters", "export the file again as UTF-8")
            continue
        keys = tuple(row.values)
        found = mapper.find(columns if columns is not None else keys)
        if missing := [field for field in needed if field not in found]:
            reason = f"no {', '.join(missing)} (the record has: {show_columns(keys)})"
            yield reject(row.line, row.raw, reason, f"rename a key or pass --map {missing[0]}=COLUMN")
            continue
        yield _fields(row, number, found, columns if columns is not None else keys)


def _fields(row: Row, number: int, found: Mapping[str, int], columns: Sequence[str]) -> Fields:
    values = {field: row.values[columns[place]] for field, place in found.items()}
    used = {columns[place] for place in found.values()}
    other = {name: value for name, value in row.values.items() if name not in used}
    return Fields(row.line, number, values, other, row.raw)


class _Mapper:
    """Field → column, settled once for every set of columns (JSON records may differ in their keys)."""

    def __init__(self, file: str, aliases: Aliases, given: Mapping[str, str]) -> None:
        self._file, self._aliases, self._given = file, aliases, given
        self._known: dict[tuple[str, ...], dict[str, int]] = {}

    def find(self, columns: tuple[str, ...]) -> dict[str, int]:
        known = self._known.get(columns)
        if known is None:
            known = resolve_columns(columns, self._aliases, self._given, file=self._file)
            # Every record of a hostile file may have its own keys.
            if len(self._known) < 1_000:
                self._known[columns] = known
        return known
