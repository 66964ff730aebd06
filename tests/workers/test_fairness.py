"""Who somebody is said to be cannot move a score: by type, and by swapping it and comparing to the bit."""

from __future__ import annotations

import dataclasses
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.model import Engagement, Payout
from stanch.sources.base import Record
from stanch.sources.engagements import read_engagements
from stanch.sources.raw import RawFile
from stanch.workers import vet
from stanch.workers.registry import INDICATORS
from stanch.workers.traces import ConfirmedLink, Identifier, Link, PayoutTrace, Place, TaintedWallet, Traces

_KOREAN = [f"{family} {given}" for family in ("Kim", "Lee", "Park", "Choi", "Jung", "Kang", "Yoon", "Shin")
    for given in ("Min-jun", "Seo-yeon", "Chol-su", "Hye-jin", "Dong-hyun", "Un-ju", "Ji-hoon", "Do-yun")]  # fmt: skip
_RUSSIAN = [f"{given} {family}" for family in ("Ivanov", "Smirnov", "Kuznetsov", "Popov", "Volkov", "Orlov")
    for given in ("Aleksei", "Boris", "Dmitri", "Fyodor", "Grigori", "Igor", "Konstantin", "Maxim")]  # fmt: skip
_NIGERIAN = [f"{given} {family}" for family in ("Okafor", "Adeyemi", "Balogun", "Eze", "Ibrahim", "Nwosu", "Danjuma")
    for given in ("Chinedu", "Folake", "Ngozi", "Tunde", "Zainab", "Emeka", "Yewande", "Sade")]  # fmt: skip
_AMERICAN = [f"{given} {family}" for family in ("Smith", "Johnson", "Miller", "Davis", "Garcia", "Wilson", "Lee")
    for given in ("Ashley", "Brandon", "Ethan", "Heather", "Joshua", "Megan", "Patricia", "Tyler")]  # fmt: skip
POOLS = {"korean": _KOREAN, "russian": _RUSSIAN, "nigerian": _NIGERIAN, "american": _AMERICAN}

PRIVATE = ("name", "holder", "national", "birth", "gender", "sex", "country", "ethnic", "origin", "face", "language")


@pytest.mark.parametrize("kind", [Traces, Link, ConfirmedLink, Place, PayoutTrace, Identifier, TaintedWallet])
def test_what_the_score_sees_has_no_field_for_who_somebody_is(kind: Any) -> None:
    names = kind._fields if kind is Identifier else [field.name for field in dataclasses.fields(kind)]
    assert not [name for name in names if any(word in name for word in PRIVATE)]


def test_indicators_take_traces_and_nothing_else() -> None:
    for indicator in INDICATORS.values():
        code = indicator.check.__code__
        assert code.co_varnames[: code.co_argcount] == ("traces",)
        assert indicator.check.__annotations__["traces"] in ("Traces", Traces)


def population() -> list[Engagement]:
    """The packaged records: a ring, a wallet of a theft, look-alikes, ordinary people."""
    raw = RawFile.open(Path(str(files("stanch.data").joinpath("demo", "engagements.jsonl"))))
    return [row.value for row in read_engagements(raw) if isinstance(row, Record)]


def scores(engagements: list[Engagement]) -> list[tuple[Any, ...]]:
    return [
        (
            answer.score.probability.hex(),
            answer.score.low.hex(),
            answer.score.high.hex(),
            answer.score.bits.hex(),
            answer.level,
            [(signal.id, signal.bits.hex()) for signal in answer.score.signals],
        )
        for answer in vet(engagements)
    ]


def renamed(engagements: list[Engagement], pool: list[str]) -> list[Engagement]:
    """Everybody gets a name of the pool, the same person the same name wherever it stands; holders follow.

    A holder that is another spelling of its person stays one: only whole names are exchanged.
    """
    people = list(dict.fromkeys(row.name for row in engagements))
    holders = list(dict.fromkeys(p.holder for row in engagements for p in row.payouts if p.holder))
    variants = {"Grace H. Kim": "Grace Hyun-jung Kim", "Park Jihoon": "박지훈"}
    names = {name: pool[index] for index, name in enumerate(people)}
    for index, holder in enumerate(h for h in holders if h not in names):
        names[holder] = _initial(names[variants[holder]]) if holder in variants else pool[-1 - index]
    return [
        dataclasses.replace(
            row,
            name=names[row.name],
            payouts=tuple(dataclasses.replace(p, holder=names.get(p.holder, "")) for p in row.payouts),
        )
        for row in engagements
    ]


def _initial(name: str) -> str:
    first, *rest = name.split()
    return " ".join([first[0] + ".", *rest])


@pytest.mark.parametrize("pool", list(POOLS))
def test_names_of_any_origin_give_the_same_scores_to_the_bit(pool: str) -> None:
    rows = population()
    assert scores(renamed(rows, POOLS[pool])) == scores(rows)


@pytest.mark.parametrize("declared", ["KP", "KR", "RU", "NG", "US", ""])
def test_declared_nationality_country_and_birth_do_not_move_a_score(declared: str) -> None:
    rows = population()
    swapped = [
        dataclasses.replace(
            row,
            nationality=declared,
            country=declared,
            birth_date="1990-01-01",
            timezone="Asia/Pyongyang",
            extra={"nationality": declared, "birth_place": "Pyongyang", "gender": "f", "ethnicity": declared},
        )
        for row in rows
    ]
    assert scores(swapped) == scores(rows)


@given(st.text(max_size=30), st.text(max_size=10), st.text(max_size=10))
def test_one_person_of_any_name_and_nationality_scores_alike(name: str, nationality: str, birth: str) -> None:
    def one(row: Engagement) -> tuple[Any, ...]:
        return scores([row])[0]

    base = Engagement("e", devices=("fp-1-a",), payouts=(Payout(iban="ACCT1234", wallet=""),))
    assert one(dataclasses.replace(base, name=name, nationality=nationality, birth_date=birth)) == one(base)


def test_look_alikes_in_the_packaged_records_are_not_flagged() -> None:
    rows = population()
    innocent = {f"demo-e{n:02d}" for n in (5, 6, 7, 8, 10, 14, 15, 16, 19, 20, 21, 22, 23, 26, 28, 30, 31, 34, 35)}
    flagged = {a.engagement.id for a in vet(rows) if a.level.value != "none"}
    assert not flagged & innocent


def test_ring_in_the_packaged_records_is_found_whole() -> None:
    found = {a.engagement.id for a in vet(population()) if a.level.value == "finding"}
    assert found == {"demo-e03", "demo-e09", "demo-e17", "demo-e24", "demo-e33"}
