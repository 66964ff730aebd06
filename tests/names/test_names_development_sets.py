"""Floors measured on the development pairs: recall at the match threshold, and false positives."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

import pytest

from stanch.names import keys, prepare, score

MATCH = 0.7
#: Least number found in each set at the threshold (measured; a few true misses are errors in the lists themselves).
FLOORS = {
    "EU Latin~Hangul (official)": 66,
    "JP-MOF Latin~Katakana (official)": 79,
    "LoC Hangul~MR (ROK/historic)": 212,
    "LoC Hanja~MR (ROK/historic)": 83,
    "ROK Assembly Latin~Hangul": 95,
    "ROK Assembly Latin~Hanja": 93,
}


def pairs(shared: Path) -> dict[str, list[tuple[str, str]]]:
    sets: dict[str, list[tuple[str, str]]] = {}
    with (shared / "names/crossscript_pairs_dev.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            sets.setdefault(row["set"], []).append((row["latin"], row["other"]))
    return sets


def similarity(a: str, b: str) -> float:
    return score(prepare(a), prepare(b))[0]


@pytest.mark.parametrize("name", FLOORS)
def test_recall_of_true_pairs_holds(shared_dir: Path, name: str) -> None:
    found = sum(similarity(a, b) >= MATCH for a, b in pairs(shared_dir)[name])
    assert found >= FLOORS[name]


def test_aliases_of_the_un_list_are_found(shared_dir: Path) -> None:
    with (shared_dir / "names/un_dprk_alias_pairs_labelled.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["kind"] != "pseudonym"]
    found = sum(similarity(row["name"], row["alias"]) >= MATCH for row in rows)
    assert found >= 0.95 * len(rows)


def test_true_pairs_share_a_key(shared_dir: Path) -> None:
    every = [pair for rows in pairs(shared_dir).values() for pair in rows]
    shared = sum(bool(set(keys(a)) & set(keys(b))) for a, b in every)
    assert shared >= 0.985 * len(every)
    assert sum(len(keys(a)) for a, _ in every) / len(every) <= 10


def test_different_deputies_are_not_confused(shared_dir: Path) -> None:
    with (shared_dir / "names/dprk_assembly_13.csv").open(encoding="utf-8") as stream:
        deputies = list(dict.fromkeys(row["name"] for row in csv.DictReader(stream)))
    ready = [prepare(name) for name in deputies[::2]]
    alerts = total = 0
    for a, b in itertools.combinations(ready, 2):
        total += 1
        alerts += score(a, b)[0] >= MATCH
    assert total > 50_000
    assert alerts / total <= 0.0002


def test_assembly_members_of_the_south_raise_no_alert(shared_dir: Path) -> None:
    south = [prepare(name) for pair in pairs(shared_dir)["ROK Assembly Latin~Hangul"] for name in pair]
    with (shared_dir / "lists/jp_mof_dprk_individuals_katakana.csv").open(encoding="utf-8") as stream:
        listed = [prepare(row["name_en"]) for row in csv.DictReader(stream)]
    alerted = {a.name for a in south for b in listed if score(a, b)[0] >= MATCH}
    assert len(alerted) <= 1
