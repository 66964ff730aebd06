from __future__ import annotations

from stanch.model import Entity
from stanch.screening import Index, ListInfo
from stanch.screening.challenge import challenge, detections, variants

LISTED = [
    Entity("x-1", "Person", {"name": ("RI Pyong Chol",), "birthDate": ("1948-02-03",)}, ("own",)),
    Entity("x-2", "Company", {"name": ("Korea Mining Development Trading Corporation",)}, ("own",)),
    Entity("x-3", "Person", {"name": ("…",)}, ("own",)),
    Entity("x-4", "Person", {"name": ("Abdul Rahman al-Yazid",)}, ("own",)),
]
INDEX = Index.build(LISTED, (ListInfo("own", "2026-01-01", "f" * 64),))


def test_korean_name_is_written_in_other_scripts() -> None:
    written = dict(variants("RI Pyong Chol", True))
    assert written["Hangul"] == "리병철"
    assert written["Cyrillic"] == "Ри Пён Чхоль"
    assert written["first word last"] == "Pyong Chol RI"


def test_other_names_are_not_read_as_korean() -> None:
    assert "Hangul" not in dict(variants("Abdul Rahman al-Yazid", True))
    assert "first word last" not in dict(variants("Korea Mining", False))


def test_variants_do_not_repeat() -> None:
    for name in ("RI Pyong Chol", "kim", "ÉCOLE", "김정은"):
        written = [text for _, text in variants(name, True)]
        assert len(written) == len(set(written))
        assert written[0] == name


def test_challenge_finds_the_names_as_they_are_listed() -> None:
    cases = challenge(INDEX, 10, "seed")
    assert {case.entity_id for case in cases} == {"x-1", "x-2", "x-4"}
    listed = [case for case in cases if case.habit == "as listed"]
    assert all(case.by_name > 0.0005 for case in listed)
    born = next(case for case in listed if case.entity_id == "x-1")
    assert born.by_name_and_birth is not None
    assert born.by_name_and_birth > born.by_name
    assert cases == challenge(INDEX, 10, "seed")


def test_detection_falls_as_the_threshold_rises() -> None:
    cases = challenge(INDEX, 10, "seed")
    low, high = detections(cases, 0.0005)[-1], detections(cases, 0.9)[-1]
    assert low.habit == "all"
    assert low.by_name.total == len(cases)
    assert low.by_name.found > high.by_name.found == 0 or high.by_name.found < low.by_name.found
    assert low.by_name_and_birth.total == sum(case.by_name_and_birth is not None for case in cases)
