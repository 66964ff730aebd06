"""Customers as FollowTheMoney JSON lines, with their owners beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stanch.exc import InputError
from stanch.model import Entity
from stanch.sources.base import Record, Rejected, RejectedField
from stanch.sources.customers import ftm, read_customers
from stanch.sources.raw import RawFile


def line(id_: str, schema: str, **properties: str | list[str]) -> dict[str, Any]:
    values = {name: [text] if isinstance(text, str) else text for name, text in properties.items()}
    return {"id": id_, "schema": schema, "properties": values}


def read(folder: Path, *lines: Any) -> list[Record[tuple[Entity, ...]] | Rejected]:
    path = folder / "customers.jsonl"
    texts = [item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return list(read_customers(RawFile.open(path)))


def parts(items: list[Record[tuple[Entity, ...]] | Rejected]) -> dict[str, list[str]]:
    return {item.value[0].id: [entity.id for entity in item.value[1:]] for item in items if isinstance(item, Record)}


FIRM = line("c", "Company", name="Harbour Light Trading Ltd")
OWNER = line("p", "Person", name="Anna Schmidt", birthDate="1970-01-02", ethnicity="none of ours")
OWNS = line("o", "Ownership", owner="p", asset="c", percentage="60")


def test_record_has_its_links_and_the_parties_at_their_ends(tmp_path: Path) -> None:
    assert parts(read(tmp_path, FIRM, OWNER, OWNS)) == {"c": ["o", "p"], "p": ["o", "c"]}


def test_owner_may_stand_after_and_links_anywhere(tmp_path: Path) -> None:
    assert parts(read(tmp_path, OWNS, FIRM, OWNER))["c"] == ["o", "p"]


def test_owners_are_followed_upwards_and_assets_one_step_down(tmp_path: Path) -> None:
    tiers = [line(f"t{n}", "Company", name=f"Tier {n}") for n in range(4)]
    links = [line(f"l{n}", "Ownership", owner=f"t{n}", asset=f"t{n + 1}") for n in range(3)]
    found = parts(read(tmp_path, *tiers, *links))
    assert found["t3"] == ["l2", "l1", "l0", "t2", "t1", "t0"]
    assert found["t0"] == ["l0", "t1"]


def test_circle_of_owners_ends(tmp_path: Path) -> None:
    links = [line("1", "Ownership", owner="c", asset="p"), line("2", "Ownership", owner="p", asset="c")]
    assert parts(read(tmp_path, FIRM, OWNER, *links))["c"] == ["1", "2", "p"]


def test_wallet_goes_with_its_holder(tmp_path: Path) -> None:
    wallet = line("w", "CryptoWallet", publicKey="0x098B716B8Aaf21512996dC57EB0615e2383E2f96", holder="c")
    assert parts(read(tmp_path, FIRM, wallet)) == {"c": ["w"]}


def test_property_that_nobody_may_use_stays_in_the_raw_file(tmp_path: Path) -> None:
    (record,) = read(tmp_path, OWNER)
    assert isinstance(record, Record)
    assert record.value[0].properties == {"name": ("Anna Schmidt",), "birthDate": ("1970-01-02",)}


def test_place_of_a_record_is_its_line(tmp_path: Path) -> None:
    record = read(tmp_path, FIRM, OWNER)[1]
    assert isinstance(record, Record)
    assert record.value[0].source is not None
    assert (record.locator, record.value[0].source.locator) == ("line 2", "line 2")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (line("n", "Person"), "name: empty"),
        (FIRM, "already on line 1"),
        ("{", "not a FollowTheMoney entity"),
        ({"id": "a\u202eb", "schema": "Person"}, "control characters"),
    ],
)
def test_bad_line_is_rejected_and_the_rest_goes_on(tmp_path: Path, bad: Any, reason: str) -> None:
    first, refused, last = read(tmp_path, FIRM, bad, OWNER)
    assert isinstance(first, Record)
    assert isinstance(last, Record)
    assert isinstance(refused, Rejected)
    assert (refused.line, reason in refused.reason) == (2, True)


def test_record_of_hundreds_of_owners_is_bounded_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ftm, "MAX_PARTIES", 3)
    owners = [line(f"p{n}", "Person", name=f"Person Number {n}") for n in range(9)]
    links = [line(f"l{n}", "Ownership", owner=f"p{n}", asset="c") for n in range(9)]
    items = read(tmp_path, FIRM, *owners, *links)
    assert parts(items)["c"] == ["l0", "l1", "l2", "p0", "p1", "p2"]
    assert isinstance(items[1], RejectedField)
    assert "more than 3 related parties" in items[1].reason


def test_nominee_of_thousands_of_firms_takes_no_time(tmp_path: Path) -> None:
    firms = [line(f"c{n}", "Company", name=f"Firm {n}") for n in range(1_500)]
    posts = [line(f"d{n}", "Directorship", director="p", organization=f"c{n}") for n in range(1_500)]
    found = parts(read(tmp_path, OWNER, *firms, *posts))
    assert found["c7"] == ["d7", "p"]
    assert len(found["p"]) == 2 * ftm.MAX_PARTIES


def test_unused_schemata_are_told_once(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text("\n".join(map(json.dumps, [FIRM, line("a", "Address", full="x"), line("b", "Address")])))
    notes: list[str] = []
    assert len(list(read_customers(RawFile.open(path), note=notes.append))) == 1
    assert notes == ["c.jsonl: not used, kept in the raw file: entities of Address"]


def test_plain_json_lines_are_read_as_before(tmp_path: Path) -> None:
    (record,) = read(tmp_path, {"id": "1", "name": "Anna Schmidt", "schema": "person"})
    assert isinstance(record, Record)
    assert record.value[0].schema == "Person"


def test_columns_that_the_user_names_speak_against_ftm(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(json.dumps(FIRM | {"label": "Anna Schmidt"}), encoding="utf-8")
    (record,) = read_customers(RawFile.open(path), {"name": "label"})
    assert isinstance(record, Record)
    assert record.value[0].caption == "Anna Schmidt"


def test_file_of_links_alone_has_no_record(tmp_path: Path) -> None:
    assert read(tmp_path, OWNS) == []


def test_file_without_an_entity_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 1"):
        read(tmp_path, {"id": "", "schema": "x", "properties": {}})
