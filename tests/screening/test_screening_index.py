from __future__ import annotations

import json
import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.model import Entity, Source
from stanch.screening import PRIORS, Index, ListInfo, Query, Screened, probability
from stanch.screening.weights import WEIGHTS

SHA = "ab" * 32
UN = ListInfo("un", "2026-02-27", SHA)
WALLET = "0x098B716B8Aaf21512996dC57EB0615e2383E2f96"


def listed(id_: str, schema: str, locator: str, **properties: list[str]) -> Entity:
    values = {name: tuple(texts) for name, texts in properties.items()}
    return Entity(id_, schema, values, ("un",), Source("un.xml", locator, SHA))


def customer(name: str, schema: str = "Person", **properties: list[str]) -> Entity:
    values = {"name": (name,)} | {key: tuple(texts) for key, texts in properties.items()}
    return Entity("c-1", schema, values, (), Source("customers.csv", "line 2", "cd" * 32))


ENTITIES = [
    listed("un-1", "Person", "KPi.033", name=["RI WON HO"], birthDate=["1964-07-17"], passportNumber=["381310014"]),
    listed("un-2", "Person", "KPi.048", name=["KIM JONG UN"], alias=["김정은"], gender=["male"]),
    listed("un-3", "Person", "KPi.900", name=["KIM YONG CHOL"], birthDate=["1962-02-18"], gender=["male"]),
    listed("un-4", "Person", "KPi.901", name=["KIM YONG CHOL"], birthDate=["1946"]),
    listed("un-5", "Organization", "KPe.001", name=["Korea Mining Development Trading Corporation"], alias=["KOMID"]),
    listed("un-6", "Vessel", "KPe.076", name=["CHON MA SAN"], imoNumber=["8660313"]),
    listed("un-7", "CryptoWallet", "x", publicKey=[WALLET], holder=["un-5"]),
    listed("un-8", "CryptoWallet", "y", publicKey=["0xa0e1c89Ef1a489c9C7dE96311eD5Ce5D32c20E4B"]),
    listed("un-9", "Person", "z", name=["Ri Jo"], weakAlias=["Yu Hyok Pak"]),
    listed("un-10", "Ownership", "o", owner=["un-2"], asset=["un-5"]),
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(ENTITIES, [UN])


def ids(answer: Screened) -> list[str]:
    return [match.entity_id for match in answer.matches]


@pytest.mark.parametrize("name", ["Kim Jong Un", "김정은", "KIM, Jong-un", "Jong Un KIM", "Kim Chŏng-ŭn"])
def test_screen_finds_the_listed_person_under_any_spelling(index: Index, name: str) -> None:
    assert ids(index.screen(Query.of_name(name))) == ["un-2"]


@pytest.mark.parametrize("name", ["Kim Jong Il", "김정일", "Kim Jong Suk", "John Smith"])
def test_screen_keeps_other_names_apart(index: Index, name: str) -> None:
    assert ids(index.screen(Query.of_name(name))) == []


def test_screen_finds_names_of_short_parts(index: Index) -> None:
    assert "un-9" in ids(index.screen(Query.of_name("Ri Jo")))


def test_name_alone_stays_unsure(index: Index) -> None:
    answer = index.screen(Query.of_name("Kim Yong Chol"))
    assert set(ids(answer)) == {"un-3", "un-4"}
    assert all(match.probability < 0.5 for match in answer.matches)


def test_name_alone_says_what_would_settle_it(index: Index) -> None:
    match = index.screen(Query.of_name("Kim Yong Chol")).matches[0]
    assert any("date of birth would settle it" in item.statement for item in match.evidence)


def test_birth_date_parts_two_men_of_one_name(index: Index) -> None:
    answer = index.screen(Query.of_entities(customer("Kim Yong Chol", birthDate=["1962-02-18"])))
    assert answer.matches[0].entity_id == "un-3"
    assert answer.matches[0].probability > 0.9
    assert all(match.probability < 0.05 for match in answer.matches[1:])


def test_contradicting_birth_date_subtracts(index: Index) -> None:
    without = index.screen(Query.of_entities(customer("Ri Won Ho")), 0).matches[0]
    against = index.screen(Query.of_entities(customer("Ri Won Ho", birthDate=["1990-05-06"])), 0).matches[0]
    assert against.bits == pytest.approx(without.bits + WEIGHTS["birth.contradicts"].bits, abs=0.01)


def test_other_gender_subtracts(index: Index) -> None:
    without = index.screen(Query.of_entities(customer("Kim Jong Un")), 0).matches[0]
    against = index.screen(Query.of_entities(customer("Kim Jong Un", gender=["female"])), 0).matches[0]
    assert against.bits < without.bits - 3


def test_passport_finds_the_holder_whatever_the_name(index: Index) -> None:
    match = index.screen(Query.of_entities(customer("Anna Schmidt", passportNumber=["381 310 014"]))).matches[0]
    assert match.entity_id == "un-1"
    assert any("no name is alike" in item.statement and (item.bits or 0) < 0 for item in match.evidence)


def test_passport_in_the_column_for_identity_numbers_is_found(index: Index) -> None:
    assert ids(index.screen(Query.of_entities(customer("Anna Schmidt", idNumber=["381310014"])))) == ["un-1"]


def test_placeholder_numbers_are_no_evidence(index: Index) -> None:
    query = Query.of_entities(customer("Anna Schmidt", passportNumber=["123456789"], idNumber=["0000000"]))
    assert query.identifiers == ()


def test_wallet_leads_to_its_holder(index: Index) -> None:
    answer = index.screen(Query.of_name(WALLET.lower()))
    assert ids(answer) == ["un-5"]
    assert answer.matches[0].probability > 0.99


def test_wallet_without_holder_is_a_subject(index: Index) -> None:
    held = Entity("w", "CryptoWallet", {"publicKey": ("0xA0E1C89EF1A489C9C7DE96311ED5CE5D32C20E4B".replace("X", "x"),)})
    answer = index.screen(Query.of_entities(customer("Anna Schmidt"), [held]))
    assert ids(answer) == ["un-8"]


def test_vessel_is_found_by_its_imo_number(index: Index) -> None:
    answer = index.screen(Query.of_entities(customer("LUCKY STAR", "Vessel", imoNumber=["IMO 8660313"])))
    assert ids(answer) == ["un-6"]


def test_person_is_not_compared_with_organisations(index: Index) -> None:
    assert ids(index.screen(Query.of_entities(customer("Komid")))) == []


def test_weak_alias_weighs_less_than_a_name(index: Index) -> None:
    strong = Index.build([listed("a", "Person", "1", name=["Yu Hyok Pak"])], [UN]).screen(
        Query.of_name("Yu Hyok Pak"), 0
    )
    weak = Index.build([listed("a", "Person", "1", weakAlias=["Yu Hyok Pak"])], [UN]).screen(
        Query.of_name("Yu Hyok Pak"), 0
    )
    assert weak.matches[0].bits == pytest.approx(strong.matches[0].bits - 3, abs=0.01)


def test_many_different_names_make_a_hit_weigh_less() -> None:
    one = Index.build([listed("a", "Person", "1", name=["Ri Won Ho"])], [UN])
    others = ["Pak Chol Su", "Choe Hyok", "Kim Kwang Jin"]
    four = Index.build([listed("a", "Person", "1", name=["Ri Won Ho"], alias=others)], [UN])
    query = Query.of_name("Ri Won Ho")
    fewer = one.screen(query, 0).matches[0].bits - four.screen(query, 0).matches[0].bits
    assert fewer == pytest.approx(math.log2(4), abs=0.01)


def test_spellings_of_one_name_count_once() -> None:
    one = Index.build([listed("a", "Person", "1", name=["Ri Won Ho"])], [UN])
    two = Index.build([listed("a", "Person", "1", name=["Ri Won Ho"], alias=["RI WON-HO", "리원호"])], [UN])
    query = Query.of_name("Ri Won Ho")
    assert two.screen(query, 0).matches[0].bits == pytest.approx(one.screen(query, 0).matches[0].bits, abs=0.01)


def test_threshold_hides_what_is_less_probable(index: Index) -> None:
    query = Query.of_name("Kim Yong Chol")
    shown = index.screen(query, 0).matches
    assert index.screen(query, shown[0].probability + 1e-9).matches == ()
    assert len(index.screen(query, shown[-1].probability).matches) == len(shown)


def test_json_has_every_key_and_parts_that_add_up(index: Index) -> None:
    line = index.screen(
        Query.of_entities(customer("Kim Yong Chol", birthDate=["1962-02-18"], gender=["male"]), row=7), 0
    )
    data = json.loads(json.dumps(line.to_json()))
    assert list(data) == ["row", "input_id", "query", "lists", "threshold", "error", "matches"]
    assert (data["row"], data["input_id"], data["error"]) == (7, "c-1", None)
    assert data["lists"] == [{"name": "un", "date": "2026-02-27", "sha256": SHA}]
    for match in data["matches"]:
        assert list(match) == ["entity_id", "name", "match_kind", "lists", "probability", "bits", "chain", "evidence"]
        assert match["bits"] == pytest.approx(sum(item["bits"] or 0 for item in match["evidence"]), abs=1e-9)
        assert match["probability"] == pytest.approx(probability(match["bits"], PRIORS["Person"]), abs=1e-6)
        assert match["evidence"]
        assert all(item["source"]["sha256"] for item in match["evidence"])


def test_prior_is_stated_in_the_evidence(index: Index) -> None:
    match = index.screen(Query.of_name("Kim Jong Un")).matches[0]
    assert any(f"1 in {1 / PRIORS['Person']:,.0f}" in item.statement and item.bits is None for item in match.evidence)


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "\u202e\u200b", "—", "A" * 10_000_000])
def test_unusable_name_gives_an_error_and_no_match(index: Index, text: str) -> None:
    answer = index.screen(Query.of_name(text)).to_json()
    assert answer["error"]
    assert answer["matches"] == []


