"""Recall on names of known Koreans as Russian, Ukrainian, Chinese and Japanese pages write them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from stanch.names import prepare, score

PAIRS = Path(__file__).parent / "data" / "cyrillic_pinyin_pairs.csv"
#: The rows that are not found: slips or second-hand transcriptions of the page itself (Понг-Ю, Дю, Чо, Ен for Jong).
MISSES = {
    "cyrillic": {"Пак Понг-Ю", "Пак Бон Дю", "Ли Пён Чо", "Ким Ен Сик"},
    "han": set(),
    "pinyin": set(),
}


def rows(script: str) -> list[dict[str, str]]:
    with PAIRS.open(encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if row["script"] == script]


@pytest.mark.parametrize("script", MISSES)
def test_cited_pairs_are_found_but_for_the_known_misses(script: str) -> None:
    missed = {row["other"] for row in rows(script) if score(prepare(row["name"]), prepare(row["other"]))[0] < 0.7}
    assert missed <= MISSES[script]


@pytest.mark.parametrize(("script", "least"), [("cyrillic", 0.95), ("han", 0.98), ("pinyin", 0.98)])
def test_recall_of_cited_pairs_holds(script: str, least: float) -> None:
    found = sum(score(prepare(row["name"]), prepare(row["other"]))[0] >= 0.7 for row in rows(script))
    assert found / len(rows(script)) >= least


def test_every_cited_pair_has_its_pages_and_stands_once() -> None:
    every = [row for script in MISSES for row in rows(script)]
    assert len(every) == 220
    assert len({(row["name"], row["other"]) for row in every}) == len(every)
    for row in every:
        assert row["who"]
        for source in (row["name_source"], row["other_source"]):
            assert source.startswith(("http://", "https://", "OFAC SDN list", "UN Security Council"))


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [("Kim Jong Un", "Ким Чен Ир"), ("Kim Jong Il", "Кім Чен Ин"), ("Pak Pong Ju", "Пак Пон Ён")],
)
def test_another_syllable_in_cyrillic_stays_apart(latin: str, cyrillic: str) -> None:
    assert score(prepare(latin), prepare(cyrillic))[0] < 0.7
