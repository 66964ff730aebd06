"""Reads annexes of an EU sanctions regulation as a table made from its consolidated text: one row an entry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stanch.model import Entity, EntityBuilder
from stanch.sources.base import Record, Rejected
from stanch.sources.countries import code_or_name
from stanch.sources.listed import (
    Entries,
    check_name,
    find_dates,
    find_numbers,
    list_rows,
    native_and_latin,
    split_outside,
)
from stanch.sources.raw import RawFile
from stanch.sources.rows import reject

_SCHEMA = {"Person": "Person", "LegalEntity": "Organization", "Vessel": "Vessel"}
#: Rests of the layout of the Official Journal's page in the columns of names.
_NO_NAME = {"Korean:", "Text of image", "Russian:"}
_IMO = re.compile(r"\d{7}")
_PEOPLE = {"north korean": "kp", "russian": "ru"}


def read_annex(raw: RawFile) -> Iterator[Record[Entity] | Rejected]:
    """Yield Person, Organization and Vessel entities, id ``eu-`` with regulation, annex and number, or, for a ship
    without a number, its IMO number. A ship in two annexes is two entries.

    Raises:
        InputError: not such a table, or without any entry.
    """
    entries = Entries(raw, "eu")
    for row in list_rows(raw, "celex"):
        if isinstance(row, Rejected):
            yield row
            continue
        values = {name: " ".join(str(text).split()) for name, text in row.values.items()}
        try:
            _entry(entries, values, f"line {row.line}")
        except ValueError as err:
            yield reject(row.line, row.raw, str(err), "compare with the Official Journal")
    yield from entries.records()


def _entry(entries: Entries, row: Mapping[str, str], locator: str) -> None:
    if row.get("schema") not in _SCHEMA:
        raise ValueError(f"an unknown kind of entry ({row.get('schema', '')[:20]!r})")
    number = row.get("recordId") or f"imo-{row.get('imoNumber')}"
    reference = f"{row.get('celex')}-{row.get('annex')}-{number}"
    if reference in entries.builders:
        raise ValueError(f"the entry {reference} repeats")
    entry = entries.entry(reference, _SCHEMA[row["schema"]], locator)
    _names(entry, row)
    entry.add("birthDate", find_dates(row.get("birthDate", "")))
    entry.add("birthPlace", row.get("birthPlace"))
    entry.add("passportNumber", find_numbers(row.get("passportNumber", "")))
    entry.add("idNumber", find_numbers(row.get("idNumber", "")))
    nationality = row.get("nationality", "").strip(". ")
    entry.add("nationality", _PEOPLE.get(nationality.lower(), code_or_name(nationality)) if nationality else None)
    entry.add("gender", gender if (gender := row.get("gender", "").strip(". ").lower()) in ("male", "female") else None)
    entry.add("imoNumber", row["imoNumber"] if _IMO.fullmatch(row.get("imoNumber", "")) else None)
    for name in ("position", "swiftBic", "mmsi", "registrationNumber", "taxNumber", "leiCode", "website", "address"):
        entry.add(name, row.get(name))
    entry.add("email", re.findall(r"[^\s;\"]+@[^\s;\",]+[^\s;\",.]", row.get("email", "")))
    entry.add("program", row.get("programKey"))
    entry.add("createdAt", next(iter(find_dates(row.get("startDate", ""))), None))


def _names(entry: EntityBuilder, row: Mapping[str, str]) -> None:
    first, *others = _split(check_name(row.get("name", "")), entry.schema) or [""]
    entry.add("name", first)
    for prop, column in (("alias", "alias"), ("weakAlias", "weakAlias"), ("previousName", "previousName")):
        others_here = [*others] if prop == "alias" else []
        for part in split_outside(check_name(row.get(column, ""))):
            if part not in _NO_NAME:
                others_here += _split(part, entry.schema)
        for name in others_here:
            if name.startswith("f.k.a."):
                entry.add("previousName", name.removeprefix("f.k.a.").strip(": "))
            elif entry.schema == "Organization" and re.fullmatch(r"[A-Z0-9]{2,8}", name):
                # A bare acronym fits many others: it never counts as a full name.
                entry.add("weakAlias", name)
            else:
                entry.add(prop, name)


def _split(text: str, schema: str) -> list[str]:
    """The names in one field: two scripts, brackets with another name, and, of persons, several parted by commas."""
    if schema == "Person":
        parts = [part.strip() for part in text.split(",")]
        # "KIM Yong-Nam, KIM Young-Nam" are two names, "RI, Chang Ho" is one.
        names = parts if all(len(re.split(r"[\s-]", part)) > 1 for part in parts) else [text.replace(",", "")]
        return [name for part in names for name in native_and_latin(part)]
    if match := re.search(r"\(Aliases: ([^()]+)\)", text):
        return [text[: match.start()].strip(), *(part.strip() for part in match[1].split(","))]
    if schema == "Vessel":
        return [part.strip() for part in re.split(r"[()]", text) if part.strip()]
    if match := re.fullmatch(r"(.+) \(([A-Z0-9]{2,8})\)", text):
        return [match[1], match[2]]
    return [text]
