"""The bound may keep a pair in vain, but never rejects one that `score` finds alike."""

from __future__ import annotations

import random
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch import names
from stanch.names import Kind
from stanch.names.bounds import Signatures, may_reach
from stanch.screening import load_index

LEAST = 0.7
KINDS: list[Kind] = ["person", "organization", "vessel"]


@cache
def listed(kind: Kind) -> tuple[str, ...]:
    """Names of the packaged lists."""
    return tuple(dict.fromkeys(item.text for item in load_index().names if item.kind == kind))


def wrongly_rejected(kind: Kind, pairs: list[tuple[str, str]]) -> list[tuple[str, str, float]]:
    left = [names.prepare(one, kind) for one, _ in pairs]
    right = [names.prepare(two, kind) for _, two in pairs]
    numbers = np.arange(len(pairs))
    kept = may_reach(LEAST, Signatures.of(left), Signatures.of(right), numbers, numbers)
    scored = [names.score(one, two)[0] for one, two in zip(left, right, strict=True)]
    return [(*pairs[at], found) for at, found in enumerate(scored) if found >= LEAST and not kept[at]]


@pytest.mark.parametrize("kind", KINDS)
def test_bound_keeps_all_that_score_finds_alike_on_the_lists(kind: Kind) -> None:
    rng = random.Random(1)
    texts = listed(kind)
    pairs = [(rng.choice(texts), rng.choice(texts)) for _ in range(2_000)]
    # Names that begin alike, or share a word: more of these are alike.
    words: dict[str, list[str]] = {}
    for text in texts:
        for word in text.split():
            words.setdefault(word, []).append(text)
    shared = [group for group in words.values() if len(group) > 1]
    pairs += [tuple(rng.choices(rng.choice(shared), k=2)) for _ in range(3_000)]  # type: ignore[misc]
    assert wrongly_rejected(kind, pairs) == []


SHORT = "mohammed muhammad kim jong un li trading co ltd m v s a gayevoy gaevoi 김정은 李 7 28 al bin"
WORDS = st.one_of(
    st.sampled_from(SHORT.split()),
    st.sampled_from(["KOMID", "Korea", "Mining", "Development", "Wal", "Mart", "Walmart", "internationalisierung"]),
    st.text("aeiknrsgu'-", min_size=1, max_size=9),
)
NAMES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)


def with_error(name: str, place: int, letter: str) -> str:
    """The name with one letter put in."""
    place %= len(name) + 1
    return name[:place] + letter + name[place:]


@given(
    st.sampled_from(["person", "organization", "vessel"]), NAMES, NAMES, st.integers(0, 40), st.sampled_from("aghi ")
)
@settings(max_examples=300, deadline=None)
def test_bound_keeps_all_that_score_finds_alike(kind: Kind, one: str, two: str, place: int, letter: str) -> None:
    assert wrongly_rejected(kind, [(one, two), (one, one), (one, with_error(one, place, letter))]) == []


def test_bound_rejects_most_names_that_share_one_word() -> None:
    texts = ["Mohammed Hussein Saleh", "Mohammed Rafiq Tarar", "Mohammed Omar Ghulam", "Mohammed Ismail Khan"]
    prepared = [names.prepare(text) for text in texts]
    pairs = np.array([(i, j) for i in range(4) for j in range(4) if i != j])
    signatures = Signatures.of(prepared)
    assert not may_reach(LEAST, signatures, signatures, pairs[:, 0], pairs[:, 1]).any()


def test_bound_takes_names_without_words() -> None:
    empty, full = (Signatures.of([names.prepare(text)]) for text in ("!!!", "Kim Jong Un"))
    zero = np.zeros(1, dtype=np.int64)
    assert not may_reach(LEAST, empty, full, zero, zero).any()
