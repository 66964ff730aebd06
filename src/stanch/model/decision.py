"""Decisions: what a reviewer said of a finding, on which records, until when; and whether that still holds."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from stanch.model.entity import Entity
from stanch.model.times import format_time

#: Longest reason and longest name of a reviewer, in characters.
MAX_REASON = 2_000
MAX_REVIEWER = 200
#: A decision that is to hold for longer is taken for a typing error.
MAX_YEARS = 10

#: Signs that make a spreadsheet run a text as a formula; CSV puts an apostrophe before them.
_FORMULA = tuple("=+-@")
_BIDI = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
#: Changes and letters shown of what changed: enough to see whether to look again.
_SHOWN = 6
_WIDTH = 60


class Verdict(StrEnum):
    """What a reviewer can say of a finding."""

    NOT_SAME_PERSON = "not-same-person"


class DecisionState(StrEnum):
    """Whether a decision counts. Only one that is in force hides a finding."""

    IN_FORCE = "in-force"
    EXPIRED = "expired"
    REOPENED = "reopened"
    REVOKED = "revoked"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a reviewer says: why, who, and the last day (UTC) on which it holds; None leaves that to the settings.

    Texts are kept on one line, without leading apostrophe before a formula sign (CSV adds it).

    Raises:
        ValueError: a text without a word, too long, or with control or bidirectional signs.
    """

    reason: str
    reviewer: str
    expires: date | None = None
    verdict: Verdict = Verdict.NOT_SAME_PERSON

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", one_line(self.reason, "reason", MAX_REASON))
        object.__setattr__(self, "reviewer", one_line(self.reviewer, "reviewer", MAX_REVIEWER))


def one_line(text: str, what: str, longest: int) -> str:
    """A text by a person, on one line, fit to be stored and shown.

    Raises:
        ValueError: no word in it, longer than `longest` characters, or signs that would hide or repaint text.
    """
    if len(text) > 2 * longest:  # not worth cleaning
        raise ValueError(f"the {what} is longer than {longest:,} characters")
    text = " ".join(text.split())
    while text[:1] == "'" and text[1:2] in _FORMULA:
        text = text[1:]
    if not any(char.isalnum() for char in text):
        raise ValueError(f"no {what} is given" if not text else f"the {what} has no word in it")
    if len(text) > longest:
        raise ValueError(f"the {what} is longer than {longest:,} characters")
    if any(unicodedata.category(char) in ("Cc", "Cs") or unicodedata.bidirectional(char) in _BIDI for char in text):
        raise ValueError(f"the {what} holds control or bidirectional signs")
    return text


def check_expiry(day: date, today: date) -> date:
    """Return `day` when a decision made today can hold until then.

    Raises:
        ValueError: it is past, or more than MAX_YEARS ahead.
    """
    if day < today:
        raise ValueError(f"the expiry {day} is past")
    if day.year > today.year + MAX_YEARS:
        raise ValueError(f"the expiry {day} is more than {MAX_YEARS} years ahead")
    return day


@dataclass(frozen=True, slots=True)
class Decision:
    """A ruling on the finding with this `key`, as it was under `finding_id`, and the two records it was made on.

    `listed` is the listed entry with what it holds, `customer` the customer's record with wallets and accounts, both
    as they stood; the hashes tell whether they still stand so.
    """

    id: str
    key: str
    finding_id: str
    subject_id: str
    object: str
    ruling: Ruling
    expires: date
    decided_at: datetime
    listed: tuple[Entity, ...]
    listed_hash: str
    customer: tuple[Entity, ...]
    customer_hash: str


@dataclass(frozen=True, slots=True)
class Revocation:
    """That a decision was taken back: why, by whom, when."""

    reason: str
    reviewer: str
    revoked_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision with its state as computed today, and in words why it is not (or no longer) in force."""

    decision: Decision
    state: DecisionState
    why: tuple[str, ...] = ()
    revocation: Revocation | None = None

    def to_json(self) -> dict[str, Any]:
        """As printed; every key always present."""
        made, gone = self.decision, self.revocation
        return {
            "id": made.id,
            "finding": made.key,
            "finding_id": made.finding_id,
            "verdict": made.ruling.verdict.value,
            "state": self.state.value,
            "why": list(self.why),
            "reason": made.ruling.reason,
            "reviewer": made.ruling.reviewer,
            "decided_at": format_time(made.decided_at),
            "expires": made.expires.isoformat(),
            "subject_id": made.subject_id,
            "subject_name": made.customer[0].caption if made.customer else made.subject_id,
            "listed_id": made.object,
            "listed_name": made.listed[0].caption if made.listed else made.object,
            "revoked_at": None if gone is None else format_time(gone.revoked_at),
            "revoked_by": None if gone is None else gone.reviewer,
            "revoked_because": None if gone is None else gone.reason,
        }


def changes(before: Sequence[Entity], after: Sequence[Entity]) -> tuple[str, ...]:
    """In words, what differs between two versions of a record and what it holds; the first few, then how many more."""
    old, new = _values(before), _values(after)
    told: list[str] = []
    for name in sorted(old.keys() | new.keys()):
        had, has = old.get(name, ()), new.get(name, ())
        told += [f"{name} + {_cut(value)}" for value in has if value not in had]
        told += [f"{name} − {_cut(value)}" for value in had if value not in has]
        if set(had) == set(has) and had != has:
            told.append(f"{name}: another order")
    more = len(told) - _SHOWN
    return (*told[:_SHOWN], f"{more} more") if more > 0 else tuple(told)


def _values(entities: Sequence[Entity]) -> Mapping[str, tuple[str, ...]]:
    """Property → values. What a party holds (a wallet, a passport) counts as its own; the pointer to it does not."""
    found: dict[str, tuple[str, ...]] = {}
    main = entities[0].id if entities else ""
    for entity in entities:
        said = {"list": tuple(sorted(entity.datasets)), **entity.properties}
        if entity.id == main:
            said["schema"] = (entity.schema,)
        else:
            said.pop("list")
        for name, values in said.items():
            if name == "holder" and main in values:
                continue
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *values)))
    return found


def _cut(value: str) -> str:
    return value if len(value) <= _WIDTH else value[:_WIDTH] + "…"
