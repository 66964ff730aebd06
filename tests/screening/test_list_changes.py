"""What changed between two versions of a list, and which subjects that touches."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from stanch.model import Entity
from stanch.screening import ListInfo, Query
from stanch.screening.changes import compare
from stanch.screening.history import changes_between
from stanch.screening.touched import key_text, lookup_keys, touched

LISTS = (ListInfo("house", "2026-01-01", "0" * 64),)


def person(id_: str, *names: str, **properties: str) -> Entity:
    return Entity(id_, "Person", {"name": names, **{key: (value,) for key, value in properties.items()}}, ("house",))


def test_added_removed_and_changed_entries_say_what_changed() -> None:
    old = [person("a", "Ann Poe"), person("b", "Bo Roe", country="ly"), person("c", "Cy Moe")]
    new = [person("b", "Bo Roe", "Bob Roe", country="af"), person("c", "Cy Moe"), person("d", "Di Loe")]
    found = compare(old, new)
    assert [(item.kind, item.entity_id) for item in found] == [("removed", "a"), ("changed", "b"), ("added", "d")]
    assert found[1].to_json()["properties"] == {
        "country": {"removed": ["ly"], "added": ["af"]},
        "name": {"removed": [], "added": ["Bob Roe"]},
    }
    assert found[0].to_json()["properties"] == {"name": {"removed": ["Ann Poe"], "added": []}}


def test_another_order_of_names_is_a_change_and_said_to_be_one() -> None:
    (found,) = compare([person("a", "Ann", "Anna")], [person("a", "Anna", "Ann")])
    assert str(found.properties[0]) == "name: another order"


def test_the_place_in_the_file_is_no_change() -> None:
    old = person("a", "Ann Poe")
    assert compare([old], [Entity(old.id, old.schema, old.properties, old.datasets, None, "2026-02-01")]) == []


def test_a_wallet_is_told_with_its_holder() -> None:
    wallet = Entity("w", "CryptoWallet", {"publicKey": ("0xabc",), "holder": ("a",)}, ("house",))
    (found,) = compare([person("a", "Ann Poe")], [person("a", "Ann Poe"), wallet])
    assert found.name == "0xabc, held by Ann Poe"


_entities = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(("Ann", "Bo", "Cy")), max_size=6).map(
    lambda names: [person(id_, name) for id_, name in names.items()]
)


@given(_entities, _entities)
def test_what_comes_one_way_goes_the_other(old: list[Entity], new: list[Entity]) -> None:
    there, back = compare(old, new), compare(new, old)
    swapped = {"added": "removed", "removed": "added", "changed": "changed"}
    assert {(swapped[item.kind], item.entity_id) for item in there} == {(item.kind, item.entity_id) for item in back}
    by_id = {item.id: item for item in old}
    for item in there:
        if item.kind == "removed":
            del by_id[item.entity_id]
        else:
            by_id[item.entity_id] = next(entity for entity in new if entity.id == item.entity_id)
    assert by_id == {item.id: item for item in new}, "the changes lead from the old list to the new one"


def test_keys_of_a_changed_subject_are_those_before_and_after() -> None:
    old, new = person("a", "Quentin Marsh"), person("a", "Zebulon Roe")
    found = touched([old], [new], LISTS, LISTS)
    assert found.ids == {"a"}
    for name in ("Quentin Marsh", "Zebulon Roe"):
        keys = lookup_keys(Query.of_entities(person("q", name)))
        assert any(found.keys.get(key) == ("a",) for key in keys)


def test_a_document_that_changes_touches_its_holder_and_nobody_else() -> None:
    people = [person("a", "Quentin Marsh"), person("b", "Zebulon Roe")]
    papers = [
        Entity("p", "Passport", {"number": (number,), "holder": ("a",)}, ("house",)) for number in ("X12345", "Y")
    ]
    assert touched([*people, papers[0]], [*people, papers[1]], LISTS, LISTS).ids == {"a"}


def test_a_share_that_changes_touches_what_is_owned() -> None:
    owner = Entity("a", "Person", {"name": ("Quentin Marsh",), "topics": ("sanction",)}, ("un",))
    firm = Entity("f", "Company", {"name": ("Marsh Trading",)}, ("un",))
    shares = [
        Entity("o", "Ownership", {"owner": ("a",), "asset": ("f",), "percentage": (percent,)}, ("un",))
        for percent in ("30", "80")
    ]
    assert touched([owner, firm, shares[0]], [owner, firm, shares[1]], LISTS, LISTS).ids == {"f"}


def test_nothing_is_touched_when_entries_only_move() -> None:
    people = [person("a", "Quentin Marsh"), person("b", "Zebulon Roe")]
    found = touched(people, people[::-1], LISTS, LISTS)
    assert (found.ids, dict(found.keys)) == (frozenset(), {})


def test_a_key_is_one_line_whatever_stands_in_it() -> None:
    assert key_text(("id.email", "a\nb\u2028c@x")) == "id.email a b c@x"


def test_files_of_one_list_are_compared_and_the_dprk_part_picked(tmp_path: Path) -> None:
    def file(name: str, *lines: str) -> Path:
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return tmp_path / name

    one = '{"id":"x","schema":"Person","properties":{"name":["Ann Poe"]},"datasets":["house"]}'
    two = '{"id":"y","schema":"Person","properties":{"name":["Ri"],"program":["DPRK3"]},"datasets":["house"]}'
    wallet = '{"id":"w","schema":"CryptoWallet","properties":{"publicKey":["1a"],"holder":["y"]},"datasets":["house"]}'
    old, new = file("old.json", one), file("new.json", two, wallet)
    (found,) = changes_between(old, new)
    assert found.summary == "house, undated to undated: 2 added, 1 removed, 0 changed"
    (found,) = changes_between(old, new, dprk=True)
    assert [item.entity_id for item in found.changes] == ["y", "w"]
