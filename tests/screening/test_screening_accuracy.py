"""Floors and ceilings as measured; the measurements themselves are those of benchmarks/screening.py."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from stanch.screening import Index, Query

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("screening_benchmark", ROOT / "benchmarks" / "screening.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def dprk(bench: ModuleType, shared_dir: Path) -> Index:
    index: Index = bench.un_dprk_index(shared_dir)
    return index


def test_un_aliases_are_found_from_the_main_name_alone(bench: ModuleType, dprk: Index, shared_dir: Path) -> None:
    result = bench.alias_recall(dprk, shared_dir)
    assert result["pairs"] == 66
    assert result["found"] >= 57


def test_every_main_name_on_the_un_list_finds_its_subject(bench: ModuleType, dprk: Index) -> None:
    assert bench.list_recall(dprk)["missed"] == []


def test_every_main_name_on_the_packaged_lists_finds_its_subject(bench: ModuleType) -> None:
    # The vessel "7-28" has no letter that `names` could compare; its IMO number finds it.
    assert set(bench.list_recall(bench.load_index())["missed"]) <= {"ofac-23156"}


def test_few_deputies_are_alerted(bench: ModuleType, dprk: Index, shared_dir: Path) -> None:
    result = bench.alerted(dprk, bench.deputies(shared_dir))
    assert result["names"] == 687
    assert result["alerted"] <= 25


def test_names_alone_leave_every_deputy_unsure(bench: ModuleType, dprk: Index, shared_dir: Path) -> None:
    for name in bench.deputies(shared_dir):
        assert all(match.probability < 0.5 for match in dprk.screen(bench.person(name)).matches)


def test_members_of_the_rok_assembly_are_not_alerted(bench: ModuleType, dprk: Index, shared_dir: Path) -> None:
    result = bench.alerted(dprk, bench.members_of_parliament(shared_dir))
    assert result["names"] == 192
    assert result["alerted"] <= 1


def test_ordinary_names_are_seldom_alerted(bench: ModuleType, shared_dir: Path) -> None:
    result = bench.alerted(bench.load_index(), bench.ordinary(shared_dir, 1_500))
    assert result["alerted"] <= 3


def test_packaged_lists_answer_plain_names_in_any_script(bench: ModuleType) -> None:
    index = bench.load_index()
    for name in ("Kim Jong Un", "김정은", "Ri Pyong Chol", "리병철"):
        assert index.screen(Query.of_name(name)).matches, name
    assert index.screen(Query.of_name("Kim Jong Il")).matches == ()
