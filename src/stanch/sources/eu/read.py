"""Reads the EU list in its three layouts: the consolidated XML, the consolidated CSV, and annexes of a regulation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from lxml import etree

from stanch.exc import InputError
from stanch.model import Entity
from stanch.sources.base import Record, Rejected
from stanch.sources.dates import iso_date
from stanch.sources.eu.annex import read_annex
from stanch.sources.eu.entry import SCHEMA, Part, add_part
from stanch.sources.listed import Entries, find_dates, list_rows
from stanch.sources.raw import RawFile
from stanch.sources.rows import reject
from stanch.sources.xml import stream_elements

#: Namespace of the XML; files without one are read too.
_NAMESPACE = "http://eu.europa.ec/fpi/fsd/export"
#: Prefix of the CSV's columns → what the XML calls the same part of an entry.
_PARTS = {
    "NameAlias_": "nameAlias",
    "BirthDate_": "birthdate",
    "Identification_": "identification",
    "Address_": "address",
    "Citizenship_": "citizenship",
}
_ID = "Entity_LogicalId"


def layout(head: str) -> str | None:
    """ "xml", "csv" or "annex" by the beginning of a file, None when it is none of them."""
    if re.search(r"<(?:\w+:)?export\b[^>]*>", head) and "sanctionEntity" in head:
        return "xml"
    line = next((line for line in head.splitlines() if line.strip()), "")
    if _ID in line and ";" in line:
        return "csv"
    return "annex" if re.match(r"\ufeff?celex,recordId,programKey,annex,", line) else None


def read_eu(raw: RawFile) -> Iterator[Record[Entity] | Rejected]:
    """Yield Person, Organization and (annexes only) Vessel entities, id ``eu-`` and the EU reference, else the
    logical id ("eu-EU.27.28"); of an annex regulation, annex and number ("eu-32017R1509-XIII.A-1").

    The first name is the main one, others are aliases, those the list marks as not strong `weakAlias`. A UN reference
    goes to `notes` as "UN reference KPi.033".

    Raises:
        InputError: none of the layouts, hostile, damaged, or without any entry.
    """
    found = layout(head_of(raw))
    if found == "xml":
        return _read_xml(raw)
    if found == "csv":
        return _read_csv(raw)
    if found == "annex":
        return read_annex(raw)
    raise InputError("is not the EU list (XML or CSV)", file=raw.name, remedy="check that it is this list")


def eu_date(raw: RawFile) -> date | None:
    """The day the list was generated, as the consolidated file says itself; annexes do not."""
    found = layout(head_of(raw))
    if found == "xml":
        for root in stream_elements(raw, _root(raw), frozenset()):
            day = iso_date(root.get("generationDate", "")[:10])
            return date.fromisoformat(day) if day else None
    if found == "csv":
        for row in list_rows(raw, _ID):
            if not isinstance(row, Rejected):
                text = row.values.get("fileGenerationDate", "")[:10]
                day = iso_date(text) or next(iter(find_dates(text)), None)
                return date.fromisoformat(day) if day and len(day) == 10 else None
    return None


def head_of(raw: RawFile) -> str:
    """The beginning as text, enough to see a header or a first entry."""
    data = raw.head(1 << 14)
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", errors="replace")


def _root(raw: RawFile) -> str:
    return f"{{{_NAMESPACE}}}export" if _NAMESPACE in head_of(raw) else "export"


def _read_xml(raw: RawFile) -> Iterator[Record[Entity] | Rejected]:
    root = _root(raw)
    space = root.removesuffix("export")
    entries = Entries(raw, "eu")
    for element in stream_elements(raw, root, frozenset({f"{space}sanctionEntity"})):
        if element.tag == root:
            continue
        reference = (element.get("euReferenceNumber") or element.get("logicalId") or "").strip()
        try:
            _xml_entry(entries, element, reference, space)
        except ValueError as err:
            text = etree.tostring(element, encoding="unicode", with_tail=False)[:4000]
            entries.builders.pop(reference, None)
            yield Rejected(reference[:40] or "entry", None, text, str(err), "compare with the published list")
    yield from entries.records()


def _xml_entry(entries: Entries, element: etree._Element, reference: str, space: str) -> None:
    subject = element.find(f"{space}subjectType")
    code = (subject.get("code") or subject.get("classificationCode") or "") if subject is not None else ""
    if code not in SCHEMA:
        raise ValueError(f"an unknown type of subject ({code[:20]!r})")
    entry = entries.entry(reference, SCHEMA[code], reference)
    for child in element:
        kind = str(child.tag).removeprefix(space)
        if kind == "regulation":
            entry.add("program", child.get("programme"))
        elif kind in _PARTS.values():
            remark = child.findtext(f"{space}remark") or ""
            attributes = {str(name): str(value) for name, value in child.attrib.items()}
            add_part(entries, entry, Part(kind, {**attributes, "remark": remark}))
            for contact in child.iterfind(f"{space}contactInfo"):
                add_part(
                    entries, entry, Part("contact", {"key": contact.get("key", ""), "value": contact.get("value", "")})
                )
    entry.add("createdAt", iso_date(element.get("designationDate") or ""))
    if un := (element.get("unitedNationId") or "").strip():
        entry.add("notes", f"UN reference {un}")


def _read_csv(raw: RawFile) -> Iterator[Record[Entity] | Rejected]:
    entries = Entries(raw, "eu")
    for row in list_rows(raw, _ID):
        if isinstance(row, Rejected):
            yield row
            continue
        values = {name: text.strip() for name, text in row.values.items() if text.strip()}
        code = values.get("Entity_SubjectType_ClassificationCode") or values.get("Entity_SubjectType") or ""
        reference = values.get("Entity_EU_ReferenceNumber") or values.get(_ID) or ""
        try:
            if code not in SCHEMA:
                raise ValueError(f"an unknown type of subject ({code[:20]!r})")
            entry = entries.entry(reference, SCHEMA[code], f"line {row.line}")
            for prefix, kind in _PARTS.items():
                fields = {
                    _attribute(name.removeprefix(prefix)): text
                    for name, text in values.items()
                    if name.startswith(prefix) and "_Regulation_" not in name
                }
                if fields:
                    add_part(entries, entry, Part(kind, fields))
            entry.add("program", values.get("Entity_Regulation_Programme"))
            text = values.get("Entity_DesignationDate", "")[:10]
            entry.add("createdAt", iso_date(text) or find_dates(text))
            if un := values.get("Entity_UnitedNationId"):
                entry.add("notes", f"UN reference {un}")
        except ValueError as err:
            yield reject(row.line, row.raw, str(err), "compare with the published list")
    yield from entries.records()


def _attribute(column: str) -> str:
    """The XML attribute that a column of the CSV stands for: "WholeName" is wholeName."""
    renamed = {"BirthDate": "birthdate", "Day": "dayOfMonth", "Month": "monthOfYear"}
    if column in ("TypeCode", "TypeDescription"):
        return f"identification{column}"
    return renamed.get(column, column[:1].lower() + column[1:])
