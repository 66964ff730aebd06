from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa

from stanch.model import Account, Label
from stanch.sources.transfer_table import TRANSFER_SCHEMA
from stanch.tracing import Boundary, Seed, SourceTable, Trace, build_ledgers, trace
from stanch.workers.indicators import ties_to_theft
from stanch.workers.taint import taint_of

THIEF, HELPER, WORKER, EXCHANGE, CLEAN, UNSEEN = (Account("eip155:1", "0x" + digit * 40) for digit in "123456")


def traced() -> Trace:
    rows = [
        (THIEF, HELPER, "100"),
        (HELPER, WORKER, "40"),
        (HELPER, EXCHANGE, "60"),
        (EXCHANGE, CLEAN, "5"),
    ]
    table = pa.Table.from_pylist(
        [
            {
                "chain": "eip155:1", "time": datetime(2026, 1, day, tzinfo=UTC), "tx": f"0x{day}", "index": 0,
                "sender": a.address, "receiver": b.address, "asset": "ETH", "amount": amount, "usd": None, "line": day,
            }
            for day, (a, b, amount) in enumerate(rows, 1)
        ],
        schema=TRANSFER_SCHEMA,
    )  # fmt: skip
    boundary = Boundary.of([Label(EXCHANGE, "An exchange", "exchange", "test")])
    ledgers = build_ledgers([SourceTable("ledger.csv", "ab" * 32, table)])
    return trace(ledgers, [Seed(THIEF)], boundary, theft_id="test-2026")


def test_reached_wallet_carries_amount_hops_and_row() -> None:
    (wallet,) = taint_of([traced()], [WORKER])[WORKER]
    assert (wallet.theft_id, str(wallet.amount.normalize()), wallet.share, wallet.hops) == ("test-2026", "4E+1", 1.0, 2)
    assert wallet.evidence[0].source.locator.endswith("2")
    assert ties_to_theft(wallet)


def test_service_is_marked_as_pooled() -> None:
    (wallet,) = taint_of([traced()], [EXCHANGE])[EXCHANGE]
    assert wallet.through_service
    assert not ties_to_theft(wallet)


def test_wallet_behind_a_service_is_clean_and_one_never_seen_is_left_out() -> None:
    assert taint_of([traced()], [CLEAN, UNSEEN]) == {CLEAN: ()}
