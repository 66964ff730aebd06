from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.web.match_query import NEVER_COMPARED, SCHEMATA, read_example

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


def names(properties: dict[str, object]) -> tuple[str, ...]:
    return read_example(None, "Person", properties).query.names


def test_text_and_list_of_text_are_the_same() -> None:
    assert names({"name": "Ri Pyong Chol"}) == names({"name": ["Ri Pyong Chol"]}) == ("Ri Pyong Chol",)


def test_whole_name_is_joined_from_its_parts() -> None:
    parts = {"firstName": "Aleksandr", "middleName": "Petrovich", "lastName": "Zacharov"}
    assert names(parts) == ("Zacharov, Aleksandr Petrovich",)


def test_parts_are_left_alone_when_there_is_a_whole_name() -> None:
    assert names({"name": "Kim Jong Un", "firstName": "Jong Un", "lastName": "Kim"}) == ("Kim Jong Un",)


def test_surname_alone_is_the_name_when_there_is_no_more() -> None:
    assert names({"lastName": ["Kim"]}) == ("Kim",)


def test_joined_names_are_bounded() -> None:
    many = [f"a{number}" for number in range(200)]
    assert len(names({"firstName": many, "middleName": many, "lastName": many})) <= 50


def test_numbers_are_taken_as_text() -> None:
    assert read_example(None, "Person", {"passportNumber": 836410105}).query.identifiers[0].value == "836410105"


def test_unknown_properties_are_told() -> None:
    assert "not compared: shoeSize" in read_example(None, "Person", {"name": "A B", "shoeSize": "43"}).notes


def test_what_is_no_text_is_told() -> None:
    notes = read_example(None, "Person", {"name": ["A B", None, {}, True]}).notes
    assert notes == ("name: 3 value(s) that are no text, or too many, not used",)


@pytest.mark.parametrize("prop", sorted(NEVER_COMPARED))
def test_origin_is_told_as_never_compared(prop: str) -> None:
    assert f"never compared, on purpose: {prop}" in read_example(None, "Person", {"name": "A B", prop: "kp"}).notes


def test_unknown_schema_is_refused() -> None:
    with pytest.raises(ValueError, match="no schema 'Persn'"):
        read_example(None, "Persn", {"name": "A B"})


def test_record_without_anything_to_compare_is_not_usable() -> None:
    example = read_example("c-1", "Company", {"country": "kp"})
    assert not example.usable
    assert example.notes[0] == "neither a name nor an identifier to screen"


def test_lone_surrogate_is_replaced() -> None:
    assert read_example("\ud800", "Person", {"name": "Kim \udfff"}).to_json()["properties"] == {"name": ["Kim ?"]}


@given(st.sampled_from(SCHEMATA), st.dictionaries(st.text(max_size=12) | st.just("name"), _JSON, max_size=6))
def test_any_json_is_read_and_can_be_written(schema: str, properties: dict[str, object]) -> None:
    written = read_example(None, schema, properties).to_json()
    assert all(isinstance(text, str) for values in written["properties"].values() for text in values)
    str(written).encode("utf-8")
