"""What must hold for ordinary people, whatever the tables of benchmarks/fairness.py say today."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.model import Entity
from stanch.names.frequencies import surnames
from stanch.names.hangul import law
from stanch.screening import DEFAULT_THRESHOLD, Index, Query, load_index
from stanch.workspace.settings import Settings

FINDINGS = Settings().screening_threshold
BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
ORIGIN = ("nationality", "citizenship", "country", "birthCountry", "birthPlace", "ethnicity", "religion", "address")


@pytest.fixture(scope="module")
def report() -> ModuleType:
    """The benchmark, whose populations are measured here in small."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        spec = importlib.util.spec_from_file_location("fairness_benchmark", BENCHMARKS / "fairness.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["fairness_benchmark"] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(BENCHMARKS))
    return module


@pytest.fixture(scope="module")
def index() -> Index:
    return load_index()


def share(index: Index, people: Sequence[tuple[str, str]], threshold: float) -> float:
    """The share of people alerted."""
    queries = [
        Query.of_entities(Entity("p", "Person", {"name": (name,), **({"birthDate": (day,)} if day else {})}))
        for name, day in people
    ]
    return sum(bool(index.screen(query, threshold).matches) for query in queries) / len(queries)


def dated(report: ModuleType, names: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip(names, report.births(len(names)), strict=True))


def test_few_south_korean_names_are_alerted(report: ModuleType, index: Index) -> None:
    names = report.korean(1_500, "Hangul (ROK)")
    assert share(index, [(name, "") for name in names], DEFAULT_THRESHOLD) <= 0.02


def test_date_of_birth_more_than_halves_the_findings_of_south_korean_names(report: ModuleType, index: Index) -> None:
    names = report.korean(1_500, "Hangul (ROK)")
    alone, with_date = (
        share(index, people, FINDINGS) for people in ([(name, "") for name in names], dated(report, names))
    )
    assert with_date <= 0.005
    assert with_date < alone / 2


def test_no_common_surname_is_alerted_as_such(report: ModuleType, index: Index) -> None:
    found = report.by_surname(index, 40, 1)["surnames"]
    common = list(found)[: report.TOP]
    assert max(found[name]["name"]["either P>=0.0005"]["rate"] for name in common) <= 0.15


def test_rates_of_surnames_cover_all_people(report: ModuleType, index: Index) -> None:
    found = report.by_surname(index, 1, 1)["surnames"]
    single = {law(name) for name in surnames() if len(name) == 1}
    assert found.keys() == single
    assert sum(item["share_of_people"] for item in found.values()) == pytest.approx(1.0, abs=0.02)


def test_deputies_who_are_not_listed_are_seldom_findings_once_dated(
    report: ModuleType, index: Index, shared_dir: Path
) -> None:
    assert share(index, dated(report, report.deputies(shared_dir)), FINDINGS) <= 0.06


def test_members_of_the_rok_assembly_are_not_alerted(report: ModuleType, index: Index, shared_dir: Path) -> None:
    assert share(index, [(name, "") for name in report.members(shared_dir)], DEFAULT_THRESHOLD) <= 1 / 298


@pytest.mark.parametrize("locale", ["en_US", "ru_RU", "de_DE"])
def test_names_from_elsewhere_are_hardly_ever_alerted(report: ModuleType, index: Index, locale: str) -> None:
    pytest.importorskip("faker", reason="Faker is not installed (the bench extra has it)")
    names = report.faker_names(locale, 400)
    assert share(index, [(name, "") for name in names], DEFAULT_THRESHOLD) <= 0.005


def test_faker_names_are_the_same_at_every_run(report: ModuleType) -> None:
    pytest.importorskip("faker", reason="Faker is not installed (the bench extra has it)")
    assert report.faker_names("ru_RU", 20) == report.faker_names("ru_RU", 20)


def test_alert_on_two_lists_is_one_alert(report: ModuleType) -> None:
    tally = report.Tally()
    tally.add("x", {"un": 0.1, "ofac": 0.001}, "y")
    tally.add("z", {}, "")
    told = tally.to_json()
    assert told["people"] == 2
    counts = {key: value["alerted"] for key, value in told.items() if " P>=" in key}
    assert counts == {
        "un P>=0.0005": 1, "un P>=0.005": 1, "ofac P>=0.0005": 1, "ofac P>=0.005": 0, "either P>=0.0005": 1,
        "either P>=0.005": 1,
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(["Ri Pyong Chol", "Kim Yong Chol", "김정은", "이상호", "Wang Wei", "Иван Петров", "Smith"]),
    birth=st.sampled_from([(), ("1948",), ("1962-02-18",), ("1990-01-01",)]),
    one=st.dictionaries(st.sampled_from(ORIGIN), st.sampled_from(["kp", "kr", "cn", "ru", "us", "Pyongyang", "Seoul"])),
    two=st.dictionaries(st.sampled_from(ORIGIN), st.sampled_from(["kp", "kr", "cn", "ru", "us", "Pyongyang", "Seoul"])),
)
def test_no_property_of_origin_changes_an_answer(
    index: Index, name: str, birth: tuple[str, ...], one: dict[str, str], two: dict[str, str]
) -> None:
    known = {"name": (name,), **({"birthDate": birth} if birth else {})}
    first, second = (
        index.screen(Query.of_entities(Entity("c", "Person", known | {key: (v,) for key, v in more.items()})), 0.0)
        for more in (one, two)
    )
    assert [match.to_json() for match in first.matches] == [match.to_json() for match in second.matches]
