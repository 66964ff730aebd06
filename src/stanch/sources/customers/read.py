"""Reads parties with their wallets and bank accounts as FollowTheMoney entities."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from stanch.model import NATIVE_ASSET, Entity, EntityBuilder, Source, content_hash, now_utc
from stanch.names.identifiers import guess_chain, is_placeholder, normalise, read_account
from stanch.sources.base import Record, Rejected, RejectedField
from stanch.sources.countries import code_or_name
from stanch.sources.customers.columns import ALIASES, GENDERS, SCHEMATA, property_of
from stanch.sources.customers.ftm import is_ftm, read_ftm_customers
from stanch.sources.dates import iso_date
from stanch.sources.raw import RawFile
from stanch.sources.records import Fields, Note, read_fields
from stanch.sources.rows import reject, reject_field

#: A field → (FtM property, kind of identifier that its text must be, what to do when it is none).
_CHECKED = {
    "phone": ("phone", "phone", "write the number with its country code (+82 2 123 4567)"),
    "email": ("email", "email", "write name@example.com"),
    "imo": ("imoNumber", "imo", "check the seven digits"),
    "mmsi": ("mmsi", "mmsi", "check the nine digits"),
    "bic": ("swiftBic", "bic", "write 8 or 11 letters and digits"),
}
#: No living customer was born before; an earlier date is a typing error.
_EARLIEST_BIRTH = "1880"
_DATE_REMEDY = "write YYYY-MM-DD, YYYY-MM or YYYY"


def read_customers(
    raw: RawFile,
    columns: Mapping[str, str] | None = None,
    *,
    note: Note | None = None,
    now: datetime | None = None,
) -> Iterator[Record[tuple[Entity, ...]] | Rejected]:
    """Read parties in file order; each record is the party, then its CryptoWallet and BankAccount entities. A file of
    FollowTheMoney JSON lines, given without `columns`, is read by `read_ftm_customers`: there, links and the parties
    they lead to follow.

    A row without a name, with damaged characters, or with an id that the file had before, is rejected. Any other bad
    field is dropped alone: its `RejectedField` follows the record. Placeholders ("N/A", "000000000") are no values.
    Without an `id` column a party is ``row-N``, N counting rows from 1; without a type it is a Person if it has a birth
    date, gender or passport, a Vessel if it has an IMO number or MMSI, else a LegalEntity.

    Args:
        columns: field (a key of ALIASES) → column of the file, where it has no usual name.
        note: told once a file which columns no field took.
        now: bounds birth dates; the clock's time when not given.

    Raises:
        InputError: not CSV or JSON lines, or CSV without a column for names.
    """
    if not columns and is_ftm(raw):
        yield from read_ftm_customers(raw, note)
        return
    today = (now if now is not None else now_utc()).date()
    for row in read_customer_rows(raw, columns, note=note):
        if isinstance(row, Rejected):
            yield row
        else:
            yield from records_of(row, raw.name, raw.sha256, today)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A row that names a party under an id of its own; its other fields are not read yet."""

    fields: Fields
    identity: str
    names: list[str]


def read_customer_rows(
    raw: RawFile, columns: Mapping[str, str] | None = None, *, note: Note | None = None
) -> Iterator[CustomerRow | Rejected]:
    """The part of `read_customers` that must see the rows one after the other: which id was before, which columns are
    not used. `records_of` does the rest, of each row by itself, in another process if need be.

    Raises:
        InputError: as `read_customers`.
    """
    first_seen: dict[str, int] = {}
    left_aside: dict[str, None] = {}
    for fields in read_fields(raw, ALIASES, columns or {}, ("name",)):
        if isinstance(fields, Rejected):
            yield fields
            continue
        unused = [column for column in fields.other if column not in left_aside and property_of(column) is None]
        if unused and note is not None and len(left_aside) < 1_000:
            left_aside.update(dict.fromkeys(unused))
            note(f"{raw.name}: not used, kept in the raw file: {', '.join(unused)[:200]}")
        try:
            identity = fields.text("id") or f"row-{fields.number}"
            names = fields.texts("name")
            if not names:
                raise ValueError("name: empty")
            if identity in first_seen:
                raise ValueError(f"id: {identity[:60]!r} is already on line {first_seen[identity]}")
        except ValueError as err:
            remedy = "give each party its own id" if str(err).startswith("id") else "give the party's name"
            yield reject(fields.line, fields.raw, str(err), remedy)
            continue
        first_seen[identity] = fields.line
        yield CustomerRow(fields, identity, names)


def records_of(
    row: CustomerRow, file: str, sha256: str, today: date
) -> Iterator[Record[tuple[Entity, ...]] | RejectedField]:
    """The record of one row of the file, and after it the fields that were dropped. `today` bounds birth dates."""
    place = f"line {row.fields.line}"
    party = _Party(row.fields, row.identity, row.names, Source(file, place, sha256), today)
    yield Record(place, party.entities())
    yield from party.dropped


