from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.model import Entity
from stanch.screening import DEFAULT_THRESHOLD, Query, load_index
from stanch.sources.raw import RawFile
from stanch.web import create_app, match_lists
from stanch.web.limits import MAX_BODY
from stanch.web.match_lists import OPENSANCTIONS, HeldLists
from stanch.web.match_query import NEVER_COMPARED
from stanch.workspace import Workspace
from stanch.workspace.lists import NewSnapshot

RI = {"schema": "Person", "properties": {"name": ["Ri Pyong Chol"], "birthDate": ["1948"]}}
_RESULT_KEYS = {
    "id", "caption", "schema", "properties", "datasets", "referents", "target", "first_seen", "last_seen",
    "last_change", "score", "features", "match",
}  # fmt: skip
Ask = Callable[..., httpx.Response]


def asking(app: FastAPI) -> Ask:
    def ask(method: str, path: str, **more: Any) -> httpx.Response:
        async def call() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://stanch") as client:
                return await client.request(method, path, **more)

        return anyio.run(call)

    return ask


@pytest.fixture(scope="module")
def ask() -> Ask:
    return asking(create_app(None, max_batch=20))


def match(ask: Ask, query: dict[str, Any], path: str = "/match/default", **params: Any) -> dict[str, Any]:
    response = ask("POST", path, json={"queries": {"q": query}}, params=params)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()["responses"]["q"]
    return found


def ids(found: dict[str, Any]) -> list[str]:
    return [item["id"] for item in found["results"]]


def test_listed_person_is_a_match_with_every_key_of_yente(ask: Ask) -> None:
    best = match(ask, RI)["results"][0]
    assert best.keys() >= _RESULT_KEYS
    assert best["match"] is True
    assert best["id"] in ("ofac-23215", "un-KPi.076")


def test_total_counts_the_matches_and_not_the_results_shown(ask: Ask) -> None:
    found = match(ask, RI, limit=1)
    assert (len(found["results"]), found["total"]) == (1, {"value": 2, "relation": "eq"})


def test_features_add_up_to_the_bits(ask: Ask) -> None:
    best = match(ask, RI)["results"][0]
    assert sum(best["features"].values()) == pytest.approx(best["bits"], abs=0.002)
    assert best["explanations"].keys() == best["features"].keys()


def test_answer_is_that_of_the_index(ask: Ask) -> None:
    entity = Entity("q", "Person", {name: tuple(values) for name, values in RI["properties"].items()})  # type: ignore[attr-defined]
    wanted = load_index().screen(Query.of_entities(entity), DEFAULT_THRESHOLD).matches
    got = [item for item in match(ask, RI)["results"] if item["match"]]
    assert [(item["id"], item["probability"]) for item in got] == [
        (item.entity_id, round(item.probability, 6)) for item in wanted
    ]


def test_hangul_and_given_name_apart_find_the_same(ask: Ask) -> None:
    parts = {"schema": "Person", "properties": {"firstName": ["병철"], "lastName": ["리"], "birthDate": "1948"}}
    assert set(ids(match(ask, parts))) == set(ids(match(ask, RI)))


def test_another_person_is_no_result(ask: Ask) -> None:
    assert match(ask, {"schema": "Person", "properties": {"name": "Ada Lovelace"}})["results"] == []


def test_wallet_leads_to_its_holder(ask: Ask) -> None:
    wallet = "0x098B716B8Aaf21512996dC57EB0615e2383E2f96"  # the Ronin theft, OFAC 2022-04-14
    best = match(ask, {"schema": "CryptoWallet", "properties": {"publicKey": wallet}})["results"][0]
    assert best["match"]
    assert "LAZARUS" in best["caption"].upper()


def test_thing_is_compared_with_every_kind(ask: Ask) -> None:
    found = match(ask, {"schema": "Thing", "properties": {"name": "Korea Mining Development Trading Corporation"}})
    assert {item["schema"] for item in found["results"]} == {"Organization"}