@pytest.mark.parametrize("text", ["General", "Mr.", "Dr. Prof.", "동지", "(a.k.a.)"])
def test_title_alone_matches_nobody(index: Index, text: str) -> None:
    assert ids(index.screen(Query.of_name(text))) == []


def test_impossible_birth_date_is_told_and_the_name_still_screened(index: Index) -> None:
    answer = index.screen(Query.of_entities(customer("Kim Jong Un", birthDate=["1999-13-40"])))
    assert "1999-13-40" in (answer.query.error or "")
    assert ids(answer) == ["un-2"]


def test_record_of_thousands_of_names_is_bounded_and_told(index: Index) -> None:
    party = Entity("c", "Person", {"name": ("Kim Jong Un", *(f"Name Number{n}" for n in range(5_000)))})
    answer = index.screen(Query.of_entities(party))
    assert "only the first" in (answer.query.error or "")
    assert ids(answer) == ["un-2"]


def test_nothing_is_found_in_an_empty_index() -> None:
    assert Index.build([], []).screen(Query.of_name("Kim Jong Un")).matches == ()


def test_answer_does_not_hang_on_the_order_of_the_list() -> None:
    query = Query.of_entities(customer("Kim Yong Chol", birthDate=["1962-02-18"]))
    forward = Index.build(ENTITIES, [UN]).screen(query, 0).to_json()
    backward = Index.build(ENTITIES[::-1], [UN]).screen(query, 0).to_json()
    assert forward == backward


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_an_answer(text: str) -> None:
    answer = _INDEX.screen(Query.of_name(text), 0)
    assert all(0 <= match.probability <= 1 for match in answer.matches)
    assert all(first.bits >= second.bits for first, second in pairwise(answer.matches))


_INDEX = Index.build(ENTITIES, [UN])
