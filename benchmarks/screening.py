"""How well and how fast screening works, against string matchers in the same run. Prints one JSON document.

Usage: python benchmarks/screening.py [--shared DIR] [--names N] [--no-peers]

Needs the reference material beside the project (``../shared`` or STANCH_SHARED): the UN list, the pairs and the
negatives described in its DATA.md. One process, one thread. Names a second are of CPU time, so that a
busy machine does not change them; the spread of single queries is wall-clock.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import resource
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from stanch.model import Entity
from stanch.screening import DEFAULT_THRESHOLD, PRIORS, Index, Query, load_index, load_lists
from stanch.screening.lists import read_list_file

ROOT = Path(__file__).resolve().parents[1]


def shared_folder() -> Path:
    """The reference material."""
    return Path(os.environ.get("STANCH_SHARED", ROOT.parent / "shared"))


def un_dprk_index(shared: Path) -> Index:
    """The UN list cut to its DPRK regime."""
    entities, lists = read_list_file(shared / "lists" / "un_consolidated.xml")
    return Index.build([entity for entity in entities if entity.id.startswith("un-KP")], lists)


def person(name: str) -> Query:
    """A record that has only a name and is known to be a person's."""
    return Query.of_entities(Entity("r", "Person", {"name": (name,)}))


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file, plain or gzip."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    yield from csv.DictReader(text.splitlines(keepends=True))


def alias_recall(index: Index, shared: Path) -> dict[str, Any]:
    """UN aliases that are not pseudonyms: is the person found when the alias itself is not in the list?"""
    entities = {subject.entity.id: subject.entity for subject in index.subjects}
    found, missed = 0, []
    for row in rows(shared / "names" / "un_dprk_alias_pairs_labelled.csv"):
        entity = entities.get(f"un-{row['ref']}")
        if row["kind"] == "pseudonym" or entity is None:
            continue
        # Only the main name stays, else the alias would be found as itself.
        bare = Entity(
            entity.id,
            entity.schema,
            {**entity.properties, "name": (row["name"],), "alias": (), "weakAlias": ()},
            ("un",),
        )
        alone = Index.build([bare], index.lists)
        if alone.screen(person(row["alias"])).matches:
            found += 1
        else:
            missed.append(f"{row['name']} ~ {row['alias']} ({row['kind']})")
    return {"pairs": found + len(missed), "found": found, "missed": missed}


def list_recall(index: Index) -> dict[str, Any]:
    """Every main name of the list, typed as it stands."""
    missed = [
        subject.entity.id
        for subject in index.subjects
        if subject.entity.names
        and subject.entity.id not in {m.entity_id for m in index.screen(Query.of_name(subject.entity.names[0])).matches}
    ]
    return {"subjects": len(index.subjects), "missed": missed}


def alerted(index: Index, names: Iterable[str]) -> dict[str, Any]:
    """How many of these names give a match at the default threshold, and which."""
    hits, total = {}, 0
    for name in names:
        total += 1
        answer = index.screen(person(name))
        if answer.matches:
            best = answer.matches[0]
            hits[name] = [best.name, round(best.probability, 4), round(best.bits, 2)]
    return {"names": total, "alerted": len(hits), "rate": round(len(hits) / max(total, 1), 6), "which": hits}


def deputies(shared: Path) -> list[str]:
    """The 687 deputies of the 13th Supreme People's Assembly; a few of them are listed persons."""
    return [row["name"] for row in rows(shared / "names" / "dprk_assembly_13.csv")]


def members_of_parliament(shared: Path) -> list[str]:
    """Members of the ROK assembly in the pairs at hand (Latin spelling)."""
    return [
        row["latin"]
        for row in rows(shared / "names" / "crossscript_pairs_dev.csv")
        if row["set"].startswith("ROK Assembly")
    ]


def ordinary(shared: Path, limit: int | None = None) -> list[str]:
    """Ordinary names of the world (generated, yente's negatives)."""
    names = [row["full_name"] for row in rows(shared / "names" / "yente_negatives_global_50k.csv.gz")]
    return names if limit is None else names[:limit]


