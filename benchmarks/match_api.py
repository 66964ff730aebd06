"""How fast one record is answered, in process and over HTTP on this machine. Prints one JSON document.

Usage: python benchmarks/match_api.py [--requests N] [--shared DIR] [--whole-lists] [--docs PAGE]

Serves the packaged lists (or, with --whole-lists, the UN and OFAC lists of the reference material) with uvicorn in
a process of its own, on loopback, and asks over one kept connection. Records are deputies' names and generated Korean
names with drawn dates of birth, each seen for the first time: "warm" means that the index stands, not that the answer
is remembered. Times are wall-clock; other work on the machine shows in the p99.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx

from names import SEED, generated, spelled, write_section
from screening import deputies, shared_folder
from stanch.model import Entity
from stanch.screening import Index, Query
from stanch.screening.lists import load_lists

BATCH = 100


def records(count: int, shared: Path) -> list[dict[str, Any]]:
    """Persons as a client sends them: half Hangul and Latin spellings of generated names, some deputies, with dates."""
    rng = random.Random(SEED)
    names = [spelled(name)[style] for name in generated(count) for style in (rng.choice(("Hangul (ROK)", "press")),)]
    listed_like = deputies(shared) if (shared / "names" / "dprk_assembly_13.csv").is_file() else []
    for place, name in enumerate(listed_like[: count // 4]):
        names[4 * place] = name
    return [
        {
            "schema": "Person",
            "properties": {
                "name": [name],
                "birthDate": [f"{rng.randint(1940, 2005)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"],
            },
        }
        for name in names
    ]


def spread(times: Sequence[float]) -> dict[str, float]:
    """Milliseconds at some percentiles."""
    ordered = sorted(times)
    at = {f"p{p}": ordered[min(len(ordered) - 1, int(len(ordered) * p / 100))] for p in (50, 95, 99)}
    return {name: round(value * 1e3, 3) for name, value in {**at, "max": ordered[-1]}.items()}


def timed(call: Callable[[dict[str, Any]], object], asked: Sequence[dict[str, Any]]) -> tuple[list[float], list[float]]:
    """Seconds of each call: by the clock, and of the processor (which other work on the machine hardly changes)."""
    wall, cpu = [], []
    for item in asked:
        start, start_cpu = time.perf_counter(), time.thread_time()
        call(item)
        cpu.append(time.thread_time() - start_cpu)
        wall.append(time.perf_counter() - start)
    return wall, cpu


def in_process(index: Index, asked: Sequence[dict[str, Any]]) -> tuple[list[float], list[float]]:
    """Queries against an index in this process."""

    def screen(item: dict[str, Any]) -> object:
        properties = {name: tuple(values) for name, values in item["properties"].items()}
        return index.screen(Query.of_entities(Entity("q", "Person", properties)))

    return timed(screen, asked)


def over_http(address: str, asked: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One record a request, then BATCH records a request, over one connection."""
    connection = HTTPConnection(address.removeprefix("http://"), timeout=30)

    def post(queries: dict[str, Any]) -> bytes:
        # The standard library's client costs little itself, so that the time is mostly the server's.
        body = json.dumps({"queries": queries}, ensure_ascii=False).encode()
        connection.request("POST", "/match/default", body, {"content-type": "application/json"})
        with connection.getresponse() as response:
            if response.status != 200:
                raise SystemExit(f"the server answered {response.status}")
            return response.read()

    single = asked[: len(asked) // 2]
    times, _ = timed(lambda item: post({"q": item}), single)
    rest = asked[len(single) :]
    start = time.perf_counter()
    for place in range(0, len(rest), BATCH):
        post({str(number): item for number, item in enumerate(rest[place : place + BATCH])})
    took = time.perf_counter() - start
    connection.close()
    return {
        "one_query_a_request": {"requests": len(single), "ms": spread(times)},
        f"{BATCH}_queries_a_request": {"queries": len(rest), "queries_per_s": round(len(rest) / took)},
    }


class Server:
    """`stanch serve` in a process of its own; with lists, over a workspace that holds them."""

    def __init__(self, lists: Mapping[str, Path]) -> None:
        self._folder = tempfile.TemporaryDirectory()
        root = Path(self._folder.name)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        command = [sys.executable, "-m", "stanch"]
        options = ["--port", str(self.port)]
        if lists:
            workspace = str(root / "ws")
            subprocess.run([*command, "init", workspace], check=True, stdout=subprocess.DEVNULL)
            for source, path in lists.items():
                update = [*command, "update", source, "--workspace", workspace, "--from", str(path)]
                subprocess.run(update, check=True, stdout=subprocess.DEVNULL)
            options += ["--workspace", workspace]
        environment = {name: value for name, value in os.environ.items() if name != "STANCH_WORKSPACE"}
        self._process = subprocess.Popen(
            [*command, "serve", *options], cwd=root, env=environment, stderr=subprocess.DEVNULL
        )

    def __enter__(self) -> str:
        address = f"http://127.0.0.1:{self.port}"
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                if httpx.get(f"{address}/readyz", timeout=5).status_code == 200:
                    return address
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise SystemExit("the server did not become ready")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)
        self._folder.cleanup()


