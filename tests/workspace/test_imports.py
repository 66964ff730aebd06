from __future__ import annotations

from pathlib import Path

import pytest

from stanch.exc import BusyError, InputError, NotFoundError, StanchError
from stanch.model import Account
from stanch.sources.columns import Columns
from stanch.sources.raw import RawFile
from stanch.workspace import Workspace, find_folder
from stanch.workspace.folder import Folder

LEDGER = """chain,time,tx,index,sender,receiver,asset,amount
eip155:1,2022-03-23T10:00:00Z,t1,0,{a},{b},ETH,1.5
eip155:1,2022-03-23T11:00:00Z,t2,0,{b},{c},ETH,0.5
eip155:1,2022-03-23T12:00:00Z,t3,0,{b},{c},ETH,-1
""".format(a="0x" + "a" * 40, b="0x" + "b" * 40, c="0x" + "c" * 40)


def add(workspace: Workspace, kind: str, path: Path) -> tuple[int, int, int, int, bool]:
    report = workspace.add(kind, RawFile.open(path))
    return report.added, report.updated, report.unchanged, report.rejected, report.already


def test_same_file_twice_adds_nothing(workspace: Workspace, customers_csv: Path) -> None:
    assert add(workspace, "customers", customers_csv) == (2, 0, 0, 0, False)
    before = workspace.counts()
    assert add(workspace, "customers", customers_csv) == (0, 0, 0, 0, True)
    assert workspace.counts() == before


def test_same_rows_in_another_file_are_unchanged_and_a_changed_row_is_updated(
    workspace: Workspace, customers_csv: Path, tmp_path: Path
) -> None:
    add(workspace, "customers", customers_csv)
    other = tmp_path / "other.csv"
    other.write_text(
        "id,name,birth_date\nc-2,Jane Doe,1990-01-02\nc-1,Ri Pyong Chol,1949\nc-3,New,\n", encoding="utf-8"
    )
    assert add(workspace, "customers", other) == (1, 1, 1, 0, False)
    parties = {entities[0].id: entities[0] for _, entities in workspace.customers()}
    assert parties["c-1"].get("birthDate") == ("1949",)


def test_id_that_stands_twice_with_other_content_is_quarantined(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("id,name\nc-1,One\nc-1,Two\n", encoding="utf-8")
    added, *_, rejected, _ = add(workspace, "customers", path)
    assert (added, rejected) == (1, 1)
    assert "already on line 2" in workspace.quarantined()[0].reason


def test_bad_row_is_quarantined_with_line_and_the_rest_is_kept(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text(LEDGER, encoding="utf-8")
    assert add(workspace, "transfers", path) == (2, 0, 0, 1, False)
    (row,) = workspace.quarantined()
    assert (row.file, row.line) == ("ledger.csv", 4)
    assert "negative" in row.reason


def test_address_ids_persist_and_continue(workspace: Workspace, tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(LEDGER, encoding="utf-8")
    second.write_text(LEDGER.replace("t1", "t9").replace("0x" + "a" * 40, "0x" + "d" * 40), encoding="utf-8")
    add(workspace, "transfers", first)
    root = workspace.folder.root
    workspace.close()
    with Workspace.find(root) as again:
        add(again, "transfers", second)
        parts = list(again.transfers())
    ids: dict[str, int] = {}
    for part in parts:
        for side in ("sender", "receiver"):
            for address, id_ in zip(part.table[side].to_pylist(), part.table[f"{side}_id"].to_pylist(), strict=True):
                assert ids.setdefault(address, id_) == id_
    assert sorted(ids.values()) == list(range(4))
    assert [part.name for part in parts] == ["a.csv", "b.csv"]


def test_other_mapping_of_the_same_file_is_another_import(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,who,other\nc-1,Ann,Bea\n", encoding="utf-8")
    for column in ("who", "other"):
        report = workspace.add("customers", RawFile.open(path), Columns({"name": column}))
        assert not report.already
    ((_, (party,)),) = workspace.customers()
    assert party.get("name") == ("Bea",)


def test_raw_bytes_are_kept_under_their_hash(workspace: Workspace, customers_csv: Path) -> None:
    raw = RawFile.open(customers_csv)
    workspace.add("customers", raw)
    assert workspace.folder.raw_path(raw.sha256).read_bytes() == customers_csv.read_bytes()


def test_file_without_rows_is_refused_and_leaves_no_trace(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("id,name\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"empty\.csv"):
        workspace.add("customers", RawFile.open(path))
    assert workspace.counts()["customers"] == 0
    root = workspace.folder.root
    workspace.close()
    with Workspace.find(root):
        assert [file for file in (root / "raw").rglob("*") if file.is_file()] == []


def test_stray_files_are_swept_on_open_and_registered_ones_stay(workspace: Workspace, customers_csv: Path) -> None:
    raw = RawFile.open(customers_csv)
    workspace.add("customers", raw)
    stray = workspace.folder.ledger / "transfers-dead.parquet"
    stray.write_bytes(b"half")
    workspace.close()
    with Workspace.find(workspace.folder.root) as again:
        assert not stray.exists()
        assert again.folder.raw_path(raw.sha256).exists()


def test_second_writer_is_told_busy_and_readers_go_on(workspace: Workspace, customers_csv: Path) -> None:
    workspace.add("customers", RawFile.open(customers_csv))
    with Workspace.find(workspace.folder.root) as other, workspace.folder.writing(0):
        assert other.counts()["customers"] == 2
        object.__setattr__(other.settings, "busy_timeout_s", 0.05)
        with pytest.raises(BusyError) as caught:
            other.add("labels", RawFile.open(customers_csv))
    assert caught.value.exit_code == 75


def test_workspace_is_found_upwards(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    below = workspace.folder.root / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert find_folder(None).root == workspace.folder.root


def test_folder_without_workspace_is_named_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotFoundError, match="stanch init"):
        find_folder(None)
    with pytest.raises(NotFoundError, match="stanch init"):
        find_folder(tmp_path)


def test_init_refuses_a_folder_that_holds_something_but_not_a_killed_init(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.doc").write_bytes(b"x")
    with pytest.raises(InputError, match="not an empty folder"):
        Workspace.init(tmp_path / "full")
    Folder(tmp_path / "half").create()
    Workspace.init(tmp_path / "half").close()
    with pytest.raises(InputError, match="workspace already"):
        Workspace.init(tmp_path / "half")


def test_damaged_database_is_said(workspace: Workspace) -> None:
    workspace.close()
    workspace.folder.database.write_bytes(b"this is not a database" * 100)
    for extra in ("-wal", "-shm"):
        workspace.folder.database.with_name("stanch.db" + extra).unlink(missing_ok=True)
    with pytest.raises(StanchError, match="damaged"):
        Workspace.find(workspace.folder.root)


def test_missing_address_segment_is_said(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text(LEDGER, encoding="utf-8")
    add(workspace, "transfers", path)
    next(workspace.folder.ledger.glob("addresses-*.parquet")).unlink()
    path.write_text(LEDGER.replace("t1", "t7"), encoding="utf-8")
    with pytest.raises(StanchError, match="backup"):
        add(workspace, "transfers", path)


def test_account_on_another_chain_is_another_id() -> None:
    import pyarrow as pa

    from stanch.workspace.addresses import AddressBook

    book = AddressBook()
    ids = book.encode(pa.array(["eip155:1", "eip155:56", "eip155:1"]), pa.array(["0xa", "0xa", "0xa"]))
    assert ids.tolist() == [0, 1, 0]
    assert book.find(Account("eip155:56", "0xa")) == 1
    assert book.find(Account("eip155:10", "0xa")) is None
