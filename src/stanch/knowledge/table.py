"""Fact tables: a card, typed columns, and rows that carry a citation and how far they were verified."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Generic, TypeVar

from stanch.exc import InputError
from stanch.knowledge import yamltext
from stanch.knowledge.yamltext import Fields, Items, Text, Value
from stanch.model import Verified, parse_amount

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

T_co = TypeVar("T_co", bound="Fact", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every row has.

    `citation` says where the row was read; with `inherits_citation` it is the one of the table's card, because the row
    has none of its own. `note` says what was not seen.
    """

    id: str
    verified: Verified
    citation: str
    inherits_citation: bool
    note: str


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of a column: its name for people, and how one text is read. `parse` raises ValueError."""

    name: str
    parse: Callable[[str], object]
    many: bool = False
    default: object = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; a required one may not be absent or empty."""

    kind: Kind
    required: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """What a table is: for whom, from whom, under which terms, as of when, and what to be careful with.

    `columns` maps each column to its meaning, `kinds` to the name of its type.
    """

    name: str
    title: str
    about: str
    publisher: str
    citation: str
    licence: str
    as_of: date
    cautions: tuple[str, ...]
    columns: Mapping[str, str]
    kinds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table(Generic[T_co]):
    """A card and its rows, in file order. `lines` has the line of each row id, for messages."""

    card: Card
    rows: tuple[T_co, ...]
    lines: Mapping[str, int]

    def refuse(self, row: str, problem: str, remedy: str) -> InputError:
        """The error to raise for a row that contradicts another."""
        return InputError(f"{row}: {problem}", file=f"{self.card.name}.yml", line=self.lines[row], remedy=remedy)

    def check_past(self, row: str, day: date) -> None:
        """Refuse an event that lies after the date of the table: nobody can have read of it."""
        if day > self.card.as_of:
            raise self.refuse(row, f"{day} is after the table's date {self.card.as_of}", "correct one of them")


def parse_day(text: str) -> date:
    """A calendar date of this or the last century, as YYYY-MM-DD.

    Raises:
        ValueError: another form, an impossible date, or a year outside 1900..2100.
    """
    if not _DAY.fullmatch(text):
        raise ValueError(f'"{text}" is not a date as YYYY-MM-DD')
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is not a possible date') from None
    if not 1900 <= day.year <= 2100:
        raise ValueError(f'"{text}" lies outside 1900..2100')
    return day


def _integer(text: str) -> int:
    if not text.removeprefix("-").isdecimal() or len(text) > 12:
        raise ValueError(f'"{text}" is not a whole number')
    return int(text)


def _amount(text: str) -> Decimal:
    amount = parse_amount(text)
    if amount <= 0:
        raise ValueError(f'"{text}" is not an amount above zero')
    return amount


def _yes_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(f'"{text}" is neither yes nor no')
    return text == "yes"


TEXT = Kind("text", str, default="")
TEXTS = Kind("list of texts", str, many=True, default=())
DATE = Kind("date", parse_day)
INTEGER = Kind("integer", _integer)
AMOUNT = Kind("amount", _amount)
FLAG = Kind("yes or no", _yes_no, default=False)
YES_NO_UNSAID = Kind("yes, no or not stated", _yes_no)


def one_of(choices: type[StrEnum]) -> Kind:
    """A column with a closed list of values."""

    def parse(text: str) -> StrEnum:
        try:
            return choices(text)
        except ValueError:
            raise ValueError(f'"{text}" is none of {", ".join(choices)}') from None

    return Kind(f"one of {', '.join(choices)}", parse)


_COMMON = {
    "id": Column(TEXT, True),
    "verified": Column(one_of(Verified), True),
    "citation": Column(TEXT),
    "note": Column(TEXT),
}
_CARD = {"title", "about", "publisher", "citation", "licence", "as_of", "cautions", "columns"}


