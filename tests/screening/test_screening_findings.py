from __future__ import annotations

from datetime import UTC, datetime

from stanch.model import Clear, Entity, Source
from stanch.screening import Index, ListInfo, Query, findings

SHA = "ab" * 32
LISTS = [ListInfo("un", "2026-02-27", SHA), ListInfo("ofac", "2024-05-03", "ef" * 32)]
ENTITY = Entity(
    "un-KPi.033",
    "Person",
    {"name": ("RI WON HO",), "birthDate": ("1964-07-17",), "program": ("DPRK",)},
    ("un",),
    Source("un.xml", "KPi.033", SHA),
)
INDEX = Index.build([ENTITY], LISTS)
ROW = Source("customers.csv", "line 2", "cd" * 32)


def customer(name: str) -> Query:
    properties = {"name": (name,), "birthDate": ("1964-07-17",)}
    return Query.of_entities(Entity("c-1", "Person", properties, (), ROW))


def test_findings_claims_designated_with_both_sources() -> None:
    found = findings(INDEX.screen(customer("리원호")))
    assert not isinstance(found, Clear)
    finding = found[0].to_json()
    assert (found[0].claim, found[0].object) == ("designated", "un-KPi.033")
    assert finding["detector"] == "screening.designated"
    assert finding["subject"] == {"schema": "Person", "id": "c-1", "name": "리원호"}
    assert finding["as_of"] == "2026-02-27T00:00:00Z"
    assert {item["source"]["name"] for item in finding["evidence"]} >= {"un.xml", "customers.csv"}


def test_findings_are_the_same_twice() -> None:
    first, second = (findings(INDEX.screen(customer("Ri Won Ho"))) for _ in range(2))
    assert not isinstance(first, Clear)
    assert not isinstance(second, Clear)
    assert [item.id for item in first] == [item.id for item in second]


def test_clear_when_nothing_matches() -> None:
    clear = findings(INDEX.screen(customer("Anna Schmidt")))
    assert isinstance(clear, Clear)
    assert clear.subject.id == "c-1"
    assert clear.as_of == datetime(2026, 2, 27, tzinfo=UTC)


def test_clear_changes_when_the_list_changes() -> None:
    other = Index.build([ENTITY], [ListInfo("un", "2026-03-01", "00" * 32)])
    first, second = findings(INDEX.screen(customer("Anna Schmidt"))), findings(other.screen(customer("Anna Schmidt")))
    assert isinstance(first, Clear)
    assert isinstance(second, Clear)
    assert first.inputs != second.inputs


def test_listing_under_another_regime_claims_no_law_of_ours() -> None:
    other = Entity("un-QDi.001", "Person", {"name": ("Zebulon Quartermain",), "program": ("Al-Qaida",)}, ("un",))
    found = findings(Index.build([other], LISTS).screen(Query.of_name("Zebulon Quartermain")))
    assert not isinstance(found, Clear)
    assert found[0].claim == "designated-elsewhere"
