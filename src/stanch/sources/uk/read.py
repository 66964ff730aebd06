"""Reads the UK Sanctions List (CSV) and the OFSI Consolidated List (CSV, XML), which it replaced on 2026-01-28."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from lxml import etree

from stanch.exc import InputError
from stanch.model import Entity, EntityBuilder
from stanch.sources.base import Record, Rejected
from stanch.sources.countries import code_or_name
from stanch.sources.dates import iso_date
from stanch.sources.listed import Entries, find_dates, find_numbers, list_rows, numbered
from stanch.sources.raw import RawFile
from stanch.sources.rows import reject
from stanch.sources.uk.layouts import CONLIST_CSV, CONLIST_XML, UKSL
from stanch.sources.xml import stream_elements

_SCHEMA = {"individual": "Person", "entity": "Organization", "ship": "Vessel"}
_ROOT, _TARGET = "ArrayOfFinancialSanctionsTarget", "FinancialSanctionsTarget"
_NAMESPACE = "{http://schemas.hmtreasury.gov.uk/ofsi/consolidatedlist}"
_UN = re.compile(r"\b([A-Z]{2,3}[ei]\.\d{3})\b")
_IMO = re.compile(r"\b(\d{7})\b")


def layout(head: str) -> str | None:
    """ "uksl", "csv" or "xml" by the beginning of a file, None when it is none of them."""
    if re.search(rf"<(?:\w+:)?{_ROOT}\b", head):
        return "xml"
    if "Unique ID,OFSI Group ID,UN Reference Number," in head:
        return "uksl"
    return "csv" if "Name 6,Name 1,Name 2," in head and "Group ID" in head else None


def read_uk(raw: RawFile, head: str) -> Iterator[Record[Entity] | Rejected]:
    """Yield Person, Organization and Vessel entities, id ``uk-`` and the OFSI group number, else the list's own id
    ("uk-13059", "uk-DPR0123"). Rows of one entry are gathered; persons keep the family name (Name 6) first.

    `program` is the regime's name; a UN reference goes to `notes`.

    Raises:
        InputError: none of the layouts, hostile, damaged, or without any entry.
    """
    found = layout(head)
    if found is None:
        raise InputError("is not a UK sanctions list (CSV or XML)", file=raw.name, remedy="check that it is this list")
    entries = Entries(raw, "uk")
    if found == "xml":
        root = f"{_NAMESPACE if _NAMESPACE.strip('{}') in head else ''}{_ROOT}"
        space = root.removesuffix(_ROOT)
        for element in stream_elements(raw, root, frozenset({f"{space}{_TARGET}"})):
            if element.tag == root:
                continue
            values = {field: (element.findtext(space + tag) or "").strip() for field, tag in CONLIST_XML.items()}
            try:
                _row(entries, values, f"group {values['group']}")
            except ValueError as err:
                text = etree.tostring(element, encoding="unicode", with_tail=False)[:4000]
                yield Rejected(values["group"][:40] or "entry", None, text, str(err), "compare with the published list")
    else:
        columns = UKSL if found == "uksl" else CONLIST_CSV
        for row in list_rows(raw, columns["group"]):
            if isinstance(row, Rejected):
                yield row
                continue
            values = {field: str(row.values.get(column, "")).strip() for field, column in columns.items()}
            try:
                _row(entries, values, f"line {row.line}")
            except ValueError as err:
                yield reject(row.line, row.raw, str(err), "compare with the published list")
    yield from entries.records()


def uk_date(head: str) -> date | None:
    """The day in the line above the header: "Report Date: 13-Feb-2026" or "Last Updated,01/09/2026"."""
    line = next((line for line in head.splitlines() if line.strip()), "")
    if match := re.search(r"Report Date: (\d{1,2}-[A-Za-z]{3}-\d{4})", line):
        try:
            return datetime.strptime(match[1], "%d-%b-%Y").date()  # noqa: DTZ007 - a day, not a time
        except ValueError:
            return None
    if match := re.match(r"\ufeff?\"?Last Updated\"?,\"?(\d{2}/\d{2}/\d{4})", line):
        days = find_dates(match[1])
        return date.fromisoformat(days[0]) if days and len(days[0]) == 10 else None
    return None


def _row(entries: Entries, row: Mapping[str, str], locator: str) -> None:
    kind = row["type"].lower()
    if kind not in _SCHEMA:
        raise ValueError(f"an unknown kind of entry ({row['type'][:20]!r})")
    entry = entries.entry(row["group"] or row.get("unique", ""), _SCHEMA[kind], locator)
    parts = [row[f"name{number}"] for number in (6, 1, 2, 3, 4, 5)]
    # Unused parts are printed as 0 in some versions.
    name = " ".join(part for part in parts if part not in ("", "0"))
    name_type = row["name_type"].lower()
    if "low" in row["strength"].lower():
        entries.add_name(entry, name, "weakAlias")
    elif name_type == "fka":
        entries.add_name(entry, name, "previousName")
    elif name_type == "primary name":
        entries.named.add(entry.id)
        entries.add_name(entry, name, "name")
    else:
        entry.add("alias", name)
    entry.add("alias", row["native"])
    entry.add("birthDate", [day for part in numbered(row["birth"]) for day in find_dates(part)])
    entry.add("birthPlace", _places(row))
    entry.add("nationality", map(code_or_name, numbered(row["nationality"])))
    entry.add("passportNumber", find_numbers(row["passport"]))
    entry.add("idNumber", find_numbers(row["national_id"]))
    for prop in ("title", "position", "phone", "email", "website"):
        entry.add(prop, numbered(row.get(prop, "")))
    entry.add("registrationNumber", numbered(row.get("registration", "")))
    _identify(entry, row)
    address = [row[f"address{number}"] for number in range(1, 7)]
    entry.add("address", ", ".join(part for part in (*address, row["postcode"], row["country"]) if part))
    entry.add("country", map(code_or_name, numbered(row["country"])))
    entry.add("program", row["regime"])
    entry.add("createdAt", iso_date(row["listed"][:10]) or find_dates(row["listed"]))


def _identify(entry: EntityBuilder, row: Mapping[str, str]) -> None:
    """Gender, IMO number and UN reference: columns of their own, or inside "Other Information"."""
    other = row.get("other", "")
    stated = re.search(r"\(Gender\):\s*(male|female)\b", other, re.IGNORECASE)
    gender = (row.get("gender") or (stated[1] if stated else "")).lower()
    entry.add("gender", gender if gender in ("male", "female") else None)
    if entry.schema == "Vessel":
        found = _IMO.search(row.get("imo", "")) or re.search(r"\(IMO number\):\s*(\d{7})\b", other)
        entry.add("imoNumber", found[1] if found else None)
    un = _UN.search(row.get("un", "")) or re.search(r"UN Ref\)?:?\s*([A-Z]{2,3}[ei]\.\d{3})\b", other)
    entry.add("notes", f"UN reference {un[1]}" if un else None)


def _places(row: Mapping[str, str]) -> str:
    return ", ".join(part for part in (row["town"], row["birth_country"]) if part)
