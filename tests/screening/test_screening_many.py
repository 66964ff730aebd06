"""Many at once answer as one by one, and as a slow comparison with every candidate."""

from __future__ import annotations

import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch import names
from stanch.model import Entity
from stanch.screening import Index, Query, hits, load_index
from stanch.screening.combine import NameHit
from stanch.screening.index import name_keys
from stanch.screening.weights import NAME_SIMILARITY

SOME = (
    "Kim Jong Un",
    "김정은",
    "李炳哲",
    "Mohammed Hussein",
    "Korea Mining Development",
    "CHON MA SAN",
    "Ri",
    "J. Smith",
)


@cache
def index() -> Index:
    return load_index()


@cache
def texts() -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.text for item in index().names))


def query(text: str, other: str, schema: str, row: int) -> Query:
    properties = {"name": (text,), "alias": (other,), "birthDate": ("1964-07-17",)}
    return Query.of_entities(Entity(f"c-{row}", schema, properties), row=row)


def slow_hits(query: Query) -> dict[int, tuple[float, float, str, str]]:
    """The best listed name of each subject that shares a key, each compared in full."""
    best: dict[int, tuple[float, float, str, str]] = {}
    for text in query.names:
        keys = set(name_keys(query, text))
        for listed in index().names:
            if keys.isdisjoint((listed.kind, key) for key in names.keys(listed.text, listed.kind)):
                continue
            similarity, bits = names.score(names.prepare(text, listed.kind), listed.prepared)
            if similarity >= NAME_SIMILARITY:
                hit = NameHit(text, listed, similarity, bits)
                best[listed.subject] = max(best.get(listed.subject, hit.rank), hit.rank)
    return best


@given(st.lists(st.tuples(st.sampled_from(SOME), st.integers(0, 10_000), st.booleans()), max_size=40))
@settings(max_examples=20, deadline=None)
def test_many_at_once_answer_as_one_by_one(chosen: list[tuple[str, int, bool]]) -> None:
    queries = [
        query(text, texts()[number % len(texts())], "LegalEntity" if open_ else "Person", row)
        for row, (text, number, open_) in enumerate(chosen)
    ]
    several = index().screen_all(queries, 0.0)
    assert [answer.to_json() for answer in several] == [index().screen(one, 0.0).to_json() for one in queries]


@pytest.mark.parametrize("few", [0, 10**9])
def test_hits_are_those_of_a_slow_comparison(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hits, "FEW", few)
    rng = random.Random(3)
    queries = [query(rng.choice(texts()), rng.choice(SOME), "LegalEntity", row) for row in range(25)]
    whole = index()
    found = hits.best_hits(whole.names, whole.by_key, whole.signatures, queries)
    for one, (best, _) in zip(queries, found, strict=True):
        assert {number: hit.rank for number, hit in best.items()} == slow_hits(one)


def test_pairs_are_judged_in_bounded_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    queries = [query(text, "Kim Chol", "LegalEntity", row) for row, text in enumerate(SOME)]
    whole = [answer.to_json() for answer in index().screen_all(queries, 0.0)]
    monkeypatch.setattr(hits, "MOST_PAIRS", 3)
    assert [answer.to_json() for answer in index().screen_all(queries, 0.0)] == whole


def test_evidence_is_written_only_for_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    compare = names.compare

    def counted(a: str, *rest: object) -> object:
        written.append(a)
        return compare(a, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("stanch.screening.combine.compare", counted)
    assert index().screen(Query.of_name("Kim Jong Un"), 0.99).matches == ()
    assert written == []
    assert index().screen(Query.of_name("Kim Jong Un")).matches
    assert written
