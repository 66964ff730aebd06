"""Screening answers as findings: the claim "designated" (by whom), or a clear."""

from __future__ import annotations

from datetime import UTC, date, datetime

from stanch.model import Clear, Evidence, Finding, Subject, content_hash, start_of
from stanch.screening.match import Match, Screened
from stanch.screening.query import Query
from stanch.sources.programmes import is_dprk

DETECTOR = "screening.designated"
VERSION = 1

#: List → what a match with it claims.
CLAIMS = {"un": "designated", "ofac": "designated-by-us"}


def findings(screened: Screened) -> tuple[Finding, ...] | Clear:
    """One finding for each match of a screened record, else a clear that says what was looked at.

    `as_of` is the date of the lists (the latest of those a match rests on), so the same data gives the same ids.
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
        headline=f"{subject.name} may be {match.name}, listed by {lists} ({match.entity_id}): {_reason(match)}",
        probability=match.probability,
        amount=None,
        evidence=(*match.evidence, record),
        as_of=_as_of(screened, match),
    )


def _claim(match: Match) -> str:
    """What follows in law hangs on who listed the party and why: only the Security Council's listing binds every
    state, and the tables hold the law of the DPRK regimes only."""
    if any(name in CLAIMS for name in match.listed.lists) and not is_dprk(match.listed.entity):
        return "designated-elsewhere"
    return next((claim for name, claim in CLAIMS.items() if name in match.listed.lists), "designated-by-state")


def _reason(match: Match) -> str:
    """The heaviest piece of evidence in few words: "the same wallet address", "name alike"."""
    heaviest = max(match.evidence, key=lambda item: -1e9 if item.bits is None else item.bits)
    return heaviest.statement.split(":")[0].split(" (")[0]


def _as_of(screened: Screened, match: Match | None) -> datetime:
    """The latest date of the lists in question; 1900 when no list has a date."""
    chosen = [item for item in screened.lists if match is None or item.name in match.listed.lists] or screened.lists
    dates = [date.fromisoformat(item.date[:10]) for item in chosen if item.date]
    return start_of(max(dates)) if dates else datetime(1900, 1, 1, tzinfo=UTC)
