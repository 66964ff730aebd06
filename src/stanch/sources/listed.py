"""What the readers of official list tables share: rows of one entry gathered, dates, numbers and names taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from stanch.exc import InputError
from stanch.model import Entity, EntityBuilder, Source
from stanch.sources.base import Record, Rejected
from stanch.sources.dates import iso_date, years_between
from stanch.sources.raw import RawFile
from stanch.sources.rows import Header, Row, csv_rows, read_header, reject

#: A name longer than this is none. The longest field of names on the lists has some 200 characters.
MAX_NAME = 2000
_ENTRY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,63}")
_DAY_FIRST = re.compile(r"(\d{1,2}|dd)[./](\d{1,2}|mm)[./](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[./](\d{1,2})[./](\d{1,2})")
_SPAN = re.compile(r"(?<![\d./])(\d{4})年?\s*(?:[-–]|to|から)\s*(\d{4})(?![\d./])")
_YEAR = re.compile(r"(?<![\d./])(\d{4})(?![\d./])")
_NUMBER = re.compile(r"(?:[A-Z]{1,3}[- ]{0,2})?[A-Z0-9][A-Z0-9/-]*\d[A-Z0-9/-]*")
_BRACKETS = {"(": ")", "（": "）", "[": "]"}


@dataclass(slots=True)
class Entries:
    """Entries of one file while its rows are read: several rows may be parts of one entry. In order of first sight."""

    raw: RawFile
    source_id: str
    builders: dict[str, EntityBuilder] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)

    def entry(self, reference: str, schema: str, locator: str) -> EntityBuilder:
        """The entry of this reference, made when it is new.

        Raises:
            ValueError: the reference cannot be one, or the entry is of another kind on another row.
        """
        if not _ENTRY_ID.fullmatch(reference):
            raise ValueError(f"no usable reference ({reference[:20]!r})")
        known = self.builders.get(reference)
        if known is None:
            self.places[reference] = locator
            known = self.builders[reference] = EntityBuilder(f"{self.source_id}-{reference}", schema)
            known.add("topics", "sanction")
        elif known.schema != schema:
            raise ValueError(f"the entry {reference} is {known.schema} on another row, {schema} here")
        return known

    def add_name(self, entry: EntityBuilder, text: str, prop: str = "alias") -> None:
        """Add a name as `prop`; the first good one of an entry is its main name whatever the list calls it.

        Raises:
            ValueError: too long for a name.
        """
        if check_name(text) and prop == "alias" and entry.id not in self.named:
            self.named.add(entry.id)
            prop = "name"
        entry.add(prop, text)

    def records(self) -> Iterator[Record[Entity] | Rejected]:
        """The finished entities; one without a name is rejected.

        Raises:
            InputError: there is none with a name.
        """
        good = False
        for reference, builder in self.builders.items():
            place = self.places[reference]
            entity = builder.build((self.source_id,), Source(self.raw.name, place, self.raw.sha256))
            if entity.names:
                good = True
                yield Record(place, entity)
            else:
                yield Rejected(place, None, reference, "the entry has no name", "compare with the published list")
        if not good:
            raise InputError("holds no usable entry", file=self.raw.name, remedy="fetch it again")


def list_rows(raw: RawFile, key: str) -> Iterator[Row | Rejected]:
    """The rows below the header, which is the first line with a column `key`: some lists have a dated line above it.

    Raises:
        InputError: not UTF-8 or UTF-16 text, or no such header among the first lines.
    """
    # No list is published in CP949; a file that could only be that would give damaged names.
    if raw.encoding() == "cp949":
        raise InputError("not UTF-8 text", file=raw.name, remedy="fetch it again, or save it as CSV UTF-8")
    header = find_header(raw, key)
    lines = ((number, line) for number, line in raw.lines() if number > header.line)
    for item in csv_rows(lines, header):
        if isinstance(item, Rejected):
            yield item
        elif "\ufffd" in item[2]:
            yield reject(item[0], item[2], "holds damaged characters", "fetch it again")
        else:
            yield Row(item[0], dict(zip(header.columns, item[1], strict=True)), item[2])


def find_header(raw: RawFile, key: str) -> Header:
    """The header line that has a column `key`, within the first three lines that are not empty.

    Raises:
        InputError: there is none.
    """
    first = read_header(raw)
    if key in first.columns:
        return first
    seen = 0
    for number, line in raw.lines():
        if not line.strip():
            continue
        for delimiter in (",", ";"):
            columns = tuple(cell.strip().strip('"') for cell in line.split(delimiter))
            if key in columns:
                return Header(columns, delimiter, number)
        seen += 1
        if seen == 3:
            break
    raise InputError(f"has no column {key!r}", file=raw.name, remedy="check that it is this list")


def check_name(text: str) -> str:
    """The text, when it is short enough for a name.

    Raises:
        ValueError: it is not.
    """
    if len(text) > MAX_NAME:
        raise ValueError(f"a name is longer than {MAX_NAME:,} characters")
    return text


def split_outside(text: str, separators: str = ";；") -> list[str]:
    """Parts of a text, cut at separators that do not stand inside brackets."""
    parts, depth, part = [], 0, ""
    for char in text:
        depth += (char in _BRACKETS) - (depth > 0 and char in _BRACKETS.values())
        if char in separators and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += char
    return [cleaned for item in (*parts, part) if (cleaned := item.strip(' "“”‘’'))]


def without_brackets(text: str) -> str:
    """The text before and between brackets."""
    return " ".join(re.sub(r"[(（\[][^()（）\[\]]*[)）\]]?", " ", text).split())


def native_and_latin(text: str) -> list[str]:
    """A name printed in two scripts in one field as two names ("KIM Ho Kyu 김호규", "Shin (申)")."""
    text = text.strip("()（） ") if text[:1] in "(（" else text
    plain = text.replace("’", "'").replace("‘", "'")
    runs = re.findall(r"[^\u0250-\uffff]+|[\u0250-\uffff][\u0250-\uffff\s·・]*", plain)
    names = [cleaned for run in runs if any(map(str.isalpha, run)) and (cleaned := run.strip(" ()（）,;-'\""))]
    return names if len(names) == 2 else [text]


def find_dates(text: str) -> list[str]:
    """Every date of birth in a text as ISO prefixes: "26.2.1940", "1944/10/13", "00/00/1965", "1954 or 1955",
    "1967-1969", "1938年". A span is written out (`dates.years_between`)."""
    found: dict[str, None] = {}
    for pattern, year_first in ((_YEAR_FIRST, True), (_DAY_FIRST, False)):
        for match in pattern.finditer(text):
            year, month, day = match.groups() if year_first else match.groups()[::-1]
            if (value := _date(year, month, day)) is not None:
                found[value] = None
        text = pattern.sub(" ", text)
    for match in _SPAN.finditer(text):
        found.update(dict.fromkeys(years_between(int(match[1]), int(match[2]))))
    for match in _YEAR.finditer(_SPAN.sub(" ", text)):
        if (value := iso_date(match[1])) is not None:
            found[value] = None
    return list(found)


def _date(year: str, month: str, day: str) -> str | None:
    if not month.isdigit() or int(month) == 0:
        return iso_date(year)
    if not day.isdigit() or int(day) == 0:
        return f"{year}-{int(month):02d}" if 1 <= int(month) <= 12 and iso_date(year) else None
    return iso_date(f"{year}-{int(month):02d}-{int(day):02d}")


def find_numbers(text: str) -> list[str]:
    """Document numbers in a field that also says where and until when: "836110034 (diplomatic); PS 472330208"."""
    found = []
    for part in re.split(r"[;,、；]|\s/\s|\(\d\)|（\d）", without_brackets(re.sub(r"\((\d)\)", r";", text))):
        part = re.split(r"\b(?:issued|expires|expired|expiration|valid)\b", part)[0]
        if match := _NUMBER.search(part.replace('"', "").strip()):
            found.append(match[0].strip("-/ "))
    return found


def numbered(text: str) -> list[str]:
    """The values of a field that counts them: "(1) Pyongyang (2) Moscow"; else the one value."""
    return [part for item in re.split(r"\(\d{1,2}\)", text) if (part := item.strip(" .,;"))]
