"""The packaged labels: addresses of DPRK thefts, listed wallets, and services where a trace ends."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from packaging_io import GATHERED, MFTRACER, TAGPACKS, TAYVANO, Row, original, rows_of, write
from packaging_lists import OFAC_PARTS, ofac_original, still_listed

from stanch.model import CHAIN_ALIASES, SERVICE_CATEGORIES, Entity
from stanch.names.identifiers import normalise_address
from stanch.reports.tabular import write_csv
from stanch.sources.chains import account_of, chain_of
from stanch.sources.raw import RawFile
from stanch.sources.tagpack.read import category_of, label_of_tag

ETHEREUM = CHAIN_ALIASES["eth"]
COLUMNS = (
    "chain", "address", "label", "category", "source", "actor", "case", "role", "date", "confidence",
)  # fmt: skip

#: Role in the case addresses → our category. Only an address that received the loot first is a seed ("theft"): a
#: trace starts there. What a role does not say stays "other".
CASE_ROLES = {
    "primary_theft": "theft",
    "theft": "theft",
    "direct_theft": "theft",
    "exploiter": "laundering",
    "swapping": "laundering",
    "intermediary_to_tornado": "laundering",
    "intermediary_to_cex": "laundering",
    "tornado_depositor": "laundering",
    "initial_tranche": "laundering",
    "listed_address": "laundering",
    "huobi_deposit": "exchange",
    "ftx_deposit": "exchange",
    "cryptocom_deposit": "exchange",
    "victim_bridge": "victim",
    "victim_safe": "victim",
    "huione_frozen_by_tether": "blocked",
    "malicious_implementation": "other",
    "used_during_hack": "other",
}
ROLE_ACTORS = {
    "huobi_deposit": "huobi",
    "ftx_deposit": "ftx",
    "cryptocom_deposit": "cryptocom",
    "huione_frozen_by_tether": "huione",
}
#: Of Upbit's listed addresses this one received the 342,000 ETH; the theft registry names it with the transaction.
FIRST_RECEIVERS = {"0xa09871aeadf4994ca12f5c0b6056bbd1d343c029"}

#: Beginning of MFTracer's label → category, actor. First match wins.
FLOW_LABELS = (
    ("Binance_Deposit_", "exchange", "binance"),
    ("Binance ", "exchange", "binance"),
    ("Huobi_Deposit_", "exchange", "huobi"),
    ("Bitget_Deposit_", "exchange", "bitget"),
    ("KuCoin_Deposit_", "exchange", "kucoin"),
    ("Kraken_Deposit_", "exchange", "kraken"),
    ("BingX ", "exchange", "bingx"),
    ("Stake_Deposit_", "gambling", "stake"),
    ("THORChain", "bridge", "thorchain"),
    ("Avalanche: Bridge", "bridge", "avalanche"),
    ("CBridge", "bridge", "celer"),
    ("SWFT Swap", "bridge", "swft"),
    ("Transit Swap", "dex", "transit"),
    ("ChainUp: Custody", "wallet-service", "chainup"),
    ("Cobo_", "wallet-service", "cobo"),
    ("Terminus", "other", ""),
)
#: Labels scraped from Etherscan stay out, whatever their category.
EXCLUDED_SITES = ("etherscan.io",)
#: The FBI named these addresses on 2023-08-22; they are no OFAC listing, so "sanctioned" would say too much.
FBI_PACKS = {"lazarus2.yaml"}


def build_labels(shared: Path, target: Path, ofac: Sequence[Entity]) -> list[Row]:
    """All label files, as the manifest describes them."""
    cases = RawFile.open(shared / "labels" / "tayvano" / "case_addresses.csv")
    flows = RawFile.open(shared / "ledgers" / "mftracer" / "cluster1_flow_records.csv")
    seeds = RawFile.open(shared / "ledgers" / "mftracer" / "cluster1_source_addresses.csv")
    tags = RawFile.open(shared / "labels" / "tagpacks" / "tags_compact.csv")
    cluster = "LaunderNetEvm41/cluster 1/"
    return [
        {
            "title": "Addresses of DPRK thefts with their roles",
            "licence": "facts, no licence file seen",
            "originals": [original(cases, "hacks-and-thefts/", TAYVANO, GATHERED)],
            **_write(target, "labels/cases.csv", case_labels(cases, shared / "reference" / "theft_registry.csv")),
        },
        {
            "title": "Atomic Wallet theft: source addresses, and the services that its flows reach",
            "licence": "MIT",
            "originals": [
                original(flows, cluster + "flow records.csv", MFTRACER, GATHERED),
                original(seeds, cluster + "source addresses.csv", MFTRACER, GATHERED),
            ],
            **_write(target, "labels/atomic-2023.csv", atomic_labels(flows, seeds)),
        },
        {
            "title": "Digital currency addresses on the OFAC SDN list, all programmes",
            "licence": "public domain",
            "originals": [ofac_original(shared, "sdn"), ofac_original(shared, "comments")],
            **_write(target, "labels/ofac.csv", ofac_labels(ofac, still_listed(shared))),
        },
        {
            "title": "Services, and blocked or sanctioned addresses, of GraphSense TagPacks",
            "licence": "MIT",
            "originals": [original(tags, "packs/", TAGPACKS, GATHERED)],
            **_write(target, "labels/services.csv.gz", service_labels(tags)),
        },
    ]


def case_labels(raw: RawFile, registry: Path) -> Iterator[Row]:
    """Roles in cases that the theft registry knows; transactions are no addresses."""
    with registry.open(encoding="utf-8", newline="") as stream:
        known = {row["id"] for row in csv.DictReader(stream)}
    for row in rows_of(raw):
        case, role = row["case"].replace("_", "-"), row["role"]
        if case not in known or role == "theft_tx":
            continue
        chain, address = account_of(row["chain"], row["address"])
        yield _label(
            chain,
            address,
            label=f"{case}: {role.replace('_', ' ')}",
            category="theft" if address in FIRST_RECEIVERS else CASE_ROLES[role],
            source=f"tayvano/lazarus-bluenoroff-research: {TAYVANO}",
            actor=ROLE_ACTORS.get(role, ""),
            case=case,
            role=role,
        )


def atomic_labels(flows: RawFile, seeds: RawFile) -> Iterator[Row]:
    """Sources and named services of the Atomic Wallet flows; the launderers' own addresses stay unlabelled, because a
    trace has to find them."""
    common = {"source": f"MFTracer, LaunderNetEvm41 cluster 1: {MFTRACER}", "case": "atomic-2023"}
    names = {
        normalise_address(ETHEREUM, row[side]): row[f"{side}_label"].strip()
        for row in rows_of(flows)
        for side in ("From", "To")
        if row[f"{side}_label"]
    }
    for _, line in seeds.lines():
        if line.strip():
            address = normalise_address(ETHEREUM, line)
            name = names.pop(address, "Atomic Wallet Hack, source address")
            yield _label(ETHEREUM, address, label=name, category="theft", role="source", **common)
    for address, name in names.items():
        if name.startswith("Atomic Wallet Hack"):
            # "OSRC": they pay into the source addresses. Whether they are victims' or thieves' is not said.
            yield _label(ETHEREUM, address, label=name, category="other", role="pays_source", **common)
        elif found := next((item for item in FLOW_LABELS if name.startswith(item[0])), None):
            role = "deposit" if "_Deposit_" in name else ""
            yield _label(ETHEREUM, address, label=name, category=found[1], actor=found[2], role=role, **common)
        elif not name.startswith("Fake_Phishing"):  # Etherscan's tag for reported addresses
            raise SystemExit(f"MFTracer label without a rule: {name}")


def ofac_labels(ofac: Sequence[Entity], listed: set[str]) -> Iterator[Row]:
    """Listed wallets on chains that stanch knows, of entries that were still listed when last seen."""
    captions = {entity.id: entity.caption for entity in ofac}
    pages = {entity.id: entity.first("sourceUrl") for entity in ofac}
    days = dict(OFAC_PARTS.values())
    for wallet in ofac:
        holder, symbol, key = wallet.first("holder"), wallet.first("currency"), wallet.first("publicKey")
        if wallet.schema != "CryptoWallet" or holder not in listed or not symbol or not key or wallet.source is None:
            continue
        if chain_of(symbol, key) is None:
            continue
        chain, address = account_of(symbol, key)
        day = days[wallet.source.name]
        yield _label(
            chain,
            address,
            label=captions[holder],
            category="sanctioned",
            source=f"OFAC SDN list {day}, {wallet.source.locator}: {pages[holder]}",
            actor=holder,
            date=day,
        )


def service_labels(raw: RawFile) -> Iterator[Row]:
    """Tags of services, and of blocked or sanctioned addresses, that name a public source."""
    skipped: Counter[str] = Counter()
    for row in rows_of(raw):
        if not row["source"].startswith("https://") or any(site in row["source"] for site in EXCLUDED_SITES):
            continue
        if category_of(row) not in {*SERVICE_CATEGORIES, "sanctioned", "blocked"}:
            continue
        tag = label_of_tag(row, raw, "")
        if isinstance(tag, str):
            skipped[tag.split(":")[0]] += 1
            continue
        is_fbi = row["pack"] in FBI_PACKS
        yield _label(
            tag.account.chain,
            tag.account.address,
            label=tag.label,
            category="laundering" if is_fbi else tag.category,
            source=f"GraphSense TagPack {row['pack'].removesuffix('.yaml')}: {tag.source}",
            actor=tag.actor,
            role="named_by_fbi" if is_fbi else "",
            confidence="" if tag.confidence is None else f"{tag.confidence:g}",
        )
    for reason, count in skipped.most_common():
        print(f"tags left out: {count:,} {reason}")


def _label(chain: str, address: str, **fields: Any) -> Row:
    return {**dict.fromkeys(COLUMNS, ""), "chain": chain, "address": address, **fields}


def _write(target: Path, name: str, rows: Iterable[Row]) -> Row:
    ordered = sorted({tuple(row[column] for column in COLUMNS) for row in rows})
    if any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in ordered for cell in row):
        raise SystemExit(f"{name}: a cell looks like a spreadsheet formula")
    text = io.StringIO()
    write_csv((dict(zip(COLUMNS, row, strict=True)) for row in ordered), COLUMNS, text)
    counts = Counter(row[COLUMNS.index("category")] for row in ordered)
    return {
        "rows": len(ordered),
        "counts": dict(sorted(counts.items())),
        **write(target, name, text.getvalue().encode()),
    }
