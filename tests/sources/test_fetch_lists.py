"""Whole lists: fetched together or found unchanged, told apart by content, dated, and refused when they are broken."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback_server import Answer, Loopback
from sample_lists import ofac_files, small_card, un_xml

from stanch.exc import FetchError, InputError, NotFoundError, StanchError
from stanch.sources import catalogue
from stanch.sources.base import Record
from stanch.sources.card import LISTS, SOURCES, load_card
from stanch.sources.catalogue import date_of_list, find_files, read_list, recognise
from stanch.sources.fetch import NotModified, Policy
from stanch.sources.raw import RawFile
from stanch.sources.update import FetchedList, fetch_list

QUICK = Policy(read_timeout_s=1, attempts=2, pause_s=0)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cards that the small constructed lists meet."""
    monkeypatch.setattr(catalogue, "load_card", small_card)


def saved(folder: Path, files: dict[str, bytes]) -> list[RawFile]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [RawFile.open(folder / name) for name in files]


def get(server: Loopback, folder: Path, source_id: str, held: FetchedList | None = None) -> FetchedList | NotModified:
    folder.mkdir(exist_ok=True)
    etag, modified = (held.etag, held.last_modified) if held else ("", "")
    return fetch_list(load_card(source_id), folder, etag, modified, base_url=server.url, policy=QUICK)


def test_all_files_of_a_list_are_fetched(server: Loopback, tmp_path: Path) -> None:
    for name, data in ofac_files().items():
        server.answers(f"/{name}", Answer(data))
    result = get(server, tmp_path, "ofac")
    assert isinstance(result, FetchedList)
    assert [file.name for file in result.files] == ["SDN.CSV", "ALT.CSV", "ADD.CSV", "SDN_COMMENTS.CSV"]
    assert result.url == f"{server.url}/SDN.CSV"


def test_unchanged_list_is_not_fetched_again(server: Loopback, tmp_path: Path) -> None:
    for name, data in ofac_files().items():
        server.answers(f"/{name}", Answer(data, headers={"ETag": f'"{name}"'}), Answer(status=304))
    held = get(server, tmp_path, "ofac")
    assert isinstance(held, FetchedList)
    assert isinstance(get(server, tmp_path / "again", "ofac", held), NotModified)
    assert [request.headers.get("If-None-Match") for request in server.requests[4:]] == [
        f'"{name}"' for name in ofac_files()
    ]


def test_one_changed_file_fetches_the_whole_list(server: Loopback, tmp_path: Path) -> None:
    for name, data in ofac_files().items():
        first, full = Answer(data, headers={"ETag": '"1"'}), Answer(data, headers={"ETag": '"2"'})
        server.answers(f"/{name}", first, full if name == "ALT.CSV" else Answer(status=304), full)
    held = get(server, tmp_path, "ofac")
    assert isinstance(held, FetchedList)
    result = get(server, tmp_path / "again", "ofac", held)
    assert isinstance(result, FetchedList)
    assert len(result.files) == 4


def test_missing_part_fails_the_list(server: Loopback, tmp_path: Path) -> None:
    server.answers("/SDN.CSV", Answer(ofac_files()["SDN.CSV"]))
    with pytest.raises(FetchError, match="404"):
        get(server, tmp_path, "ofac")


def test_garbled_validators_are_ignored(server: Loopback, tmp_path: Path) -> None:
    server.answers("/consolidated.xml", Answer(un_xml()))
    result = fetch_list(load_card("un"), tmp_path, '{"list": 7}', "", server.url, QUICK)
    assert isinstance(result, FetchedList)


def test_files_are_recognised_by_content_not_by_name(tmp_path: Path) -> None:
    renamed = {f"file{number}": data for number, data in enumerate([un_xml(), *ofac_files().values()])}
    found = [recognise(raw) for raw in saved(tmp_path, renamed)]
    assert [(item.source_id, item.role) for item in found if item] == [
        ("un", "list"), ("ofac", "sdn"), ("ofac", "alt"), ("ofac", "add"), ("ofac", "comments"),
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"name,alias\na,b\n", b"\x1f\x8bbroken", b"{}", b"1,2,3\n", b'"', b"\xff\xfe"])
def test_other_files_are_not_recognised(tmp_path: Path, data: bytes) -> None:
    (raw,) = saved(tmp_path, {"x": data})
    assert recognise(raw) is None


def test_folder_gives_the_latest_of_each_file(tmp_path: Path) -> None:
    ofac = ofac_files()
    saved(
        tmp_path,
        {
            "a.xml": un_xml(day="2026-02-27"),
            "b.xml": un_xml(day="2025-04-19"),
            "sdn_2024-02-01.csv": ofac["SDN.CSV"],
            "sdn_2024-05-03.csv": ofac["SDN.CSV"],
            "readme.txt": b"hello",
        },
    )
    found = find_files(tmp_path)
    assert {source: [raw.name for raw in files] for source, files in found.items()} == {
        "ofac": ["sdn_2024-05-03.csv"], "un": ["a.xml"],
    }  # fmt: skip


