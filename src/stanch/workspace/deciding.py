"""Making decisions and taking them back: which finding is meant, whether its records are still those that were seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from stanch.exc import InputError, NotFoundError, StanchError
from stanch.model import content_hash, now_utc
from stanch.model.decision import Decision, DecisionState, Ruling, Standing, check_expiry
from stanch.workspace import findings, schema
from stanch.workspace.decisions import current, standings
from stanch.workspace.held_records import NOTHING, Entry, Held, as_held, customers, listed_entries
from stanch.workspace.records import pack

if TYPE_CHECKING:
    from stanch.workspace.workspace import Workspace

_T, _F = schema.decision, schema.finding
#: Detectors whose findings say that a record and an entry of a list are one; of no other can one say "not the same".
SCREENING = "screening."
#: Longer than any id.
_LONGEST_ID = 64


@dataclass(frozen=True, slots=True)
class Draft:
    """A ruling and the finding it is for: id or key, or their unique first digits. `place` says where it stands."""

    finding: str
    ruling: Ruling
    place: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a draft; `already` means that this very decision stood there, and nothing was added."""

    standing: Standing
    already: bool = False


def decide(
    workspace: Workspace, drafts: Sequence[Draft], by_hand: bool = True, now: datetime | None = None
) -> list[Decided | StanchError]:
    """Write decisions down, in one transaction; one answer a draft, in order.

    Args:
        by_hand: a person looks at these findings now: all are decided or none, and a decision that has lapsed may be
            made again in the same words. Otherwise, as from a file, good drafts are kept and the errors of the others
            given back, and a lapsed decision is not repeated: a file read every night would wave changes through.

    Raises:
        StanchError: of the first draft that cannot be, when by hand.
    """
    with workspace.writing() as connection:
        answers = _decide(connection, drafts, now or now_utc(), workspace.settings.decision_days, by_hand)
        for answer in answers:
            if by_hand and isinstance(answer, StanchError):
                raise answer
    return answers


def _decide(
    connection: Connection, drafts: Sequence[Draft], now: datetime, days: int, by_hand: bool
) -> list[Decided | StanchError]:
    targets = [_target_or_error(connection, draft) for draft in drafts]
    rows = [row for row in targets if not isinstance(row, StanchError)]
    entries = listed_entries(connection, {row.object for row in rows}, current=False)
    records = customers(connection, (row.subject_id for row in rows))
    last = current(connection, now.date(), (row.key for row in rows))
    answers: list[Decided | StanchError] = []
    for draft, row in zip(drafts, targets, strict=True):
        if isinstance(row, StanchError):
            answers.append(row)
            continue
        seen, customer = entries.get(row.object, []), records.get(row.subject_id, NOTHING)
        try:
            known = last.get(row.key)
            if known is not None and _same(known.decision, draft.ruling):
                if known.state is DecisionState.IN_FORCE:
                    answers.append(Decided(known, already=True))
                    continue
                if not by_hand:
                    raise _lapsed(known)
            _check_fresh(connection, row, seen, customer)
            expires = _expiry(draft.ruling, now.date(), days)
        except StanchError as err:
            answers.append(_at(draft, err))
            continue
        before = "" if known is None else known.decision.id
        decision = _decision(row, draft.ruling, expires, now, as_held(seen), customer, before)
        connection.execute(_T.insert().values(_values(decision)))
        last[row.key] = Standing(decision, DecisionState.IN_FORCE)
        answers.append(Decided(last[row.key]))
    return answers


def revoke(workspace: Workspace, findings_: Sequence[str], why: Ruling, now: datetime | None = None) -> list[Standing]:
    """Take back the decisions on these findings (id, key, or first digits), all of them or none.

    Raises:
        NotFoundError: no such finding.
        InputError: there is no decision on it, or it was taken back before.
    """
    with workspace.writing() as connection:
        return _revoke(connection, findings_, why, now or now_utc())


def history(workspace: Workspace, finding: str) -> list[Standing]:
    """Every decision ever made on one finding (id, key, or first digits), oldest first.

    Raises:
        NotFoundError: no such finding.
    """
    with workspace.reading() as connection:
        return standings(connection, now_utc().date(), [_key_of(connection, finding)])


def _revoke(connection: Connection, findings_: Sequence[str], why: Ruling, now: datetime) -> list[Standing]:
    keys = list(dict.fromkeys(_key_of(connection, text) for text in findings_))
    last = current(connection, now.date(), keys)
    for key in keys:
        known = last.get(key)
        if known is None:
            raise InputError(f"there is no decision on finding {key[:10]}", remedy="see: stanch decisions list")
        if known.revocation is not None:
            raise InputError(f"the decision on finding {key[:10]} was {known.why[0]}", remedy="nothing to take back")
        made = known.decision
        values = {
            "key": key, "finding_id": made.finding_id, "verdict": "revoked", "reason": why.reason,
            "reviewer": why.reviewer, "decided_at": now, "revokes": made.id, "subject_id": made.subject_id,
            "object": made.object,
        }  # fmt: skip
        connection.execute(_T.insert().values(id=content_hash(values), **values))
    after = current(connection, now.date(), keys)
    return [after[key] for key in keys]