def test_data_set_narrows_the_lists_under_either_name(ask: Ask) -> None:
    assert ids(match(ask, RI, "/match/un")) == ids(match(ask, RI, "/match/un_sc_sanctions")) == ["un-KPi.076"]
    assert ids(match(ask, RI, "/match/us_ofac_sdn")) == ["ofac-23215"]
    assert ids(match(ask, RI, "/match/default", exclude_dataset="us_ofac_sdn")) == ["un-KPi.076"]
    assert ids(match(ask, RI, "/match/sanctions", include_dataset="ofac")) == ["ofac-23215"]


def test_results_name_their_list_as_opensanctions_does(ask: Ask) -> None:
    assert match(ask, RI, "/match/un")["results"][0]["datasets"] == ["un_sc_sanctions", "un"]
    assert set(OPENSANCTIONS.values()) == {"un", "ofac", "eu", "uk", "jp", "csl"}


@pytest.mark.parametrize(
    ("params", "left"),
    [
        ({"exclude_entity_ids": ["un-KPi.076"]}, ["ofac-23215"]),
        ({"exclude_schema": ["Person"]}, []),
        ({"include_schema": ["LegalEntity"]}, ["ofac-23215", "un-KPi.076"]),
        ({"include_schema": ["Vessel"]}, []),
        ({"topics": ["sanction", "role.pep"]}, ["ofac-23215", "un-KPi.076"]),
        ({"topics": ["role.pep"]}, []),
        ({"changed_since": "2025-01-01"}, ["un-KPi.076"]),
        ({"threshold": "0.99"}, ["ofac-23215", "un-KPi.076"]),
        ({"threshold": "0.99", "cutoff": "0.95"}, []),
        ({"limit": "0"}, []),
    ],
)  # fmt: skip
def test_parameters_narrow_the_results(ask: Ask, params: dict[str, Any], left: list[str]) -> None:
    assert sorted(ids(match(ask, RI, **params))) == left


def test_match_follows_the_threshold_asked_for(ask: Ask) -> None:
    assert [item["match"] for item in match(ask, RI, threshold="0.99")["results"]] == [False, False]


@pytest.mark.parametrize("algorithm", ["best", "logic-v2", "stanch", "regression-v1"])
def test_algorithms_of_yente_are_taken(ask: Ask, algorithm: str) -> None:
    assert match(ask, RI, algorithm=algorithm)["results"]


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/match/peps", {"queries": {"q": RI}}, 404, "no data set 'peps'; there are:"),
        ("/match/default?include_dataset=eu_fsf", {"queries": {"q": RI}}, 404, "no data set 'eu_fsf'"),
        ("/match/un?include_dataset=ofac", {"queries": {"q": RI}}, 400, "leave no list"),
        ("/match/un?exclude_dataset=un", {"queries": {"q": RI}}, 400, "leave no list"),
        ("/match/default?algorithm=x", {"queries": {"q": RI}}, 400, "no algorithm 'x'"),
        ("/match/default?include_schema=Persn", {"queries": {"q": RI}}, 400, "no schema 'Persn'"),
        ("/match/default", {"queries": {}}, 400, "no queries given"),
        ("/match/default", {"queries": {"q": {"schema": "Persn", "properties": {}}}}, 400, "no schema 'Persn'"),
        ("/match/default", {"queries": {str(n): RI for n in range(21)}}, 400, "too many queries in one batch: 21"),
    ],
)
def test_wrong_request_is_refused_in_the_shape_of_yente(
    ask: Ask, path: str, body: dict[str, Any], status: int, said: str
) -> None:
    response = ask("POST", path, json=body)
    assert response.status_code == status
    assert said in response.json()["detail"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"[" * 50_000,
        b'{"queries": []}',
        b'{"queries": {"q": null}}',
        b"\xff\xfe",
        b'{"queries": {"q": {"schema": 1, "properties": {}}}}',
        b'{"queries": {"\\ud800": 1}}',
    ],
)
def test_what_is_no_query_is_refused(ask: Ask, content: bytes) -> None:
    response = ask("POST", "/match/default", content=content, headers={"content-type": "application/json"})
    assert response.status_code in (400, 422)
    assert response.json()["detail"]


@pytest.mark.parametrize("params", [{"limit": "501"}, {"limit": "-1"}, {"threshold": "2"}, {"changed_since": "soon"}])
def test_parameter_out_of_range_is_refused(ask: Ask, params: dict[str, str]) -> None:
    response = ask("POST", "/match/default", json={"queries": {"q": RI}}, params=params)
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"][0] == "query"