def speed(index: Index, names: Sequence[str]) -> dict[str, Any]:
    """Names a second in one process, each seen for the first time, then the spread of one query at a time."""
    start = time.process_time()
    for name in names:
        index.screen(person(name))
    took = time.process_time() - start
    single = []
    for name in names[:2_000]:
        query = person(name)
        start = time.perf_counter()
        index.screen(query)
        single.append(time.perf_counter() - start)
    single.sort()
    return {
        "names": len(names),
        "names_per_s": round(len(names) / took),
        "warm_ms": {f"p{p}": round(single[int(len(single) * p / 100)] * 1e3, 3) for p in (50, 99)},
    }


def peers(index: Index, shared: Path, names: Sequence[str]) -> dict[str, Any]:
    """Each string matcher against every listed name, at the threshold usual for it, on one core."""
    from rapidfuzz import process, utils
    from rapidfuzz.distance import JaroWinkler
    from rapidfuzz.fuzz import WRatio, token_sort_ratio

    choices = [utils.default_process(item.text) for item in index.names]
    results: dict[str, Any] = {}
    for label, scorer, least in (
        ("rapidfuzz WRatio ≥ 86", WRatio, 86.0),
        ("rapidfuzz token_sort_ratio ≥ 86", token_sort_ratio, 86.0),
        ("rapidfuzz Jaro-Winkler ≥ 0.92", JaroWinkler.normalized_similarity, 0.92),
    ):

        def alerts(texts: Sequence[str], scorer: Any = scorer, least: float = least) -> tuple[int, float]:
            start = time.process_time()
            cooked = [utils.default_process(text) for text in texts]
            count = 0
            for block in range(0, len(cooked), 500):
                scores = process.cdist(cooked[block : block + 500], choices, scorer=scorer, workers=1)
                count += int((scores.max(axis=1) >= least).sum())
            return count, len(texts) / (time.process_time() - start)

        count, rate = alerts(names)
        results[label] = {
            "deputies_alerted": alerts(deputies(shared))[0],
            "rok_assembly_alerted": alerts(members_of_parliament(shared))[0],
            "ordinary_alerted": count,
            "ordinary": len(names),
            "names_per_s": round(rate),
        }
    return results


def run(shared: Path, limit: int, with_peers: bool) -> dict[str, Any]:
    """All measurements."""
    start = time.perf_counter()
    everything = load_index()
    built = time.perf_counter() - start
    dprk = un_dprk_index(shared)
    world = ordinary(shared, limit)
    entities, lists = load_lists()
    result: dict[str, Any] = {
        "threshold": DEFAULT_THRESHOLD,
        "priors": PRIORS,
        "lists": [item.to_json() for item in lists],
        "listed": {"entities": len(entities), "subjects": len(everything.subjects), "names": len(everything.names)},
        "build_s": round(built, 2),
        # First of all: later parts have met these names before, and preparing a name is remembered.
        "speed_ordinary": speed(everything, world),
        "speed_korean": speed(everything, [*deputies(shared), *members_of_parliament(shared)]),
        "recall": {"un_dprk_aliases": alias_recall(dprk, shared), "listed_names": list_recall(everything)},
        "false_alerts": {
            "dprk_deputies_vs_un": alerted(dprk, deputies(shared)),
            "rok_assembly_vs_un": alerted(dprk, members_of_parliament(shared)),
            "ordinary_world_vs_packaged": alerted(everything, world),
        },
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    if with_peers:
        result["peers_vs_un_dprk"] = peers(dprk, shared, world)
        result["peers_vs_packaged"] = peers(everything, shared, world[: max(1, limit // 10)])
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=shared_folder())
    parser.add_argument("--names", type=int, default=50_000, help="ordinary names to screen")
    parser.add_argument("--no-peers", action="store_true")
    given = parser.parse_args()
    print(json.dumps(run(given.shared, given.names, not given.no_peers), ensure_ascii=False, indent=1))
