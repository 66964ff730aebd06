from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.model import Entity, EntityBuilder, Source
from stanch.screening import Index, ListInfo, Screened, load_index
from stanch.screening.freetext import MAX_TEXT, TextScreener

PLACE = Source("message.xml", "line 1", "")


def entity(key: str, schema: str, **properties: str) -> Entity:
    builder = EntityBuilder(key, schema)
    for name, value in properties.items():
        builder.add(name, value)
    return builder.build(("own",))


OWN = (
    entity("p1", "Person", name="Ri Hong Sop", passportNumber="PS123456789"),
    entity("p2", "Person", name="Kim Yong Chol"),
    entity("p3", "Person", name="Viktor Gerasimenkov"),
    entity("o1", "Organization", name="Green Pine Associated Corporation", swiftBic="GRPNKPPY"),
    entity("o2", "Organization", name="Korea Mining Development Trading Corporation"),
    entity("o3", "Organization", name="Foreign Trade Bank"),
    entity("v1", "Vessel", name="Lucky Star", imoNumber="7937317"),
    entity("v2", "Vessel", name="Chong Chon Gang"),
    entity("w1", "CryptoWallet", publicKey="0x098b716b8aaf21512996dc57eb0615e2383e2f96"),
)


@pytest.fixture(scope="module")
def own() -> TextScreener:
    return TextScreener.build(Index.build(OWN, (ListInfo("own", "", ""),)))


def screened(screener: TextScreener, text: str) -> Screened:
    return screener.screen(text, 1, "E1", PLACE, 0.0005)


def ids(screener: TextScreener, text: str) -> list[str]:
    return [match.entity_id for match in screened(screener, text).matches]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Salary of Ri Hong Sop for March", "p1"),
        ("SALARY OF RI HONG-SOP FOR MARCH", "p1"),
        ("급여 리홍섭에게 3월", "p1"),
        ("Consultancy V. Gerasimenkov, Viktor Gerasimenkov", "p3"),
        ("Invoice 22 Green Pine Associated Corp. machine parts", "o1"),
        ("o/b/o Korea Mining Development Trading Corporation inv 3", "o2"),
        ("Freight for MV Lucky Star Busan", "v1"),
        ("FREIGHT M/V CHONGCHONGANG VOY 12", "v2"),
        ("Bunkers, vessel: Chong Chon Gang", "v2"),
        ("demurrage IMO no. 7937317", "v1"),
        ("payee passport no PS123456789 visa", "p1"),
        ("via GRPNKPPYXXX", "o1"),
        ("via GRPNKPPY001", "o1"),
        ("OTC 0x098B716B8Aaf21512996dC57EB0615e2383E2f96 settlement", "w1"),
    ],
)
def test_a_strong_name_or_number_is_found(own: TextScreener, text: str, found: str) -> None:
    assert ids(own, text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "Invoice 7937317 office chairs",
        "lucky star restaurant dinner",
        "Loan from the foreign trade bank department",
        "Salary Kim Yong Chol",
        "pine furniture, green colour, associated costs",
        "Mining development study for Korea, trading advice",
        "",
        "-- // ::",
    ],
)
def test_ordinary_words_and_common_names_are_silent(own: TextScreener, text: str) -> None:
    assert ids(own, text) == []


def test_a_match_shows_the_phrase_and_adds_up(own: TextScreener) -> None:
    match = screened(own, "Freight for MV Lucky Star IMO 7937317 Busan").matches[0]
    assert sum(item.bits for item in match.evidence if item.bits is not None) == pytest.approx(match.bits, abs=0.01)
    assert "Lucky Star ⇄ Lucky Star" in "; ".join(item.statement for item in match.evidence)


def test_more_words_make_the_same_phrase_weigh_less(own: TextScreener) -> None:
    short = screened(own, "Ri Hong Sop salary").matches[0]
    long = screened(own, "Ri Hong Sop salary for the month of march two thousand twenty six paid late").matches[0]
    assert long.bits < short.bits


def test_a_part_of_a_longer_name_is_no_hit() -> None:
    screener = TextScreener.build(Index.build((entity("p", "Person", name="Choe Hwi"),), ()))
    assert ids(screener, "Salary Choe Hwi 3/26") == ["p"]
    assert ids(screener, "Salary Choe Hwi Sang 3/26") == []


def test_a_text_far_too_long_is_cut_and_told(own: TextScreener) -> None:
    answer = screened(own, "Ri Hong Sop " + "x " * MAX_TEXT)
    assert answer.query.error is not None
    assert "only the first 10,000" in answer.query.error
    assert [match.entity_id for match in answer.matches] == ["p1"]


def test_ordinary_invoices_stay_silent_against_the_packaged_lists() -> None:
    screener = TextScreener.build(load_index())
    rng = random.Random(5)
    goods = ("steel coils", "office chairs", "frozen fish", "thermal coal", "software licence", "solar panels")
    names = ("Anna Schmidt", "Wei Zhang", "Park Ji-hoon", "Ivan Petrov", "Nguyen Van An", "Maria Garcia")
    texts = [
        f"Invoice {rng.randint(1000, 9_999_999)} {rng.choice(goods)} {rng.choice(names)} B/L {rng.randint(1, 9999)}"
        for _ in range(300)
    ]
    assert [text for text in texts if ids(screener, text)] == []


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_answered_and_always_the_same(text: str) -> None:
    screener = _cached()
    assert screened(screener, text).to_json() == screened(screener, text).to_json()


def _cached(holder: list[TextScreener] = []) -> TextScreener:  # noqa: B006 - built once for all examples
    if not holder:
        holder.append(TextScreener.build(Index.build(OWN, ())))
    return holder[0]


def test_words_of_two_firms_are_not_joined_to_a_third() -> None:
    index = Index.build((entity("o", "Organization", name="Red Sea Trading Corporation"),), ())
    screener = TextScreener.build(index)
    assert ids(screener, "Contract 3 Golden Harbour Trading Corp, Red Sea Foods GmbH") == []
    assert ids(screener, "Contract 3 Red Sea Trading Corp, Golden Harbour Foods GmbH") == ["o"]


def test_a_short_name_that_is_not_korean_is_silent_and_a_long_one_is_not() -> None:
    people = (
        entity("a", "Person", name="Schmidt Anna"),
        entity("b", "Person", name="Gerasimenkova Anna"),
        entity("c", "Person", name="Zhang Wei"),
    )
    screener = TextScreener.build(Index.build(people, ()))
    assert ids(screener, "Salary Anna Schmidt") == []
    assert ids(screener, "Salary Zhang Wei 3/26") == []
    assert ids(screener, "Salary Anna Gerasimenkova") == ["b"]