class _Party:
    """One row on its way to entities; `dropped` collects the fields that could not be used."""

    def __init__(self, fields: Fields, identity: str, names: list[str], source: Source, today: date) -> None:
        self._fields, self._id, self._names, self._source, self._today = fields, identity, names, source, today
        self._given = frozenset(field for field, value in fields.values.items() if value is not None and value != "")
        self.dropped: list[RejectedField] = []

    def entities(self) -> tuple[Entity, ...]:
        """The party first, then what it holds."""
        found: dict[str, list[str]] = {"name": self._names, "alias": self._texts("alias")}
        # Most rows have few of the fields; looking for each of the others would cost more than reading those.
        given = self._given
        if "birth_date" in given:
            found["birthDate"] = self._each("birth_date", self._birth_date, _DATE_REMEDY)
        if "gender" in given:
            found["gender"] = self._each("gender", _gender, "write male, female or other")
        for field in ("nationality", "country"):
            if field in given:
                found[field] = [_country(text) for text in self._texts(field)]
        for field, prop in (("passport", "passportNumber"), ("id_number", "idNumber")):
            if field in given:
                found[prop] = [text for text in self._texts(field) if not is_placeholder(text)]
        if "address" in given:
            found["address"] = self._texts("address", separator="")
        if "role" in given:
            found["position"] = self._texts("role")
        for field, (prop, kind, remedy) in _CHECKED.items():
            if field in given:
                found[prop] = self._each(field, _of_kind(kind), remedy)
        builder = EntityBuilder(self._id, self._schema(found))
        for prop, values in found.items():
            if values:
                builder.add(prop, values)
        for column in self._fields.other:
            if (own := property_of(column)) is not None:
                builder.add(own, self._other(column))
        party = builder.build(source=self._source)
        if self._given.isdisjoint(("wallet", "iban", "account")):
            return (party,)
        return (party, *self._wallets(), *self._accounts())

    def _schema(self, found: Mapping[str, list[str]]) -> str:
        for schema in self._each("schema", _schema_word, "use person, company, organization or vessel"):
            return schema
        if found.get("birthDate") or found.get("gender") or found.get("passportNumber"):
            return "Person"
        return "Vessel" if found.get("imoNumber") or found.get("mmsi") else "LegalEntity"

    def _texts(self, field: str, separator: str = ";") -> list[str]:
        value = self._fields.values.get(field)
        if not value and (value is None or value == ""):
            return []  # most fields of most rows
        try:
            return self._fields.texts(field, separator)
        except ValueError as err:
            self._drop(str(err), "write text")
            return []

    def _other(self, column: str) -> list[str]:
        value = self._fields.other[column]
        return [str(item) for item in (value if isinstance(value, list) else [value]) if isinstance(item, (str, int))]

    def _each(self, field: str, read: Callable[[str], str], remedy: str) -> list[str]:
        """Read every value of a field; those that cannot be read are dropped with the reason."""
        texts = self._texts(field)
        if not texts:
            return []
        values = []
        for text in texts:
            if is_placeholder(text) and field not in ("gender", "schema"):
                continue
            try:
                values.append(read(text))
            except ValueError as err:
                self._drop(f"{field}: {err}", remedy)
        return values

    def _drop(self, reason: str, remedy: str) -> None:
        self.dropped.append(reject_field(self._fields.line, self._fields.raw, reason, remedy))

    def _birth_date(self, text: str) -> str:
        known = _date(text)
        if known is None:
            raise ValueError(f"not a date: {text[:40]!r}")
        if known < _EARLIEST_BIRTH or known > self._today.isoformat():
            raise ValueError(f"{known} cannot be a birth date")
        return known

    def _wallets(self) -> Iterator[Entity]:
        for text in self._texts("wallet"):
            if is_placeholder(text):
                continue
            try:
                chain, address = read_account(text)
            except ValueError as err:
                self._drop(f"wallet: {err}", "check the address, or write CHAIN:ADDRESS")
                continue
            builder = EntityBuilder(f"{self._id}-wallet-{content_hash([chain, address])[:12]}", "CryptoWallet")
            builder.add("publicKey", address)
            builder.add("accountId", f"{chain}:{address}")
            # A bare EVM address may be used on any EVM chain: its coin is not known.
            if chain in NATIVE_ASSET and (not chain.startswith("eip155:") or guess_chain(text) is None):
                builder.add("currencySymbol", NATIVE_ASSET[chain])
            builder.add("holder", self._id)
            yield builder.build(source=self._source)

    def _accounts(self) -> Iterator[Entity]:
        ibans = self._each("iban", _of_kind("iban"), "check the IBAN")
        numbers = [text for text in self._texts("account") if not is_placeholder(text)]
        for prop, values in (("iban", ibans), ("accountNumber", numbers)):
            for value in dict.fromkeys(values):
                builder = EntityBuilder(f"{self._id}-account-{content_hash([prop, value])[:12]}", "BankAccount")
                builder.add("accountNumber", value)
                if prop == "iban":
                    builder.add("iban", value)
                builder.add("holder", self._id)
                yield builder.build(source=self._source)


def _of_kind(kind: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        known = normalise(kind, text)
        if known is None:
            raise ValueError(f"not valid: {text[:40]!r}")
        return known

    return read


def _gender(text: str) -> str:
    if (known := GENDERS.get(text.lower())) is None:
        raise ValueError(f"unknown {text[:20]!r}")
    return known


def _schema_word(text: str) -> str:
    if (known := SCHEMATA.get(text.lower())) is None:
        raise ValueError(f"unknown {text[:20]!r}")
    return known


@lru_cache(maxsize=50_000)
def _date(text: str) -> str | None:
    return iso_date(text) or _year_first(text)


@lru_cache(maxsize=5_000)
def _country(text: str) -> str:
    return text.lower() if re.fullmatch("[A-Za-z]{2}", text) else code_or_name(text)


def _year_first(text: str) -> str | None:
    """ "1984/1/8", "1984.01.08", "19840108", "1984-01", "1984년 1월 8일" as ISO; None when it is none of these."""
    match = re.fullmatch(r"([0-9]{4})[-/.년年]\s*([0-9]{1,2})(?:[-/.월月]\s*([0-9]{1,2})?[일日]?)?\.?", text)
    match = match or re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", text)
    if match is None:
        return None
    year, month, day = match.groups()
    if day is None or int(day) == 0:
        return year if int(month) == 0 else (f"{year}-{int(month):02d}" if 1 <= int(month) <= 12 else None)
    return iso_date(f"{year}-{int(month):02d}-{int(day):02d}")
