"""The packaged case: the Ronin theft, whose inflow is an internal transaction that its ledger does not show."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from stanch.cli.trace import trace

SEED = "0x098b716b8aaf21512996dc57eb0615e2383e2f96"


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("nowhere"))
        patch.delenv("STANCH_WORKSPACE", raising=False)
        result = CliRunner().invoke(trace, ["--theft", "ronin-2022", "--format", "json"], obj=None)
    assert result.exit_code == 0, result.output
    loaded: dict[str, Any] = json.loads(result.stdout)
    return loaded


def test_the_inflow_that_the_rows_lack_is_inferred(document: dict[str, Any]) -> None:
    (asset,) = document["assets"]
    assert abs(Decimal(asset["stolen_inferred"]) - 173_598) < 1
    assert Decimal(asset["stolen"]) == Decimal(asset["stolen_inferred"]) + Decimal(asset["stolen_observed"])
    # What the chain shows of the theft itself, within a tenth of a per cent.
    assert abs(Decimal(asset["stolen_inferred"]) / Decimal(173_600) - 1) < Decimal("0.001")


def test_the_books_balance_to_the_unit(document: dict[str, Any]) -> None:
    (asset,) = document["assets"]
    for books in asset["totals"].values():
        parts = sum(Decimal(books[name]) for name in ("held", "stopped", "fees", "remainder"))
        assert Decimal(books["stolen"]) == parts
    assert sum(Decimal(one["by_policy"]["haircut"]) for one in asset["holders"]) == Decimal(asset["accounted"])
    assert asset["totals"]["haircut"]["remainder"] == "0"


def test_what_the_seed_sent_equals_the_rows(document: dict[str, Any], shared_dir: Path) -> None:
    path = shared_dir / "ledgers/eth_data_lazarus/ronin_case/ronin_lazarus_eth_txs_0x.csv"
    sent: dict[str, Decimal] = defaultdict(Decimal)
    with path.open() as stream:
        for row in csv.DictReader(stream):
            if row["from"] == SEED:
                sent[row["to"]] += Decimal(row["total_eth"])
    carried: dict[str, Decimal] = defaultdict(Decimal)
    for edge in document["assets"][0]["edges"]:
        if edge["sender"] == SEED:
            carried[edge["receiver"]] += Decimal(edge["by_policy"]["haircut"])
    assert carried == {receiver: amount for receiver, amount in sent.items() if amount}
