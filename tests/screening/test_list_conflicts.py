"""One subject across lists, and where lists disagree on it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.cli.lists import lists as lists_command
from stanch.model import Entity
from stanch.screening.conflicts import Conflict, find_conflicts
from stanch.screening.lists import packaged_lists, read_list_file
from stanch.screening.nativenames import native_problems
from stanch.screening.subjects import Lists, compare_lists


def person(entity_id: str, name: str, **properties: str | tuple[str, ...]) -> Entity:
    values = {key: (text,) if isinstance(text, str) else text for key, text in properties.items()}
    return Entity(entity_id, "Person", {"name": (name,), **values}, (entity_id.split("-")[0],))


def ids(found: Lists) -> list[list[str]]:
    return [[found.entity(number).id for number in group] for group in found.groups]


def conflicts(*entities: Entity) -> list[Conflict]:
    return list(find_conflicts(compare_lists(entities)))


BORN = "1969-08-21"


def test_same_name_and_birth_date_join() -> None:
    found = compare_lists(
        [person("un-1", "KANG RYONG", birthDate=BORN), person("jp-1", "カン・リョン", birthDate=BORN)]
    )
    assert ids(found) == [["jp-1", "un-1"]]


def test_same_name_with_another_birth_date_stays_apart() -> None:
    found = compare_lists(
        [person("un-1", "KIM YONG CHOL", birthDate="1962-02-18"), person("eu-1", "KIM Yong Chol", birthDate="1946")]
    )
    assert ids(found) == [["eu-1"], ["un-1"]]


def test_two_entries_of_one_list_are_never_joined_through_a_third() -> None:
    found = compare_lists(
        [
            person("eu-1", "KANG RYONG", birthDate=BORN),
            person("eu-2", "KANG RYONG", birthDate=BORN),
            person("un-1", "KANG RYONG", birthDate=BORN),
        ]
    )
    assert max(len({item.split("-")[0] for item in group}) == len(group) for group in ids(found))
    assert sorted(map(len, ids(found))) == [1, 2]


def test_weak_link_does_not_join_what_contradicts() -> None:
    found = compare_lists(
        [
            person("un-1", "PYON WON GUN", birthDate="1968-03-13"),
            person("ofac-1", "PYON WON GUN"),
            person("eu-1", "PYON WON GUN", birthDate="1940-01-15"),
        ]
    )
    assert not any({"un-1", "eu-1"} <= set(group) for group in ids(found))


def test_stated_reference_joins_other_names() -> None:
    found = compare_lists(
        [person("un-KPi.901", "KIM CHOL"), person("eu-1", "James Smith", notes="UN reference KPi.901")]
    )
    assert ids(found) == [["eu-1", "un-KPi.901"]]


def test_ships_of_other_imo_numbers_are_other_ships() -> None:
    ships = [
        Entity(f"{source}-1", "Vessel", {"name": ("MI RIM",), "imoNumber": (imo,)}, (source,))
        for source, imo in (("eu", "8713471"), ("ofac", "9361407"))
    ]
    assert ids(compare_lists(ships)) == [["eu-1"], ["ofac-1"]]


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(5)))
def test_order_of_entities_does_not_matter(order: list[int]) -> None:
    people = [
        person("un-1", "KANG RYONG", birthDate=BORN),
        person("eu-1", "Kang Ryong", birthDate=BORN),
        person("ofac-1", "KANG Ryong", birthDate="1968-08-21"),
        person("un-2", "KIM CHOL", birthDate="1950"),
        person("eu-2", "SHIN Geum Cheol", alias="김금철"),
    ]
    assert conflicts(*people) == conflicts(*(people[number] for number in order))


@pytest.mark.parametrize(
    ("other", "words"),
    [("1968-08-21", "one year off"), ("1969-08-22", "one day apart"), ("1969-09-21", "the same year, another day")],
)
def test_birth_date_that_disagrees_is_found(other: str, words: str) -> None:
    document = "381420754"
    found = conflicts(
        person("un-1", "KANG RYONG", birthDate=BORN, passportNumber=document),
        person("ofac-1", "KANG RYONG", birthDate=other, passportNumber=document),
    )
    assert [(item.kind, words in item.detail) for item in found] == [("birth date", True)]


def test_swapped_day_and_month_is_found() -> None:
    found = conflicts(
        person("un-1", "KANG RYONG", birthDate="1969-08-02", passportNumber="381420754"),
        person("eu-1", "KANG RYONG", birthDate="1969-02-08", passportNumber="381420754"),
    )
    assert "swapped" in found[0].detail


def test_document_one_character_apart_is_a_probable_error() -> None:
    found = conflicts(
        person("un-1", "CHOE CHUN YONG", birthDate=BORN, passportNumber="654410078"),
        person("eu-1", "CHOE Chun Yong", birthDate=BORN, passportNumber="65441078"),
    )
    assert [(item.grade, item.kind) for item in found] == [("probable error", "document")]


def test_letters_before_a_number_are_no_conflict() -> None:
    found = conflicts(
        person("un-1", "KANG MUN KIL", birthDate=BORN, passportNumber="472330208"),
        person("eu-1", "KANG Mun Kil", birthDate=BORN, passportNumber="PS 472330208"),
    )
    assert found == []


def test_one_document_on_two_subjects_is_found() -> None:
    found = conflicts(
        person("eu-1", "AN Se Ho", birthDate="1976-06-15", passportNumber="572110043"),
        person("eu-2", "Oleg KOZHEMYAKO", birthDate="1962-03-17", passportNumber="572110043"),
    )
    assert [item.kind for item in found] == ["shared document"]


@pytest.mark.parametrize(
    ("name", "native", "is_wrong"),
    [
        ("SHIN Geum Cheol", "김금철", True),
        ("CHOE Chan Il", "촤찬일", True),
        ("CHOE Chan Il", "최찬일", False),
        ("LI Yong-ju", "리용주", False),
        ("Ri Yong Ju", "이용주", False),
        ("KIM Chol Sam", "金铁三", False),
        ("KIM Chol Sam", "キム・サム", False),
    ],
)
def test_native_alias_that_does_not_read_as_the_name_is_found(name: str, native: str, is_wrong: bool) -> None:
    entity = person("eu-1", name, alias=native)
    assert bool(list(native_problems(entity, [entity]))) is is_wrong


def test_packaged_lists_keep_the_two_pairs_of_one_spelling_apart() -> None:
    found = find_conflicts(compare_lists(*packaged_lists()))
    apart = {item.name.upper().replace("-", " ") for item in found if item.kind == "one spelling"}
    assert {"KIM YONG CHOL", "KIM TONG CHOL"} <= apart
    assert all("born" in item.detail for item in found if item.kind == "one spelling")


def test_known_errors_of_the_eu_lists_are_found(shared_dir: Path) -> None:
    entities: list[Entity] = []
    for name in ("eu_dprk_32017R1509_consolidated.csv", "eu_russia_regime_dprk_persons_32014R0269.csv"):
        entities += read_list_file(shared_dir / "lists" / name)[0]
    wrong = {item.name for item in find_conflicts(compare_lists(entities)) if item.kind == "native name"}
    assert {"CHOE Chan Il", "SHIN Geum Cheol"} <= wrong
    assert len(wrong) <= 5


def test_command_prints_conflicts_of_files(tmp_path: Path) -> None:
    path = tmp_path / "two.jsonl"
    two = [
        person("a-1", "AN Se Ho", passportNumber="572110043"),
        person("b-1", "Oleg Ivanov", passportNumber="572110043"),
    ]
    path.write_text("\n".join(json.dumps(entity.to_ftm()) for entity in two), encoding="utf-8")
    result = CliRunner().invoke(lists_command, ["conflicts", str(path), "--format", "jsonl"])
    assert result.exit_code == 0
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["kind"] for row in rows] == ["shared document"]
    assert rows[0]["entities"] == ["a-1", "b-1"]
