"""FollowTheMoney JSON lines."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.exc import InputError
from stanch.model import Entity
from stanch.sources.base import Record, Rejected
from stanch.sources.ftm.read import read_ftm
from stanch.sources.raw import RawFile

GOOD = {"id": "NK-1", "schema": "Person", "properties": {"name": ["Kim A"], "alias": ["Kim B", "Kim B"]}}


def open_lines(folder: Path, *lines: Any, name: str = "list.ftm.json") -> RawFile:
    path = folder / name
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return RawFile.open(path)


def one(folder: Path, line: Any) -> Entity:
    (record,) = read_ftm(open_lines(folder, line))
    assert isinstance(record, Record)
    return record.value


def test_entity_keeps_id_schema_properties_and_place(tmp_path: Path) -> None:
    raw = open_lines(tmp_path, "", GOOD | {"datasets": ["us_ofac_sdn"], "referents": ["x"], "caption": "Kim A"})
    (record,) = read_ftm(raw)
    assert isinstance(record, Record)
    assert record.value.properties == {"name": ("Kim A",), "alias": ("Kim B",)}
    assert (record.value.id, record.value.schema, record.value.datasets) == ("NK-1", "Person", ("us_ofac_sdn",))
    assert record.value.source is not None
    assert (record.value.source.locator, record.value.source.sha256) == ("line 2", raw.sha256)


def test_unknown_schema_passes(tmp_path: Path) -> None:
    assert one(tmp_path, {"id": "1", "schema": "Employment", "properties": {"employee": ["2"]}}).schema == "Employment"


def test_nested_entity_is_kept_by_its_id(tmp_path: Path) -> None:
    line = {"id": "1", "schema": "CryptoWallet", "properties": {"holder": [{"id": "2", "schema": "Person"}]}}
    assert one(tmp_path, line).get("holder") == ("2",)


def test_numbers_become_text_and_nulls_vanish(tmp_path: Path) -> None:
    line = {"id": "1", "schema": "Vessel", "properties": {"imoNumber": [9333589, None, True, ["x"]]}}
    assert one(tmp_path, line).get("imoNumber") == ("9333589",)


def test_gzip_is_read_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "entities.ftm.json"
    path.write_bytes(gzip.compress(json.dumps(GOOD).encode()))
    assert len(list(read_ftm(RawFile.open(path)))) == 1


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[]",
        "null",
        '{"id": "1"}',
        {"id": 1, "schema": "Person"},
        {"id": "", "schema": "Person"},
        {"id": "a\u202eb", "schema": "Person"},
        {"id": "1", "schema": "person; DROP"},
        {"id": "1", "schema": "Person", "properties": {"name": "Kim"}},
        {"id": "1", "schema": "Person", "properties": {"__class__": ["Kim"]}},
        '{"id": "1", "schema": "Person", "properties": {"name": ' + "[" * 20_000,
    ],
)
def test_bad_line_is_rejected_and_the_rest_goes_on(tmp_path: Path, bad: Any) -> None:
    first, refused, last = read_ftm(open_lines(tmp_path, GOOD, bad, GOOD | {"id": "NK-2"}))
    assert isinstance(first, Record)
    assert isinstance(refused, Rejected)
    assert isinstance(last, Record)
    assert (refused.line, len(refused.raw) <= 4000) == (2, True)


def test_very_long_line_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stanch.sources.ftm.read.MAX_LINE", 1000)
    _, refused = read_ftm(open_lines(tmp_path, GOOD, GOOD | {"id": "2", "caption": "x" * 2000}))
    assert isinstance(refused, Rejected)
    assert "longer than" in refused.reason


def test_file_without_entities_names_its_first_bad_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"list\.ftm\.json, line 1: not a FollowTheMoney entity"):
        list(read_ftm(open_lines(tmp_path, "name,alias", "a,b")))


values = st.lists(st.text(min_size=1, max_size=30), max_size=3)


@given(st.dictionaries(st.from_regex(r"[a-z][A-Za-z]{1,20}", fullmatch=True), values, max_size=5))
def test_written_entity_reads_back_the_same(tmp_path_factory: pytest.TempPathFactory, properties: Any) -> None:
    folder = tmp_path_factory.mktemp("ftm", numbered=True)
    once = one(folder, {"id": "1", "schema": "Person", "properties": properties})
    assert one(folder, once.to_ftm()).properties == {k: v for k, v in once.properties.items() if v}