def test_folder_without_lists_is_refused(tmp_path: Path) -> None:
    saved(tmp_path, {"readme.txt": b"hello"})
    with pytest.raises(InputError, match="no official list"):
        find_files(tmp_path)


def test_list_date_order_of_trust(tmp_path: Path) -> None:
    un, sdn, undated = saved(
        tmp_path,
        {"un.xml": un_xml(), "sdn_2024-05-03.csv": ofac_files()["SDN.CSV"], "sdn.csv": ofac_files()["SDN.CSV"]},
    )
    os.utime(undated.path, (1_700_000_000, 1_700_000_000))
    assert date_of_list("un", [un], "Thu, 01 Jan 2015 00:00:00 GMT").isoformat() == "2026-02-27"
    assert date_of_list("ofac", [sdn], "Tue, 07 May 2024 10:00:00 GMT").isoformat() == "2024-05-07"
    assert date_of_list("ofac", [sdn], "nonsense").isoformat() == "2024-05-03"
    assert date_of_list("ofac", [undated]).year == 2023


def test_ofac_parts_are_joined_in_any_order(tmp_path: Path, small: None) -> None:
    files = saved(tmp_path, ofac_files())
    records = [record.value for record in read_list("ofac", files[::-1]) if isinstance(record, Record)]
    assert [entity.get("alias") for entity in records] == [("KIM B",), ()]


@pytest.mark.parametrize(("persons", "fits"), [(0, False), (3, True), (11, False)])
def test_dprk_counts_outside_the_card_are_refused(tmp_path: Path, small: None, persons: int, fits: bool) -> None:
    files = saved(tmp_path, {"un.xml": un_xml(persons)})
    if fits:
        assert len(list(read_list("un", files))) == persons + 2
        return
    with pytest.raises(InputError, match="does not replace the list held"):
        list(read_list("un", files))


def test_half_a_list_is_refused_by_the_real_card(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected 60 to 200"):
        list(read_list("un", saved(tmp_path, {"un.xml": un_xml(40, 60)})))


@pytest.mark.parametrize(
    "data",
    [
        un_xml()[:-60],
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><CONSOLIDATED_LIST>&a;</CONSOLIDATED_LIST>',
        b"<html>Service unavailable</html>",
        b"\x1f\x8b\x08\x00broken",
    ],
)
def test_broken_un_list_is_refused_in_one_line(tmp_path: Path, small: None, data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        list(read_list("un", saved(tmp_path, {"consolidated.xml": data})))
    assert "consolidated.xml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_ofac_without_its_main_file_is_refused(tmp_path: Path) -> None:
    files = saved(tmp_path, {"ALT.CSV": ofac_files()["ALT.CSV"]})
    with pytest.raises(InputError, match="main file"):
        list(read_list("ofac", files))


def test_every_source_has_a_card_and_every_list_https_files() -> None:
    for source in SOURCES:
        assert load_card(source).title
    for source in LISTS:
        card = load_card(source)
        assert card.files
        assert all(file.url.startswith("https://") and file.max_bytes > 0 for file in card.files)
        assert card.entities
        assert card.dprk


def test_unknown_source_is_refused() -> None:
    with pytest.raises(NotFoundError, match="there are: csl, eu, ftm, jp, ofac, tagpack, uk, un"):
        load_card("../etc")


def test_real_lists_pass_their_cards_after_a_fetch(server: Loopback, tmp_path: Path, shared_dir: Path) -> None:
    """The whole way: real snapshots served over HTTP, the UN one cut half-way at first."""
    lists = shared_dir / "lists"
    un = (lists / "un_consolidated.xml").read_bytes()
    server.answers("/consolidated.xml", Answer(un, cut_at=len(un) // 2), Answer(status=500), Answer(un))
    names = ("sdn_2024-05-03", "alt_2025-12-24", "add_2025-12-24", "sdn_comments_2025-12-24")
    for file, name in zip(load_card("ofac").files, names, strict=True):
        server.answers(f"/{file.name}", Answer((lists / f"ofac_{name}.csv.gz").read_bytes()))
    policy = Policy(attempts=3, pause_s=0)
    for source, total in (("un", 1003), ("ofac", 21_393)):
        result = fetch_list(load_card(source), tmp_path, base_url=server.url, policy=policy)
        assert isinstance(result, FetchedList)
        counts: dict[str, int] = {}
        for record in read_list(source, result.files):
            if isinstance(record, Record):
                counts[record.value.schema] = counts.get(record.value.schema, 0) + 1
        load_card(source).check(counts)
        assert sum(counts.values()) >= total


def test_errors_of_a_fetch_are_errors_a_user_sees() -> None:
    assert issubclass(FetchError, StanchError)
