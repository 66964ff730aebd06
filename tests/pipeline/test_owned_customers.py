"""Customers with listed owners in a workspace: findings, a change of lists, and whose wallet is whose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stanch.pipeline import check
from stanch.pipeline.detectors import ScreeningDetector
from stanch.pipeline.reference import user_list
from stanch.pipeline.wallets import watched_wallets
from stanch.sources.raw import RawFile
from stanch.workspace import Workspace

WALLET = "0x098B716B8Aaf21512996dC57EB0615e2383E2f96"


def line(id_: str, schema: str, **properties: str) -> dict[str, Any]:
    return {"id": id_, "schema": schema, "properties": {name: [text] for name, text in properties.items()}}


CUSTOMERS = [
    line("c-1", "Company", name="Harbour Light Trading Ltd"),
    line("p-1", "Person", name="Zebulon Quartermain"),
    line("p-2", "Person", name="Isidor Blackwood"),
    line("o-1", "Ownership", owner="p-1", asset="c-1", percentage="30"),
    line("o-2", "Ownership", owner="p-2", asset="c-1", percentage="25"),
    line("w-1", "CryptoWallet", publicKey=WALLET, holder="p-1"),
]
X = line("h-1", "Person", name="Zebulon Quartermain", topics="sanction")
Y = line("h-2", "Person", name="Isidor Blackwood", topics="sanction")


def put(folder: Path, name: str, lines: list[dict[str, Any]]) -> RawFile:
    path = folder / name
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return RawFile.open(path)


@pytest.fixture
def workspace(tmp_path: Path) -> Any:
    with Workspace.init(tmp_path / "ws") as made:
        made.add_list(user_list(put(tmp_path, "a.jsonl", [X, Y]), "house", "2024-01-01"))
        made.add("customers", put(tmp_path, "customers.jsonl", CUSTOMERS))
        check(made, [ScreeningDetector()])
        yield made


def claims(workspace: Workspace) -> dict[tuple[str, str], str]:
    said = workspace.claims()
    return {(item["subject"]["id"], said[item["id"]][1]): said[item["id"]][0] for item in workspace.findings()}


def test_owned_customer_has_a_finding_for_each_owner(workspace: Workspace) -> None:
    found = claims(workspace)
    assert found["c-1", "h-1"] == "owned-by-designated-by-state"
    assert found["p-1", "h-1"] == "designated-by-state"
    assert all(item["legal_basis"] == [] for item in workspace.findings())


def test_customer_is_screened_whole_when_an_owner_leaves_the_list(workspace: Workspace, tmp_path: Path) -> None:
    workspace.add_list(user_list(put(tmp_path, "b.jsonl", [X]), "house", "2024-02-01"))
    check(workspace, [ScreeningDetector()])
    assert claims(workspace) == {("c-1", "h-1"): "linked-to-designated", ("p-1", "h-1"): "designated-by-state"}


def test_second_check_adds_nothing(workspace: Workspace) -> None:
    before = [item["id"] for item in workspace.findings()]
    report = check(workspace, [ScreeningDetector()])
    assert report.counts.new == 0
    assert [item["id"] for item in workspace.findings()] == before


def test_wallet_of_an_owner_is_not_the_customers(workspace: Workspace) -> None:
    assert [subject.id for subject in watched_wallets(workspace).values()] == ["p-1"]
