"""Reads the Consolidated Screening List of trade.gov (CSV, one row an entry)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stanch.exc import InputError
from stanch.model import Entity, EntityBuilder, Source
from stanch.sources.base import Record, Rejected
from stanch.sources.dates import iso_date, years_between
from stanch.sources.listed import check_name, list_rows
from stanch.sources.raw import RawFile
from stanch.sources.rows import reject

_SCHEMA = {"individual": "Person", "entity": "Organization", "vessel": "Vessel", "aircraft": "Airplane"}
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-]{0,79}")
#: Kind of an item in the column `ids` → property. Others stay in the raw file.
_KINDS = {
    "Passport": "passportNumber",
    "National ID No.": "idNumber",
    "Gender": "gender",
    "Email Address": "email",
    "Website": "website",
    "Phone Number": "phone",
    "SWIFT/BIC": "swiftBic",
    "MMSI": "mmsi",
    "Tax ID No.": "taxNumber",
    "V.A.T. Number": "taxNumber",
    "Registration ID": "registrationNumber",
    "Registration Number": "registrationNumber",
    "Business Registration Number": "registrationNumber",
}
_NORTH_KOREA = "North Korea Sanctions Regulations"
_WALLET = re.compile(r"Digital Currency Address - ([A-Z0-9]{2,10})")


def is_csl(head: str) -> bool:
    """Whether a file begins as this list does."""
    line = next((line for line in head.splitlines() if line.strip()), "").lstrip("\ufeff").replace('"', "")
    return line.startswith("_id,source,entity_number,type,programs,name,")


def read_csl(raw: RawFile) -> Iterator[Record[Entity] | Rejected]:
    """Yield parties, vessels and aircraft, id ``csl-`` and the number of the entry, else the list's own key, and
    CryptoWallet entities held by them.

    Rows without a type are LegalEntity: persons and firms alike. `topics` is "sanction" for the lists of Treasury and
    the nonproliferation sanctions of State, "export.control" for the others. An entry of Treasury has its OFAC number
    in `notes` ("OFAC entry 52291").

    Raises:
        InputError: not this list, or without any entry.
    """
    seen: set[str] = set()
    for row in list_rows(raw, "entity_number"):
        if isinstance(row, Rejected):
            yield row
            continue
        values = {name: str(text).strip() for name, text in row.values.items()}
        try:
            builders = _entities(values, seen)
        except ValueError as err:
            yield reject(row.line, row.raw, str(err), "compare with the published list")
            continue
        for builder in builders:
            place = f"line {row.line}"
            yield Record(place, builder.build(("csl",), Source(raw.name, place, raw.sha256)))
    if not seen:
        raise InputError("holds no usable entry", file=raw.name, remedy="fetch it again")


def _entities(row: Mapping[str, str], seen: set[str]) -> list[EntityBuilder]:
    reference = row["entity_number"] or row.get("_id", "")
    if not _ID.fullmatch(reference):
        raise ValueError(f"no usable number ({reference[:20]!r})")
    if reference in seen:
        raise ValueError(f"the number {reference} repeats")
    kind = row.get("type", "").lower()
    schema = _SCHEMA.get(kind, "LegalEntity" if not kind else "")
    if not schema:
        raise ValueError(f"an unknown type ({kind[:20]!r})")
    name = check_name(row.get("name", ""))
    if not name:
        raise ValueError("the entry has no name")
    seen.add(reference)
    entry = EntityBuilder(f"csl-{reference}", schema)
    entry.add("name", _plain(name, schema))
    entry.add("alias", [_plain(check_name(text), schema) for text in _parts(row, "alt_names")])
    entry.add("birthDate", [day for text in _parts(row, "dates_of_birth") for day in _births(text)])
    entry.add("birthPlace", _parts(row, "places_of_birth"))
    entry.add("nationality", map(str.lower, _parts(row, "nationalities")))
    entry.add("citizenship", map(str.lower, _parts(row, "citizenships")))
    entry.add("address", _parts(row, "addresses"))
    entry.add("program", _parts(row, "programs"))
    entry.add("position", row.get("title") if schema == "Person" else None)
    entry.add("callSign", row.get("call_sign"))
    entry.add("createdAt", iso_date(row.get("start_date", "")))
    source = row.get("source", "")
    is_treasury = "Treasury" in source
    entry.add("topics", "sanction" if is_treasury or "Nonproliferation" in source else "export.control")
    if is_treasury and row["entity_number"].isdigit():
        entry.add("notes", f"OFAC entry {row['entity_number']}")
    return [entry, *_identify(entry, _parts(row, "ids"), row)]


def _identify(entry: EntityBuilder, items: list[str], row: Mapping[str, str]) -> Iterator[EntityBuilder]:
    """Identifiers of the column `ids`: "Passport, 836238033, KP; Gender, Male"; a wallet is an entity of its own."""
    for item in items:
        kind, _, rest = item.partition(",")
        value = rest.split(",")[0].strip()
        if _NORTH_KOREA in item:
            entry.add("notes", _NORTH_KOREA)
        elif match := _WALLET.fullmatch(kind.strip()):
            if value:
                wallet = EntityBuilder(f"{entry.id}-{match[1]}-{value}", "CryptoWallet")
                wallet.add("publicKey", value)
                wallet.add("currency", match[1])
                wallet.add("holder", entry.id)
                wallet.add("topics", "sanction")
                wallet.add("program", _parts(row, "programs"))
                yield wallet
        elif kind == "Vessel Registration Identification":
            entry.add("imoNumber", match[1] if (match := re.search(r"\b(\d{7})\b", value)) else None)
        elif prop := _KINDS.get(kind.strip()):
            entry.add(prop, value.lower() if prop == "gender" else value)


def _parts(row: Mapping[str, str], column: str) -> list[str]:
    return [part.strip() for part in row.get(column, "").split(";") if part.strip()]


def _plain(name: str, schema: str) -> str:
    """A person's name without the comma after the family name."""
    return name.replace(",", "") if schema == "Person" else name


def _births(text: str) -> list[str]:
    if match := re.fullmatch(r"(?:circa )?(\d{4}) to (?:circa )?(\d{4})", text):
        return years_between(int(match[1]), int(match[2]))
    found = iso_date(text.removeprefix("circa ").strip())
    return [found] if found else []
