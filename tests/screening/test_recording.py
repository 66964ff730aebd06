from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.model import Entity
from stanch.screening import Index, ListInfo, Query, Screened
from stanch.screening.batch import screen_many
from stanch.screening.recording import Recording, engine, keep, record_hash

LISTED = [
    Entity("x-1", "Person", {"name": ("Kim Yong Chol",), "birthDate": ("1946",)}, ("own",)),
    Entity("x-2", "Person", {"name": ("Ri Pyong Chol",), "birthDate": ("1948",), "idNumber": ("A1234567",)}, ("own",)),
]
CUSTOMERS = [
    Entity("c-1", "Person", {"name": ("Kim Yong Chol",), "birthDate": ("1946",)}),
    Entity("c-2", "Person", {"name": ("Kim Yong Chol",), "birthDate": ("1999-01-01",)}),
    Entity("c-3", "Person", {"name": ("Anna Schmidt",), "birthDate": ("1990-13-77",)}),
    Entity("c-4", "Person", {"name": ("Otto Maier",), "idNumber": ("A1234567",)}),
]
THRESHOLD = 0.005


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(LISTED, (ListInfo("own", "2026-01-01", "f" * 64),))


def queries() -> Iterator[Query]:
    for row, customer in enumerate(CUSTOMERS, 1):
        yield Query.of_entities(customer, row=row)


def shown(answer: Screened) -> tuple[dict[str, object]]:
    return (answer.to_json(),)


def test_recording_prints_what_screening_prints(index: Index) -> None:
    plain = list(screen_many(queries(), index, LISTED, THRESHOLD, shown, workers=1))
    both = list(screen_many(queries(), index, LISTED, THRESHOLD / 100, Recording(shown, THRESHOLD), workers=1))
    assert [row for item in both for row in item["rows"]] == plain


def test_kept_outcomes_say_alert_clear_and_what_could_not_be_used(index: Index) -> None:
    kept = [keep(index.screen(query, THRESHOLD / 100), THRESHOLD) for query in queries()]
    assert [item.outcome for item in kept] == ["alert", "clear", "clear", "alert"]
    assert [item.partial for item in kept] == [False, False, True, False]
    assert [match.alert for match in kept[1].matches] == [False], "a near miss is kept below the threshold"
    unreadable = Query(5, "c-5", "…", "Thing", (), problems=("line 6: broken",))
    assert keep(index.screen(unreadable), THRESHOLD).outcome == "error"


def test_kept_record_holds_no_personal_data(index: Index) -> None:
    kept = [keep(index.screen(query, 0.0), THRESHOLD) for query in queries()]
    text = msgspec.json.encode(kept).decode()
    for secret in ("Yong", "Chol", "Schmidt", "Maier", "1946", "1999", "1234567"):
        assert secret not in text, json.loads(text)


def test_kept_parts_add_up(index: Index) -> None:
    for query in queries():
        for match in keep(index.screen(query, 0.0), THRESHOLD).matches:
            assert sum(bits for _, bits in match.parts) == pytest.approx(match.bits, abs=1e-9)


def test_record_hash_changes_with_what_is_compared_and_nothing_else() -> None:
    one = Query.of_entities(CUSTOMERS[0])
    same = Query.of_entities(Entity("other id", "Person", {**CUSTOMERS[0].properties, "address": ("Street 1",)}), row=9)
    assert record_hash(one) == record_hash(same)
    others = [Query.of_entities(customer) for customer in CUSTOMERS]
    assert len({record_hash(query) for query in others}) == len(CUSTOMERS)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=20))
def test_record_hash_takes_any_text(text: str) -> None:
    assert len(record_hash(Query.of_name(text))) == 32
    assert len(record_hash(Query(1, "", text + "\udcff", "Thing", ()))) == 32


def test_engine_names_versions_and_tables() -> None:
    assert set(engine()) >= {"stanch", "detector", "weights_sha256", "name_tables_sha256"}
    assert all(engine().values())
