"""The tracing rules in slow plain Python, and helpers that build ledgers for tests.

The oracle knows nothing of the package: dictionaries, Python integers, one row after another, no pruning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from stanch.model import Account
from stanch.sources.transfer_table import TRANSFER_SCHEMA
from stanch.tracing import Ledger, SourceTable, build_ledgers

START = datetime(2022, 3, 23, tzinfo=UTC)
CHAIN = "eip155:1"

#: (sender, receiver, amount)
Row = tuple[str, str, int]


@dataclass
class Books:
    """What a policy's oracle ends with, by account name."""

    balance: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    taint: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    stopped: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    unobserved: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    moved: list[int] = field(default_factory=list)
    observed: int = 0
    inferred: int = 0


Arrivals = dict[int, list[tuple[str, int]]]


def haircut_oracle(rows: Sequence[Row], seeds: set[str], stops: set[str], arrivals: Arrivals | None = None) -> Books:
    """Proportional taint, floored; the remainder stays with the sender. `arrivals[n]` come before row n."""
    books = Books()
    stops = stops - seeds
    for number in range(len(rows) + 1):
        for name, units in (arrivals or {}).get(number, []):
            missing = max(0, units - books.balance[name])
            books.balance[name] += missing
            books.unobserved[name] += missing
            fresh = min(units, books.balance[name] - books.taint[name])
            books.taint[name] += fresh
            books.inferred += missing
            books.observed += fresh - missing
        if number == len(rows):
            break
        sender, receiver, amount = rows[number]
        books.moved.append(0)
        if amount == 0 or sender == receiver:
            continue
        carried = 0
        if sender not in stops:
            if books.balance[sender] < amount:
                missing = amount - books.balance[sender]
                books.balance[sender] += missing
                books.unobserved[sender] += missing
                if sender in seeds:
                    books.taint[sender] += missing
                    books.inferred += missing
            carried = books.taint[sender] * amount // books.balance[sender]
            books.balance[sender] -= amount
            books.taint[sender] -= carried
        books.moved[-1] = carried
        if receiver in stops:
            books.stopped[receiver] += carried
            continue
        books.balance[receiver] += amount
        books.taint[receiver] += carried
        if receiver in seeds:
            books.taint[receiver] += amount - carried
            books.observed += amount - carried
    return books


def poison_oracle(rows: Sequence[Row], seeds: set[str], stops: set[str], arrivals: Arrivals | None = None) -> Books:
    """Everything of a touched account is dirty."""
    books = Books()
    stops = stops - seeds
    touched = set(seeds)
    for number in range(len(rows) + 1):
        for name, units in (arrivals or {}).get(number, []):
            books.balance[name] = max(books.balance[name], units)
            touched.add(name)
        if number == len(rows):
            break
        sender, receiver, amount = rows[number]
        books.moved.append(0)
        if amount == 0 or sender == receiver:
            continue
        if sender not in stops:
            books.balance[sender] = max(books.balance[sender], amount) - amount
            if sender in touched:
                books.moved[-1] = amount
        if receiver in stops:
            books.stopped[receiver] += books.moved[-1]
        else:
            books.balance[receiver] += amount
            if books.moved[-1]:
                touched.add(receiver)
    for name in touched:
        books.taint[name] = books.balance[name]
    return books


def address(name: str) -> str:
    """A made-up address for a short name of hex digits."""
    return "0x" + name.encode().hex().rjust(40, "0")


def account(name: str, chain: str = CHAIN) -> Account:
    """The account of a short name."""
    return Account(chain, address(name))


def table_of(
    rows: Iterable[tuple[str, str, object]],
    *,
    times: Sequence[datetime] | None = None,
    txs: Sequence[str] | None = None,
    indices: Sequence[int] | None = None,
    asset: str = "ETH",
    chain: str = CHAIN,
    name: str = "ledger.csv",
) -> SourceTable:
    """Rows as a table of the transfer schema: one minute and one transaction apart unless told otherwise."""
    listed = list(rows)
    records = [
        {
            "chain": chain,
            "time": times[n] if times else START + timedelta(minutes=n),
            "tx": txs[n] if txs else f"0x{n:064x}",
            "index": indices[n] if indices else 0,
            "sender": address(sender),
            "receiver": address(receiver),
            "asset": asset,
            "amount": str(amount),
            "usd": None,
            "line": n + 2,
        }
        for n, (sender, receiver, amount) in enumerate(listed)
    ]
    return SourceTable(name, "ab" * 32, pa.Table.from_pylist(records, TRANSFER_SCHEMA))


def ledger_of(rows: Iterable[tuple[str, str, object]], **options: object) -> Ledger:
    """The one ledger of these rows."""
    (ledger,) = build_ledgers([table_of(rows, **options)])  # type: ignore[arg-type]
    return ledger