def _key_of(connection: Connection, id_or_key: str) -> str:
    """The key of a finding, also of one that is no longer open."""
    wanted = _cleaned(id_or_key)
    exact = select(_F.c.key).where((_F.c.id == wanted) | (_F.c.key == wanted)).limit(1)
    known = connection.execute(exact).scalar()
    if known is None and wanted and wanted.isalnum():
        started = connection.execute(select(_T.c.key).where(_T.c.key.startswith(wanted)).distinct().limit(2)).scalars()
        keys = started.all()
        known = keys[0] if len(keys) == 1 else None
    return known if known is not None else str(findings.find(connection, wanted)["key"])


def _cleaned(id_or_key: str) -> str:
    text = id_or_key.strip().lower()
    if len(text) > _LONGEST_ID:
        raise NotFoundError(f"{text[:20]!r}… is not a finding id; list them with: stanch findings")
    return text


def _target_or_error(connection: Connection, draft: Draft) -> Any:
    try:
        return _target(connection, _cleaned(draft.finding))
    except StanchError as err:
        return _at(draft, err)


def _at(draft: Draft, err: StanchError) -> StanchError:
    """The error with the line of the file that it is about."""
    if draft.place is None:
        return err
    return InputError(str(err), file=draft.place[0], line=draft.place[1])


def _target(connection: Connection, text: str) -> Any:
    """The open finding named by id, key or their unique first digits.

    Raises:
        NotFoundError: none, or several.
        InputError: it is closed, or does not come of screening.
    """
    columns = (_F.c.id, _F.c.key, _F.c.detector, _F.c.object, _F.c.subject_id, _F.c.content)
    query = select(*columns)
    open_ = _F.c.superseded_by.is_(None) & _F.c.withdrawn_at.is_(None)
    row = connection.execute(query.where((_F.c.key == text) & open_)).first()
    if row is None:
        exact = connection.execute(select(_F.c.id).where(_F.c.id == text)).scalar()
        row = connection.execute(query.where(_F.c.id == (exact or findings.find(connection, text)["id"]))).one()
    state = findings.state(connection, row.id)
    if state != "open":
        raise InputError(f"finding {row.id[:10]} is {state}", remedy="decide on one that is open: stanch findings")
    if not row.detector.startswith(SCREENING):
        raise InputError(
            f'finding {row.id[:10]} is of {row.detector}; "not the same person" is said of matches with a list only',
            remedy="list those with: stanch findings --detector screening.designated",
        )
    return row


def _check_fresh(connection: Connection, row: Any, entries: Sequence[Entry], customer: Held) -> None:
    """Refuse to decide on a finding whose records have changed since it was made: the reviewer has not seen them."""
    c = schema.checked
    query = select(c.c.content).where(c.c.detector == row.detector, c.c.subject_id == row.subject_id)
    checked = connection.execute(query).scalar()
    files = {item["source"]["sha256"] for item in row.content["evidence"]}
    seen = {one.fingerprint for one in entries if (at := one.entities[0].source) is not None and at.sha256 in files}
    now = {one.fingerprint for one in entries if one.is_current}
    what = ""
    if checked is not None and customer.hash != checked:
        what = "the customer's record"
    elif not now or (seen and not seen & now):
        what = "the listed entry"
    if what:
        problem = f"{what} changed since finding {row.id[:10]} was made"
        raise InputError(problem, remedy="run: stanch check, and look again")


def _expiry(ruling: Ruling, today: date, days: int) -> date:
    try:
        return check_expiry(ruling.expires or today + timedelta(days=days), today)
    except ValueError as err:
        raise InputError(str(err), remedy="give a day from today on, as YYYY-MM-DD") from err


def _same(made: Decision, ruling: Ruling) -> bool:
    """Whether a ruling says what a decision says already; one without a date would have another date every day."""
    said = (made.ruling.verdict, made.ruling.reason, made.ruling.reviewer)
    return said == (ruling.verdict, ruling.reason, ruling.reviewer) and ruling.expires in (None, made.expires)


def _lapsed(known: Standing) -> InputError:
    problem = f"this decision was made before and is {known.state}: {'; '.join(known.why)}"
    return InputError(problem, remedy=f"look again, then: stanch decisions add {known.decision.key[:10]}")


def _decision(
    row: Any, ruling: Ruling, expires: date, now: datetime, listed: Held, customer: Held, before: str
) -> Decision:
    # With the id of the one before on this finding, so that a decision made again is another one.
    said = [before, row.key, row.id, ruling.verdict, ruling.reason, ruling.reviewer, expires, now]
    said += [listed.hash, customer.hash]
    return Decision(
        id=content_hash(said),
        key=row.key,
        finding_id=row.id,
        subject_id=row.subject_id,
        object=row.object,
        ruling=ruling,
        expires=expires,
        decided_at=now,
        listed=listed.entities,
        listed_hash=listed.hash,
        customer=customer.entities,
        customer_hash=customer.hash,
    )


def _values(made: Decision) -> dict[str, Any]:
    own = ("id", "key", "finding_id", "subject_id", "object", "decided_at", "listed_hash", "customer_hash")
    return {name: getattr(made, name) for name in own} | {
        "verdict": made.ruling.verdict.value,
        "reason": made.ruling.reason,
        "reviewer": made.ruling.reviewer,
        "expires": made.expires.isoformat(),
        "listed": pack(made.listed),
        "customer": pack(made.customer),
    }
