"""What an auditor looks at in a recorded run: the matches nearest to the threshold, a sample of the clear ones, and how
the probabilities are spread."""

from __future__ import annotations

import hashlib
import heapq
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from stanch.workspace.screenings import KeptMatch, KeptRecord, Run

T = TypeVar("T")

#: Ends of the bands of P, beside the floor and the threshold of the run.
_EDGES = (0.001, 0.005, 0.01, 0.05, 0.1, 0.2, 0.5, 0.9, 0.99)


@dataclass(frozen=True, slots=True)
class Band:
    """Records whose most probable match has `low` ≤ P < `high`; the first band has those without a match kept."""

    low: float
    high: float
    alert: bool
    records: int


@dataclass(frozen=True, slots=True)
class Survey:
    """`above` and `below` hold the pairs nearest to the threshold, nearest first; `sample` clear records drawn by
    `seed`, in file order."""

    above: tuple[tuple[KeptRecord, KeptMatch], ...]
    below: tuple[tuple[KeptRecord, KeptMatch], ...]
    sample: tuple[KeptRecord, ...]
    bands: tuple[Band, ...]
    seed: str


def survey(run: Run, records: Iterable[KeptRecord], nearest: int, sample: int, seed: str) -> Survey:
    """Go through the records once, in bounded memory. The same run, numbers and seed give the same survey.

    Args:
        nearest: how many matches on each side of the threshold.
        sample: how many clear records to draw.
    """
    above, below = _Least[tuple[KeptRecord, KeptMatch]](nearest), _Least[tuple[KeptRecord, KeptMatch]](nearest)
    drawn = _Least[KeptRecord](sample)
    edges = sorted({0.0, run.facts.floor, run.facts.threshold, *_EDGES} - {1.0})
    counts = [0] * len(edges)
    for record in records:
        best = 0.0
        for match in record.matches:
            best = max(best, match.probability)
            side, key = (above, match.probability) if match.alert else (below, -match.probability)
            side.add((key, f"{record.row:012} {match.entity_id}"), (record, match))
        if record.outcome != "error":
            counts[bisect_right(edges, best) - 1] += 1
        if record.outcome == "clear":
            chance = hashlib.sha256(f"{seed}:{record.row}".encode()).hexdigest()
            drawn.add((0.0, chance), record)
    bands = (
        Band(low, high, low >= run.facts.threshold, count)
        for (low, high), count in zip(pairwise([*edges, 1.0]), counts, strict=True)
    )
    clear = sorted(drawn.items(), key=lambda record: record.row)
    return Survey(tuple(above.items()), tuple(below.items()), tuple(clear), tuple(bands), seed)


class _Least(Generic[T]):
    """Keeps the items with the least keys."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[tuple[tuple[float, str], T]] = []

    def add(self, key: tuple[float, str], item: T) -> None:
        self._kept.append((key, item))
        if len(self._kept) >= 1_000 + 2 * self._most:
            self._trim()

    def items(self) -> list[T]:
        self._trim()
        return [item for _, item in self._kept]

    def _trim(self) -> None:
        self._kept = heapq.nsmallest(self._most, self._kept, key=lambda pair: pair[0])
