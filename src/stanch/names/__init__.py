"""Personal names across scripts (Korean first), organisations, vessels. Pure: reads only packaged tables."""

from __future__ import annotations

from stanch.names.blocking import keys
from stanch.names.explaining import Explanation, explain, rarity_bits
from stanch.names.matching import Comparison, Prepared, compare, prepare, score
from stanch.names.tokens import Kind

__all__ = [
    "Comparison",
    "Explanation",
    "Kind",
    "Prepared",
    "compare",
    "explain",
    "keys",
    "prepare",
    "rarity_bits",
    "score",
]
