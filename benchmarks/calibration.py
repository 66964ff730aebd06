"""Is P(same person) what it says? Reliability on pairs whose truth does not come from names. Prints one JSON document.

Usage: python benchmarks/calibration.py [--shared DIR] [--generated N] [--docs PAGE] [--plot FILE.svg]

Truth. DPRK persons: Japan and the EU (annex XIII.A) publish the UN's persons in the order of the UN references, so the
n-th entry of each is one person; numbers 74 to 79, where the UN's order parts from both, are left out. Others: UN and
OFAC entries that share a passport or identity number that is unique on the UN list. Neither names nor birth dates
decide. Different persons: every other pair of these, members of the ROK assembly, generated Korean names and generated
names of the world, each with a drawn date of birth. Subjects are split by a hash of their id into a calibration half,
from which weights may be learned, and a held-out half, which only measures.

P is taken at the prior of the experiment: half the records are of a listed person, each of one among all listed.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from names import SEED, deputies, generated, interval, spelled, write_section
from screening import members_of_parliament, ordinary, shared_folder
from stanch.model import Entity
from stanch.screening import Index, Query
from stanch.screening.lists import read_list_file
from stanch.screening.weights import probability
from stanch.sources.dates import iso_date

#: Numbers in the order of the lists where the UN has one person later than Japan and the EU.
APART = range(74, 80)
BINS = (0.0, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 1.0)


@dataclass(frozen=True, slots=True)
class Record:
    """A record to screen: the listed person it is of ("" for none), where it comes from, and what it says."""

    truth: str
    group: str
    name: str
    birth: tuple[str, ...]
    subject: str

    @property
    def held_out(self) -> bool:
        """Which half the subject is in."""
        return hashlib.sha256(self.subject.encode()).digest()[0] % 2 == 1


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig") as stream:
        yield from csv.DictReader(stream)


def dates(text: str) -> tuple[str, ...]:
    """Dates of birth as lists print them: 13.10.1944, 1944/10/13, 1938, 1938年."""
    found = []
    for part in text.replace("年", "").split(";"):
        pieces = [piece for piece in part.strip().replace("/", ".").split(".") if piece]
        if len(pieces) == 3 and all(piece.isdigit() for piece in pieces):
            year, month, day = pieces if len(pieces[0]) == 4 else pieces[::-1]
            if known := iso_date(f"{year}-{int(month):02d}-{int(day):02d}"):
                found.append(known)
        elif len(pieces) == 1 and len(pieces[0]) == 4 and pieces[0].isdigit():
            found.append(pieces[0])
    return tuple(found)


def listed_records(shared: Path, un: list[Entity], ofac: list[Entity]) -> Iterator[Record]:
    """Records of listed persons, spelled as another list spells them."""
    dprk = sorted((entity for entity in un if entity.id.startswith("un-KPi")), key=lambda entity: entity.id)
    japan = sorted(rows(shared / "lists/jp_mof_dprk_individuals_katakana.csv"), key=lambda row: row["mof_no"])
    europe = [
        row
        for row in rows(shared / "lists/eu_dprk_32017R1509_consolidated.csv")
        if row["schema"] == "Person" and row["annex"] == "XIII.A"
    ]
    for label, others in (("Japan", japan), ("EU", europe)):
        print(f"UN DPRK persons {len(dprk)}, {label} {len(others)}", file=sys.stderr)
    if len(japan) == len(dprk):
        for number, (entity, row) in enumerate(zip(dprk, japan, strict=True), 1):
            if number in APART:
                continue
            for group, name in (("Japan Latin", row["name_en"]), ("Japan katakana", row["katakana"])):
                yield Record(entity.id, group, name, dates(row["birth"]), entity.id)
    if len(europe) == len(dprk):
        ordered = sorted(europe, key=lambda row: int(row["recordId"]))
        for number, (entity, row) in enumerate(zip(dprk, ordered, strict=True), 1):
            if number not in APART:
                yield Record(entity.id, "EU", row["name"], dates(row["birthDate"]), entity.id)
    numbers: dict[str, list[Entity]] = {}
    for entity in un:
        for number in {*entity.get("passportNumber"), *entity.get("idNumber")}:
            numbers.setdefault("".join(filter(str.isalnum, number.upper())), []).append(entity)
    met: set[tuple[str, str]] = set()
    for entity in ofac:
        for number in (*entity.get("passportNumber"), *entity.get("idNumber")):
            plain = "".join(filter(str.isalnum, number.upper()))
            others = numbers.get(plain, [])
            if len(plain) >= 6 and len(others) == 1 and (others[0].id, entity.id) not in met:
                met.add((others[0].id, entity.id))
                yield Record(others[0].id, "OFAC", entity.caption, entity.get("birthDate"), others[0].id)


def other_records(shared: Path, count: int) -> Iterator[Record]:
    """Records of persons who are not listed."""
    rng = random.Random(SEED)

    def born() -> tuple[str]:
        return (f"{rng.randint(1940, 1990)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",)

    for name in members_of_parliament(shared):
        yield Record("", "ROK assembly", name, born(), name)
    for name in generated(count):
        yield Record("", "generated Korean", spelled(name)["DPRK Latin"], born(), name)
    for name in ordinary(shared, count):
        yield Record("", "generated world", name, born(), name)


def pairs(index: Index, records: Iterable[Record], with_birth: bool) -> list[tuple[Record, str, float]]:
    """(record, listed id, bits) for every pair that the index finds at all, however improbable."""
    found = []
    for record in records:
        properties = {"name": (record.name,), "birthDate": record.birth if with_birth else ()}
        answer = index.screen(Query.of_entities(Entity("r", "Person", properties)), 0.0)
        hit = {match.entity_id: match.bits for match in answer.matches}
        if record.truth and record.truth not in hit:
            hit[record.truth] = -60.0  # missed: counted against calibration as a sure "no"
        found += [(record, key, bits) for key, bits in hit.items()]
    return found


def reliability(
    scored: list[tuple[Record, str, float]], records: list[Record], listed: int, held_out: bool | None
) -> dict[str, Any]:
    """Bins of P with the observed share (Wilson), Brier score, log loss and expected calibration error.

    Pairs that the index does not find count as P = 0; records of others are weighed to be half of all.
    """
    half = [record for record in records if held_out is None or record.held_out == held_out]
    known, unknown = sum(bool(record.truth) for record in half), sum(not record.truth for record in half)
    prior, weigh = 0.5 / listed, known / max(1, unknown)
    bins = [[0.0, 0.0, 0.0, 0] for _ in BINS[1:]]
    brier = loss = weight_sum = 0.0
    for record, key, bits in scored:
        if held_out is not None and record.held_out != held_out:
            continue
        p, true = probability(bits, prior), record.truth == key
        weight = 1.0 if record.truth else weigh
        place = next(i for i, top in enumerate(BINS[1:]) if p < top or top == 1.0)
        bins[place][0] += weight
        bins[place][1] += weight * p
        bins[place][2] += weight * true
        bins[place][3] += 1
        brier += weight * (p - true) ** 2
        loss -= weight * math.log2(max(1e-9, p if true else 1 - p))
        weight_sum += weight
    total = known * 2
    shown = [
        {
            "from": low,
            "to": high,
            "pairs": count,
            "weight": round(weight, 2),
            "mean_p": round(sum_p / weight, 4) if weight else None,
            "observed": round(true / weight, 4) if weight else None,
            # Weighted pairs of different persons count as so many: the interval is of the weighed shares.
            "interval_95": interval(true, weight) if weight >= 1 else None,
        }
        for (low, high), (weight, sum_p, true, count) in zip(pairwise(BINS), bins, strict=True)
    ]
    error = sum(abs(sum_p - true) for weight, sum_p, true, _ in bins) / max(1e-9, weight_sum)
    return {
        "records_listed": known,
        "records_not_listed": unknown,
        "pairs_found": sum(count for *_, count in bins),
        "bins": shown,
        "brier_per_record": round(brier / max(1, total), 5),
        "log_loss_bits_per_record": round(loss / max(1, total), 5),
        "expected_calibration_error": round(error, 4),
    }


def by_feature(index: Index, records: list[Record]) -> dict[str, Any]:
    """How often each outcome of the birth dates is seen for the same person and for different persons."""
    from stanch.screening.birth import compare_birth, parse_all

    dates_of = {subject.entity.id: subject.birth_dates for subject in index.subjects}
    seen: dict[str, list[int]] = {}
    for record in records:
        if not record.truth or not record.birth:
            continue
        ours = parse_all(record.birth)[0]
        for key, theirs in dates_of.items():
            if (found := compare_birth(ours, theirs)) is not None:
                seen.setdefault(found.weight.id, [0, 0])[key != record.truth] += 1
    same = sum(one for one, _ in seen.values())
    other = sum(two for _, two in seen.values())
    return {
        name: {"same": one, "m": round(one / max(1, same), 4), "different": two, "u": round(two / max(1, other), 6)}
        for name, (one, two) in sorted(seen.items())
    }


def table(result: dict[str, Any]) -> str:
    """The generated section of the method page."""
    lines = ["| P between | pairs | mean P | same person | interval | pairs | mean P | same person | interval |"]
    lines[0:0] = ["| | held-out, name and birth date | | | | held-out, name alone | | | |", "|---" * 9 + "|"]
    with_birth, alone = (result["held_out"][key]["bins"] for key in ("name_and_birth", "name"))
    for one, two in zip(with_birth, alone, strict=True):
        cells = []
        for item in (one, two):
            share = "" if item["observed"] is None else f"{item['observed']:.3f}"
            mean = "" if item["mean_p"] is None else f"{item['mean_p']:.3f}"
            wide = "" if item["interval_95"] is None else "–".join(f"{end:.3f}" for end in item["interval_95"])
            cells += [f"{item['pairs']:,}", mean, share, wide]
        lines.append(f"| {one['from']:g}–{one['to']:g} | {' | '.join(cells)} |")
    lines += [
        "",
        "| | half | records listed / not | Brier | log loss, bits | calibration error |",
        "|---|---|---|---|---|---|",
    ]
    for key, label in (("name_and_birth", "name and birth date"), ("name", "name alone")):
        for half in ("calibration", "held_out"):
            item = result[half][key]
            lines.append(
                f"| {label} | {half.replace('_', '-')} | {item['records_listed']} / {item['records_not_listed']:,} "
                f"| {item['brier_per_record']:.4f} | {item['log_loss_bits_per_record']:.4f} "
                f"| {item['expected_calibration_error']:.4f} |"
            )
    return "\n".join(lines)


def plot(result: dict[str, Any], path: Path) -> None:
    """Reliability of the held-out half as a picture (needs matplotlib)."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "stanch"
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(5.2, 5.2))
    axis.plot([0, 1], [0, 1], color="0.6", linewidth=1, label="what it says is what happens")
    for key, label, marker in (("name_and_birth", "name and date of birth", "o"), ("name", "name alone", "s")):
        points = [item for item in result["held_out"][key]["bins"] if item["interval_95"] is not None]
        low = [max(0.0, item["observed"] - item["interval_95"][0]) for item in points]
        high = [max(0.0, item["interval_95"][1] - item["observed"]) for item in points]
        mean, observed = [item["mean_p"] for item in points], [item["observed"] for item in points]
        axis.errorbar(mean, observed, yerr=[low, high], marker=marker, linestyle="", capsize=3, label=label)
    axis.set(xlabel="mean P of the bin", ylabel="share that is the same person", xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
    axis.legend(loc="upper left", frameon=False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=shared_folder())
    parser.add_argument("--generated", type=int, default=10_000)
    parser.add_argument("--docs", type=Path, help="page whose generated section is rewritten")
    parser.add_argument("--plot", type=Path, help="where to write the picture")
    parser.add_argument("--again", type=Path, help="an earlier result to draw and tabulate instead of measuring")
    args = parser.parse_args()
    if args.again is not None:
        result: dict[str, Any] = json.loads(args.again.read_text(encoding="utf-8"))
    else:
        un, infos = read_list_file(args.shared / "lists/un_consolidated.xml")
        ofac, _ = read_list_file(args.shared / "lists/ofac_sdn_2024-05-03.csv.gz")
        people = [entity for entity in un if entity.schema == "Person"]
        index = Index.build(people, infos)
        records = [
            *listed_records(args.shared, people, [entity for entity in ofac if entity.schema == "Person"]),
            *other_records(args.shared, args.generated),
        ]
        result = {"listed": len(people), "groups": {}, "calibration": {}, "held_out": {}}
        for record in records:
            result["groups"][record.group] = result["groups"].get(record.group, 0) + 1
        for key, with_birth in (("name_and_birth", True), ("name", False)):
            scored = pairs(index, records, with_birth)
            for half, held_out in (("calibration", False), ("held_out", True)):
                result[half][key] = reliability(scored, records, len(people), held_out)
            missed = [[record.name, key_, record.group] for record, key_, bits in scored if bits <= -60.0]
            result[f"missed_{key}"] = missed[:40]
            if with_birth:
                result["birth"] = {
                    half: by_feature(index, [record for record in records if record.held_out == held_out])
                    for half, held_out in (("calibration", False), ("held_out", True))
                }
        result["deputies_in_experiment"] = f"none of {len(deputies(args.shared))}: nobody has marked which are listed"
    json.dump(result, sys.stdout, ensure_ascii=False, indent=1)
    print()
    if args.docs is not None:
        write_section(args.docs, "calibration", table(result))
    if args.plot is not None:
        plot(result, args.plot)


if __name__ == "__main__":
    main()
