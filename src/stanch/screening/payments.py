"""Payment messages against the lists: parties, agents and texts, each hit with its message and field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from stanch.model import Entity, EntityBuilder, Evidence, Source
from stanch.names.identifiers import normalise
from stanch.screening.freetext import TextScreener, bic_identifiers
from stanch.screening.identify import unique
from stanch.screening.index import Index
from stanch.screening.match import Match, Screened
from stanch.screening.query import Query
from stanch.screening.weights import DEFAULT_THRESHOLD
from stanch.sources.base import Rejected, RejectedField
from stanch.sources.payments import Payment, PaymentField, PaymentPart, read_payments
from stanch.sources.payments.records import FieldKind
from stanch.sources.raw import RawFile

#: What of a party is looked through as text: "C/O …" in an address names somebody else.
_AS_TEXT: tuple[FieldKind, ...] = ("address", "contact", "other-id")
#: Field of a message → property of the party. Of accounts see `_held`.
_PROPERTIES: dict[FieldKind, str] = {
    "birth-date": "birthDate",
    "document": "idNumber",
    "bic": "swiftBic",
    "phone": "phone",
    "email": "email",
}
#: Weight row → the fields that can have given it.
_FIELDS_OF: dict[str, tuple[FieldKind, ...]] = {
    "id.document": ("document",),
    "id.bic": ("bic",),
    "id.iban": ("iban", "account"),
    "id.wallet": ("account",),
    "id.phone": ("phone",),
    "id.email": ("email",),
}
#: Answers "nothing found" that are kept: the same banks and customers come again and again.
_MAX_CLEARS = 100_000


@dataclass(slots=True)
class Totals:
    """What was read and found, counted while it goes. `unnamed`: agents given by a clearing code alone, which no list
    has; `rejected`: messages, or parts of them, that could not be read; `problems`: fields that could not be used."""

    messages: int = 0
    transactions: int = 0
    fields: int = 0
    hits: int = 0
    notes: int = 0
    unnamed: int = 0
    rejected: int = 0
    problems: int = 0


@dataclass(frozen=True, slots=True)
class PaymentAnswer:
    """One screened field of a payment, or what could not be read (`payment` is None then).

    `notes` are facts about the field that are no match: an agent whose BIC is of a bank in the DPRK.
    """

    file: str
    payment: Payment | None
    role: str
    field: PaymentField | None
    screened: Screened
    notes: tuple[Evidence, ...] = ()
    line: int | None = None

    def to_json(self) -> dict[str, Any]:
        """One line of `stanch payments --format jsonl`; every key always present."""
        payment = self.payment
        return {
            "file": self.file,
            "format": payment.format if payment else "",
            "message": payment.message if payment else "",
            "transaction": payment.transaction if payment else None,
            "end_to_end": payment.end_to_end if payment else "",
            "uetr": payment.uetr if payment else "",
            "amount": payment.amount if payment else "",
            "currency": payment.currency if payment else "",
            "value_date": payment.value_date if payment else "",
            "role": self.role,
            "field": self.field.path if self.field else "",
            "line": self.field.line if self.field else self.line,
            "text": self.field.text if self.field else "",
            "notes": [item.to_json() for item in self.notes],
            **self.screened.to_json(),
        }


@dataclass(slots=True)
class PaymentScreener:
    """Screens payment files against one index; `totals` grows with every file."""

    index: Index
    threshold: float = DEFAULT_THRESHOLD
    totals: Totals = field(default_factory=Totals)
    _texts: TextScreener | None = None
    _clear: dict[tuple[object, ...], None] = field(default_factory=dict)
    _row: int = 0

    def screen(self, raw: RawFile) -> Iterator[PaymentAnswer]:
        """One answer a screened field, in the order of the file, also where nothing was found; what cannot be read is
        an answer with an error, and the rest goes on.

        Raises:
            InputError: not a payment file.
        """
        message: tuple[str, str] | None = None
        for record in read_payments(raw):
            if isinstance(record, Rejected):
                yield self._rejected(raw, record)
                continue
            payment = record.value
            if payment.format.startswith("MT") or (payment.format, payment.message) != message:
                message = (payment.format, payment.message)
                self.totals.messages += payment.format != "head.001"
            self.totals.transactions += payment.transaction is not None
            yield from self._payment(raw, payment)

    def _payment(self, raw: RawFile, payment: Payment) -> Iterator[PaymentAnswer]:
        for part in payment.parts:
            if part.kind == "text":
                for item in part.fields:
                    yield self._text(raw, payment, part.role, item)
                continue
            if part.kind == "agent" and not part.of("name", "bic"):
                self.totals.unnamed += 1
            elif part.fields or payment.transaction is not None:
                yield self._party(raw, payment, part)
            if address := part.of("address"):
                # Lines of one address are read as one text: a name may go over two.
                joined = replace(address[0], text=", ".join(item.text for item in address))
                yield self._text(raw, payment, f"{part.role} address", joined)
            for item in part.of("contact", "other-id"):
                yield self._text(raw, payment, f"{part.role} {item.kind}", item)

    def _party(self, raw: RawFile, payment: Payment, part: PaymentPart) -> PaymentAnswer:
        shown = next(iter(part.of("name") or part.of("bic", "iban", "account", "document") or part.fields), None)
        place = _source(raw, shown, payment)
        query = self._query(part, place, _reference(payment))
        key = (query.schema, query.names, query.birth_dates, tuple(item.key for item in query.identifiers))
        if key in self._clear:
            screened = Screened(query, self.index.lists, self.threshold, ())
        else:
            screened = self.index.screen(query, self.threshold)
            if not screened.matches and len(self._clear) < _MAX_CLEARS:
                self._clear[key] = None
        if screened.matches:
            named = [(match, _fields_of(match, part)) for match in screened.matches]
            shown = next(iter(named[0][1]), shown)
            matches = tuple(_placed(match, part.role, found, raw, payment) for match, found in named)
            screened = replace(screened, matches=matches)
        return self._answer(raw, payment, part.role, shown, screened, _notes(part, raw, payment))

    def _query(self, part: PaymentPart, place: Source, reference: str) -> Query:
        self._row += 1
        party, held, problems = _entities(part, place, reference)
        query = Query.of_entities(party, held, self._row)
        if bics := part.of("bic"):
            found = (*query.identifiers, *(item for bic in bics for item in bic_identifiers(bic.text)))
            query = replace(query, identifiers=unique(found))
        return replace(query, problems=(*query.problems, *problems)) if problems else query

    def _text(self, raw: RawFile, payment: Payment, role: str, item: PaymentField) -> PaymentAnswer:
        self._row += 1
        if self._texts is None:
            self._texts = TextScreener.build(self.index)
        place = _source(raw, item, payment)
        if (item.text,) in self._clear:
            query = Query(self._row, _reference(payment), item.text, "Thing", (), source=place)
            screened = Screened(query, self.index.lists, self.threshold, ())
        else:
            screened = self._texts.screen(item.text, self._row, _reference(payment), place, self.threshold)
            short = len(item.text) <= 200 and screened.query.error is None
            if short and not screened.matches and len(self._clear) < _MAX_CLEARS:
                self._clear[(item.text,)] = None
        if screened.matches:
            matches = tuple(_placed(match, role, (item,), raw, payment) for match in screened.matches)
            screened = replace(screened, matches=matches)
        return self._answer(raw, payment, role, item, screened, ())

    def _answer(
        self,
        raw: RawFile,
        payment: Payment,
        role: str,
        shown: PaymentField | None,
        screened: Screened,
        notes: tuple[Evidence, ...],
    ) -> PaymentAnswer:
        self.totals.fields += 1
        self.totals.hits += bool(screened.matches)
        self.totals.notes += bool(notes)
        self.totals.problems += screened.query.error is not None
        return PaymentAnswer(raw.name, payment, role, shown, screened, notes)

    def _rejected(self, raw: RawFile, rejected: Rejected) -> PaymentAnswer:
        self._row += 1
        if isinstance(rejected, RejectedField):
            self.totals.problems += 1
        else:
            self.totals.rejected += 1
        where = "" if rejected.locator.startswith("line ") else f"{rejected.locator}: "
        problem = f"{where}{rejected.reason}; {rejected.remedy}"
        place = Source(raw.name, rejected.locator, raw.sha256)
        query = Query(self._row, "", rejected.raw, "Thing", (), source=place, problems=(problem,))
        screened = Screened(query, self.index.lists, self.threshold, ())
        return PaymentAnswer(raw.name, None, "", None, screened, line=rejected.line)


def _reference(payment: Payment) -> str:
    """What the record is called in the message: the end-to-end reference, else message and number."""
    if payment.end_to_end and payment.end_to_end != "NOTPROVIDED":
        return payment.end_to_end
    return f"{payment.message}/{payment.transaction}" if payment.transaction is not None else payment.message


def _source(raw: RawFile, item: PaymentField | None, payment: Payment) -> Source:
    """The place of a field: message, element or tag, line."""
    path = f"{payment.format} {payment.message}".strip()
    if item is not None:
        path += f", {item.path}" + (f", line {item.line}" if item.line is not None else "")
    return Source(raw.name, path, raw.sha256)


def _entities(part: PaymentPart, place: Source, reference: str) -> tuple[Entity, list[Entity], list[str]]:
    """The party as an entity, the accounts it holds, and what could not be used."""
    schema = "Organization" if part.kind == "agent" else "LegalEntity"
    if part.kind == "party":
        if part.of("birth-date", "birth-place", "document"):
            schema = "Person"
        elif part.of("bic", "lei"):
            schema = "Organization"
    party, held, problems = EntityBuilder(reference, schema), [], []
    first, *others = [item.text for item in part.of("name")] or [""]
    party.add("name", first)
    party.add("alias", others)
    for item in part.fields:
        if item.kind in ("bic", "iban") and normalise(item.kind, item.text) is None:
            problems.append(f"{item.path}: not {'a BIC' if item.kind == 'bic' else 'an IBAN'}: {item.text[:40]!r}")
        elif item.kind in _PROPERTIES:
            party.add(_PROPERTIES[item.kind], item.text)
        elif item.kind in ("iban", "account"):
            for kind, schema_held, prop in (("iban", "BankAccount", "iban"), ("wallet", "CryptoWallet", "publicKey")):
                if normalise(kind, item.text) is not None:
                    account = EntityBuilder(f"{reference}-{item.path}", schema_held)
                    account.add(prop, item.text)
                    held.append(account.build(source=place))
                    break
    return party.build(source=place), held, problems


def _fields_of(match: Match, part: PaymentPart) -> tuple[PaymentField, ...]:
    """The fields of the message that a match rests on, the name first where it is alike."""
    found: list[PaymentField] = []
    if any(item.statement.startswith("name ") for item in match.evidence if item.bits is not None):
        found += part.of("name")[:1]
    theirs = {item.weight: item for item in match.listed.identifiers}
    for weight, kinds in _FIELDS_OF.items():
        if weight in theirs:
            values = {item.value for item in match.listed.identifiers if item.weight == weight}
            found += [item for item in part.of(*kinds) if _is_one_of(item.text, weight, values)]
    if match.listed.birth_dates:
        found += part.of("birth-date")
    return tuple(dict.fromkeys(found))


def _is_one_of(text: str, weight: str, values: set[str]) -> bool:
    kind = {"id.document": "national-id"}.get(weight, weight.removeprefix("id."))
    value = normalise(kind, text)
    return value is not None and (value in values or (kind == "bic" and value[:8] in values))


def _placed(match: Match, role: str, found: tuple[PaymentField, ...], raw: RawFile, payment: Payment) -> Match:
    """The match with the place of each field that it rests on."""
    places = tuple(
        Evidence(f"in the payment, {role}: {item.text[:200]}", _source(raw, item, payment)) for item in found
    )
    return replace(match, evidence=(*match.evidence, *places))


def _notes(part: PaymentPart, raw: RawFile, payment: Payment) -> tuple[Evidence, ...]:
    """Facts about a bank: that it is in the DPRK. Where a person lives or was born is no signal and gives none."""
    notes = []
    for item in part.fields:
        if item.kind == "bic" and (bic := normalise("bic", item.text)) is not None and bic[4:6] == "KP":
            statement = f"a bank in the DPRK: the country of BIC {item.text} is KP"
        elif item.kind == "iban" and item.text.strip()[:2].upper() == "KP":
            statement = f"an account in the DPRK: the country of IBAN {item.text[:40]} is KP"
        elif part.kind == "agent" and item.kind == "country" and item.text.strip().upper() == "KP":
            statement = "a bank in the DPRK: the country of its address is KP"
        else:
            continue
        notes.append(Evidence(statement, _source(raw, item, payment)))
    return tuple(notes)
