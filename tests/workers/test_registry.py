from __future__ import annotations

import pytest

from stanch.knowledge import FairnessClass, load_indicators
from stanch.workers import INDICATORS, WEIGHTS
from stanch.workers.registry import indicator
from stanch.workers.scoring import Group

OBSERVED = {"documents", "contacts", "devices", "ips", "payouts", "holders", "traced-wallets"}


def test_every_indicator_is_complete_and_cited() -> None:
    for item in INDICATORS.values():
        assert item.citation, item.id
        assert item.means, item.id
        assert item.false_positive, item.id
        assert set(item.needs) <= OBSERVED, item.id
        assert set(item.weights) <= set(WEIGHTS), item.id


def test_every_indicator_is_fair_to_use_on_one_person() -> None:
    table = {row.id: row for row in load_indicators()}
    assert {table[id].fairness_class for id in INDICATORS} == {FairnessClass.OK}


def test_indicators_stand_in_order_of_id() -> None:
    assert list(INDICATORS) == sorted(INDICATORS)


def test_an_id_is_registered_once() -> None:
    register = indicator("I01", version=1, group=Group.IDENTITY, needs=(), weights=(), means="m", false_positive="f")
    with pytest.raises(ValueError, match="twice"):
        register(lambda _traces: None)
