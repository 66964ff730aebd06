from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from stanch.model import Clear, Engagement, Finding, Login, Payout
from stanch.workers import CLAIM, DETECTOR, Context, findings, vet

Make = Callable[..., Engagement]


def ring(make: Make) -> list[Engagement]:
    return [make(n, payouts=(Payout(iban="RING000123"),), devices=("fp-ring-1",)) for n in range(3)] + [make(9)]


def test_one_record_an_engagement_in_order(make: Make) -> None:
    records = findings(vet(ring(make)))
    assert [type(record) for record in records] == [Finding] * 3 + [Clear]
    assert [record.subject.id for record in records] == ["e0", "e1", "e2", "e9"]


def test_finding_says_what_it_does_not_show_and_where_it_stands(make: Make) -> None:
    finding = findings(vet(ring(make)))[0]
    assert isinstance(finding, Finding)
    assert (finding.detector, finding.version, finding.claim, finding.object) == (DETECTOR, 1, CLAIM, "")
    assert finding.subject.schema == "Person"
    last = finding.evidence[-1]
    assert last.statement.startswith("What this does not show:")
    assert last.source.locator == "line 0"


def test_finding_lists_what_could_not_be_checked(make: Make) -> None:
    finding = findings(vet(ring(make)))[0]
    assert isinstance(finding, Finding)
    assert any("Could not be checked" in item.statement and "I19" in item.statement for item in finding.evidence)


def test_second_run_gives_the_same_ids(make: Make) -> None:
    first, second = (findings(vet(ring(make)))[0] for _ in range(2))
    assert isinstance(first, Finding)
    assert isinstance(second, Finding)
    assert (first.key, first.id) == (second.key, second.id)


def test_key_stays_when_another_member_joins(make: Make) -> None:
    few, many = findings(vet(ring(make)[:2]))[0], findings(vet(ring(make)))[0]
    assert isinstance(few, Finding)
    assert isinstance(many, Finding)
    assert few.key == many.key
    assert few.id != many.id


def test_watch_note_is_no_finding(make: Make) -> None:
    records = findings(vet([make(n, devices=("fp-shared-1",)) for n in range(2)]))
    assert all(isinstance(record, Clear) for record in records)


def test_as_of_is_the_latest_trace_else_the_start_else_the_newest_of_the_file(make: Make) -> None:
    late = datetime(2026, 6, 1, tzinfo=UTC)
    rows = [
        make(1, logins=(Login(datetime(2026, 5, 1, tzinfo=UTC)), Login(late))),
        make(2, logins=()),
        make(3, logins=(), start=None),
    ]
    assert [record.as_of for record in findings(vet(rows))] == [late, datetime(2025, 3, 1, tzinfo=UTC), late]


def test_clear_changes_with_what_it_rests_on(make: Make) -> None:
    rows = [make(1)]
    context = Context(base_rate=1 / 5000)
    first, second = findings(vet(rows))[0], findings(vet(rows, context), context)[0]
    assert isinstance(first, Clear)
    assert isinstance(second, Clear)
    assert first.inputs != second.inputs


def test_repeated_id_gives_one_record(make: Make) -> None:
    assert len(findings(vet([make(1), make(1)]))) == 1
