"""The JSON that other programs rely on: every key present, amounts as decimal text, times RFC 3339 in UTC with Z."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

A, B, C = ("0x" + letter * 40 for letter in "abc")
LIST = '{"id":"x-1","schema":"Person","datasets":["x"],"properties":{"name":["Ri Pyong Chol"],"birthDate":["1948"]}}\n'
LEDGER = (
    "chain,time,tx,sender,receiver,asset,amount\n"
    f"eip155:1,2022-03-23T10:00:00Z,t1,{A},{B},ETH,1000000000000.000000000000000001\n"
    f"eip155:1,2022-03-23T11:00:00.5Z,t2,{B},{C},ETH,0.10\n"
)
LABELS = f"address,label,category,source,case\n{A},Thief,theft,me,ronin-2022\n{C},Ex,exchange,me,\n"
CUSTOMERS = "id,name,birth_date\nc-1,Ri Pyong Chol,1948-01-01\nc-2,Jane Doe,9999-01-01\nc-3,,\n"
IBAN = "PL61109010140000071219812874"
ENGAGEMENTS = (
    "".join(f'{{"id":"e{n}","name":"N{n}","payouts":[{{"iban":"{IBAN}"}}]}}\n' for n in (1, 2)) + '{"id":"e3"}\n'
)

TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{6})?Z")
AMOUNT = re.compile(r"-?(0|[1-9]\d*)(\.\d*[1-9])?")
SHA256 = re.compile(r"[0-9a-f]{64}")
HASH = re.compile(r"[0-9a-f]{32}")
#: Keys whose values are amounts, times and hashes, wherever they stand.
AMOUNTS = {"stolen", "accounted", "unobserved_inflow", "unobserved_inflow_clean", "stolen_observed", "stolen_inferred",
           "quantisation", "held", "stopped", "fees", "remainder", "low", "high", "value", "amount"}  # fmt: skip
TIMES = {"as_of", "time", "first_at", "last_at"}
POLICIES = {"haircut", "poison"}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The records of all tests here."""
    texts = {"list.jsonl": LIST, "ledger.csv": LEDGER, "labels.csv": LABELS, "c.csv": CUSTOMERS, "e.jsonl": ENGAGEMENTS}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def walk(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every (key, value) in a document."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield name, item
            yield from walk(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item, key)


def check_values(document: Any) -> None:
    for key, value in walk(document):
        if key in TIMES and value is not None:
            assert TIME.fullmatch(value), (key, value)
        if key == "sha256":
            assert SHA256.fullmatch(value), value
        if key in AMOUNTS and isinstance(value, str):
            assert AMOUNT.fullmatch(value), (key, value)
        assert not (key in AMOUNTS - {"low", "high", "amount"} and isinstance(value, (int, float))), (key, value)


def check_evidence(evidence: list[dict[str, Any]]) -> None:
    assert evidence
    for item in evidence:
        assert list(item) == ["statement", "bits", "source"]
        assert item["bits"] is None or isinstance(item["bits"], float)
        assert list(item["source"]) == ["name", "locator", "sha256"]
        assert all(item["source"].values())
        assert item["statement"]


def test_finding(run: Any, files: Path, ws: Path) -> None:
    for kind, name in (("entities", "list.jsonl"), ("customers", "c.csv"), ("labels", "labels.csv"),
                       ("transfers", "ledger.csv"), ("engagements", "e.jsonl")):  # fmt: skip
        assert run("add", kind, name, "--workspace", "ws").code == 0
    done = run("check", "--workspace", "ws", "--format", "jsonl")
    found = [json.loads(line) for line in done.out.splitlines()]
    assert {item["detector"] for item in found} >= {"screening.designated", "tracing.stolen-funds"}
    for item in found:
        assert list(item) == ["key", "id", "detector", "version", "subject", "headline", "probability", "amount",
                              "evidence", "legal_basis", "as_of", "decision"]  # fmt: skip
        assert HASH.fullmatch(item["key"])
        assert HASH.fullmatch(item["id"])
        assert isinstance(item["version"], int)
        assert list(item["subject"]) == ["schema", "id", "name"]
        assert item["probability"] is None or 0.0 <= item["probability"] <= 1.0
        assert (item["probability"] is None) != (item["amount"] is None)
        if item["amount"] is not None:
            assert list(item["amount"]) == ["value", "asset", "low", "high"]
            assert all(isinstance(text, str) for text in item["amount"].values())
        assert all(isinstance(text, str) for text in item["legal_basis"])
        check_evidence(item["evidence"])
        check_values(item)
    one = run("finding", found[0]["id"][:12], "--workspace", "ws", "--format", "json")
    assert json.loads(one.out) == found[0]
    everything = run("findings", "--workspace", "ws", "--format", "json")
    assert json.loads(everything.out) == found
    table = run("findings", "--workspace", "ws", "--format", "csv").out.splitlines()
    assert table[0] == ",".join(found[0])
    none = run(
        "findings", "--detector", "workers.disguised-work", "--workspace", "ws", "--format", "csv"
    ).out.splitlines()
    assert none == table[:1]
    again = run("check", "--workspace", "ws", "--format", "jsonl", "--fail-on-findings")
    assert (again.code, again.out) == (1, done.out)


def test_trace(run: Any, files: Path) -> None:
    done = run(
        "trace", "--ledger", "ledger.csv", "--labels", "labels.csv", "--no-packaged-labels", "--from", A, "--from", C,
        "--format", "json",
    )  # fmt: skip
    assert done.code == 0, done.err
    document = json.loads(done.out)
    assert list(document) == ["manifest", "assets"]
    manifest = document["manifest"]
    assert set(manifest) == {"inputs", "policies", "labels_version", "code_version", "theft", "seeds", "hub_degree",
                             "ledgers"}  # fmt: skip
    assert [list(item) for item in manifest["inputs"]] == [["name", "sha256"]]
    assert manifest["policies"] == ["haircut", "poison"]
    assert {seed["address"] for seed in manifest["seeds"]} == {A, C}
    (asset,) = document["assets"]
    assert set(asset) == {
        "asset", "chain", "stolen", "stolen_observed", "stolen_inferred", "assumed", "accounted", "unobserved_inflow",
        "unobserved_inflow_clean", "scale", "quantisation", "as_of", "totals", "where", "holders", "edges",
    }  # fmt: skip
    assert set(asset["totals"]) == POLICIES
    for books in asset["totals"].values():
        assert list(books) == ["stolen", "held", "stopped", "fees", "remainder"]
    for holder in asset["holders"]:
        assert list(holder)[:10] == ["chain", "address", "label", "category", "reason", "by_policy", "low", "high",
                                     "first_at", "last_at"]  # fmt: skip
        assert set(holder) - set(list(holder)[:10]) == {"seed", "unobserved_inflow", "labels"}
        assert set(holder["by_policy"]) == POLICIES
        assert all(AMOUNT.fullmatch(text) for text in holder["by_policy"].values())
    for edge in asset["edges"]:
        assert list(edge)[:7] == ["tx", "index", "time", "sender", "receiver", "amount", "by_policy"]
        assert set(edge) - set(list(edge)[:7]) == {"source", "line"}
        assert set(edge["by_policy"]) == POLICIES
    assert [edge["amount"] for edge in asset["edges"]] == ["1000000000000.000000000000000001", "0.1"]
    assert asset["edges"][1]["time"] == "2022-03-23T11:00:00.500000Z"
    check_values(document)


def test_screen(run: Any, files: Path) -> None:
    done = run("screen", "c.csv", "--list", "list.jsonl", "--format", "jsonl")
    found = [json.loads(line) for line in done.out.splitlines()]
    assert [(item["row"], item["input_id"], item["error"] is None) for item in found] == [
        (1, "c-1", True),
        (2, "c-2", False),
        (3, "", False),
    ]
    for item in found:
        assert list(item) == ["row", "input_id", "query", "lists", "threshold", "error", "matches"]
        assert [list(used) for used in item["lists"]] == [["name", "date", "sha256"]]
        assert isinstance(item["threshold"], float)
        for match in item["matches"]:
            shown = ["entity_id", "name", "match_kind", "lists", "probability", "bits", "chain", "evidence"]
            assert list(match) == shown
            assert item["threshold"] <= match["probability"] <= 1.0
            assert isinstance(match["bits"], float)
            check_evidence(match["evidence"])
        check_values(item)
    assert [len(item["matches"]) for item in found] == [1, 0, 0]


def test_vet(run: Any, files: Path) -> None:
    done = run("vet", "e.jsonl", "--all", "--format", "jsonl")
    found = [json.loads(line) for line in done.out.splitlines()]
    assert [item["engagement_id"] for item in found] == ["e1", "e2", "e3"]
    for item in found:
        assert list(item) == ["engagement_id", "probability", "low", "high", "bits", "level", "indicators",
                              "could_not_check"]  # fmt: skip
        assert 0.0 < item["low"] <= item["probability"] <= item["high"] < 1.0
        assert item["level"] in ("finding", "watch", "none")
        assert item["could_not_check"]
        for indicator in item["indicators"]:
            assert list(indicator) == ["id", "bits", "evidence"]
            check_evidence(indicator["evidence"])
        check_values({"evidence": item["indicators"]})
    assert [bool(item["indicators"]) for item in found] == [True, True, False]


@pytest.mark.parametrize("args", [("findings",), ("quarantine",), ("check",)])
def test_nothing_is_an_empty_document_and_no_line(run: Any, ws: Path, args: tuple[str, ...]) -> None:
    assert json.loads(run(*args, "--workspace", "ws", "--format", "json").out) == []
    assert run(*args, "--workspace", "ws", "--format", "jsonl").out == ""
    assert run(*args, "--workspace", "ws", "--format", "csv").out.count("\n") == 1


@pytest.mark.parametrize("place", ["before", "after"])
def test_workspace_is_named_before_or_after_and_output_is_the_same_bytes(
    run: Any, files: Path, ws: Path, place: str
) -> None:
    run("add", "customers", "c.csv", "--workspace", "ws")
    named = ("--workspace", "ws")
    args = (*named, "quarantine") if place == "before" else ("quarantine", *named)
    printed = run(*args, "--format", "json")
    assert run(*args, "--format", "json", "--output", "q.json").out == ""
    assert (files / "q.json").read_text(encoding="utf-8") == printed.out
    assert sorted(json.loads(printed.out)[0]) == ["file", "line", "locator", "raw", "reason", "remedy"]
    assert not list(files.glob("*.part")) + list(files.glob(".*.part"))
