"""The packaged data: whole, small, read by the ordinary readers, and the same as what a new build gives."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from stanch.exc import NotFoundError
from stanch.model import LABEL_CATEGORIES, Entity, parse_amount
from stanch.sources.base import Record
from stanch.sources.ftm.read import read_ftm
from stanch.sources.labels import read_labels
from stanch.sources.packaged import FOLDER, designation_snapshots, label_files, ledger_file, ledgers
from stanch.sources.programmes import is_dprk
from stanch.sources.transfer_table import TRANSFER_SCHEMA
from stanch.sources.transfers import read_transfers

ROOT = Path(__file__).resolve().parents[2]
RONIN_THIEF = "0x098b716b8aaf21512996dc57eb0615e2383e2f96"


def entities(name: str) -> list[Entity]:
    (snapshot,) = (item for item in designation_snapshots() if item.name == name)
    records = list(read_ftm(snapshot.file))
    found = [record.value for record in records if isinstance(record, Record)]
    assert len(found) == len(records)
    return found


def label_rows() -> list[dict[str, str]]:
    return [row for raw in label_files() for row in csv.DictReader(line for _, line in raw.lines())]


def test_lists_have_date_place_and_hash_of_every_original() -> None:
    snapshots = {item.name: item for item in designation_snapshots()}
    assert {name: item.date for name, item in snapshots.items()} == {"ofac": "2024-05-03", "un": "2026-02-27"}
    for item in snapshots.values():
        assert item.selection
        for part in item.originals:
            assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", part.date)
            assert re.fullmatch(r"[0-9a-f]{64}", part.sha256)
            assert part.url.startswith("https://")


def test_parts_of_another_day_are_named_with_their_day() -> None:
    (ofac,) = (item for item in designation_snapshots() if item.name == "ofac")
    assert {part.name: part.date for part in ofac.originals} == {
        "SDN.CSV": "2024-05-03", "ALT.CSV": "2025-12-24", "ADD.CSV": "2025-12-24", "SDN_COMMENTS.CSV": "2025-12-24",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["un", "ofac"])
def test_list_holds_what_the_manifest_counts(name: str) -> None:
    (snapshot,) = (item for item in designation_snapshots() if item.name == name)
    assert Counter(entity.schema for entity in entities(name)) == snapshot.counts


def test_un_list_is_the_whole_dprk_part() -> None:
    assert Counter(entity.schema for entity in entities("un")) == {"Person": 80, "Organization": 75}
    assert all(entity.get("program") == ("DPRK",) for entity in entities("un"))


def test_every_ofac_party_is_tied_to_the_dprk() -> None:
    parties = [entity for entity in entities("ofac") if entity.schema not in ("CryptoWallet", "UnknownLink")]
    assert all(is_dprk(entity) for entity in parties)


def test_entries_known_to_be_removed_are_left_out() -> None:
    (ofac,) = (item for item in designation_snapshots() if item.name == "ofac")
    ids = {entity.id for entity in entities("ofac")}
    assert not {"ofac-39796", "ofac-40201", "ofac-40202"} & ids
    assert any("TORNADO CASH" in text for text in ofac.left_out)


def test_wallets_and_links_refer_to_parties_of_the_same_list() -> None:
    found = {entity.id: entity for entity in entities("ofac")}
    for entity in found.values():
        for prop in ("holder", "subject", "object"):
            assert set(entity.get(prop)) <= set(found)


def test_ronin_addresses_are_wallets_of_the_lazarus_group() -> None:
    wallets = [entity for entity in entities("ofac") if entity.first("holder") == "ofac-27307"]
    assert len(wallets) == 8
    assert RONIN_THIEF in {(wallet.first("publicKey") or "").lower() for wallet in wallets}


def test_facts_of_one_person_are_complete() -> None:
    (person,) = (entity for entity in entities("ofac") if entity.id == "ofac-42498")
    assert person.names == ("SIM Hyon Sop", "SIM Hyo'n-so'p")
    assert (person.first("birthDate"), person.first("passportNumber")) == ("1983-11-25", "109484100")


def test_no_long_prose_is_packaged() -> None:
    values = (
        value for name in ("un", "ofac") for entity in entities(name) for v in entity.properties.values() for value in v
    )
    assert max(len(value) for value in values) < 400


def test_every_label_passes_the_ordinary_reader() -> None:
    records = [record for raw in label_files() for record in read_labels(raw)]
    assert all(isinstance(record, Record) for record in records)
    assert len(records) == len(label_rows())


def test_labels_use_closed_categories_and_name_a_source() -> None:
    for row in label_rows():
        assert row["category"] in LABEL_CATEGORIES
        assert "https://" in row["source"]
        assert row["label"]


def test_no_label_comes_from_etherscan() -> None:
    assert not [row for row in label_rows() if "etherscan" in row["source"].lower()]


def test_seeds_are_addresses_that_received_the_loot_first() -> None:
    seeds: Counter[str] = Counter(row["case"] for row in label_rows() if row["category"] == "theft")
    assert seeds == {
        "atomic-2023": 17, "ronin-2022": 1, "harmony-2022": 1, "dmm-2024": 1, "upbit-2019": 1, "wazirx-2024": 1,
        "htx-heco-2023": 4, "kyrrex-2024": 3,
    }  # fmt: skip
    (ronin,) = (row for row in label_rows() if row["category"] == "theft" and row["case"] == "ronin-2022")
    assert ronin["address"] == RONIN_THIEF


def test_every_case_is_in_the_theft_registry(shared_dir: Path) -> None:
    registry = (shared_dir / "reference" / "theft_registry.csv").read_text(encoding="utf-8")
    ids = {line.split(",")[0] for line in registry.splitlines()}
    assert {row["case"] for row in label_rows()} - {""} <= ids


def test_labels_are_unique() -> None:
    rows = [tuple(row.values()) for row in label_rows()]
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize(("case", "rows", "asset"), [("ronin-2022", 436, "ETH"), ("atomic-2023", 1080, "USD")])
def test_ledger_is_in_the_shape_of_transfers(case: str, rows: int, asset: str) -> None:
    table = pq.read_table(ledger_file(case).path)
    assert table.num_rows == rows
    assert table.schema == TRANSFER_SCHEMA.remove(TRANSFER_SCHEMA.get_field_index("line"))
    assert set(table["asset"].to_pylist()) == {asset}
    times = table["time"].to_pylist()
    assert times == sorted(times)
    keys = list(zip(table["tx"].to_pylist(), table["index"].to_pylist(), strict=True))
    assert len(set(keys)) == rows


def test_ledger_amounts_are_exactly_those_of_the_source(shared_dir: Path) -> None:
    for case, path, column in (
        ("ronin-2022", "eth_data_lazarus/ronin_case/ronin_lazarus_eth_txs_0x.csv", "total_eth"),
        ("atomic-2023", "mftracer/cluster1_flow_records.csv", "Value_in_USD"),
    ):
        with (shared_dir / "ledgers" / path).open(encoding="utf-8", newline="") as stream:
            printed = sorted(parse_amount(row[column]) for row in csv.DictReader(stream))
        ours = pq.read_table(ledger_file(case).path)["amount"].to_pylist()
        assert not [text for text in ours if "e" in text.lower()]
        assert sorted(map(Decimal, ours)) == printed


def test_rows_of_zero_are_kept() -> None:
    assert pq.read_table(ledger_file("ronin-2022").path)["amount"].to_pylist().count("0") == 125


def test_every_transfer_passes_the_ordinary_reader() -> None:
    for item in ledgers():
        batches = list(read_transfers(item.file))
        assert sum(batch.table.num_rows for batch in batches) == item.rows
        assert not [batch.rejected for batch in batches if batch.rejected]


def test_ledgers_say_what_they_lack() -> None:
    notes = {item.case: item.note for item in ledgers()}
    assert "no transaction hashes" in notes["ronin-2022"]
    assert "US dollars" in notes["atomic-2023"]


def test_unknown_case_names_those_there_are() -> None:
    with pytest.raises(NotFoundError, match="atomic-2023, ronin-2022"):
        ledger_file("mtgox")


def test_all_of_it_is_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 2_000_000


def test_a_new_build_gives_the_same_bytes(shared_dir: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        str(ROOT / "scripts" / "build_data.py"),
        "--from",
        str(shared_dir),
        "--to",
        str(tmp_path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    built = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(built) == 10
    for name, data in built.items():
        # Parquet states the version of its writer: another pyarrow may write other bytes for the same rows.
        if name.endswith(".parquet"):
            assert pq.read_table(tmp_path / name).equals(pq.read_table(FOLDER / name))
        elif name != "manifest.json":
            assert (FOLDER / name).read_bytes() == data, name
