"""How fast the tracing kernels are, warm, on synthetic transfers; prints one JSON document.

    python benchmarks/tracing.py [--rows 10000000] [--accounts 2000000]

Two ledgers: "uniform" draws both accounts of every row at random from all of them, so that nearly every row misses the
processor's caches (the worst case); "local" draws them from accounts active at about that time, most of them for a few
rows and some for long, as ledgers sorted by time look. Peers in the same run: the same rule in plain Python with
dictionaries, and reach without regard to time (what tracing by breadth-first search amounts to), in numpy.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from stanch.tracing import kernels

Ints = npt.NDArray[np.int64]


def uniform(rng: np.random.Generator, rows: int, accounts: int) -> tuple[Ints, Ints]:
    """Every account is as likely as every other, at any time."""
    return rng.integers(0, accounts, rows), rng.integers(0, accounts, rows)


def local(rng: np.random.Generator, rows: int, accounts: int) -> tuple[Ints, Ints]:
    """An account is active around its own time; spans are exponential, and one row in ten goes to any account."""

    def side() -> Ints:
        now = np.arange(rows) * (accounts / rows)
        near = np.abs(now - rng.exponential(accounts / 100, rows)).astype(np.int64)
        anyone = rng.integers(0, accounts, rows)
        return np.where(rng.random(rows) < 0.1, anyone, np.minimum(near, accounts - 1))

    return side(), side()


def best(work: Callable[[], float], repeats: int) -> float:
    """The shortest of some runs, in seconds: the others were disturbed."""
    return min(work() for _ in range(repeats))


def measure(sender: Ints, receiver: Ints, amount: Ints, accounts: int, repeats: int) -> dict[str, float]:
    """Millions of transfers a second of each kernel, and the share of rows that carried taint."""
    rows, seeds, stops = len(amount), 1_000, 1_000
    s, r = sender.astype(np.int32), receiver.astype(np.int32)
    kinds = (accounts - seeds - stops, accounts - stops)
    carried = 0.0

    def policy(kernel: Callable[..., None]) -> float:
        nonlocal carried
        state, moved = np.full((accounts, 2), 0, np.int64), np.full(rows, 0, np.int64)
        counters = np.zeros(kernels.COUNTERS, np.int64)
        begin = time.perf_counter()
        kernel(s, r, amount, 0, rows, *kinds, state, moved, counters)
        took = time.perf_counter() - begin
        carried = float((moved > 0).mean())
        return took

    def reach() -> float:
        flags = np.zeros(accounts, np.uint8)
        flags[kinds[0] : kinds[1]], flags[kinds[1] :] = kernels.SEED, kernels.STOP
        hops = np.full(accounts, kernels.UNREACHED, np.int32)
        hops[kinds[0] : kinds[1]] = 0
        begin = time.perf_counter()
        kernels.reach(sender, receiver, amount, 0, rows, flags, hops)
        return time.perf_counter() - begin

    found = {
        "poison_M_per_s": rows / best(lambda: policy(kernels.poison), repeats) / 1e6,
        "haircut_M_per_s": rows / best(lambda: policy(kernels.haircut), repeats) / 1e6,
        "reach_M_per_s": rows / best(reach, repeats) / 1e6,
        "rows_carrying_taint": carried,
    }
    found["plain_python_haircut_M_per_s"] = plain_python(sender, receiver, amount, kinds) / 1e6
    found["untimed_reach_numpy_M_per_s"] = rows / untimed_reach(sender, receiver, kinds, accounts) / 1e6
    return {name: round(value, 4) for name, value in found.items()}


def plain_python(sender: Ints, receiver: Ints, amount: Ints, kinds: tuple[int, int], rows: int = 300_000) -> float:
    """Rows a second of the haircut rule with dictionaries and Python integers, on the first rows."""
    balance: dict[int, int] = {}
    taint: dict[int, int] = {}
    columns = zip(sender[:rows].tolist(), receiver[:rows].tolist(), amount[:rows].tolist(), strict=True)
    begin = time.perf_counter()
    for s, r, a in columns:
        if s == r or s >= kinds[1]:
            continue
        have = max(balance.get(s, 0), a)
        dirty = have if s >= kinds[0] else taint.get(s, 0)
        carried = dirty * a // have
        balance[s], taint[s] = have - a, dirty - carried
        if r < kinds[1]:
            balance[r] = balance.get(r, 0) + a
            taint[r] = taint.get(r, 0) + carried
    return min(rows, len(amount)) / (time.perf_counter() - begin)


def untimed_reach(sender: Ints, receiver: Ints, kinds: tuple[int, int], accounts: int) -> float:
    """Seconds to find all accounts that a path leads to, in whatever order its rows come, stopping at services."""
    begin = time.perf_counter()
    reached = np.zeros(accounts, np.bool_)
    reached[kinds[0] : kinds[1]] = True
    passing = sender < kinds[1]
    before = -1
    while before != (before := int(reached.sum())):
        reached[receiver[reached[sender] & passing]] = True
    return time.perf_counter() - begin


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--accounts", type=int, default=2_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    rng = np.random.default_rng(20220323)
    amount = rng.integers(1, 10**11, options.rows)
    results = {}
    for name, make in (("uniform", uniform), ("local", local)):
        sender, receiver = make(rng, options.rows, options.accounts)
        # Seeds and services lie at the end of the numbering: spread them over time, as a ledger has them.
        shuffled = rng.permutation(options.accounts) if name == "uniform" else _spread(options.accounts)
        results[name] = measure(shuffled[sender], shuffled[receiver], amount, options.accounts, options.repeats)
    print(
        json.dumps(
            {
                "benchmark": "tracing",
                "rows": options.rows,
                "accounts": options.accounts,
                "machine": f"{platform.machine()}, Python {platform.python_version()}, one core",
                "results": results,
            },
            indent=2,
        )
    )


def _spread(accounts: int, special: int = 2_000) -> Ints:
    """Number every so many-th account into the last `special` numbers, and keep the order of the others."""
    chosen = np.zeros(accounts, np.bool_)
    chosen[np.linspace(0, accounts - 1, special).astype(np.int64)] = True
    numbers = np.empty(accounts, np.int64)
    numbers[~chosen] = np.arange(accounts - special)
    numbers[chosen] = np.arange(accounts - special, accounts)
    return numbers


if __name__ == "__main__":
    main()