def table(result: dict[str, Any]) -> str:
    """The generated section of the how-to page."""
    lines = ["| | p50 | p95 | p99 | most |", "|---|---:|---:|---:|---:|"]
    single = result["http"]["one_query_a_request"]["ms"]
    own = result["in_process"]
    measured = {
        "index, in process": own["ms"],
        "the same, time of the processor": own["cpu_ms"],
        "`POST /match`, one record": single,
    }
    for label, ms in measured.items():
        lines.append(f"| {label} | {ms['p50']:.2f} ms | {ms['p95']:.2f} ms | {ms['p99']:.2f} ms | {ms['max']:.1f} ms |")
    batch = result["http"][f"{BATCH}_queries_a_request"]
    lines += ["", f"With {BATCH} records a request: {batch['queries_per_s']:,} records a second, one connection."]
    lists = ", ".join(f"{item['name']} of {item['date']}" for item in result["lists"])
    load = result["machine"]["load"]
    lines.append(f"Lists: {lists} ({result['subjects']:,} subjects). Load of the machine before: {load:.1f}.")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=4_000, help="records to ask in each way")
    parser.add_argument("--shared", type=Path, default=shared_folder())
    parser.add_argument("--whole-lists", action="store_true")
    parser.add_argument("--docs", type=Path, help="page whose generated section is rewritten")
    given = parser.parse_args()
    folder = given.shared / "lists"
    whole = {"un": folder / "un_consolidated.xml", "ofac": folder / "ofac_sdn_2024-05-03.csv.gz"}
    files = whole if given.whole_lists else {}
    load = os.getloadavg()[0]
    asked = records(3 * given.requests, given.shared)
    start = time.perf_counter()
    entities, lists = load_lists(files=list(files.values()))
    index = Index.build(entities, lists)
    built = time.perf_counter() - start
    gc.collect()
    gc.freeze()
    in_process(index, asked[:50])
    wall, cpu = in_process(index, asked[50 : given.requests])
    with Server(files) as address:
        over_http(address, asked[:100])
        http = over_http(address, asked[given.requests :])
    result = {
        "machine": {"python": platform.python_version(), "cpus": os.cpu_count(), "load": load},
        "lists": [item.to_json() for item in lists],
        "subjects": len(index.subjects),
        "build_s": round(built, 2),
        "in_process": {"queries": len(wall), "ms": spread(wall), "cpu_ms": spread(cpu)},
        "http": http,
    }
    print(json.dumps(result, indent=1))
    if given.docs is not None:
        write_section(given.docs, "match-api", table(result))


if __name__ == "__main__":
    main()
