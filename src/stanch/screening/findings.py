"""Screening answers as findings: the claim "designated" (by whom), or a clear."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from stanch.model import Clear, Evidence, Finding, Subject, content_hash, start_of
from stanch.screening.links import Relation
from stanch.screening.listed import ListInfo
from stanch.screening.match import Match, Screened
from stanch.screening.query import Query
from stanch.sources.programmes import is_dprk

DETECTOR = "screening.designated"
VERSION = 2

#: List → what a match with it claims.
CLAIMS = {"un": "designated", "ofac": "designated-by-us"}


def findings(screened: Screened) -> tuple[Finding, ...] | Clear:
    """One finding for each match of a screened record, else a clear that says what was looked at.

    `as_of` is the day since which the lists held say what a match rests on, else the date of the lists. So the same
    data gives the same ids, and a new snapshot that says the same of an entry changes nothing.
    """
    subject = subject_of(screened.query)
    if screened.matches:
        return tuple(_finding(screened, match, subject) for match in screened.matches)
    inputs = [
        sorted((item.name, item.date, item.sha256) for item in screened.lists),
        screened.threshold,
        VERSION,
        [screened.query.place.sha256, screened.query.place.locator],
    ]
    return Clear(DETECTOR, VERSION, subject, content_hash(inputs), _as_of(screened, None))


def subject_of(query: Query) -> Subject:
    """The customer as the subject of a finding."""
    return Subject(
        query.schema, query.input_id or query.text[:200], query.names[0] if query.names else query.text[:200]
    )


def _finding(screened: Screened, match: Match, subject: Subject) -> Finding:
    query = screened.query
    known = [f"name {name}" for name in query.names[:5]]
    known += [f"born {day}" for day in query.birth_dates[:5]]
    known += [item.shown for item in query.identifiers[:5]]
    record = Evidence("the record as received: " + ", ".join(known), query.place)
    lists = ", ".join(name.upper() for name in match.listed.lists) or "a list"
    return Finding(
        detector=DETECTOR,
        version=VERSION,
        subject=subject,
        claim=_claim(match),
        object=match.entity_id,
        headline=_headline(match, subject, lists),
        probability=match.probability,
        amount=None,
        evidence=(*match.evidence, record),
        as_of=_as_of(screened, match),
    )


def _claim(match: Match) -> str:
    """What follows in law hangs on who listed the party and why: only the Security Council's listing binds every
    state, and the tables hold the law of the DPRK regimes only."""
    if match.relation is not None:
        return _claim_by_relation(match.relation)
    if any(name in CLAIMS for name in match.listed.lists) and not is_dprk(match.listed.entity):
        return "designated-elsewhere"
    return next((claim for name, claim in CLAIMS.items() if name in match.listed.lists), "designated-by-state")


def _claim_by_relation(relation: Relation) -> str:
    """Owned and controlled have the law of the regime whose rule says so, for listings of the DPRK regimes; a mere link
    has none."""
    if not relation.regimes:
        return "linked-to-designated"
    if {"un", "us"}.intersection(relation.regimes) and not any(map(is_dprk, relation.listed)):
        return "owned-by-designated-elsewhere"
    if "un" in relation.regimes:
        return "owned-by-designated"
    return "owned-by-designated-by-us" if "us" in relation.regimes else "owned-by-designated-by-state"


def _headline(match: Match, subject: Subject, lists: str) -> str:
    listed = f"{match.name}, listed by {lists} ({match.entity_id})"
    if match.relation is None:
        return f"{subject.name} may be {listed}: {_reason(match)}"
    onward = match.listed.relation
    itself = (
        f"{subject.name} may be" if match.relation == onward else f"{subject.name} may be {_stands(match.relation)}"
    )
    if onward is None:
        return f"{itself} {listed}"
    ends = ", ".join(entity.caption for entity in onward.listed)
    return f"{itself} {match.name} ({match.entity_id}), which is not listed but {_stands(onward)} {ends}"


def _stands(relation: Relation) -> str:
    return "linked to" if relation.kind == "linked" else f"{relation.kind} by"


def _reason(match: Match) -> str:
    """The heaviest piece of evidence in few words: "the same wallet address", "name alike"."""
    heaviest = max(match.evidence, key=lambda item: -1e9 if item.bits is None else item.bits)
    return heaviest.statement.split(":")[0].split(" (")[0]


def _as_of(screened: Screened, match: Match | None) -> datetime:
    """The day since which the entry stands as it does; where that is not known, the latest date of the lists in
    question; 1900 when no list has a date."""
    if match is not None and match.listed.since:
        return start_of(date.fromisoformat(match.listed.since[:10]))
    chosen = [item for item in screened.lists if match is None or item.name in match.listed.lists] or screened.lists
    return date_of(chosen)


def date_of(lists: Iterable[ListInfo]) -> datetime:
    """The latest date of some lists, which a clear is as of; 1900 when none has a date."""
    dates = [date.fromisoformat(item.date[:10]) for item in lists if item.date]
    return start_of(max(dates)) if dates else datetime(1900, 1, 1, tzinfo=UTC)
