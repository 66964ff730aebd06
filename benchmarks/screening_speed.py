"""How fast and in how much memory `stanch screen` works against every list at hand. Prints one JSON document.

Usage: python benchmarks/screening_speed.py [--shared DIR] [--rows N] [--million] [--no-peer]

Measured on the command itself, reader and writer included: customers in a CSV file, answers to JSON lines in a file.
`names_per_s` leaves out the start (reading the lists and building the index), which a run with one customer measures.
Memory is the sum over all processes of what each has for itself and its share of what they share (PSS, Linux). The
customers are made of the parts of names in the reference material, every seventh a Korean name in one of several
scripts; nearly all are different, as in a real file. Wall-clock, so other work on the machine counts.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from names import generated, nomenklatura, spelled
from stanch import names
from stanch.model import Entity
from stanch.names.text import clean, script_of
from stanch.screening import Index
from stanch.screening.lists import load_lists, read_list_file
from stanch.screening.records import ToQuery, read_rows
from stanch.sources.base import Record
from stanch.sources.ofac.read import OfacFiles, read_ofac
from stanch.sources.raw import RawFile

ROOT = Path(__file__).resolve().parents[1]
#: Bounds birth dates.
TODAY = date(2026, 1, 1)
WHOLE = ("un_consolidated.xml", "eu_dprk_32017R1509_consolidated.csv", "jp_mof_dprk_individuals_katakana.csv")


def every_list(shared: Path) -> list[Entity]:
    """All entries of the UN, OFAC (with aliases), EU and Japan lists at hand."""
    folder = shared / "lists"
    entities = [entity for name in WHOLE for entity in read_list_file(folder / name)[0]]
    later = ("ofac_alt_2025-12-24.csv.gz", "ofac_add_2025-12-24.csv.gz", "ofac_sdn_comments_2025-12-24.csv.gz")
    files = [RawFile.open(folder / name) for name in ("ofac_sdn_2024-05-03.csv.gz", *later)]
    return entities + [record.value for record in read_ofac(OfacFiles(*files)) if isinstance(record, Record)]


def write_customers(shared: Path, path: Path, count: int) -> None:
    """A CSV file of made-up customers: parts of names of one country and script, put together anew."""
    rng = random.Random(1718)  # UNSCR 1718
    text = gzip.decompress((shared / "names" / "yente_negatives_global_50k.csv.gz").read_bytes()).decode()
    groups: dict[tuple[str, str], list[dict[str, str]]] = {}
    people = []
    for row in csv.DictReader(text.splitlines(keepends=True)):
        scripts = {script_of(row[part]) for part in ("first_name", "middle_name", "last_name") if row[part]}
        if len(scripts) == 1:
            people.append(row | {"script": scripts.pop()})
            groups.setdefault((row["nationality"], people[-1]["script"]), []).append(row)
    korean = iter(generated(count // 7 + 1))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("id", "name", "birth_date", "nationality"))
        for number in range(count):
            one = rng.choice(people)
            if number % 7 == 3:
                name = rng.choice(list(spelled(next(korean)).values()))
            else:
                same = groups[one["nationality"], one["script"]]
                parts = (rng.choice(same)["first_name"], rng.choice(same)["middle_name"], one["last_name"])
                name = " ".join(part for part in parts if part)
            writer.writerow((f"c{number}", name, one["date_of_birth"], one["nationality"] if number % 7 != 3 else ""))


def command(customers: Path, lists: Path, out: Path, workers: int) -> dict[str, float]:
    """One run of the command: seconds and MiB at the peak, over all its processes."""
    start = time.perf_counter()
    arguments = ["screen", str(customers), "--list", str(lists), "--format", "jsonl", "--output", str(out)]
    process = subprocess.Popen(
        [sys.executable, "-m", "stanch", *arguments, "--workers", str(workers)], stderr=subprocess.DEVNULL
    )
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(map(memory, family(process.pid))))
        time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"stanch {' '.join(arguments)} failed")
    return {"seconds": time.perf_counter() - start, "peak_mib": peak}


def family(pid: int) -> list[int]:
    """A process and its children; only itself where the system does not tell."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return [pid]
    return [pid, *(other for child in text.split() for other in family(int(child)))]


