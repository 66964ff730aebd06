"""Reads alerts of another screening system: the customer, the listed party it alerted on, and the disposition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stanch.model import Entity, EntityBuilder, Source
from stanch.sources.alerts.words import Verdict, Verdicts
from stanch.sources.base import Record, Rejected
from stanch.sources.customers.columns import ALIASES as CUSTOMER
from stanch.sources.customers.columns import SCHEMATA
from stanch.sources.dates import iso_date
from stanch.sources.raw import RawFile
from stanch.sources.records import Fields, read_fields
from stanch.sources.rows import reject

#: Field → usual column names, most telling first. The customer's nationality is not read: it is no signal.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "customer_id": ("customer_id", "client_id", "party_id", "customer", "subject_id", "id"),
    "customer_name": (
        "customer_name", "client_name", "party_name", "screened_name", "subject_name", "name", "full_name",
    ),
    "schema": ("customer_type", "entity_type", "party_type", "schema"),
    "birth_date": tuple(CUSTOMER["birth_date"]),
    "passport": tuple(CUSTOMER["passport"]),
    "id_number": tuple(CUSTOMER["id_number"]),
    "listed_id": ("listed_id", "entity_id", "list_entry_id", "entry_id", "match_id", "hit_id", "list_uid", "uid"),
    "listed_name": (
        "listed_name", "matched_name", "match_name", "hit_name", "watchlist_name", "list_entry", "sanctioned_name",
        "match",
    ),
    "disposition": (
        "disposition", "decision", "outcome", "verdict", "resolution", "result", "status", "analyst_decision",
        "처리결과",
    ),
    "date": ("date", "alert_date", "created", "created_at", "closed_at", "decided_at"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as the other system raised it. `customer` carries name, birth date and documents as far as they stand
    in the row; `word` is the disposition as written."""

    locator: str
    customer: Entity
    listed_id: str
    listed_name: str
    verdict: Verdict
    word: str
    date: str

    @property
    def customer_id(self) -> str:
        """The customer's id in the incumbent's files; "" when the row has none."""
        return self.customer.id


def read_alerts(
    raw: RawFile, columns: Mapping[str, str] | None = None, verdicts: Verdicts | None = None
) -> Iterator[Record[Alert] | Rejected]:
    """Read alerts in file order; a row with neither a customer's id nor a name is rejected.

    Args:
        columns: field (a key of ALIASES) → column of the file, where it has no usual name.
        verdicts: gives dispositions their meaning, and collects those that mean nothing known.

    Raises:
        InputError: not CSV or JSON lines, or CSV without a column for dispositions.
    """
    meaning = verdicts if verdicts is not None else Verdicts()
    for fields in read_fields(raw, ALIASES, columns or {}, ("disposition",)):
        if isinstance(fields, Rejected):
            yield fields
            continue
        try:
            alert = _alert(fields, raw, meaning)
        except ValueError as err:
            yield reject(fields.line, fields.raw, str(err), "correct the row")
            continue
        yield Record(alert.locator, alert)


def _alert(fields: Fields, raw: RawFile, meaning: Verdicts) -> Alert:
    identity, names = fields.text("customer_id"), fields.texts("customer_name")
    if not identity and not names:
        raise ValueError("neither a customer id nor a name")
    word = fields.text("disposition")
    usual = "Person" if fields.text("birth_date") or fields.text("passport") else "LegalEntity"
    builder = EntityBuilder(identity, SCHEMATA.get(fields.text("schema").lower(), usual))
    builder.add("name", names)
    builder.add("birthDate", [iso_date(text) or text for text in fields.texts("birth_date")])
    builder.add("passportNumber", fields.texts("passport"))
    builder.add("idNumber", fields.texts("id_number"))
    locator = f"line {fields.line}"
    return Alert(
        locator=locator,
        customer=builder.build(source=Source(raw.name, locator, raw.sha256)),
        listed_id=fields.text("listed_id"),
        listed_name=fields.text("listed_name"),
        verdict=meaning.read(word),
        word=word,
        date=fields.text("date"),
    )
