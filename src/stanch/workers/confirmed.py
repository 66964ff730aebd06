"""The list of confirmed cases that a user brings: identifiers, or engagements, known to be DPRK workers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stanch.model import Source
from stanch.sources.base import Record, Rejected
from stanch.sources.raw import RawFile
from stanch.sources.records import read_fields
from stanch.sources.rows import reject
from stanch.workers.identifiers import normal_form
from stanch.workers.sharing import Sharing
from stanch.workers.traces import ConfirmedLink, Identifier

COLUMNS = ("kind", "value", "source")
KINDS = ("document", "iban", "wallet", "account", "device", "email", "phone", "address", "ip")
#: Names an engagement of the same records, whose identifiers then all count as confirmed.
ENGAGEMENT = "engagement"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One row: an identifier in normal form, or the id of an engagement; `case` says who confirmed it."""

    kind: str
    value: str
    case: str
    source: Source


def read_confirmed(raw: RawFile) -> Iterator[Record[Confirmed] | Rejected]:
    """Read kind,value,source from CSV or JSON lines. A row without a usable identifier is rejected, the rest is kept.

    `kind` is one of KINDS or "engagement"; an "account" is written PLATFORM:ACCOUNT.

    Raises:
        InputError: not such a file, or a column is missing.
    """
    for row in read_fields(raw, {column: (column,) for column in COLUMNS}, {}, COLUMNS):
        if isinstance(row, Rejected):
            yield row
            continue
        try:
            kind, value, case = (row.text(column) for column in COLUMNS)
            form = _form(kind, value, case)
        except ValueError as err:
            yield reject(row.line, row.raw, str(err), f"write {','.join(COLUMNS)}; see the help of the command")
            continue
        locator = f"line {row.line}"
        yield Record(locator, Confirmed(kind, form, case, Source(raw.name, locator, raw.sha256)))


def confirmed_links(sharing: Sharing, confirmed: Iterable[Confirmed]) -> list[tuple[ConfirmedLink, ...]]:
    """For each engagement, the identifiers it has in common with a confirmed case.

    A confirmed engagement is no evidence against its own person.
    """
    known: dict[Identifier, list[tuple[Confirmed, int | None]]] = {}
    ids = {row.id: index for index, row in enumerate(sharing.engagements)}
    for entry in confirmed:
        if entry.kind != ENGAGEMENT:
            known.setdefault(Identifier(entry.kind, entry.value), []).append((entry, None))
        elif (index := ids.get(entry.value)) is not None:
            for item in sharing.identifiers[index]:
                known.setdefault(item, []).append((entry, sharing.people[index]))
    result = []
    for index, items in enumerate(sharing.identifiers):
        links = [
            ConfirmedLink(item, entry.case, entry.source, sharing.people_with(item))
            for item in items
            for entry, person in known.get(item, ())
            if person != sharing.people[index]
        ]
        result.append(tuple(links))
    return result


def _form(kind: str, value: str, case: str) -> str:
    if kind not in (ENGAGEMENT, *KINDS):
        raise ValueError(f"unknown kind {kind[:40]!r}: not one of {', '.join((ENGAGEMENT, *KINDS))}")
    if not case:
        raise ValueError("no source: who confirmed it?")
    form = value if kind == ENGAGEMENT else normal_form(kind, value)
    if not form:
        raise ValueError(f"the value is empty, a placeholder, or no {kind}")
    return form
