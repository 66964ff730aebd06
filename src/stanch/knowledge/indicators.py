"""Published signs of disguised work, each with how fair it is to use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources.abc import Traversable

from stanch.knowledge.table import TEXT, Column, Fact, Table, one_of, read_table


class FairnessClass(StrEnum):
    """Whether and how a sign may be used."""

    OK = "ok"
    AGGREGATE_ONLY = "ok_aggregate_only"
    """On statistics of many people, never on one person."""
    REVIEW = "review"
    """A person looks before it counts."""
    FORBIDDEN_UNLESS_UNIFORM = "forbidden_unless_uniform"
    """Only where everybody is asked alike."""
    FORBIDDEN = "forbidden"


class Weight(StrEnum):
    """How much a sign may weigh."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NEVER = "never"


class Risk(StrEnum):
    """How often a sign strikes the innocent."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Fact):
    """One sign: the data it needs, one way to compute it, its weight, and its danger to the innocent.

    `false_positive_risk` is None for a sign that is never used. `named_in` says who publishes it.
    """

    phase: str
    indicator: str
    data_needed: str
    how_to_compute: str
    weight_hint: Weight
    false_positive_risk: Risk | None
    fairness_class: FairnessClass
    named_in: str


_COLUMNS = {
    "phase": Column(TEXT, True),
    "indicator": Column(TEXT, True),
    "data_needed": Column(TEXT),
    "how_to_compute": Column(TEXT, True),
    "weight_hint": Column(one_of(Weight), True),
    "false_positive_risk": Column(one_of(Risk)),
    "fairness_class": Column(one_of(FairnessClass), True),
    "named_in": Column(TEXT, True),
}


def read_indicators(folder: Traversable | None = None) -> Table[Indicator]:
    """Read the table from `folder`, by default the packaged one.

    Raises:
        InputError: also for a forbidden sign that has a weight, or a usable one that has none.
    """
    table = read_table("indicators", _COLUMNS, lambda row: Indicator(**row), folder)
    for row in table.rows:
        if (row.fairness_class is FairnessClass.FORBIDDEN) != (row.weight_hint is Weight.NEVER):
            raise table.refuse(row.id, "forbidden and weight never do not go together", "set both or neither")
    return table


indicators_table = cache(read_indicators)


def load_indicators() -> tuple[Indicator, ...]:
    """All signs, by phase of an engagement."""
    return indicators_table().rows
