"""The parts of an EU entry: names, birth dates, documents, addresses, which XML and CSV name alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from stanch.model import EntityBuilder
from stanch.sources.countries import code_or_name
from stanch.sources.dates import iso_date, years_between
from stanch.sources.listed import Entries

#: Code of the subject, in either spelling → schema. The list knows no ships: it has them under the companies.
SCHEMA = {"person": "Person", "P": "Person", "enterprise": "Organization", "E": "Organization"}
#: Type code of an identification → property; every other kind of document is an `idNumber`.
_DOCUMENT = {
    "passport": "passportNumber",
    "swiftbic": "swiftBic",
    "imo": "imoNumber",
    "regnumber": "registrationNumber",
    "fiscalcode": "taxNumber",
}
_CONTACT = {"PHONE": "phone", "FAX": "phone", "EMAIL": "email", "WEB": "website"}
_GENDER = {"M": "male", "F": "female"}
_PLACE = ("place", "city", "region")
_ADDRESS = ("street", "poBox", "zipCode", "city", "place", "region")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an entry: what it is (`nameAlias`, `birthdate` …) and its fields."""

    kind: str
    fields: Mapping[str, str]

    def get(self, name: str) -> str:
        """A field, "" when absent."""
        return self.fields.get(name, "").strip()


def add_part(entries: Entries, entry: EntityBuilder, part: Part) -> None:
    """Put one part into its entry.

    Raises:
        ValueError: a name too long to be one.
    """
    if part.kind == "nameAlias":
        _name(entries, entry, part)
    elif part.kind == "birthdate":
        entry.add("birthDate", _births(part))
        entry.add("birthPlace", _joined(part, _PLACE))
    elif part.kind == "identification":
        _document(entry, part)
    elif part.kind == "address":
        entry.add("address", _joined(part, _ADDRESS))
        entry.add("country", _country(part))
    elif part.kind == "citizenship":
        entry.add("nationality", _country(part))
    elif part.kind == "contact":
        entry.add(_CONTACT.get(part.get("key"), "notes"), re.split(r"[,;]", part.get("value")))


def _name(entries: Entries, entry: EntityBuilder, part: Part) -> None:
    whole = part.get("wholeName") or " ".join(filter(None, map(part.get, ("firstName", "middleName", "lastName"))))
    weak = part.get("strong") == "false" or re.search(r"\blow? quality", part.get("remark").lower()) is not None
    if whole:
        entries.add_name(entry, whole, "weakAlias" if weak else "alias")
    entry.add("title", part.get("title"))
    entry.add("position", part.get("function") if entry.schema == "Person" else None)
    entry.add("gender", _GENDER.get(part.get("gender")))


def _births(part: Part) -> list[str]:
    if day := iso_date(part.get("birthdate")[:10]):
        return [day]
    first, last = part.get("yearRangeFrom"), part.get("yearRangeTo")
    if re.fullmatch(r"\d{4}", first) and re.fullmatch(r"\d{4}", last):
        return years_between(int(first), int(last))
    year, month, day_text = part.get("year"), part.get("monthOfYear"), part.get("dayOfMonth")
    if not (year := iso_date(year) or ""):
        return []
    if month.isdigit() and 1 <= int(month) <= 12:
        full = iso_date(f"{year}-{int(month):02d}-{int(day_text):02d}") if day_text.isdigit() else None
        return [full or f"{year}-{int(month):02d}"]
    return [year]


def _document(entry: EntityBuilder, part: Part) -> None:
    kind = part.get("identificationTypeCode")
    for number in (part.get("number"), part.get("latinNumber")):
        # Some numbers carry a remark: "488555 (passport-National passport)".
        entry.add(_DOCUMENT.get(kind, "idNumber"), number.partition("(")[0].strip())


def _country(part: Part) -> str | None:
    code = part.get("countryIso2Code").lower()
    if re.fullmatch(r"[a-z]{2}", code):
        return code
    description = part.get("countryDescription")
    return code_or_name(description) if description and description != "UNKNOWN" else None


def _joined(part: Part, names: tuple[str, ...]) -> str:
    found = [part.get(name) for name in names]
    country = part.get("countryDescription")
    return ", ".join(filter(None, [*found, country if country != "UNKNOWN" else ""]))
