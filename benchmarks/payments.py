"""Payments: false alerts on ordinary remittance texts, listed names found in texts, and speed, as one JSON document.

Usage: python benchmarks/payments.py [--texts N] [--transactions N] [--whole-lists] [--shared DIR] [--docs PAGE]

Ordinary texts are made from templates of invoices, freight, wages, rent and fees, with firms and ships of everyday
words and with names of people drawn as `names.py` draws them: they are ordinary in form, but made. Embedded names are
every main name and good alias of the lists, put into the same templates. Against the packaged lists, or the whole UN
and OFAC lists with --whole-lists. Times are wall-clock, with what else the machine does.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from names import SEED, generated, spelled, write_section
from screening import shared_folder
from stanch.model import Source
from stanch.screening import DEFAULT_THRESHOLD, Index
from stanch.screening.freetext import TextScreener
from stanch.screening.lists import load_lists
from stanch.screening.payments import PaymentScreener
from stanch.sources.payments import read_payments
from stanch.sources.raw import RawFile

PLACE = Source("benchmark", "text", "")
GOODS = [
    "steel coils",
    "office chairs",
    "LED lamps",
    "frozen fish",
    "coffee beans",
    "spare parts",
    "textile yarn",
    "software licence",
    "solar panels",
    "machine tools",
    "rice in bags",
    "thermal coal",
    "iron ore",
    "seafood",
    "wigs",
    "copper wire",
    "diesel engines",
    "soybeans",
    "crude palm oil",
    "used cars",
    "mining equipment",
    "laboratory glass",
    "paper rolls",
    "ginseng extract",
    "garments",
]
PORTS = [
    "Busan",
    "Dalian",
    "Vladivostok",
    "Hamburg",
    "Rotterdam",
    "Singapore",
    "Qingdao",
    "Incheon",
    "Nakhodka",
    "Yantai",
    "Nampo",
    "Shanghai",
]
FIRST_WORDS = [
    "Star",
    "Sun",
    "Ocean",
    "Pacific",
    "Golden",
    "Silver",
    "Green",
    "Red",
    "East",
    "West",
    "North",
    "Far",
    "New",
    "Global",
    "Asia",
    "Korea",
    "China",
    "Pine",
]
SECOND_WORDS = [
    "Bridge",
    "Star",
    "Land",
    "Sea",
    "Mountain",
    "River",
    "Light",
    "Harbour",
    "Dragon",
    "Eagle",
    "Pine",
    "Lotus",
    "Pearl",
    "Gate",
    "Bay",
    "Glory",
    "Hope",
]
TRADES = [
    "Trading",
    "General Trading",
    "Shipping",
    "Marine Services",
    "Foods",
    "Technology",
    "Development",
    "Import Export",
    "Logistics",
    "Bank",
]
FORMS = ("Co., Ltd", "GmbH", "Corp", "Pte Ltd", "LLC", "Inc", "Corporation", "Company")
WESTERN = [
    "Anna Schmidt",
    "Peter Jones",
    "Maria Garcia",
    "Ivan Petrov",
    "Olga Ivanova",
    "Wei Zhang",
    "Yuki Tanaka",
    "Ahmed Khan",
    "Jean Martin",
]
KOREAN_SHIPS = [
    "Hanjin Incheon",
    "Hyundai Busan",
    "Pyeongtaek Star",
    "SM Ulsan",
    "Dong Jin",
    "Heung A Young",
    "Kumho Dream",
    "Pos Glory",
]
WORDS_OF = {
    "person": ("Salary March {}", "Payment to {} consultancy fee INV 2231", "FAO {} ref 4471"),
    "organization": (
        "Invoice 4471 {} machine parts",
        "Payment o/b/o {} contract 12-88",
        "Goods supplied by {} under PO 991",
    ),
    "vessel": ("Freight for MV {} Busan to Dalian", "BUNKERS VESSEL {} VOY 12", "Demurrage M/V {} 3 days"),
}


def firm(rng: random.Random) -> str:
    """A firm's name of everyday words."""
    return f"{rng.choice(FIRST_WORDS)} {rng.choice(SECOND_WORDS)} {rng.choice(TRADES)} {rng.choice(FORMS)}"


