from __future__ import annotations

from decimal import Decimal

from tracing_oracle import account, ledger_of

from stanch.model import Label, Subject
from stanch.tracing import Boundary, Seed, findings, trace

ROWS = [("v", "a", 500), ("a", "x", 400), ("a", "b", 599), ("a", "c", 1), ("w", "b", 1), ("b", "d", 20)]
LABELS = [Label(account("x"), "X Exchange", "exchange", "tags.yaml", sha256="cd" * 32, locator="tag 4")]


def found(rows=ROWS, **options):
    result = trace([ledger_of(rows, name="t.csv")], [Seed(account("a"))], Boundary.of(LABELS), theft_id="t")
    return findings(result, "t", "The Theft", **options)


def test_services_and_large_holders_are_found_and_small_ones_are_not() -> None:
    subjects = [finding.subject.id for finding in found()]
    assert subjects == [str(account("b")), str(account("x")), str(account("d"))]


def test_a_finding_carries_rows_label_and_books() -> None:
    finding = next(one for one in found() if one.subject.id == str(account("x")))
    assert (finding.detector, finding.version, finding.claim) == ("tracing.stolen-funds", 1, "stolen-funds")
    assert finding.subject.name == "X Exchange"
    assert finding.amount is not None
    assert finding.amount.value == 400
    places = [(evidence.source.name, evidence.source.locator) for evidence in finding.evidence]
    assert places == [("t.csv", "line 3"), ("tags.yaml", "tag 4"), ("t.csv", "whole file")]
    assert "500 seen to arrive" in finding.evidence[-1].statement


def test_the_largest_rows_come_first_and_are_ten_at_most() -> None:
    rows = [("a", "b", amount) for amount in range(1, 16)]
    (finding,) = found(rows)
    lines = [evidence.source.locator for evidence in finding.evidence[:-1]]
    assert lines == [f"line {line}" for line in range(16, 6, -1)]


def test_a_customer_is_found_by_what_arrived_though_little_is_left() -> None:
    watch = {account("c"): Subject("Person", "c-1", "A Customer")}
    rows = [*ROWS, ("c", "e", 1)]
    finding = next(one for one in found(rows, watch=watch) if one.subject.id == "c-1")
    assert finding.amount is not None
    assert finding.amount.value == 1
    assert "100.0% of its inflow" in finding.headline


def test_a_watched_account_is_reported_once_about_its_owner() -> None:
    watch = {account("x"): Subject("Company", "c-2", "X")}
    about = [one.subject.id for one in found(watch=watch)]
    assert about.count("c-2") == 1
    assert str(account("x")) not in about


def test_dust_sent_to_a_customer_raises_nothing() -> None:
    watch = {account("c"): Subject("Person", "c-1", "A Customer")}
    rows = [("v", "c", 10_000), ("a", "b", 1_000), ("a", "c", 1)]
    assert [one.subject.id for one in found(rows, watch=watch)] == [str(account("b"))]


def test_the_same_data_gives_the_same_ids() -> None:
    assert [one.id for one in found()] == [one.id for one in found()]


def test_the_share_that_makes_a_holder_is_a_parameter() -> None:
    assert len(found(holder_share=Decimal("0.5"))) == 2
