from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest
from tracing_oracle import CHAIN, START, account, address, ledger_of, table_of

from stanch.tracing import Ledger, build_ledgers
from stanch.tracing.ledger import LedgerSource
from stanch.workspace.addresses import AddressBook


def senders(ledger: Ledger) -> list[str]:
    return ledger.text_rows(np.arange(len(ledger)))["sender"].to_pylist()


def test_rows_are_sorted_by_time_when_the_file_is_not() -> None:
    times = [START + timedelta(hours=hour) for hour in (2, 0, 1)]
    ledger = ledger_of([("c", "z", 1), ("a", "z", 1), ("b", "z", 1)], times=times)
    assert senders(ledger) == [address("a"), address("b"), address("c")]
    assert ledger.counts.out_of_order == 1


def test_equal_times_go_by_first_sight_of_the_transaction_then_index() -> None:
    rows = [("a", "z", 1), ("b", "z", 1), ("c", "z", 1), ("d", "z", 1)]
    ledger = ledger_of(rows, times=[START] * 4, txs=["t9", "t1", "t9", "t1"], indices=[5, 1, 2, 0])
    assert senders(ledger) == [address(name) for name in "cadb"]


def test_a_repeated_row_is_dropped_and_counted() -> None:
    table = table_of([("a", "b", 5), ("b", "c", 5)])
    (ledger,) = build_ledgers([table, table])
    assert len(ledger) == 2
    assert ledger.counts.duplicates == 2
    assert ledger.counts.rows == 4


def test_rows_that_differ_in_index_are_no_duplicates() -> None:
    ledger = ledger_of([("a", "b", 5), ("a", "b", 5)], txs=["t", "t"], indices=[0, 1], times=[START] * 2)
    assert ledger.counts.duplicates == 0


def test_rows_without_a_transaction_are_never_duplicates() -> None:
    assert ledger_of([("a", "b", 5), ("a", "b", 5)], txs=["", ""], times=[START] * 2).counts.duplicates == 0


def test_a_conflicting_row_of_one_transaction_is_kept() -> None:
    ledger = ledger_of([("a", "b", 5), ("a", "b", 6)], txs=["t", "t"], times=[START] * 2)
    assert (len(ledger), ledger.counts.duplicates) == (2, 0)


def test_self_transfers_and_zero_amounts_are_counted() -> None:
    counts = ledger_of([("a", "a", 5), ("a", "b", 0), ("a", "b", 1)]).counts
    assert (counts.self_transfers, counts.zero_amounts) == (1, 1)


def test_assets_and_chains_are_ledgers_of_their_own() -> None:
    tables = [table_of([("a", "b", 1)], asset="ETH"), table_of([("a", "b", 1)], chain="eip155:56", asset="ETH")]
    ledgers = build_ledgers([*tables, table_of([("a", "b", 1)], asset="DAI")])
    assert [(ledger.chain, ledger.asset) for ledger in ledgers] == [
        ("eip155:1", "DAI"),
        ("eip155:1", "ETH"),
        ("eip155:56", "ETH"),
    ]


def test_no_rows_make_no_ledger() -> None:
    assert build_ledgers([table_of([])]) == ()
    assert build_ledgers([]) == ()


def test_a_row_is_found_again_in_its_file_after_sorting() -> None:
    times = [START + timedelta(hours=1), START]
    ledger = ledger_of([("a", "b", 1), ("b", "c", 1)], times=times, name="x.csv")
    assert ledger.place(0).locator == "line 3"
    assert ledger.place(1).name == "x.csv"


def test_parquet_rows_are_called_rows() -> None:
    assert LedgerSource("a.parquet", "00").place(7).locator == "row 7"


def test_ids_of_a_workspace_are_used_when_the_table_has_them() -> None:
    book = AddressBook()
    book.load([account("q"), account("b"), account("a")])
    table = table_of([("a", "b", 1)])
    numbered = table.table.append_column("sender_id", pa.array([2])).append_column("receiver_id", pa.array([1]))
    (ledger,) = build_ledgers([type(table)(table.name, table.sha256, numbered)], book)
    assert (ledger.sender.tolist(), ledger.receiver.tolist()) == ([2], [1])
    assert ledger.holds(account("a"))
    assert not ledger.holds(account("q"))


@pytest.mark.parametrize("chain", ["eip155:56", CHAIN])
def test_the_same_address_on_another_chain_is_another_account(chain: str) -> None:
    assert ledger_of([("a", "b", 1)]).holds(account("a", chain)) is (chain == CHAIN)