def ship(rng: random.Random) -> str:
    """A ship's name of everyday words, or a usual Korean one."""
    number = rng.choice(("", "", " 1", " 2", " 7", " 88"))
    return (
        rng.choice(KOREAN_SHIPS)
        if rng.random() < 0.3
        else f"{rng.choice(FIRST_WORDS)} {rng.choice(SECOND_WORDS)}{number}"
    )


def ordinary(count: int, people: Callable[[], str]) -> Iterator[str]:
    """Texts as they stand in remittance fields; a third of them in capitals, as MT has them."""
    rng = random.Random(SEED)
    number = lambda: str(rng.randint(1000, 9_999_999))  # noqa: E731 - a name for one line
    kinds: tuple[Callable[[], str], ...] = (
        lambda: f"Invoice {number()} {rng.choice(GOODS)}",
        lambda: f"INV-{number()}/2026 {firm(rng)} {rng.choice(GOODS)} 2nd instalment",
        lambda: f"Freight for MV {ship(rng)} {rng.choice(PORTS)} to {rng.choice(PORTS)} B/L {number()}",
        lambda: f"Bunker supply vessel {ship(rng)} at {rng.choice(PORTS)} {rng.randint(100, 900)} MT",
        lambda: f"Salary {rng.choice(('January', 'March', 'Oct'))} 2026 {people()}",
        lambda: f"{people()} tuition fee spring term student no {number()}",
        lambda: f"Rent apartment {rng.randint(1, 90)} {people()} {rng.choice(PORTS)}",
        lambda: f"Contract {number()} dd 12.03.2026 {firm(rng)}, {firm(rng)}",
        lambda: f"/RFB/{number()} payment for {rng.choice(GOODS)} as per proforma {number()} {rng.choice(PORTS)}",
        lambda: f"Loan repayment to {rng.choice(FIRST_WORDS)} {rng.choice(SECOND_WORDS)} Bank account {number()}",
    )
    for _ in range(count):
        text = rng.choice(kinds)()
        yield text.upper() if rng.random() < 1 / 3 else text


def false_alerts(screener: TextScreener, texts: Iterator[str]) -> dict[str, Any]:
    """How many texts alert, with the commonest reasons."""
    count, alerted, examples = 0, 0, Counter[str]()
    for count, text in enumerate(texts, 1):
        matches = screener.screen(text, count, "", PLACE, DEFAULT_THRESHOLD).matches
        alerted += bool(matches)
        if matches:
            examples[f"{text} ~ {matches[0].name}"] += 1
    return {"texts": count, "alerted": alerted, "examples": dict(examples.most_common(8))}


def found_inside(screener: TextScreener) -> dict[str, Any]:
    """Listed names put into texts: how many are found, by kind; what is not strong is silent on purpose."""
    tally: dict[str, Counter[str]] = {}
    for place, name in enumerate(screener.index.names):
        if name.weak or name.kind not in WORDS_OF:
            continue
        templates = WORDS_OF[name.kind]
        text = templates[place % len(templates)].format(name.text)
        wanted = screener.index.subjects[name.subject].entity.id
        matches = screener.screen(text, place, "", PLACE, DEFAULT_THRESHOLD).matches
        seen = tally.setdefault(name.kind, Counter())
        seen["names"] += 1
        seen["found"] += any(match.entity_id == wanted for match in matches)
    return {kind: dict(counts) for kind, counts in sorted(tally.items())}


def message(path: Path, count: int) -> None:
    """A pain.001 with `count` transfers to people and firms."""
    rng = random.Random(SEED)
    names = [spelled(name)["press"] for name in generated(min(count, 5_000))]
    bics = ("DEUTDEFF", "COBADEFFXXX", "BARCGB22", "CHASUS33", "BNPAFRPP", "HSBCHKHH", "KOEXKRSE", "ICBKCNBJ")
    texts = ordinary(count, lambda: rng.choice(names))
    with path.open("w", encoding="utf-8") as stream:
        stream.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">'
            f"<CstmrCdtTrfInitn><GrpHdr><MsgId>M1</MsgId><NbOfTxs>{count}</NbOfTxs></GrpHdr><PmtInf>"
            "<Dbtr><Nm>Nordwind Handel GmbH</Nm></Dbtr>\n"
        )
        for number, text in enumerate(texts):
            payee = firm(rng) if rng.random() < 0.5 else rng.choice(names)
            stream.write(
                f"<CdtTrfTxInf><PmtId><EndToEndId>E{number}</EndToEndId></PmtId>"
                f'<Amt><InstdAmt Ccy="EUR">{rng.randint(1, 99_999)}.17</InstdAmt></Amt>'
                f"<CdtrAgt><FinInstnId><BICFI>{rng.choice(bics)}</BICFI></FinInstnId></CdtrAgt>"
                f"<Cdtr><Nm>{payee}</Nm><PstlAdr><AdrLine>{rng.randint(1, 99)} Main Street</AdrLine>"
                f"<Ctry>DE</Ctry></PstlAdr></Cdtr><RmtInf><Ustrd>{text}</Ustrd></RmtInf></CdtTrfTxInf>\n"
            )
        stream.write("</PmtInf></CstmrCdtTrfInitn></Document>")


