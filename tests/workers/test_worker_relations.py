from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.model import Engagement, Payout
from stanch.workers.relations import may_be_one_person, names_differ, payee_differs
from stanch.workers.traces import Relation


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [
        ("Claire Moreau", "claire  MOREAU", Relation.NO),
        ("Moreau, Claire", "Claire Moreau", Relation.NO),
        ("Marek Dvořák", "Marek Dvorak", Relation.NO),
        ("Kim Min-jun", "Kim Minjun", Relation.NO),
        ("Kim Min-jun", "Kim Min-joon", Relation.UNCLEAR),
        ("Grace Hyun-jung Kim", "Grace H. Kim", Relation.UNCLEAR),
        ("C. Moreau", "Claire Moreau", Relation.UNCLEAR),
        ("Mohammed Ali", "Muhammad Aly", Relation.UNCLEAR),
        ("Dmitri Sokolov", "Dmitry Sokolov", Relation.UNCLEAR),
        ("박지훈", "Park Jihoon", Relation.UNCLEAR),
        ("Иван Петров", "Ivan Petrov", Relation.UNCLEAR),
        ("Claire Moreau", "Moreau Consulting Ltd", Relation.UNCLEAR),
        ("Claire Moreau", "Anton Lindqvist", Relation.YES),
        ("Arjun Mehta", "Suresh Mehta", Relation.YES),
        ("Kim Min-jun", "Lee Seo-yeon", Relation.YES),
        ("Kim Chol-su", "Kim Min-ho", Relation.YES),
        ("Иван Петров", "Олег Смирнов", Relation.YES),
    ],
)
def test_names_differ(a: str, b: str, answer: Relation) -> None:
    assert names_differ(a, b) is answer
    assert names_differ(b, a) is answer


@given(st.text(max_size=60), st.text(max_size=60))
def test_names_differ_never_fails_and_is_symmetric(a: str, b: str) -> None:
    assert names_differ(a, b) is names_differ(b, a)


@given(st.text(max_size=60))
def test_a_name_never_differs_from_itself(name: str) -> None:
    assert names_differ(name, name) is Relation.NO


def test_huge_names_are_bounded() -> None:
    assert names_differ("a" * 5_000_000, "b" * 5_000_000) in Relation


@pytest.mark.parametrize(
    ("name", "holders", "answer"),
    [
        ("Claire Moreau", ["Claire Moreau"], Relation.NO),
        ("Claire Moreau", ["Claire Moreau", "Anton Lindqvist"], Relation.YES),
        ("Claire Moreau", ["Claire Moreau", "C. Moreau"], Relation.UNCLEAR),
        ("Claire Moreau", [""], None),
        ("", ["Claire Moreau"], None),
        ("Claire Moreau", [], None),
    ],
)
def test_payee_differs(name: str, holders: list[str], answer: Relation | None) -> None:
    engagement = Engagement("e1", name, payouts=tuple(Payout(holder=holder, iban="ACCT1234") for holder in holders))
    assert payee_differs(engagement) is answer


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [
        ("Kim Min-jun", "Kim Min-joon", True),
        ("박지훈", "Park Jihoon", True),
        ("Moreau Claire", "Claire Moreau", True),
        ("Claire Moreau", "Anton Lindqvist", False),
        ("Claire Moreau", "박지훈", False),
        ("", "Claire Moreau", False),
    ],
)
def test_may_be_one_person(a: str, b: str, answer: bool) -> None:
    assert may_be_one_person(a, b) is answer
