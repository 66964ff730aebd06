"""Which listed names are like the names of queries: found by key, most rejected together, the rest compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import numpy as np

from stanch import names
from stanch.names import Prepared
from stanch.names.bounds import Signatures, may_reach
from stanch.screening.combine import NameHit
from stanch.screening.listed import ListedName
from stanch.screening.query import Query
from stanch.screening.weights import NAME_SIMILARITY, PERSON_NAME_SIMILARITY

#: Up to so many candidates it is quicker to compare each than to ask first which can be alike.
FEW = 24
#: Pairs judged at once: more would not be quicker, and hostile records of many common names must not fill the memory.
MOST_PAIRS = 100_000

#: The best pair of names for each subject (by number) that has one alike, and how many different names the query has.
Hits = tuple[dict[int, NameHit], int]


def best_hits(
    listed: Sequence[ListedName],
    by_key: Mapping[tuple[str, str], Sequence[int]],
    signatures: Signatures,
    queries: Sequence[Query],
) -> list[Hits]:
    """The hits of each query.

    Args:
        listed: all listed names; `by_key` and `signatures` are theirs.
    """
    found: list[Hits] = []
    pairs = _Pairs(listed, signatures)
    for query in queries:
        best: dict[int, NameHit] = {}
        groups: list[frozenset[tuple[str, str]]] = []
        for text in query.names:
            every: list[tuple[str, str]] = []
            for kind in query.kinds:
                keys = [(kind, key) for key in names.keys(text, kind)]
                every += keys
                lists = [by_key[key] for key in keys if key in by_key]
                if lists:
                    candidates = lists[0] if len(lists) == 1 else tuple(dict.fromkeys(chain.from_iterable(lists)))
                    pairs.add(best, text, names.prepare(text, kind), candidates, least_similarity(query, text, kind))
            if len(query.names) > 1:
                groups.append(frozenset(every))
        found.append((best, count_different(groups)))
    pairs.judge()
    return found


def least_similarity(query: Query, text: str, kind: names.Kind) -> float:
    """How alike a name of this kind must be to count. Where the record does not say what it is about, a name that reads
    as a Korean person's is set against firms and ships too, but only as it stands: Kim Song Il is no KIM IL SUNG
    MILITARY UNIVERSITY."""
    if kind == "person" or "person" not in query.kinds or not names.prepare(text, "person").is_korean:
        return NAME_SIMILARITY
    return PERSON_NAME_SIMILARITY


class _Pairs:
    """Names of queries with their candidates, collected until there are enough to be judged together."""

    def __init__(self, listed: Sequence[ListedName], signatures: Signatures) -> None:
        self._listed, self._signatures = listed, signatures
        self._best: list[dict[int, NameHit]] = []
        self._texts: list[str] = []
        self._prepared: list[Prepared] = []
        self._least: list[float] = []
        self._counts: list[int] = []
        self._candidates: list[int] = []

    def add(
        self, best: dict[int, NameHit], text: str, prepared: Prepared, candidates: Sequence[int], least: float
    ) -> None:
        """Compare a name with candidates, now or later; `best` gets what is found, if alike by `least` or more."""
        self._best.append(best)
        self._least.append(least)
        self._texts.append(text)
        self._prepared.append(prepared)
        self._counts.append(len(candidates))
        self._candidates += candidates
        if len(self._candidates) >= MOST_PAIRS:
            self.judge()

    def judge(self) -> None:
        """Compare all that was added."""
        for row, number in self._worth_comparing():
            listed = self._listed[number]
            similarity, bits = names.score(self._prepared[row], listed.prepared)
            if similarity < self._least[row]:
                continue
            best = self._best[row]
            hit = NameHit(self._texts[row], listed, similarity, bits)
            known = best.get(listed.subject)
            if known is None or hit.rank > known.rank:
                best[listed.subject] = hit
        for part in (self._best, self._least, self._texts, self._prepared, self._counts, self._candidates):
            part.clear()

    def _worth_comparing(self) -> Iterator[tuple[int, int]]:
        """The pairs (our name, listed name) that may be alike."""
        left = np.repeat(np.arange(len(self._counts)), self._counts)
        right = np.array(self._candidates, dtype=np.int64)
        if len(right) > FEW:
            kept = may_reach(NAME_SIMILARITY, Signatures.of(self._prepared), self._signatures, left, right)
            left, right = left[kept], right[kept]
        return zip(left.tolist(), right.tolist(), strict=True)


def count_different(groups: Sequence[frozenset[tuple[str, str]]]) -> int:
    """How many different names there are when names that share a key count as one."""
    merged: list[set[tuple[str, str]]] = []
    for keys in groups:
        joined = set(keys)
        apart = []
        for other in merged:
            if joined.isdisjoint(other):
                apart.append(other)
            else:
                joined |= other
        merged = [*apart, joined]
    return max(1, len(merged))