def speed(index: Index, count: int) -> dict[str, Any]:
    """Transactions a second, read alone and screened, and the peak memory of this process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pain001.xml"
        message(path, count)
        raw = RawFile.open(path)
        start = time.perf_counter()
        read = sum(1 for _ in read_payments(raw))
        reading = time.perf_counter() - start
        screener = PaymentScreener(index)
        start, cpu = time.perf_counter(), time.process_time()
        for _ in screener.screen(raw):
            pass
        screening, used = time.perf_counter() - start, time.process_time() - cpu
        return {
            "transactions": screener.totals.transactions,
            "fields": screener.totals.fields,
            "file_mb": round(raw.size / 1e6, 1),
            "read_per_s": round(read / reading),
            "screened_per_s": round(screener.totals.transactions / screening),
            "screened_per_cpu_s": round(screener.totals.transactions / used),
            "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


def table(result: dict[str, Any]) -> str:
    """The result as a table for the docs."""
    lines = ["| texts | n | alerted |", "|---|---:|---:|"]
    for name, cell in result["false_alerts"].items():
        lines.append(f"| ordinary, {name} | {cell['texts']:,} | {cell['alerted']:,} |")
    lines += ["", "| listed names inside a text | n | found |", "|---|---:|---:|"]
    for kind, cell in result["found_inside"].items():
        lines.append(f"| {kind} | {cell['names']:,} | {cell['found']:,} |")
    rate = result["speed"]
    lines += [
        "",
        f"A pain.001 of {rate['transactions']:,} transactions ({rate['fields']:,} fields, {rate['file_mb']} MB): "
        f"{rate['screened_per_cpu_s']:,} transactions a second of processor time, {rate['screened_per_s']:,} by the "
        f"clock beside other work, one process, peak memory {rate['peak_rss_mib']} MiB.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--transactions", type=int, default=20_000)
    parser.add_argument("--shared", type=Path, default=shared_folder())
    parser.add_argument("--whole-lists", action="store_true")
    parser.add_argument("--docs", type=Path, help="page whose generated section is rewritten")
    given = parser.parse_args()
    folder = given.shared / "lists"
    files = [folder / "un_consolidated.xml", folder / "ofac_sdn_2024-05-03.csv.gz"] if given.whole_lists else []
    entities, lists = load_lists(files=files)
    index = Index.build(entities, lists)
    rate = speed(index, given.transactions)
    screener = TextScreener.build(index)
    rng = random.Random(SEED)
    korean = [spelled(name) for name in generated(given.texts)]
    groups: dict[str, Callable[[], str]] = {
        "Western and other people": lambda: rng.choice(WESTERN),
        "generated Korean people, press spelling": lambda: rng.choice(korean)["press"],
        "generated Korean people, Hangul": lambda: rng.choice(korean)["Hangul (ROK)"],
        "generated Korean people, DPRK spelling": lambda: rng.choice(korean)["DPRK Latin"],
    }
    result = {
        "machine": {"python": platform.python_version(), "cpus": os.cpu_count(), "load": os.getloadavg()[0]},
        "lists": [item.to_json() for item in lists],
        "subjects": len(index.subjects),
        "threshold": DEFAULT_THRESHOLD,
        "false_alerts": {
            name: false_alerts(screener, ordinary(given.texts, people)) for name, people in groups.items()
        },
        "found_inside": found_inside(screener),
        "speed": rate,
    }
    print(json.dumps(result, ensure_ascii=False, indent=1))
    if given.docs is not None:
        write_section(given.docs, "payments", table(result))


if __name__ == "__main__":
    main()