def read_table(
    name: str,
    columns: Mapping[str, Column],
    build: Callable[[dict[str, Any]], T_co],
    folder: Traversable | None = None,
) -> Table[T_co]:
    """Read ``NAME.yml`` of the packaged facts, or of `folder`; `build` makes a record from the parsed columns of a row.

    Raises:
        InputError: names file, line and remedy: a file that cannot be read, a column that code or card does not know,
            a missing required value, a value of the wrong type, a repeated id, a row without citation or verified.
    """
    file = f"{name}.yml"
    path = (folder if folder is not None else files("stanch.knowledge") / "facts") / file
    try:
        content = yamltext.read(path.read_bytes(), file)
    except OSError as err:
        raise InputError("the fact file cannot be read", file=file, remedy="install stanch again") from err
    known = {**_COMMON, **columns}
    _expect(content, {"card", "rows"}, file)
    card = _card(name, _mapping(content.fields["card"], file), known, file)
    listing = content.fields["rows"]
    if not isinstance(listing, Items) or not listing.items:
        raise InputError("no rows", file=file, line=listing.line, remedy='give a list under "rows:"')
    rows: list[T_co] = []
    lines: dict[str, int] = {}
    for item in listing.items:
        values = _row(_mapping(item, file), known, card, file)
        if values["id"] in lines:
            place = lines[values["id"]]
            raise InputError(
                f'the id "{values["id"]}" stands in line {place} too', file=file, line=item.line, remedy="rename one"
            )
        lines[values["id"]] = item.line
        rows.append(build(values))
    return Table(card, tuple(rows), lines)


def column_names(record: type[Fact]) -> tuple[str, ...]:
    """The fields of a record, in the order they are declared with the id first and the checks last."""
    last = ("verified", "citation", "inherits_citation", "note")
    names = [field.name for field in fields(record) if field.name not in last]
    return (*names, *last)


def _expect(content: Fields, names: set[str], file: str) -> None:
    for name, value in content.fields.items():
        if name not in names:
            raise InputError(
                f'unknown key "{name}"', file=file, line=value.line, remedy=f"use {', '.join(sorted(names))}"
            )
    for name in sorted(names - content.fields.keys()):
        raise InputError(f'no key "{name}"', file=file, line=content.line, remedy="add it")


def _mapping(value: Value, file: str) -> Fields:
    if not isinstance(value, Fields):
        raise InputError("not a mapping", file=file, line=value.line, remedy='write "column: value" lines')
    return value


def _texts(value: Value, file: str) -> tuple[Text, ...]:
    if not isinstance(value, Items) or not all(isinstance(item, Text) for item in value.items):
        raise InputError(
            "not a list of texts", file=file, line=value.line, remedy="write [a, b] or one a line with a dash"
        )
    return tuple(item for item in value.items if isinstance(item, Text))


def _text(value: Value, file: str) -> str:
    if not isinstance(value, Text):
        raise InputError("not a text", file=file, line=value.line, remedy="give one value")
    return value.text


def _card(name: str, content: Fields, known: Mapping[str, Column], file: str) -> Card:
    _expect(content, _CARD, file)
    meanings = _mapping(content.fields["columns"], file)
    _expect(meanings, set(known), file)
    texts = {key: _text(content.fields[key], file) for key in _CARD - {"cautions", "columns"}}
    try:
        as_of = parse_day(texts.pop("as_of"))
    except ValueError as err:
        raise InputError(f"as_of: {err}", file=file, line=content.fields["as_of"].line, remedy="correct it") from err
    return Card(
        name=name,
        as_of=as_of,
        cautions=tuple(item.text for item in _texts(content.fields["cautions"], file)),
        columns={key: _text(value, file) for key, value in meanings.fields.items()},
        kinds={key: known[key].kind.name for key in meanings.fields},
        **texts,
    )


def _row(content: Fields, known: Mapping[str, Column], card: Card, file: str) -> dict[str, Any]:
    shown = content.fields.get("id")
    label = shown.text if isinstance(shown, Text) else "a row"
    values: dict[str, Any] = {name: column.kind.default for name, column in known.items()}
    for name, value in content.fields.items():
        if name not in known:
            raise InputError(
                f'{label}: unknown column "{name}"',
                file=file,
                line=value.line,
                remedy="add it to the card or rename it",
            )
        kind = known[name].kind
        parts = _texts(value, file) if kind.many else (Text(_text(value, file), value.line),)
        try:
            parsed = tuple(kind.parse(part.text) for part in parts if part.text)
        except ValueError as err:
            raise InputError(f"{label}: {name}: {err}", file=file, line=value.line, remedy=f"give {kind.name}") from err
        if parsed:
            values[name] = parsed if kind.many else parsed[0]
    for name, column in known.items():
        if column.required and values[name] in (None, "", ()):
            raise InputError(
                f"{label}: no {name}", file=file, line=content.line, remedy=f"add {name}: {column.kind.name}"
            )
    own = values["citation"]
    if not own and not card.citation:
        raise InputError(
            f"{label}: no citation", file=file, line=content.line, remedy="cite it in the row or on the card"
        )
    values["citation"], values["inherits_citation"] = own or card.citation, not own
    return values
