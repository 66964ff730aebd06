"""Ledgers: the fast path against a slow one written here row by row, real exports, and hostile files.

Small files are written inline; the clock is fixed.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.exc import InputError
from stanch.names.identifiers import normalise_address
from stanch.sources.base import Rejected, RejectedField
from stanch.sources.columns import Columns
from stanch.sources.raw import RawFile
from stanch.sources.transfer_table import TRANSFER_SCHEMA
from stanch.sources.transfers import read_transfers
from stanch.sources.transfers.fields import read_amount, read_asset, read_chain, read_index, read_time, read_tx
from stanch.sources.transfers.order import MovementOrder

NOW = datetime(2026, 3, 1, tzinfo=UTC)
A, B = "0x" + "a" * 40, "0x" + "b" * 40
USDT = "0xdac17f958d2ee523a2206206994597c13d831ec7"
HEAD = "time,tx,index,from,to,asset,amount,chain"
GOOD = f"2022-03-23T10:00:00Z,0x01,0,{A},{B},ETH,1.5,eip155:1"


def read(path: Path, columns: Columns | None = None, **more: Any) -> tuple[list[dict[str, Any]], list[Rejected]]:
    batches = list(read_transfers(RawFile.open(path), columns or Columns(), now=NOW, **more))
    assert all(batch.table.schema == TRANSFER_SCHEMA for batch in batches)
    rows = pa.concat_tables([batch.table for batch in batches]).to_pylist()
    return rows, [item for batch in batches for item in batch.rejected]


def read_text(tmp_path: Path, text: str | bytes, columns: Columns | None = None, **more: Any) -> Any:
    path = tmp_path / "ledger.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(path, columns, **more)


def notes_of(path: Path, columns: Columns | None = None) -> str:
    batches = list(read_transfers(RawFile.open(path), columns or Columns(), now=NOW))
    assert all(batch.notes == () for batch in batches[1:])
    return "; ".join(batches[0].notes)


def test_a_row_is_read_with_every_field(tmp_path: Path) -> None:
    rows, rejected = read_text(tmp_path, f"{HEAD}\n{GOOD}\n")
    assert rejected == []
    assert rows == [
        {
            "chain": "eip155:1",
            "time": datetime(2022, 3, 23, 10, tzinfo=UTC),
            "tx": "0x01",
            "index": 0,
            "sender": A,
            "receiver": B,
            "asset": "ETH",
            "amount": "1.5",
            "usd": None,
            "line": 2,
        }
    ]


BAD_CELLS = [
    (f"9999-01-01T00:00:00Z,0x01,0,{A},{B},ETH,1,eth", "time: 9999-01-01 is in the future"),
    (f"9999-12-31T23:59:59-01:00,0x01,0,{A},{B},ETH,1,eth", "time: out of range"),
    (f"1899-12-31,0x01,0,{A},{B},ETH,1,eth", "time: 1899-12-31 is before 1900"),
    (f"2022-02-30T00:00:00Z,0x01,0,{A},{B},ETH,1,eth", "time: day"),
    (f"23/03/2022,0x01,0,{A},{B},ETH,1,eth", "time: not an ISO 8601 time"),
    (f",0x01,0,{A},{B},ETH,1,eth", "time: not an ISO 8601 time"),
    (f"2022-03-23,0x01,0,{A},{B},ETH,-1,eth", "amount: the amount is negative: -1"),
    (f'2022-03-23,0x01,0,{A},{B},ETH,"1,000",eth', "amount: not a plain decimal number: '1,000'"),
    (f"2022-03-23,0x01,0,{A},{B},ETH,nan,eth", "amount: not a plain decimal number"),
    (f"2022-03-23,0x01,0,{A},{B},ETH,,eth", "amount: no amount"),
    (f"2022-03-23,0x01,0,{A},{B},ETH,1e99,eth", "amount: out of range"),
    (f"2022-03-23,,0,{A},{B},ETH,1,eth", "tx: no transaction id"),
    (f"2022-03-23,0x01,-1,{A},{B},ETH,1,eth", "index: not a whole number"),
    (f"2022-03-23,0x01,0,hello,{B},ETH,1,eth", "sender: not an EVM address"),
    (f"2022-03-23,0x01,0,{A},,ETH,1,eth", "receiver: no address"),
    (f"2022-03-23,0x01,0,{A},0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed,ETH,1,eth", "receiver: EIP-55 checksum"),
    (f"2022-03-23,0x01,0,{A},{B},0x12,1,eth", "asset: not an EVM address"),
    (f"2022-03-23,0x01,0,{A},{B},two words,1,eth", "asset: not an asset"),
    (f"2022-03-23,0x01,0,{A},{B},ETH,1,nochain", "chain: unknown chain 'nochain'"),
    (f"2022-03-23,0x01,0,{A},{B},ETH,1,", "chain: no chain"),
]


@pytest.mark.parametrize(("row", "reason"), BAD_CELLS)
def test_a_bad_cell_costs_its_row_only_and_names_line_and_reason(tmp_path: Path, row: str, reason: str) -> None:
    rows, rejected = read_text(tmp_path, f"{HEAD}\n{GOOD}\n{row}\n{GOOD}\n")
    assert [item["line"] for item in rows] == [2, 4]
    (bad,) = rejected
    assert bad.line == 3
    assert bad.locator == "line 3"
    assert bad.raw == row
    assert bad.reason.startswith(reason)
    assert bad.remedy


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a,b,c", "3 columns instead of 8"),
        (GOOD + ",extra", "9 columns instead of 8"),
        (GOOD.replace("0x01", "0x\x0001"), "holds a NUL byte"),
        (GOOD.replace("0x01", '"0x01'), "a quoted field is never closed"),
        (GOOD.replace("0x01", '"0x"01'), "not a CSV row"),
        (GOOD.replace("0x01", "x" * 10_000_000), "a field longer than 100,000 characters"),
    ],
)
def test_a_row_that_cannot_be_split_costs_itself_only(tmp_path: Path, row: str, reason: str) -> None:
    rows, rejected = read_text(tmp_path, f"{HEAD}\n{GOOD}\n{row}\n{GOOD}\n{GOOD}\n")
    assert [item["line"] for item in rows] == [2, 4, 5]
    (bad,) = rejected
    assert bad.line == 3
    assert bad.reason.startswith(reason)
    assert len(bad.raw) <= 4_000


def test_lines_are_right_after_quoted_line_feeds_and_blank_lines(tmp_path: Path) -> None:
    text = f'note,{HEAD}\n"two\nlines",{GOOD}\n\nplain,{GOOD}\nx,{GOOD.replace("1.5", "-1")}\n'
    rows, rejected = read_text(tmp_path, text)
    assert [item["line"] for item in rows] == [2, 5]
    assert [item.line for item in rejected] == [6]


def test_a_quote_open_at_the_end_of_a_block_does_not_lose_rows(tmp_path: Path) -> None:
    body = "".join(f'"{"note" * (i % 7)}\n",{GOOD}\n' for i in range(200))
    rows, rejected = read_text(tmp_path, f"note,{HEAD}\n{body}", block_bytes=500)
    assert rejected == []
    assert [item["line"] for item in rows] == list(range(2, 402, 2))


def test_rows_of_many_blocks_keep_their_lines(tmp_path: Path) -> None:
    body = "".join(f"{GOOD if i % 10 else GOOD.replace('1.5', 'x')}\n" for i in range(1000))
    rows, rejected = read_text(tmp_path, f"{HEAD}\n{body}", block_bytes=3000)
    assert len(rows) == 900
    assert [item.line for item in rejected] == list(range(2, 1002, 10))
    assert [item["line"] for item in rows] == [i + 2 for i in range(1000) if i % 10]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_a_ledger_is_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    text = "시각,time,from,to,amount,asset,tx\n가나다,2022-03-23 10:00,계좌 1,계좌 2,5,KRW,번호 1\n"
    columns = Columns.parse([], chain="bank:kb")
    rows, rejected = read_text(tmp_path, text.encode(encoding), columns)
    assert rejected == []
    assert (rows[0]["sender"], rows[0]["tx"], rows[0]["asset"]) == ("계좌 1", "번호 1", "KRW")


def test_a_damaged_byte_costs_its_row_only(tmp_path: Path) -> None:
    good = "2022-03-23,계좌 1,계좌 2,5,KRW,번호 1\n".encode()
    bad = b"2022-03-23,\xb0\xff 1,x,5,KRW,t\n"
    rows, rejected = read_text(
        tmp_path, b"time,from,to,amount,asset,tx\n" + good + bad + good, Columns.parse([], chain="bank:kb")
    )
    assert [row["line"] for row in rows] == [2, 4]
    assert [item.line for item in rejected] == [3]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_by_the_header(tmp_path: Path, delimiter: str) -> None:
    rows, _ = read_text(tmp_path, f"{HEAD}\r\n{GOOD}\r\n".replace(",", delimiter))
    assert rows[0]["amount"] == "1.5"


def test_an_unpacked_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb", compresslevel=9) as stream:
        stream.write(f"{HEAD}\n".encode())
        for _ in range(64):
            stream.write(bytes(1 << 20))
    raw = RawFile.open(path)
    with pytest.raises(InputError, match=r"bomb.csv.gz: unpacks to more than 8 MiB; split it"):
        list(raw.chunks(8 << 20))


def test_a_packed_ledger_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ledger.gz"
    path.write_bytes(gzip.compress(f"{HEAD}\n{GOOD}\n".encode()))
    assert len(read(path)[0]) == 1


def test_a_missing_column_names_file_columns_and_flag(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_text(tmp_path, "when,from,to\n")
    assert str(caught.value) == (
        "ledger.csv, line 1: no column for time, amount (the file has: when, from, to); "
        "rename a column or pass --map time=COLUMN"
    )


def test_a_mapping_to_no_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column 'nope'"):
        read_text(tmp_path, f"{HEAD}\n{GOOD}\n", Columns.parse(["time=nope"]))
    with pytest.raises(InputError, match="no field 'colour'"):
        read_text(tmp_path, f"{HEAD}\n{GOOD}\n", Columns.parse(["colour=time"]))
    with pytest.raises(InputError, match="not a column mapping"):
        Columns.parse(["time"])
    with pytest.raises(InputError, match="'time' cannot be one value"):
        read_text(tmp_path, f"{HEAD}\n{GOOD}\n", Columns(constants={"time": "2022"}))


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two columns are named 'amount'"):
        read_text(tmp_path, f"{HEAD},amount\n{GOOD},1\n")


def test_columns_are_mapped_by_hand_and_constants_fill_gaps(tmp_path: Path) -> None:
    columns = Columns.parse(["time=Wann", "sender=Von", "amount=Wieviel"], chain="bank:b1", asset="eur")
    rows, _ = read_text(tmp_path, "Wann;Von;to;Wieviel;asset\n2022-03-23;1;2;5;\n2022-03-23;1;2;5;usd\n", columns)
    assert [(row["chain"], row["asset"]) for row in rows] == [("bank:b1", "EUR"), ("bank:b1", "USD")]


def test_what_was_assumed_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text(f"time,from,to,value\n2022-03-23,{A},{B},1\n")
    notes = notes_of(path)
    assert "native unit" in notes
    assert "no transaction column" in notes
    assert "no chain column: eip155:1" in notes
    rows, _ = read(path)
    assert rows[0]["asset"] == "ETH"
    assert rows[0]["tx"].startswith("row-2-")


def test_rows_without_transaction_differ_between_files(tmp_path: Path) -> None:
    ids = set()
    for amount in "12":
        rows, _ = read_text(tmp_path, f"time,from,to,value\n2022-03-23,{A},{B},{amount}\n")
        ids.add(rows[0]["tx"])
    assert len(ids) == 2


def test_amounts_in_dollars_by_name_are_dollars(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text(f"Timestamp,From,To,Value_in_USD\n2022-03-23,{A},{B},1.25\n")
    assert read(path)[0][0]["asset"] == "USD"
    assert "US dollars" in notes_of(path)


def test_a_chain_that_cannot_be_told_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no chain column, and the addresses do not tell the chain"):
        read_text(tmp_path, "time,from,to,amount\n2022-03-23,1,2,5\n")


def test_a_bad_dollar_value_is_dropped_and_the_row_kept(tmp_path: Path) -> None:
    rows, rejected = read_text(tmp_path, f"{HEAD},usd\n{GOOD},x\n{GOOD},12.50\n{GOOD},\n")
    assert [row["usd"] for row in rows] == [None, "12.50", None]
    assert [(item.line, item.reason) for item in rejected] == [
        (2, "usd: not a plain decimal number: 'x'; the rest of the row is kept")
    ]
    assert isinstance(rejected[0], RejectedField)


def test_movements_of_one_transaction_are_numbered_in_file_order(tmp_path: Path) -> None:
    text = "time,tx,from,to,amount\n" + "".join(f"2022-03-23,{tx},{A},{B},1\n" for tx in "abacab")
    assert [row["index"] for row in read_text(tmp_path, text)[0]] == [0, 0, 1, 0, 2, 1]


@given(st.lists(st.lists(st.text("abc", max_size=20), min_size=1, max_size=30), min_size=1, max_size=5))
def test_numbers_in_a_transaction_are_unique_and_rise_over_blocks(blocks: list[list[str]]) -> None:
    order, seen = MovementOrder(), dict[str, int]()
    for place, keys in enumerate(blocks):
        numbers = order.number(pa.array(keys, pa.string()), last=place == len(blocks) - 1)
        for key, number in zip(keys, numbers.tolist(), strict=True):
            assert number > seen.get(key, -1)
            seen[key] = number


@given(st.lists(st.text(max_size=5), max_size=30))
def test_numbers_in_one_block_are_dense(keys: list[str]) -> None:
    numbers = MovementOrder().number(pa.array(keys, pa.string()), last=True)
    assert numbers.tolist() == [keys[:i].count(key) for i, key in enumerate(keys)]


def test_assets_take_their_ids(tmp_path: Path) -> None:
    eth = "eip155:1"
    tron = "tron:0x2b6653dc"
    assert read_asset(eth, "eth") == "ETH"
    assert read_asset(eth, "") == "ETH"
    assert read_asset(eth, USDT.upper().replace("0X", "0x")) == f"{eth}/erc20:{USDT}"
    assert read_asset(eth, f"{eth}/erc20:{USDT}") == f"{eth}/erc20:{USDT}"
    assert read_asset(eth, f"{eth}/slip44:60") == "ETH"
    assert read_asset(eth, "0x" + "0" * 40) == "ETH"
    assert read_asset("eip155:56", "0x" + "e" * 40) == "BNB"
    assert read_asset(tron, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t") == f"{tron}/trc20:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
    assert read_asset("bank:kb", "krw") == "KRW"
    with pytest.raises(ValueError, match="no native unit"):
        read_asset("bank:kb", "")
    with pytest.raises(ValueError, match="but the row is on eip155:56"):
        read_asset("eip155:56", f"{eth}/erc20:{USDT}")


@pytest.mark.parametrize(
    ("text", "written"),
    [("1e-05", "0.00001"), ("1.50", "1.50"), ("+2", "2"), (".5", "0.5"), ("5.", "5"), ("1E3", "1000"), ("-0", "0")],
)
def test_an_amount_is_kept_as_written_but_without_exponent(text: str, written: str) -> None:
    assert read_amount(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "2022-03-29T16:35:53+00:00",
        "2022-03-29 16:35:53",
        "2022-03-29 16:35:53.000 UTC",
        "2022-03-29T18:35:53+02:00",
        "2022-03-29 18:35:53+02",
        "1648571753",
        "1648571753000",
        "1648571753.0",
    ],
)
def test_a_time_is_read_in_every_usual_form(text: str) -> None:
    assert read_time(text, NOW) == datetime(2022, 3, 29, 16, 35, 53, tzinfo=UTC)


def test_mixed_case_addresses_are_checked_in_bulk(tmp_path: Path) -> None:
    good = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    bad = "0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    others = [f"\\x{i:040X}" for i in range(1, 40)]
    text = "time,tx,from,to,amount\n" + "".join(
        f"2022-03-23,t,{sender},{B},1\n" for sender in (good, *others, bad, "0x12")
    )
    rows, rejected = read_text(tmp_path, text, Columns.parse([], chain="eth"))
    assert [row["sender"] for row in rows] == [good.lower(), *(f"0x{i:040x}" for i in range(1, 40))]
    assert [item.line for item in rejected] == [42, 43]


def test_json_lines_are_read_with_exact_numbers(tmp_path: Path) -> None:
    lines = [
        f'{{"time": 1648571753, "from": "{A}", "to": "{B}", "value": 0.1234567890123456789, "tx": "0xAB", "chain": 1}}',
        f'{{"time": "2022-03-23", "from": "{A}", "to": "{B}", "value": [1], "tx": "x", "chain": "eth"}}',
        "not json",
        "[" * 100_000,
        "[1]",
    ]
    rows, rejected = read_text(tmp_path, "\n".join(lines))
    assert [(row["amount"], row["tx"], row["chain"]) for row in rows] == [("0.1234567890123456789", "0xab", "eip155:1")]
    assert [(item.line, item.reason.split(":")[0]) for item in rejected] == [
        (2, "amount"),
        (3, "not JSON"),
        (4, "nested too deeply"),
        (5, "not a JSON object"),
    ]


def test_parquet_is_read_with_its_types(tmp_path: Path) -> None:
    path = tmp_path / "ledger.parquet"
    table = pa.table(
        {
            "block_time": pa.array([datetime(2022, 3, 23, 10), None, datetime(9999, 1, 1)], pa.timestamp("us")),
            "from": pa.array([bytes.fromhex("aa" * 20)] * 3, pa.binary()),
            "to": pa.array([B] * 3).dictionary_encode(),
            "value": pa.array([Decimal("1.50")] * 3, pa.decimal128(38, 2)),
            "tx": ["t1", "t2", "t3"],
        }
    )
    pq.write_table(table, path)
    rows, rejected = read(path)
    assert [(row["sender"], row["receiver"], row["amount"], row["line"]) for row in rows] == [(A, B, "1.50", 1)]
    assert [(item.line, item.reason) for item in rejected] == [
        (2, "time: not an ISO 8601 time: ''"),
        (3, "time: 9999-01-01 is in the future"),
    ]
    assert json.loads(rejected[0].raw)["from"] == A


def test_broken_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.parquet"
    path.write_bytes(b"PAR1" + bytes(100))
    with pytest.raises(InputError, match=r"ledger\.parquet: broken Parquet"):
        read(path)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"PK\x03\x04....", "this is a ZIP or Excel file"),
        (b'[{"time": 1}]', "a JSON array, not JSON lines"),
        (b"\n\n", "no header row"),
        (b'"time,from\n', "the header is not a CSV row"),
        (b"\x1f\x8b\x08broken", "the gzip data is broken"),
    ],
)
def test_what_is_no_ledger_is_refused_in_one_line(tmp_path: Path, content: bytes, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        read_text(tmp_path, content)
    assert str(caught.value).startswith("ledger.csv")
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_header_alone_gives_an_empty_table(tmp_path: Path) -> None:
    assert read_text(tmp_path, f"{HEAD}\n") == ([], [])


CELLS = {
    "time": st.sampled_from(
        [
            *(
                "2022-03-23T10:00:00Z",
                "2022-03-23 10:00:00",
                "2022-03-23",
                "1648571753",
                "1648571753123",
                " 1648571753 ",
            ),
            *("2022-03-23T10:00:00.5+09:00", "2022-03-23 10:00+05", "2024-02-29T00:00:00Z", "2023-02-29T00:00:00Z"),
            *("9999-01-01T00:00:00Z", "1800-01-01T00:00:00Z", "x", "", "2022-03-23T10:00:00+25:00", "2026-03-01"),
        ]
    ),
    "tx": st.sampled_from(["0xab", "0xAB", r"\xAB", "row 7", "", "가", "0x", "0Xab", "a,b", 'say "x"']),
    "index": st.sampled_from(["0", "7", " 3", "-1", "", "1.0", "9" * 18, "9" * 19]),
    "from": st.sampled_from([A, A.upper().replace("0X", "0x"), r"\x" + "c" * 40, "hello", "", f" {A} "]),
    "to": st.sampled_from([B, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"]),
    "asset": st.sampled_from(["ETH", "eth", "", USDT, "USD", "x y", f"eip155:1/erc20:{USDT}"]),
    "amount": st.one_of(
        st.decimals(allow_nan=False, allow_infinity=False, places=18, min_value=0, max_value=10**12).map(str),
        st.sampled_from(["1e-7", "-1", "1,5", "", "inf", "0", "007", "+3.", "1" * 40, "1" * 70]),
    ),
    "chain": st.sampled_from(["eip155:1", "ETH", "tron", "56", "mars", "", "bank:kb"]),
}


def slow_read(text: str) -> tuple[list[tuple[Any, ...]], set[int]]:
    """The same file row by row in plain Python: the oracle."""
    rows, bad = [], set()
    reader = csv.DictReader(io.StringIO(text))
    for line, cell in enumerate(reader, 2):
        try:
            chain = read_chain(cell["chain"])
            row = (
                chain,
                read_time(cell["time"], NOW),
                read_tx(cell["tx"]),
                read_index(cell["index"]),
                normalise_address(chain, cell["from"]),
                normalise_address(chain, cell["to"]),
                read_asset(chain, cell["asset"]),
                read_amount(cell["amount"]),
                None,
                line,
            )
        except ValueError:
            bad.add(line)
        else:
            rows.append(row)
    return rows, bad


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.fixed_dictionaries(CELLS), max_size=12),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from([200, 1000, 1 << 20]),
)
def test_the_fast_path_equals_the_slow_path(
    tmp_path_factory: pytest.TempPathFactory, cells: list[dict[str, str]], quoting: Any, block_bytes: int
) -> None:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(CELLS), quoting=quoting, lineterminator="\n")
    writer.writeheader()
    writer.writerows(cells)
    path = tmp_path_factory.getbasetemp() / "oracle.csv"
    path.write_text(stream.getvalue(), encoding="utf-8")
    rows, rejected = read(path, block_bytes=block_bytes)
    expected, bad = slow_read(stream.getvalue())
    assert [tuple(row.values()) for row in rows] == expected
    assert {item.line for item in rejected} == bad


def _write_csv(table: pa.Table, path: Path) -> None:
    rows = table.drop_columns(["line"]).to_pylist()
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, table.drop_columns(["line"]).column_names)
        writer.writeheader()
        writer.writerows({**row, "time": row["time"].isoformat()} for row in rows)


def _write_jsonl(table: pa.Table, path: Path) -> None:
    rows = table.drop_columns(["line"]).to_pylist()
    path.write_text("".join(json.dumps(row, default=datetime.isoformat) + "\n" for row in rows), encoding="utf-8")


WRITERS = {"csv": _write_csv, "jsonl": _write_jsonl, "parquet": partial(pq.write_table)}
EVM = st.integers(0, 2**160 - 1).map("0x{:040x}".format)
TRANSFERS = st.fixed_dictionaries(
    {
        "chain": st.sampled_from(["eip155:1", "eip155:56"]),
        "time": st.datetimes(datetime(1900, 1, 2), datetime(2026, 1, 1), timezones=st.just(UTC)),
        "tx": st.text("0123456789abcdefXYZ가-", min_size=1, max_size=70).filter(lambda text: not text.startswith("0X")),
        "index": st.integers(0, 10**17),
        "sender": EVM,
        "receiver": EVM,
        "asset": st.sampled_from(["ETH", "EUR", f"eip155:1/erc20:{USDT}"]),
        "amount": st.integers(0, 10**30).map(lambda value: f"{value // 10**18}.{value % 10**18:018d}"),
        "usd": st.none() | st.just("12.5"),
    }
).map(lambda row: {**row, "asset": row["asset"] if row["chain"] == "eip155:1" else "BNB"})


@settings(max_examples=40, deadline=None)
@given(st.lists(TRANSFERS, min_size=1, max_size=8), st.sampled_from(sorted(WRITERS)))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], form: str
) -> None:
    first = 2 if form == "csv" else 1
    numbered = [{**row, "line": line} for line, row in enumerate(rows, first)]
    path = tmp_path_factory.getbasetemp() / f"trip.{form}"
    WRITERS[form](pa.Table.from_pylist(numbered, TRANSFER_SCHEMA), path)
    assert read(path) == (numbered, [])


def test_the_published_ronin_rows_are_all_read(shared_dir: Path) -> None:
    folder = shared_dir / "ledgers/eth_data_lazarus"
    plain, rejected = read(folder / "ronin_lazarus_eth_txs_0x.csv")
    dune, _ = read(folder / "LazarusTabularTxs1322519.csv")
    assert len(plain) == 436
    assert rejected == []
    assert [(row["sender"], row["receiver"]) for row in plain] == [(row["sender"], row["receiver"]) for row in dune]
    assert np.unique([row["asset"] for row in plain]).tolist() == ["ETH"]


def test_the_published_atomic_wallet_rows_are_all_read(shared_dir: Path) -> None:
    rows, rejected = read(shared_dir / "ledgers/mftracer/cluster1_flow_records.csv")
    assert len(rows) == 1080
    assert rejected == []
    assert len({(row["tx"], row["index"]) for row in rows}) == 1080
