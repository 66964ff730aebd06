"""Decisions on findings: kept for good, under the key of the finding; whether one holds is computed when asked.

A decision rests on two records, the listed entry and the customer's. While both are as they were, it stands, whatever
lists are loaded around it. When one changes, the finding comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, select

from stanch.model import Entity
from stanch.model.decision import Decision, DecisionState, Revocation, Ruling, Standing, Verdict, changes
from stanch.workspace import schema
from stanch.workspace.held_records import NOTHING, Held, as_held, customers, listed_entries
from stanch.workspace.records import batched, unpack

_T, _F = schema.decision, schema.finding


def standings(connection: Connection, today: date, keys: Iterable[str] | None = None) -> list[Standing]:
    """Every decision ever made (under these keys), oldest first, with its state today."""
    made, revoked = _rows(connection, keys)
    latest = {decision.key: decision.id for decision in made}
    open_ = [one for one in made if one.id not in revoked and latest[one.key] == one.id]
    entries = listed_entries(connection, {one.object for one in open_})
    records = customers(connection, (one.subject_id for one in open_))
    found = []
    for one in made:
        if one.id in revoked:
            gone = revoked[one.id]
            why = f"taken back by {gone.reviewer} on {gone.revoked_at:%Y-%m-%d}: {gone.reason}"
            found.append(Standing(one, DecisionState.REVOKED, (why,), gone))
        elif latest[one.key] != one.id:
            found.append(Standing(one, DecisionState.REPLACED, ("a later decision stands in its place",)))
        else:
            now = as_held(entries.get(one.object, ()))
            found.append(_standing(one, today, now, records.get(one.subject_id, NOTHING)))
    return found


def _standing(decision: Decision, today: date, listed: Held, customer: Held) -> Standing:
    why: list[str] = []
    away = ""
    if not listed.entities:
        # It raises no finding while it is away. Should it come back as it was, the decision holds as before.
        away = f"{decision.object} stands on no current list"
    elif listed.hash != decision.listed_hash:
        why.append(f"the listed entry {decision.object} changed: {_told(decision.listed, listed)}")
    if customer.hash != decision.customer_hash:
        told = _told(decision.customer, customer) if customer.entities else "it is gone"
        why.append(f"the record of {decision.subject_id} changed: {told}")
    if decision.expires < today:
        return Standing(decision, DecisionState.EXPIRED, (f"expired on {decision.expires}", *why))
    if why:
        return Standing(decision, DecisionState.REOPENED, tuple(why))
    return Standing(decision, DecisionState.IN_FORCE, (away,) if away else ())


def _told(before: Sequence[Entity], now: Held) -> str:
    # The same words twice are a change as well: an id that now stands on two lists.
    return "; ".join(changes(before, now.entities)) or f"{len(before)} records then, {len(now.entities)} now"


def current(connection: Connection, today: date, keys: Iterable[str] | None = None) -> dict[str, Standing]:
    """Key of a finding → the last decision under it."""
    return {standing.decision.key: standing for standing in standings(connection, today, keys)}


def with_decisions(connection: Connection, found: Sequence[Mapping[str, Any]], today: date) -> list[dict[str, Any]]:
    """Findings as JSON objects with one key more: `decision`, the last one on it, or None."""
    last = current(connection, today, (item["key"] for item in found))
    return [{**item, "decision": last[item["key"]].to_json() if item["key"] in last else None} for item in found]


def is_decided(found: Mapping[str, Any]) -> bool:
    """Whether a decision in force stands on a finding (as `with_decisions` gives it), so that it need not be shown."""
    return found["decision"] is not None and found["decision"]["state"] == DecisionState.IN_FORCE


def count_decided(connection: Connection, today: date) -> int:
    """How many open findings a decision in force stands on."""
    open_ = _F.c.superseded_by.is_(None) & _F.c.withdrawn_at.is_(None)
    keys = connection.execute(select(_F.c.key).where(open_, _F.c.key.in_(select(_T.c.key)))).scalars().all()
    return sum(one.state == DecisionState.IN_FORCE for one in current(connection, today, keys).values())


def _rows(connection: Connection, keys: Iterable[str] | None) -> tuple[list[Decision], dict[str, Revocation]]:
    """Decisions in the order in which they were made, and the revocations by the id of what they take back."""
    made: list[Decision] = []
    revoked: dict[str, Revocation] = {}
    for row in _chosen(connection, keys):
        if row.revokes is not None:
            revoked[row.revokes] = Revocation(row.reason, row.reviewer, row.decided_at)
            continue
        expires = date.fromisoformat(row.expires)
        made.append(
            Decision(
                id=row.id,
                key=row.key,
                finding_id=row.finding_id,
                subject_id=row.subject_id,
                object=row.object,
                ruling=Ruling(row.reason, row.reviewer, expires, Verdict(row.verdict)),
                expires=expires,
                decided_at=row.decided_at,
                listed=unpack(row.listed, tuple[Entity, ...]),
                listed_hash=row.listed_hash,
                customer=unpack(row.customer, tuple[Entity, ...]),
                customer_hash=row.customer_hash,
            )
        )
    return made, revoked


def _chosen(connection: Connection, keys: Iterable[str] | None) -> Iterator[Row[Any]]:
    query = select(_T).order_by(_T.c.seq)
    if keys is None:
        yield from connection.execute(query)
        return
    if connection.execute(select(func.count()).select_from(_T)).scalar_one() == 0:
        return
    for some in batched(sorted(set(keys)), 500):
        yield from connection.execute(query.where(_T.c.key.in_(some)))
