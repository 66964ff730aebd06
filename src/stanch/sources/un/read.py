"""Reads the UN Security Council consolidated list (XML): every person and entity of every regime."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from lxml import etree

from stanch.exc import InputError
from stanch.model import Entity, EntityBuilder, Source
from stanch.sources.base import Record, Rejected
from stanch.sources.countries import code_or_name
from stanch.sources.dates import iso_date, years_between
from stanch.sources.raw import RawFile
from stanch.sources.xml import stream_elements

_ROOT = "CONSOLIDATED_LIST"
_SCHEMA = {"INDIVIDUAL": "Person", "ENTITY": "Organization"}
_REFERENCE = re.compile(r"[A-Za-z]{2,4}\.\d{1,5}")
#: The longest field of names on the list has some 200 characters.
_MAX_NAME = 2000
_NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_ADDRESS_PARTS = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
_PLACE_PARTS = ("STREET", "CITY", "STATE_PROVINCE", "COUNTRY")
_PREVIOUS = {"f.k.a.": "previousName", "low": "weakAlias"}
#: A company's own IMO number closes the comment; a number inside the text may be that of a ship it owns.
_OWN_IMO = re.compile(r"IMO\)? (?:number:? |)(\d{7})\.?\s*$", re.IGNORECASE)


def read_un(raw: RawFile) -> Iterator[Record[Entity] | Rejected]:
    """Yield Person and Organization entities, id ``un-`` and the reference number ("un-KPi.033").

    Names are the parts joined in the order of the list; good aliases become `alias`, low ones `weakAlias`, former names
    `previousName`; comments are prose of the Council and stay in the raw file.

    Raises:
        InputError: not this list, hostile, damaged or cut off (also after some records), or without any entry.
    """
    seen: set[str] = set()
    for element in stream_elements(raw, _ROOT, frozenset(_SCHEMA)):
        if element.tag == _ROOT:
            continue
        reference = _text(element, "REFERENCE_NUMBER")
        if reason := _refusal(element, reference, seen):
            yield _reject(element, reference, reason)
            continue
        seen.add(reference)
        yield Record(reference, _entity(element, reference).build(("un",), Source(raw.name, reference, raw.sha256)))
    if not seen:
        raise InputError("holds no usable entry", file=raw.name, remedy="fetch it again")


def list_date(raw: RawFile) -> date:
    """The day the list was generated, as it says itself.

    Raises:
        InputError: not this list, or without that date.
    """
    for root in stream_elements(raw, _ROOT, frozenset()):
        if day := iso_date(root.get("dateGenerated", "")[:10]):
            return date.fromisoformat(day)
        break
    raise InputError("does not say when it was generated", file=raw.name, remedy="fetch it again")


def _refusal(element: etree._Element, reference: str, seen: set[str]) -> str:
    if not _REFERENCE.fullmatch(reference):
        return f"no usable reference number ({reference[:20]!r})"
    if reference in seen:
        return f"the reference number {reference} repeats"
    names = [_name(element), _text(element, "NAME_ORIGINAL_SCRIPT"), *_texts(element, ".//ALIAS_NAME")]
    if any(len(name) > _MAX_NAME for name in names):
        return f"a name is longer than {_MAX_NAME:,} characters"
    return "" if names[0] else "the entry has no name"


def _reject(element: etree._Element, reference: str, reason: str) -> Rejected:
    text = etree.tostring(element, encoding="unicode", with_tail=False)[:4000]
    line: int | None = getattr(element, "sourceline", None)
    return Rejected(reference[:40] or "entry", line, text, reason, "compare with the published list")


def _entity(element: etree._Element, reference: str) -> EntityBuilder:
    entity = EntityBuilder(f"un-{reference}", _SCHEMA[element.tag])
    _names(entity, element)
    for birth in element.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        entity.add("birthDate", _birth_dates(birth))
    for place in element.iterfind("INDIVIDUAL_PLACE_OF_BIRTH"):
        entity.add("birthPlace", _joined(place, _PLACE_PARTS))
    for document in element.iterfind("INDIVIDUAL_DOCUMENT"):
        _document(entity, document)
    for tag in ("INDIVIDUAL_ADDRESS", "ENTITY_ADDRESS"):
        for address in element.iterfind(tag):
            _address(entity, address)
    entity.add("nationality", map(code_or_name, _texts(element, "NATIONALITY/VALUE")))
    entity.add("title", _texts(element, "TITLE/VALUE"))
    entity.add("position", _texts(element, "DESIGNATION/VALUE"))
    entity.add("gender", _gender(element))
    entity.add("topics", "sanction")
    entity.add("program", _text(element, "UN_LIST_TYPE"))
    entity.add("createdAt", iso_date(_text(element, "LISTED_ON")[:10]))
    if entity.schema == "Organization" and (imo := _OWN_IMO.search(_text(element, "COMMENTS1"))):
        entity.add("imoNumber", imo[1])
    return entity


def _name(element: etree._Element) -> str:
    return " ".join(part for tag in _NAME_PARTS if (part := _text(element, tag)))


def _names(entity: EntityBuilder, element: etree._Element) -> None:
    name = _name(element)
    entity.add("name", name)
    if entity.schema == "Organization" and (match := re.fullmatch(r"(.+) \(([A-Z0-9]{2,8})\)", name)):
        entity.add("alias", match[1])
        entity.add("weakAlias", match[2])
    entity.add("alias", _split_names(_text(element, "NAME_ORIGINAL_SCRIPT")))
    for tag in ("INDIVIDUAL_ALIAS", "ENTITY_ALIAS"):
        for alias in element.iterfind(tag):
            prop = _PREVIOUS.get(_text(alias, "QUALITY").lower(), "alias")
            for text in _split_names(_text(alias, "ALIAS_NAME")):
                # An organisation's bare acronym fits many others: it never counts as a full name.
                is_acronym = entity.schema == "Organization" and re.fullmatch(r"[A-Z0-9]{2,8}", text)
                entity.add("weakAlias" if is_acronym else prop, text)
            entity.add("birthDate", iso_date(_text(alias, "DATE_OF_BIRTH")))


def _split_names(text: str) -> list[str]:
    """The names in one field: some hold several, apart by ";" or "b)", or the original script in brackets."""
    names: list[str] = []
    for part in re.split(r";|\b[b-h]\) ", text):
        match = re.fullmatch(r"(.+?)\s*\((?:original script: )?([^()]+)\)", part.strip())
        if match and _is_latin(match[1]) != _is_latin(match[2]):
            names += match.groups()
        else:
            names.append(part)
    return [cleaned for name in names if (cleaned := name.strip(' "“”').lstrip(") "))]


def _is_latin(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return sum(char < "\u0250" for char in letters) * 2 > len(letters)


def _birth_dates(birth: etree._Element) -> list[str]:
    first, last = _text(birth, "FROM_YEAR"), _text(birth, "TO_YEAR")
    if re.fullmatch(r"\d{4}", first) and re.fullmatch(r"\d{4}", last):
        return years_between(int(first), int(last))
    values = (_text(birth, "DATE"), _text(birth, "YEAR"))
    found = [day for value in values if (day := iso_date(value))]
    # Some entries put "Nov. 1973" into the note and leave the fields empty.
    return found or [day for day in (iso_date(_text(birth, "NOTE")),) if day]


def _document(entity: EntityBuilder, document: etree._Element) -> None:
    number = _text(document, "NUMBER")
    if not number:
        return
    kind = f"{_text(document, 'TYPE_OF_DOCUMENT')} {_text(document, 'TYPE_OF_DOCUMENT2')}".lower()
    is_passport = re.search(r"passport|passeport|pasaporte", kind) is not None
    entity.add("passportNumber" if is_passport else "idNumber", number)


def _gender(element: etree._Element) -> str:
    """From the field, else from "Gender: male" in the comment, where older entries have it."""
    stated = re.search(r"\bGender: (male|female)\b", _text(element, "COMMENTS1"), re.IGNORECASE)
    return (_text(element, "GENDER") or (stated[1] if stated else "")).lower()


def _address(entity: EntityBuilder, address: etree._Element) -> None:
    entity.add("address", _joined(address, _ADDRESS_PARTS))
    if country := _text(address, "COUNTRY"):
        entity.add("country", code_or_name(country))


def _joined(element: etree._Element, tags: tuple[str, ...]) -> str:
    return ", ".join(text for tag in tags if (text := _text(element, tag).strip(", ")))


def _text(element: etree._Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


def _texts(element: etree._Element, path: str) -> list[str]:
    return [" ".join((found.text or "").split()) for found in element.iterfind(path)]
