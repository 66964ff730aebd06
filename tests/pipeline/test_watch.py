"""Screening again after a change of lists gives what screening everybody against everything gives."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.model import Entity
from stanch.pipeline import check
from stanch.pipeline.detectors import ScreeningDetector
from stanch.pipeline.reference import user_list
from stanch.pipeline.watch import waiting
from stanch.screening import DETECTOR
from stanch.sources.base import Record, Rejected
from stanch.sources.catalogue import check_of, date_of_list, read_list
from stanch.sources.raw import RawFile
from stanch.workspace import NewSnapshot, Workspace, rescreening, schema
from stanch.workspace.rescreening import RescreenedRow, Rescreening

UN = ("un_consolidated_2025-04-19.xml.gz", "un_consolidated_2025-11.xml.gz", "un_consolidated.xml")
OFAC = ("ofac_sdn_2024-02-01.csv.gz", "ofac_sdn_2024-05-03.csv.gz")


def screen(workspace: Workspace) -> None:
    check(workspace, [ScreeningDetector()])


def put(workspace: Workspace, folder: Path, entities: Sequence[dict[str, Any]], date: str, name: str = "house") -> None:
    path = folder / f"{name}-{date}-{len(list(folder.glob('*.jsonl')))}.jsonl"
    path.write_text("".join(json.dumps(entity, ensure_ascii=False) + "\n" for entity in entities), encoding="utf-8")
    workspace.add_list(user_list(RawFile.open(path), name, date))


def add_customers(workspace: Workspace, folder: Path, rows: Sequence[str], name: str = "c.csv") -> None:
    path = folder / name
    path.write_text("id,name,birth_date,passport,wallet\n" + "\n".join(rows) + "\n", encoding="utf-8")
    workspace.add("customers", RawFile.open(path))


def forget(workspace: Workspace) -> None:
    """As if nobody had ever been checked: the next check is a full one."""
    with workspace.writing() as connection:
        connection.execute(schema.checked.delete())


def open_ids(workspace: Workspace) -> list[str]:
    return sorted(finding["id"] for finding in workspace.findings(DETECTOR))


def said(workspace: Workspace) -> list[Any]:
    """The open findings without the places they rest on and the dates, which hang on the history of the workspace."""
    return sorted(
        [
            finding["key"], finding["headline"], finding["probability"],
            [(item["statement"], item["bits"]) for item in finding["evidence"]],
        ]
        for finding in workspace.findings(DETECTOR)
    )  # fmt: skip


def on_record(workspace: Workspace) -> list[Any]:
    c = schema.checked.c
    with workspace.reading() as connection:
        query = schema.checked.select().where(c.detector == DETECTOR).order_by(c.subject_id)
        rows = [dict(row._mapping) for row in connection.execute(query)]
    return [{name: value for name, value in row.items() if name != "checked_at"} for row in rows]


def last_run(workspace: Workspace) -> tuple[Rescreening, dict[str, RescreenedRow]]:
    with workspace.reading() as connection:
        run = rescreening.log(connection)[-1]
        return run, {row.subject_id: row for row in rescreening.log_rows(connection, run.id)}


def assert_same_as_full(workspace: Workspace) -> None:
    partial, checked = open_ids(workspace), on_record(workspace)
    forget(workspace)
    screen(workspace)
    assert open_ids(workspace) == partial
    assert on_record(workspace) == checked


KIM = {"id": "h-1", "schema": "Person", "properties": {"name": ["Kim Myong Guk"], "birthDate": ["1965-02-03"]}}
ROE = {"id": "h-2", "schema": "Person", "properties": {"name": ["Zebulon Roe"], "passportNumber": ["X1234567"]}}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Workspace]:
    """Three customers, checked against a list of two."""
    with Workspace.init(tmp_path / "ws") as workspace:
        put(workspace, tmp_path, [KIM, ROE], "2026-01-01")
        rows = ["c-1,Kim Myong Guk,1965-02-03,,", "c-2,Zebulon Roe,,X1234567,", "c-3,Quentin Marsh,,,"]
        add_customers(workspace, tmp_path, rows)
        screen(workspace)
        yield workspace


def test_a_new_snapshot_without_a_change_is_no_news(house: Workspace, tmp_path: Path) -> None:
    before = house.findings()
    put(house, tmp_path, [ROE, KIM], "2026-02-01")
    screen(house)
    assert house.findings() == before
    run, rows = last_run(house)
    assert (run.subjects, run.customers, run.screened, run.carried) == ((), 3, 0, 3)
    assert rows == {}
    assert_same_as_full(house)


def test_a_change_screens_only_who_shares_a_key_and_says_which(house: Workspace, tmp_path: Path) -> None:
    unchanged = [finding for finding in house.findings() if finding["subject"]["id"] == "c-1"]
    changed = {**ROE, "properties": {"name": ["Zebulon Roe"], "passportNumber": ["Y7654321"]}}
    put(house, tmp_path, [KIM, changed], "2026-02-01")
    screen(house)
    run, rows = last_run(house)
    assert (run.subjects, run.customers, run.screened, run.carried) == (("h-2",), 3, 1, 2)
    assert set(rows) == {"c-2"}
    assert list(rows["c-2"].shared["id.document X1234567"]) == ["h-2"]
    assert [finding for finding in house.findings() if finding["subject"]["id"] == "c-1"] == unchanged
    assert_same_as_full(house)


def test_a_removed_entry_withdraws_and_an_added_one_is_found(house: Workspace, tmp_path: Path) -> None:
    marsh = {"id": "h-3", "schema": "Person", "properties": {"name": ["Quentin Marsh"]}}
    put(house, tmp_path, [KIM, marsh], "2026-02-01")
    screen(house)
    run, rows = last_run(house)
    assert run.subjects == ("h-2", "h-3")
    assert (rows["c-2"].counts.withdrawn, rows["c-3"].counts.new) == (1, 1)
    assert {finding["subject"]["id"] for finding in house.findings()} == {"c-1", "c-3"}
    assert_same_as_full(house)


def test_two_updates_before_one_check_compose(house: Workspace, tmp_path: Path) -> None:
    marsh = {"id": "h-3", "schema": "Person", "properties": {"name": ["Quentin Marsh"]}}
    put(house, tmp_path, [KIM], "2026-02-01")
    put(house, tmp_path, [KIM, marsh], "2026-03-01")
    screen(house)
    run, rows = last_run(house)
    assert [item["date"] for item in (*run.before, *run.after)] == ["2026-01-01", "2026-03-01"]
    assert set(rows) == {"c-2", "c-3"}
    assert_same_as_full(house)


def test_an_older_snapshot_that_comes_back_is_a_change_like_any(house: Workspace, tmp_path: Path) -> None:
    first = open_ids(house)
    put(house, tmp_path, [KIM], "2026-02-01")
    screen(house)
    assert open_ids(house) != first
    path = next(tmp_path.glob("house-2026-01-01-*.jsonl"))
    house.add_list(user_list(RawFile.open(path), "house", "2026-01-01"))
    screen(house)
    assert open_ids(house) == first
    assert_same_as_full(house)


def test_a_second_list_screens_only_who_shares_a_key_with_it(house: Workspace, tmp_path: Path) -> None:
    marsh = {"id": "o-1", "schema": "Person", "properties": {"name": ["Quentin Marsh"]}}
    put(house, tmp_path, [marsh], "2026-02-01", "other")
    screen(house)
    assert set(last_run(house)[1]) == {"c-3"}
    assert_same_as_full(house)


def test_a_wallet_added_to_an_entry_changes_the_entry(house: Workspace, tmp_path: Path) -> None:
    key = "0x098b716b8aaf21512996dc57eb0615e2383e2f96"
    add_customers(house, tmp_path, [f"c-4,Nobody Known,,,{key}"], "more.csv")
    screen(house)
    wallet = {"id": "h-9", "schema": "CryptoWallet", "properties": {"publicKey": [key], "holder": ["h-1"]}}
    put(house, tmp_path, [KIM, ROE, wallet], "2026-02-01")
    screen(house)
    run, rows = last_run(house)
    assert run.subjects == ("h-1",), "the wallet is its holder's, not a subject"
    assert rows["c-4"].counts.new == 1
    assert_same_as_full(house)


def test_a_wallet_whose_holder_leaves_another_list_stands_for_itself(house: Workspace, tmp_path: Path) -> None:
    key = "0x098b716b8aaf21512996dc57eb0615e2383e2f96"
    wallet = {"id": "o-9", "schema": "CryptoWallet", "properties": {"publicKey": [key], "holder": ["h-1"]}}
    put(house, tmp_path, [wallet], "2026-01-15", "other")
    add_customers(house, tmp_path, [f"c-4,Nobody Known,,,{key}"], "more.csv")
    screen(house)
    put(house, tmp_path, [ROE], "2026-02-01")
    screen(house)
    assert last_run(house)[0].subjects == ("h-1", "o-9")
    assert_same_as_full(house)


def test_another_threshold_screens_everybody(house: Workspace, tmp_path: Path) -> None:
    house.folder.settings_file.write_text("screening_threshold = 0.01\n", encoding="utf-8")
    house.settings = type(house.settings).read(house.folder.settings_file)
    put(house, tmp_path, [KIM], "2026-02-01")
    (report,) = check(house, [ScreeningDetector()]).detectors
    assert (report.checked, report.rescreenings) == (3, ())


def test_a_check_of_an_older_stanch_has_no_keys_and_is_done_again(house: Workspace, tmp_path: Path) -> None:
    with house.writing() as connection:
        connection.execute(schema.checked.update().values(lookup_keys=None))
    put(house, tmp_path, [KIM], "2026-02-01")
    (report,) = check(house, [ScreeningDetector()]).detectors
    assert (report.checked, report.rescreenings) == (3, ())


def test_a_customer_whose_record_changed_too_is_screened_whole(house: Workspace, tmp_path: Path) -> None:
    add_customers(house, tmp_path, ["c-2,Zebulon Roe,1950,X1234567,"], "changed.csv")
    put(house, tmp_path, [KIM], "2026-02-01")
    (report,) = check(house, [ScreeningDetector()]).detectors
    (run,) = report.rescreenings
    assert (run.customers, run.screened, report.checked) == (2, 0, 1)
    assert_same_as_full(house)


def test_catching_up_without_a_check_leaves_new_customers_waiting(house: Workspace, tmp_path: Path) -> None:
    add_customers(house, tmp_path, ["c-4,Kim Myong Guk,,,"], "more.csv")
    put(house, tmp_path, [ROE], "2026-02-01")
    (run,) = ScreeningDetector().catch_up(house)
    assert run.screened == 1
    assert waiting(house, ScreeningDetector()) == 1
    assert ScreeningDetector().catch_up(house) == ()


def test_a_rescreening_that_dies_changes_nothing(
    house: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, ids = on_record(house), open_ids(house)
    put(house, tmp_path, [KIM], "2026-02-01")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rescreening, "write_log", die)
        with pytest.raises(KeyboardInterrupt):
            screen(house)
    assert (on_record(house), open_ids(house)) == (before, ids)
    screen(house)
    assert_same_as_full(house)


# -- real lists -----------------------------------------------------------------------------------------------------


def snapshot(shared_dir: Path, folder: Path, source_id: str, name: str, part: int) -> NewSnapshot:
    """A real list, or every `part`-th entry of it with what that holds."""
    path = folder / name.removesuffix(".gz")
    if not path.exists():
        data = (shared_dir / "lists" / name).read_bytes()
        path.write_bytes(gzip.decompress(data) if name.endswith(".gz") else data)
    files = [RawFile.open(path)]

    def records() -> Iterator[Record[Entity] | Rejected]:
        for record in read_list(source_id, files):
            if isinstance(record, Record):
                id_ = record.value.first("holder") or record.value.id
                if int("".join(filter(str.isdigit, id_)) or "0") % part:
                    continue
            yield record

    check_list = check_of(source_id, files) if part == 1 else lambda _counts: None
    return NewSnapshot(source_id, date_of_list(source_id, files, "").isoformat(), files, records, check_list)


def constructed(versions: Sequence[NewSnapshot]) -> list[str]:
    """Customers who are, or nearly are, entries that stay, come, go and change, and as many who are nobody."""
    named: dict[str, dict[str, str]] = {}
    for version in versions:
        for record in version.records():
            if isinstance(record, Record) and record.value.names and record.value.schema != "CryptoWallet":
                stands = named.setdefault(record.value.id, {})
                stands[version.sha256] = "|".join(sorted(record.value.names))
    moved = [id_ for id_, texts in named.items() if len(texts) < len(versions) or len(set(texts.values())) > 1]
    still = [id_ for id_ in named if id_ not in set(moved)]
    chosen = [*moved[:: max(1, len(moved) // 70)], *still[:: max(1, len(still) // 50)]]
    rows, number = [], count()
    for id_ in chosen:
        for text in list(dict.fromkeys(named[id_].values()))[:2]:
            name = text.split("|")[0].replace('"', "")
            rows.append(f'c-{next(number)},"{name}",,,')
    others = ("Jane Doe", "Hong Gil Dong", "Olga Petrova", "Mohamed Ali", "Wang Wei", "Acme Trading Ltd", "José García")
    rows += [f'c-{next(number)},"{name} {extra}",1980-01-0{1 + extra},,' for name in others for extra in range(9)]
    return rows


@pytest.mark.parametrize(("source_id", "names", "part"), [("un", UN, 1), ("ofac", OFAC, 11)], ids=["un", "ofac"])
def test_real_updates_give_what_a_full_screening_gives(
    shared_dir: Path, tmp_path: Path, source_id: str, names: Sequence[str], part: int
) -> None:
    versions = [snapshot(shared_dir, tmp_path, source_id, name, part) for name in names]
    rows = constructed(versions)
    with Workspace.init(tmp_path / "ws") as workspace:
        workspace.add_list(versions[0])
        add_customers(workspace, tmp_path, rows)
        screen(workspace)
        for version in versions[1:]:
            workspace.add_list(version)
            screen(workspace)
            run, logged = last_run(workspace)
            assert 0 < run.screened == len(logged) < run.customers == len(rows)
        assert_same_as_full(workspace)
        updated = said(workspace)
    with Workspace.init(tmp_path / "fresh") as workspace:
        workspace.add_list(versions[-1])
        add_customers(workspace, tmp_path, rows)
        screen(workspace)
        assert said(workspace) == updated


# -- made-up lists --------------------------------------------------------------------------------------------------

_WORDS = ("Kim", "Ri", "Chol", "Un", "Roe", "Marsh", "Zeb", "Acme", "Trading", "김정은", "Ким")
_text = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(" ".join)
_numbers = st.lists(st.sampled_from(("A1234567", "B7654321")), max_size=1)
_person = st.fixed_dictionaries(
    {
        "schema": st.sampled_from(("Person", "Company", "LegalEntity")),
        "properties": st.fixed_dictionaries(
            {
                "name": st.lists(_text, min_size=1, max_size=2),
                "weakAlias": st.lists(_text, max_size=1),
                "birthDate": st.lists(st.sampled_from(("1960", "1970-01-02")), max_size=1),
                "passportNumber": _numbers,
                "topics": st.sampled_from(([], [], ["sanction"], ["sanction.linked"])),
            }
        ),
    }
)
_document = st.fixed_dictionaries(
    {
        "schema": st.just("Passport"),
        "properties": st.fixed_dictionaries(
            {"number": _numbers, "holder": st.lists(st.sampled_from(("e-0", "e-1", "e-2")), max_size=1)}
        ),
    }
)
_link = st.fixed_dictionaries(
    {
        "schema": st.just("Ownership"),
        "properties": st.fixed_dictionaries(
            {
                "owner": st.lists(st.sampled_from(("e-0", "e-1", "e-2")), min_size=1, max_size=1),
                "asset": st.lists(st.sampled_from(("e-1", "e-2", "e-3")), min_size=1, max_size=1),
                "percentage": st.lists(st.sampled_from(("60", "20")), max_size=1),
            }
        ),
    }
)
#: A version of a list: what stands under each id, if anything does.
_version = st.fixed_dictionaries(
    {"e-0": _person},
    optional={"e-1": _person, "e-2": _person, "e-3": _person, "e-4": _document, "e-5": _document, "e-6": _link},
).map(lambda version: [{"id": id_, **entity} for id_, entity in version.items()])
_customers = st.lists(
    st.tuples(_text, st.sampled_from(("", "1960-05-05")), st.sampled_from(("", "A1234567"))), max_size=6
)
_folder = count()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an empty workspace with a low threshold, to copy: making one takes longer than to check it."""
    root = tmp_path_factory.mktemp("empty") / "ws"
    Workspace.init(root).close()
    (root / "stanch.toml").write_text("screening_threshold = 0.0001\n", encoding="utf-8")
    return root


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(_version, st.booleans(), st.booleans()), min_size=2, max_size=4), _customers)
def test_any_edits_give_what_a_full_screening_gives(
    empty: Path, versions: list[tuple[list[dict[str, Any]], bool, bool]], customers: list[tuple[str, str, str]]
) -> None:
    root = empty.parent / str(next(_folder))
    shutil.copytree(empty, root / "ws")
    rows = [f"c-{number},{name},{born},{passport}," for number, (name, born, passport) in enumerate(customers)]
    with Workspace.find(root / "ws") as workspace:
        add_customers(workspace, root, [*rows, "c-x,Kim Chol,,,"])
        for day, (entities, second, now) in enumerate(versions, 1):
            put(workspace, root, entities, f"2026-01-{day:02d}", "second" if second else "first")
            if now:
                screen(workspace)
        screen(workspace)
        assert_same_as_full(workspace)