def memory(pid: int) -> float:
    """MiB of one process: its own, and its share of what it shares."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def batch(shared: Path, folder: Path, count: int, workers: Sequence[int]) -> dict[str, Any]:
    """The command with one process and with two."""
    lists, few, many = folder / "lists.jsonl", folder / "one.csv", folder / "many.csv"
    write_customers(shared, few, 1)
    write_customers(shared, many, count)
    start = command(few, lists, folder / "out.jsonl", 1)
    found: dict[str, Any] = {"rows": count, "start_s": round(start["seconds"], 1)}
    for number in workers:
        run = command(many, lists, folder / f"out{number}.jsonl", number)
        took = run["seconds"] - start["seconds"]
        found[f"workers_{number}"] = {
            "names_per_s": round(count / took),
            "seconds_in_all": round(run["seconds"], 1),
            "peak_mib": round(run["peak_mib"]),
        }
    if len(workers) > 1:
        outputs = {(folder / f"out{number}.jsonl").read_bytes() for number in workers}
        found["same_bytes"] = len(outputs) == 1
    return found


def each(label: str, work: Callable[[Any], object], items: Sequence[Any]) -> dict[str, float]:
    """CPU microseconds an item."""
    start = time.process_time()
    for item in items:
        work(item)
    return {label: round((time.process_time() - start) / len(items) * 1e6, 1)}


def stages(index: Index, customers: Path) -> dict[str, float]:
    """What each step costs, CPU µs a customer, in one process; the second half of the file, after a warm-up."""
    raw = RawFile.open(customers)
    start = time.process_time()
    rows = list(read_rows(raw))
    found = {"read rows (parent)": round((time.process_time() - start) / len(rows) * 1e6, 1)}
    read = ToQuery(raw.name, raw.sha256, TODAY)
    half = len(rows) // 2
    for first in range(0, half, 1_000):
        index.screen_all([read(row) for row in rows[first : first + 1_000]])
    queries = [read(row) for row in rows[half:]]
    texts = [text for query in queries for text in query.names]
    found |= each("to query", read, rows[half:])
    found |= each("clean", clean, texts)
    found |= each("prepare (with clean)", names.prepare, texts)
    found |= each("keys", names.keys, texts)
    chunks = [queries[first : first + 1_000] for first in range(0, len(queries), 1_000)]
    rest = each("", index.screen_all, chunks)[""]
    return found | {"candidates, bound, score, evidence": round(rest / 1_000, 1)}


def warm(index: Index, customers: Path) -> dict[str, float]:
    """Wall-clock of one query at a time, milliseconds; the names are new."""
    raw = RawFile.open(customers)
    read = ToQuery(raw.name, raw.sha256, TODAY)
    took = []
    for row in list(read_rows(raw))[-5_000:]:
        start = time.perf_counter()
        index.screen(read(row))
        took.append((time.perf_counter() - start) * 1e3)
    cuts = statistics.quantiles(took, n=1000)
    return {"p50_ms": round(cuts[499], 3), "p99_ms": round(cuts[989], 3), "max_ms": round(max(took), 2)}


def peer(entities: Sequence[Entity], customers: Path) -> dict[str, Any]:
    """nomenklatura's logic-v2 on pairs of a customer and a listed person, beside ours, µs a pair."""
    compare = nomenklatura("logic-v2")
    if compare is None:
        return {"logic_v2": "not installed"}
    listed = [entity.names[0] for entity in entities if entity.schema == "Person" and entity.names][:200]
    with customers.open(encoding="utf-8") as stream:
        texts = [row["name"] for row, _ in zip(csv.DictReader(stream), range(25), strict=False)]
    pairs = [(text, other) for text in texts for other in listed]
    ours = [(names.prepare(one), names.prepare(two)) for one, two in pairs]
    found = each("logic_v2_us_a_pair", lambda pair: compare(*pair), pairs)
    return found | each("stanch_us_a_pair", lambda pair: names.score(*pair), ours)


def run(shared: Path, count: int, million: bool, with_peer: bool) -> dict[str, Any]:
    """All measurements."""
    result: dict[str, Any] = {"load_before": [round(value, 2) for value in os.getloadavg()]}
    entities = every_list(shared)
    with tempfile.TemporaryDirectory(prefix="stanch-speed-") as name:
        folder = Path(name)
        with (folder / "lists.jsonl").open("w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(entity.to_ftm(), ensure_ascii=False) + "\n" for entity in entities)
        result["batch"] = batch(shared, folder, count, (1, 2))
        start = time.perf_counter()
        index = Index.build(*load_lists(files=[folder / "lists.jsonl"]))
        result["build_s"] = round(time.perf_counter() - start, 1)
        result["listed"] = {"subjects": len(index.subjects), "names": len(index.names), "keys": len(index.by_key)}
        result["cpu_us"] = stages(index, folder / "many.csv")
        write_customers(shared, folder / "other.csv", 5_000)
        result["one_query"] = warm(index, folder / "other.csv")
        if with_peer:
            result["peer"] = peer(entities, folder / "many.csv")
        if million:
            result["million"] = batch(shared, folder, 1_000_000, (2,))
    return result | {"load_after": [round(value, 2) for value in os.getloadavg()]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("STANCH_SHARED", ROOT.parent / "shared")))
    parser.add_argument("--rows", type=int, default=100_000, help="customers to screen")
    parser.add_argument("--million", action="store_true", help="a million customers as well, with two processes")
    parser.add_argument("--no-peer", action="store_true")
    given = parser.parse_args()
    print(json.dumps(run(given.shared, given.rows, given.million, not given.no_peer), ensure_ascii=False, indent=1))
