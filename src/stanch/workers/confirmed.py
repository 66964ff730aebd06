"""The list of confirmed cases that a user brings: identifiers, or engagements, known to be DPRK workers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stanch.exc import InputError
from stanch.model import Source
from stanch.sources.base import Record, Rejected
from stanch.sources.raw import RawFile
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
    """Read a CSV of kind,value,source. A row that names no usable identifier is rejected, the others are kept.

    `kind` is one of KINDS or "engagement"; an "account" is written PLATFORM:ACCOUNT.

    Raises:
        InputError: a column is missing, or there are no rows.
    """
    reader = csv.reader(line for _, line in raw.lines())
    header = [name.strip().lower() for name in next(reader, [])]
    for column in COLUMNS:
        if column not in header:
            raise InputError(
                f'no column "{column}"', file=raw.name, line=1, remedy=f"the header must be {','.join(COLUMNS)}"
            )
    positions = [header.index(column) for column in COLUMNS]
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        line = reader.line_num
        kind, value, case = (cells[at].strip() if at < len(cells) else "" for at in positions)
        locator = f"line {line}"
        form = value if kind == ENGAGEMENT else normal_form(kind, value) if kind in KINDS else None
        if not form or not case:
            reason, remedy = _reason(kind, case)
            yield Rejected(locator, line, ",".join(cells)[:4000], reason, remedy)
            continue
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


def _reason(kind: str, case: str) -> tuple[str, str]:
    if kind not in (ENGAGEMENT, *KINDS):
        return f"unknown kind {kind[:40]!r}", f"use {', '.join((ENGAGEMENT, *KINDS))}"
    if not case:
        return "no source: who confirmed it?", "name the case or the publisher"
    return "the value is empty, a placeholder, or not of its kind", "correct the value"
