"""The packaged case ledgers: transfers of the Atomic Wallet and Ronin thefts, as Parquet."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from packaging_io import ETH_DATA, GATHERED, MFTRACER, Row, original, rows_of, write

from stanch.model import CHAIN_ALIASES, format_decimal, parse_amount, parse_time
from stanch.names.identifiers import normalise_address
from stanch.sources.raw import RawFile
from stanch.sources.transfer_table import TRANSFER_SCHEMA

ETHEREUM = CHAIN_ALIASES["eth"]
ATOMIC_NOTE = (
    "Values are US dollars at the time, as the data set gives them; the coins are not named. The flows hold about 10 "
    "of the 100 million dollars stolen. Times and transaction hashes are the chain's."
)
RONIN_NOTE = (
    "The source has no transaction hashes: tx names the row of the source (ronin-row-0001). The theft itself is an "
    "internal transaction and is absent, so most of what the thief spends is unobserved inflow. Amounts are the "
    "decimals that the source prints; rows of zero are kept."
)


def build_ledgers(shared: Path, target: Path) -> list[Row]:
    """Both ledgers, as the manifest describes them."""
    atomic = RawFile.open(shared / "ledgers" / "mftracer" / "cluster1_flow_records.csv")
    ronin = RawFile.open(shared / "ledgers" / "eth_data_lazarus" / "ronin_case" / "ronin_lazarus_eth_txs_0x.csv")
    return [
        {
            "case": "atomic-2023",
            "title": "Atomic Wallet theft, June 2023: flows followed by experts",
            "chain": ETHEREUM,
            "asset": "USD",
            "licence": "MIT",
            "note": ATOMIC_NOTE,
            "originals": [original(atomic, "LaunderNetEvm41/cluster 1/flow records.csv", MFTRACER, GATHERED)],
            **_write(target, "atomic-2023", atomic_rows(atomic)),
        },
        {
            "case": "ronin-2022",
            "title": "Ronin Bridge theft, 2022: transfers around the eight addresses that OFAC listed",
            "chain": ETHEREUM,
            "asset": "ETH",
            "licence": "MIT",
            "note": RONIN_NOTE,
            "originals": [original(ronin, "LazarusTabularTxs1322519.csv", ETH_DATA, GATHERED)],
            **_write(target, "ronin-2022", ronin_rows(ronin)),
        },
    ]


def atomic_rows(raw: RawFile) -> list[Row]:
    """In order of time and block; rows of one transaction keep the order of the file."""
    found: list[tuple[int, Row]] = []
    per_tx: Counter[str] = Counter()
    for source in rows_of(raw):
        value = exact(source["Value_in_USD"])
        tx = source["Tx_hash"]
        row = {
            "chain": ETHEREUM,
            "time": parse_time(source["Timestamp"]),
            "tx": tx,
            "index": per_tx[tx],
            "sender": normalise_address(ETHEREUM, source["From"]),
            "receiver": normalise_address(ETHEREUM, source["To"]),
            "asset": "USD",
            "amount": value,
            "usd": value,
        }
        found.append((int(source["Block"]), row))
        per_tx[tx] += 1
    found.sort(key=lambda item: (item[1]["time"], item[0], item[1]["tx"], item[1]["index"]))
    return [row for _, row in found]


def ronin_rows(raw: RawFile) -> list[Row]:
    """In order of time; rows of one second keep the order of the file."""
    found = [
        {
            "chain": ETHEREUM,
            "time": parse_time(source["block_time"]),
            "tx": f"ronin-row-{number:04d}",
            "index": 0,
            "sender": normalise_address(ETHEREUM, source["from"]),
            "receiver": normalise_address(ETHEREUM, source["to"]),
            "asset": "ETH",
            "amount": exact(source["total_eth"]),
            "usd": None,
        }
        for number, source in enumerate(rows_of(raw), 1)
    ]
    return sorted(found, key=lambda row: (row["time"], row["tx"]))


def exact(text: str) -> str:
    """The printed number as plain decimal text: 1e-05 becomes 0.00001."""
    return format_decimal(parse_amount(text))


def _write(target: Path, case: str, rows: list[Row]) -> Row:
    # The reader counts rows itself: `line` is not stored.
    schema = pa.schema([field for field in TRANSFER_SCHEMA if field.name != "line"])
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), sink, compression="zstd", compression_level=19)
    return {"rows": len(rows), **write(target, f"ledgers/{case}.parquet", sink.getvalue())}