def test_refusal_does_not_repeat_what_was_sent(ask: Ask) -> None:
    response = ask("POST", "/match/default", json={"queries": {"q": "A" * 100_000}})
    assert response.status_code == 422
    assert len(response.content) < 1_000


def test_body_that_is_announced_too_long_is_refused(ask: Ask) -> None:
    assert ask("POST", "/match/default", content=b"x" * (MAX_BODY + 1)).status_code == 413


def test_body_that_turns_out_too_long_is_refused(ask: Ask) -> None:
    async def endless() -> Any:
        for _ in range(MAX_BODY // 65_536 + 2):
            yield b" " * 65_536

    headers = {"content-type": "application/json"}
    assert ask("POST", "/match/default", content=endless(), headers=headers).status_code == 413


def test_record_with_nothing_to_compare_is_no_clear_answer(ask: Ask) -> None:
    found = match(ask, {"schema": "Person", "properties": {"birthDate": "1948"}})
    assert (found["status"], found["results"]) == (400, [])
    assert found["notes"] == ["neither a name nor an identifier to screen"]


def test_hostile_text_comes_back_as_json(ask: Ask) -> None:
    body = b'{"queries": {"\\ud800": {"schema": "Person", "properties": {"name": ["\\udfff<script>", "\\u202e"]}}}}'
    response = ask("POST", "/match/default", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 200
    assert list(response.json()["responses"]) == ["?"]


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(["Ri Pyong Chol", "Kim Yong Chol", "김정은", "Kim Chol", "Wang Wei", "Иван Петров"]),
    origin=st.dictionaries(
        st.sampled_from(sorted(NEVER_COMPARED)), st.sampled_from(["kp", "kr", "cn", "ru", "us", "Pyongyang", "Seoul"])
    ),
    birth=st.sampled_from([None, "1948", "1970-05-05"]),
)
def test_origin_never_changes_an_answer(ask: Ask, name: str, origin: dict[str, str], birth: str | None) -> None:
    plain = {"name": name} | ({"birthDate": birth} if birth else {})
    without = match(ask, {"schema": "Person", "properties": plain})
    assert match(ask, {"schema": "Person", "properties": plain | origin})["results"] == without["results"]


def test_answer_says_against_which_lists(ask: Ask) -> None:
    whole = ask("POST", "/match/un", json={"queries": {"q": RI}}).json()
    assert [(item["name"], item["date"]) for item in whole["lists"]] == [("un", "2026-02-27")]
    assert "DPRK" in whole["lists"][0]["title"]
    assert whole["screening_threshold"] == DEFAULT_THRESHOLD


def test_search_finds_by_name_in_any_script_and_by_words(ask: Ask) -> None:
    for text in ("리병철", "pyong chul", "RI PYONG"):
        found = ask("GET", "/search/un", params={"q": text}).json()
        assert "un-KPi.076" in [item["id"] for item in found["results"]], text
    assert found["total"]["value"] == len(found["results"])


def test_search_pages_through_everything(ask: Ask) -> None:
    first = ask("GET", "/search/default", params={"limit": 2}).json()
    second = ask("GET", "/search/default", params={"limit": 2, "offset": 1}).json()
    assert first["results"][1] == second["results"][0]
    assert first["total"]["value"] > 700
    assert {item["name"]: item["count"] for item in first["facets"]["datasets"]["values"]}.keys() == {"un", "ofac"}


def test_search_filters_by_schema_and_country(ask: Ask) -> None:
    found = ask("GET", "/search/default", params={"schema": "Vehicle", "limit": 500}).json()
    assert {item["schema"] for item in found["results"]} == {"Vessel", "Airplane"}
    found = ask("GET", "/search/default", params={"countries": "CN", "limit": 500}).json()
    assert found["results"]
    assert all(any("cn" in values for values in item["properties"].values()) for item in found["results"])


def test_entity_is_given_by_its_id(ask: Ask) -> None:
    found = ask("GET", "/entities/un-KPi.076").json()
    assert (found["caption"], found["first_seen"]) == ("RI PYONG CHUL", "2017-12-22T00:00:00")
    assert ask("GET", "/entities/nobody").status_code == 404


def test_catalogue_names_every_list_and_says_that_it_is_a_part(ask: Ask) -> None:
    rows = {row["name"]: row for row in ask("GET", "/catalog").json()["datasets"]}
    assert rows.keys() == {"default", "sanctions", "all", "un", "ofac", "un_sc_sanctions", "us_ofac_sdn"}
    assert rows["default"]["children"] == ["ofac", "un"]
    assert "DPRK" in rows["us_ofac_sdn"]["title"]
    assert rows["un"]["version"] == "20260227"


def test_service_says_that_it_is_up_and_ready() -> None:
    ask = asking(create_app(None))
    assert ask("GET", "/healthz").json() == {"status": "ok"}
    assert ask("GET", "/readyz").status_code in (200, 503)
    assert ask("POST", "/match/default", json={"queries": {"q": RI}}).status_code == 200
    assert ask("GET", "/readyz").json() == {"status": "ok"}


def test_every_answer_has_the_guarding_headers(ask: Ask) -> None:
    for response in (ask("GET", "/catalog"), ask("GET", "/none"), ask("POST", "/match/default", content=b"x")):
        assert response.headers["x-content-type-options"] == "nosniff"


def test_other_host_name_is_refused() -> None:
    ask = asking(create_app(None, hosts=("127.0.0.1",)))
    assert ask("GET", "/healthz").status_code == 400
    assert ask("GET", "http://127.0.0.1:8350/healthz").status_code == 200


def test_openapi_describes_the_answer(ask: Ask) -> None:
    document = ask("GET", "/openapi.json").json()
    assert document["paths"]["/match/{dataset}"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]


# -- a workspace whose lists change ------------------------------------------------------------------------------


def add_list(workspace: Workspace, folder: Path, *names: str) -> None:
    from stanch.sources.ftm.read import read_ftm

    lines = [
        {"id": f"w-{n}", "schema": "Person", "properties": {"name": [name]}, "datasets": ["watch"]}
        for n, name in enumerate(names)
    ]
    path = folder / f"{len(names)}.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    raw = RawFile.open(path)
    workspace.add_list(NewSnapshot("watch", "2026-01-01", [raw], lambda: read_ftm(raw), lambda _: None))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.init(tmp_path / "ws") as made:
        yield made


def until(true: Callable[[], bool]) -> None:
    for _ in range(200):
        if true():
            return
        time.sleep(0.02)
    pytest.fail("it did not happen within four seconds")


def test_new_list_is_taken_up_while_the_old_one_answers(workspace: Workspace, tmp_path: Path) -> None:
    add_list(workspace, tmp_path, "Zebulon Quartermaine")
    lists = HeldLists(workspace, check_every_s=0.0)
    old = lists.current()
    add_list(workspace, tmp_path, "Zebulon Quartermaine", "Ottoline Featherstonehaugh")
    assert lists.current() is old  # the first call after the change does not wait
    until(lambda: len(lists.current().index.subjects) == 2)
    assert len(old.index.subjects) == 1


def test_unchanged_lists_are_not_indexed_again(workspace: Workspace, tmp_path: Path) -> None:
    add_list(workspace, tmp_path, "Zebulon Quartermaine")
    lists = HeldLists(workspace, check_every_s=0.0)
    held = lists.current()
    for _ in range(5):
        time.sleep(0.02)
        assert lists.current() is held


def test_failing_reload_keeps_the_old_lists_and_says_so(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_list(workspace, tmp_path, "Zebulon Quartermaine")
    lists = HeldLists(workspace, check_every_s=0.0)
    held = lists.current()

    def broken(_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(match_lists, "load_lists", broken)
    add_list(workspace, tmp_path, "Zebulon Quartermaine", "Ottoline Featherstonehaugh")
    lists.current()
    until(lambda: lists.stale)
    assert lists.current() is held


def test_workspace_sets_the_probability_of_a_match(workspace: Workspace, tmp_path: Path) -> None:
    add_list(workspace, tmp_path, "Zebulon Quartermaine")
    assert HeldLists(workspace).current().threshold == workspace.settings.screening_threshold
