"""Ownership in screening: parties of a list that are not listed themselves, and customers with listed owners."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stanch.model import Clear, Entity, Source
from stanch.regime import legal_basis
from stanch.screening import Index, ListInfo, Match, Query, Screened, findings, read_queries
from stanch.screening.batch import screen_many
from stanch.screening.index import keys_of
from stanch.screening.ownership import marked_lists, standing_of
from stanch.screening.recording import record_hash
from stanch.screening.touched import touched
from stanch.sources.raw import RawFile

SHA = "ab" * 32
LISTS = [ListInfo("ofac", "2024-05-03", SHA), ListInfo("un", "2026-02-27", SHA)]


def entity(id_: str, schema: str, dataset: str = "ofac", **properties: str | list[str]) -> Entity:
    values = {name: tuple([text] if isinstance(text, str) else text) for name, text in properties.items()}
    return Entity(id_, schema, values, (dataset,), Source("list.xml", id_, SHA))


def listed(id_: str, name: str, dataset: str = "ofac", **properties: str) -> Entity:
    return entity(id_, "Person", dataset, **({"name": name, "topics": "sanction", "program": "DPRK3"} | properties))


def owns(owner: str, asset: str, percent: str | None = None, dataset: str = "ofac", **more: str) -> Entity:
    values = {"owner": owner, "asset": asset} | ({} if percent is None else {"percentage": percent}) | more
    return entity(f"{owner}-owns-{asset}", "Ownership", dataset, **values)


X = listed("x", "Zebulon Quartermain")
Y = listed("y", "Isidor Blackwood")
UN_X = listed("un-x", "Zebulon Quartermain", "un")
FIRM = entity("a", "Company", name="Alpha Quartz Holdings", topics="sanction.linked")
SECOND = entity("b", "Company", name="Beta Basalt Mining")
WIFE = entity("w", "Person", name="Wilhelmina Oppenheimer")
MARRIED = entity("f", "Family", person="x", relative="w", relationship="wife")


def screen(name: str, entities: list[Entity], links: bool = False) -> tuple[Match, ...]:
    return Index.build(entities, LISTS, links).screen(Query.of_name(name)).matches


# -- (i) the lists' own graph ---------------------------------------------------------------------------------------


def test_unlisted_firm_of_a_listed_owner_is_found_as_owned() -> None:
    (match,) = screen("Alpha Quartz Holdings", [X, FIRM, owns("x", "a", "50")])
    assert (match.entity_id, match.match_kind) == ("a", "owned")
    assert match.to_json()["chain"] == [
        {
            "from": "x",
            "to": "a",
            "kind": "ownership",
            "percent_min": "50",
            "percent_max": "50",
            "as_of": None,
            "source": {"name": "list.xml", "locator": "x-owns-a", "sha256": SHA},
        }
    ]


def test_evidence_names_each_hop_and_the_rule_with_its_source() -> None:
    (match,) = screen("Alpha Quartz Holdings", [X, FIRM, owns("x", "a", "50", startDate="2019-03-01")])
    first, second, *_ = match.evidence
    assert first.statement == "Zebulon Quartermain owns 50 % of Alpha Quartz Holdings, as of 2019-03-01"
    assert first.source.locator == "x-owns-a"
    assert second.statement == "rule us-2014 (at least 50 %): listed parties hold 50 %, counts as owned"
    assert len(second.source.sha256) == 64


def test_firm_without_a_topic_beside_marked_ones_is_not_listed() -> None:
    (match,) = screen("Beta Basalt Mining", [X, FIRM, SECOND, owns("x", "a", "60"), owns("a", "b", "60")])
    assert match.match_kind == "owned"
    assert [hop.end for hop in match.relation.chain] == ["a", "b"] if match.relation else False


def test_list_that_marks_nobody_lists_everybody() -> None:
    person = entity("x", "Person", name="Zebulon Quartermain")
    (match,) = screen("Beta Basalt Mining", [person, SECOND, owns("x", "b", "60")])
    assert (match.match_kind, match.to_json()["chain"]) == ("listed", [])


def test_listed_firm_of_a_listed_owner_stays_listed() -> None:
    firm = entity("a", "Company", name="Alpha Quartz Holdings", topics="sanction")
    assert [match.match_kind for match in screen("Alpha Quartz Holdings", [X, firm, owns("x", "a", "50")])] == [
        "listed"
    ]


def test_party_listed_on_one_list_and_only_named_by_another_is_listed() -> None:
    again = entity("a", "Company", "un", name="Alpha Quartz Holdings", topics="sanction")
    found = screen("Alpha Quartz Holdings", [X, FIRM, again, owns("x", "a", "50")])
    assert {match.match_kind for match in found} == {"listed"}


def test_firm_with_a_minority_owner_is_linked_and_shown() -> None:
    assert [match.match_kind for match in screen("Alpha Quartz Holdings", [X, FIRM, owns("x", "a", "20")])] == [
        "linked"
    ]


def test_firm_of_an_unknown_share_is_linked_and_says_so() -> None:
    (match,) = screen("Alpha Quartz Holdings", [X, FIRM, owns("x", "a")])
    assert match.match_kind == "linked"
    assert any("not known" in item.statement for item in match.evidence)
    assert match.to_json()["chain"][0]["percent_min"] is None


def test_board_post_alone_is_linked() -> None:
    post = entity("d", "Directorship", director="x", organization="a", role="chairman")
    assert [match.match_kind for match in screen("Alpha Quartz Holdings", [X, FIRM, post])] == ["linked"]


def test_stated_control_is_controlled_where_the_rule_counts_it() -> None:
    right = "right to appoint or remove a majority of the board"
    post = entity("d", "Directorship", "un", director="un-x", organization="a", role=right)
    assert [match.match_kind for match in screen("Alpha Quartz Holdings", [UN_X, FIRM, post])] == ["controlled"]
    post = entity("d", "Directorship", director="x", organization="a", role=right)
    assert [match.match_kind for match in screen("Alpha Quartz Holdings", [X, FIRM, post])] == ["linked"]


def test_relative_is_found_only_on_request() -> None:
    assert screen("Wilhelmina Oppenheimer", [X, WIFE, MARRIED]) == ()
    assert [match.match_kind for match in screen("Wilhelmina Oppenheimer", [X, WIFE, MARRIED], True)] == ["linked"]


def test_owner_of_a_listed_firm_is_found_only_on_request() -> None:
    firm = entity("a", "Company", name="Alpha Quartz Holdings", topics="sanction")
    entities = [firm, WIFE, owns("w", "a", "100")]
    assert screen("Wilhelmina Oppenheimer", entities) == ()
    assert [match.match_kind for match in screen("Wilhelmina Oppenheimer", entities, True)] == ["linked"]


def test_party_that_no_listed_one_has_to_do_with_is_no_subject() -> None:
    other = entity("z", "Company", name="Zeta Zircon Works")
    assert screen("Zeta Zircon Works", [X, SECOND, other, owns("b", "z", "100")], True) == ()


def test_politician_on_the_list_makes_nobody_owned() -> None:
    politician = listed("p", "Isidor Blackwood", topics="role.pep")
    assert screen("Alpha Quartz Holdings", [X, politician, FIRM, owns("p", "a", "100")]) == ()


def test_links_between_listed_parties_change_nothing() -> None:
    entities = [X, Y, entity("l", "UnknownLink", subject="x", object="y", role="Linked To")]
    assert standing_of(entities).unlisted == frozenset()


def test_order_of_the_list_does_not_matter() -> None:
    entities = [X, Y, FIRM, SECOND, owns("x", "a", "30"), owns("y", "a", "20"), owns("a", "b", "60"), MARRIED, WIFE]
    query = Query.of_name("Beta Basalt Mining")
    forward, backward = (Index.build(some, LISTS, True).screen(query, 0) for some in (entities, entities[::-1]))
    assert forward.to_json() == backward.to_json()
    assert forward.matches[0].match_kind == "owned"


def test_owned_firm_claims_the_law_of_its_owner() -> None:
    index = Index.build([X, FIRM, owns("x", "a", "50")], LISTS)
    found = findings(index.screen(Query.of_name("Alpha Quartz Holdings")))
    assert not isinstance(found, Clear)
    assert found[0].claim == "owned-by-designated-by-us"
    assert "which is not listed but owned by Zebulon Quartermain" in found[0].headline
    assert "US-EO13722" in legal_basis(found[0].claim, found[0].as_of)


def test_change_of_an_owner_touches_what_it_owned() -> None:
    before = [X, FIRM, SECOND, owns("x", "a", "60"), owns("a", "b", "60"), Y]
    after = [FIRM, SECOND, owns("x", "a", "60"), owns("a", "b", "60"), Y]
    assert touched(before, after, LISTS, LISTS).ids == {"x", "a", "b"}
    assert touched(before, list(before), LISTS, LISTS).ids == frozenset()


def test_part_of_a_list_is_judged_as_the_whole() -> None:
    part = [SECOND, owns("b", "z", "100"), entity("z", "Company", name="Zeta Zircon Works")]
    assert standing_of(part).unlisted == frozenset()
    assert standing_of(part, marked_lists([X, *part])).unlisted == {"b", "z"}


# -- (ii) customers with owners, in their own records ---------------------------------------------------------------

OWNERS: list[dict[str, Any]] = [
    {"id": "c-1", "schema": "Company", "properties": {"name": ["Harbour Light Trading Ltd"]}},
    {"id": "p-1", "schema": "Person", "properties": {"name": ["Zebulon Quartermain"], "ethnicity": ["x"]}},
    {"id": "p-2", "schema": "Person", "properties": {"name": ["Isidor Blackwood"]}},
    {"id": "c-2", "schema": "Company", "properties": {"name": ["Second Tier GmbH"]}},
]


def link(owner: str, asset: str, percent: str = "") -> dict[str, Any]:
    share = {"percentage": [percent]} if percent else {}
    properties = {"owner": [owner], "asset": [asset]} | share
    return {"id": f"{owner}-{asset}", "schema": "Ownership", "properties": properties}


def answers(
    folder: Path, lines: list[dict[str, Any]], entities: list[Entity], links: bool = False
) -> dict[str, Screened]:
    path = folder / "customers.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    index = Index.build(entities, LISTS, links)
    return {query.input_id: index.screen(query) for query in read_queries(RawFile.open(path))}


def kinds(answer: Screened) -> dict[str, str]:
    return {match.entity_id: match.match_kind for match in answer.matches}


def test_customer_of_a_listed_owner_is_owned_with_the_chain_to_the_list(tmp_path: Path) -> None:
    found = answers(tmp_path, [*OWNERS, link("p-1", "c-1", "60")], [X, Y])
    assert kinds(found["c-1"]) == {"x": "owned"}
    chain = found["c-1"].matches[0].to_json()["chain"]
    assert [(hop["from"], hop["to"], hop["kind"], hop["percent_min"]) for hop in chain] == [
        ("x", "p-1", "match", None),
        ("p-1", "c-1", "ownership", "60"),
    ]
    assert chain[1]["source"]["name"] == "customers.jsonl"


def test_owner_itself_is_listed_and_the_others_clear(tmp_path: Path) -> None:
    found = answers(tmp_path, [*OWNERS, link("p-1", "c-1", "60")], [X, Y])
    assert {id_: kinds(answer) for id_, answer in found.items()} == {
        "c-1": {"x": "owned"},
        "p-1": {"x": "listed"},
        "p-2": {"y": "listed"},
        "c-2": {},
    }


def test_probability_of_the_chain_is_that_of_its_end(tmp_path: Path) -> None:
    found = answers(tmp_path, [*OWNERS, link("p-1", "c-1", "60")], [X, Y])
    owned, itself = found["c-1"].matches[0], found["p-1"].matches[0]
    assert (owned.probability, owned.bits) == (itself.probability, itself.bits)
    assert any("the end of the chain" in item.statement for item in owned.evidence)


def test_second_tier_of_a_customer_is_owned_too(tmp_path: Path) -> None:
    found = answers(tmp_path, [*OWNERS, link("p-1", "c-1", "60"), link("c-1", "c-2", "50")], [X, Y])
    assert kinds(found["c-2"]) == {"x": "owned"}
    assert len(found["c-2"].matches[0].to_json()["chain"]) == 3


def test_two_listed_owners_add_up_and_the_chain_stands_with_the_less_probable(tmp_path: Path) -> None:
    lines = [*OWNERS, link("p-1", "c-1", "25"), link("p-2", "c-1", "25")]
    lines[1] = {"id": "p-1", "schema": "Person", "properties": {"name": ["Zebulon Quartermain"], "birthDate": ["1960"]}}
    found = answers(tmp_path, lines, [listed("x", "Zebulon Quartermain", birthDate="1960"), Y])["c-1"]
    assert kinds(found) == {"x": "linked", "y": "owned"}
    by_id = {match.entity_id: match for match in found.matches}
    assert by_id["y"].probability < by_id["x"].probability


def test_owners_listed_by_different_regimes_are_not_added_up(tmp_path: Path) -> None:
    lines = [*OWNERS, link("p-1", "c-1", "25"), link("p-2", "c-1", "25")]
    assert kinds(answers(tmp_path, lines, [UN_X, Y])["c-1"]) == {"un-x": "linked", "y": "linked"}


def test_customer_of_an_unknown_share_is_linked(tmp_path: Path) -> None:
    assert kinds(answers(tmp_path, [*OWNERS, link("p-1", "c-1")], [X])["c-1"]) == {"x": "linked"}


def test_customer_owned_by_a_firm_that_is_owned_by_a_listed_person(tmp_path: Path) -> None:
    lines = [*OWNERS, {"id": "c-3", "schema": "Company", "properties": {"name": ["Alpha Quartz Holdings"]}}]
    found = answers(tmp_path, [*lines, link("c-3", "c-1", "80")], [X, FIRM, owns("x", "a", "50")])
    assert kinds(found["c-3"]) == {"a": "owned"}
    (match,) = found["c-1"].matches
    assert (match.entity_id, match.match_kind) == ("a", "owned")
    assert [hop["from"] for hop in match.to_json()["chain"]] == ["x", "a", "c-3"]
    claims = findings(found["c-1"])
    assert not isinstance(claims, Clear)
    assert claims[0].claim == "owned-by-designated-by-us"
    owner = "Alpha Quartz Holdings (a), which is not listed but owned by Zebulon Quartermain"
    assert claims[0].headline == f"Harbour Light Trading Ltd may be owned by {owner}"
    assert match.title == "owned by Alpha Quartz Holdings"


def test_relative_of_a_listed_person_is_clear_unless_asked(tmp_path: Path) -> None:
    family = {"id": "f", "schema": "Family", "properties": {"person": ["p-1"], "relative": ["c-2"]}}
    assert kinds(answers(tmp_path, [*OWNERS, family], [X])["c-2"]) == {}
    assert kinds(answers(tmp_path, [*OWNERS, family], [X], True)["c-2"]) == {"x": "linked"}


def test_linked_customer_has_a_finding_without_a_law(tmp_path: Path) -> None:
    post = {"id": "d", "schema": "Directorship", "properties": {"director": ["p-1"], "organization": ["c-2"]}}
    found = findings(answers(tmp_path, [*OWNERS, post], [X])["c-2"])
    assert not isinstance(found, Clear)
    assert (found[0].claim, legal_basis(found[0].claim, found[0].as_of)) == ("linked-to-designated", ())
    assert found[0].headline == "Second Tier GmbH may be linked to Zebulon Quartermain, listed by OFAC (x)"


@pytest.mark.parametrize(
    ("owner", "claim"),
    [
        (X, "owned-by-designated-by-us"),
        (UN_X, "owned-by-designated"),
        (listed("jp-1", "Zebulon Quartermain", "jp"), "owned-by-designated-by-state"),
        (listed("un-2", "Zebulon Quartermain", "un", program="Al-Qaida"), "owned-by-designated-elsewhere"),
    ],
)
def test_owned_customer_claims_by_who_listed_the_owner(tmp_path: Path, owner: Entity, claim: str) -> None:
    found = findings(answers(tmp_path, [*OWNERS, link("p-1", "c-1", "60")], [owner])["c-1"])
    assert not isinstance(found, Clear)
    assert found[0].claim == claim


def test_unreadable_share_and_missing_owner_are_told(tmp_path: Path) -> None:
    found = answers(tmp_path, [*OWNERS, link("p-1", "c-1", "0.5"), link("p-9", "c-1", "10")], [X])["c-1"]
    assert "may be a percentage or a fraction" in (found.query.error or "")
    assert "p-9: linked to the record, but not in the file" in (found.query.error or "")
    assert kinds(found) == {"x": "linked"}


def test_documents_of_an_owner_are_not_those_of_the_customer(tmp_path: Path) -> None:
    passport = {"id": "d", "schema": "Passport", "properties": {"number": ["381310014"], "holder": ["p-2"]}}
    holder = listed("x", "Somebody Else", passportNumber="381310014")
    found = answers(tmp_path, [*OWNERS, link("p-2", "c-1", "60"), passport], [holder])
    assert {id_: kinds(answer) for id_, answer in found.items() if answer.matches} == {
        "c-1": {"x": "owned"},
        "p-2": {"x": "listed"},
    }


def test_keys_and_hash_of_a_record_are_also_those_of_its_owners(tmp_path: Path) -> None:
    alone = answers(tmp_path, OWNERS, [X])["c-1"].query
    owned = answers(tmp_path, [*OWNERS, link("p-1", "c-1", "60")], [X])["c-1"].query
    more = answers(tmp_path, [*OWNERS, link("p-1", "c-1", "70")], [X])["c-1"].query
    theirs = keys_of(Query.of_name("Zebulon Quartermain"))
    assert theirs & keys_of(owned)
    assert not theirs & keys_of(alone)
    assert len({record_hash(query) for query in (alone, owned, more)}) == 3


def test_batch_gives_the_same_as_one_by_one(tmp_path: Path) -> None:
    found = answers(tmp_path, [*OWNERS, link("p-1", "c-1", "60"), link("c-1", "c-2", "50")], [X, Y])
    index = Index.build([X, Y], LISTS)
    queries = [answer.query for answer in found.values()]
    rows = list(screen_many(queries, index, [X, Y], 0.0005, _whole, workers=1))
    assert rows == [answer.to_json() for answer in found.values()]


def _whole(answer: Screened) -> tuple[dict[str, Any]]:
    return (answer.to_json(),)
