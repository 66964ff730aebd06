"""The packaged designations: the DPRK parts of the UN and OFAC lists."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from packaging_io import Row, good, original, write

from stanch.model import Entity
from stanch.sources.card import load_card
from stanch.sources.ftm.read import read_ftm
from stanch.sources.ofac.read import OfacFiles, read_ofac
from stanch.sources.programmes import is_dprk
from stanch.sources.raw import RawFile
from stanch.sources.un.read import list_date, read_un

#: The OFAC files at hand are not of one day; each part is named with its own.
OFAC_PARTS = {
    "sdn": ("ofac_sdn_2024-05-03.csv.gz", "2024-05-03"),
    "alt": ("ofac_alt_2025-12-24.csv.gz", "2025-12-24"),
    "add": ("ofac_add_2025-12-24.csv.gz", "2025-12-24"),
    "comments": ("ofac_sdn_comments_2025-12-24.csv.gz", "2025-12-24"),
}
UN_SELECTION = "Every person and entity of list type DPRK."
OFAC_SELECTION = (
    "Entries with a programme tag that begins with DPRK, or with OFAC's note of the North Korea Sanctions Regulations "
    "(NPWMD entries); their wallets, and the links between them."
)
OFAC_LATER = (
    "Entries added after 2024-05-03: their main rows are not at hand; some thirty of May 2024 to May 2025 are known by "
    "name only, from a third party's table without entry numbers."
)


def ofac_original(shared: Path, role: str) -> Row:
    """One of the OFAC files, as the manifest names it."""
    file = next(file for file in load_card("ofac").files if file.role == role)
    path, day = OFAC_PARTS[role]
    return original(RawFile.open(shared / "lists" / path), file.name, file.url, day)


def read_all_ofac(shared: Path) -> list[Entity]:
    """Every entity of the OFAC list at hand."""
    files = {role: RawFile.open(shared / "lists" / path) for role, (path, _) in OFAC_PARTS.items()}
    return list(good(read_ofac(OfacFiles(**files))))


def still_listed(shared: Path) -> set[str]:
    """Ids of the entries that were on the list on 2025-12-24. Every entry has a row in the address file, if only an
    empty one: an entry of the older main file that the newer address file lacks was removed in between."""
    raw = RawFile.open(shared / "lists" / OFAC_PARTS["add"][0])
    return {f"ofac-{line.split(',')[0]}" for _, line in raw.lines() if line[:1].isdigit()}


def build_un(shared: Path, target: Path) -> Row:
    """The UN list."""
    raw = RawFile.open(shared / "lists" / "un_consolidated.xml")
    file = load_card("un").files[0]
    day = list_date(raw).isoformat()
    entities = [entity for entity in good(read_un(raw)) if is_dprk(entity)]
    head = {
        "name": "un",
        "title": "UN Security Council consolidated list, DPRK (1718) entries",
        "date": day,
        "url": file.url,
        "selection": UN_SELECTION,
        "left_out": [],
        "originals": [original(raw, file.name, file.url, day)],
    }
    return head | _write(target, "designations/un.ftm.jsonl", entities)


def build_ofac(shared: Path, target: Path, ofac: Sequence[Entity]) -> Row:
    """The OFAC list. What was removed since the main file's date must not be shown as listed, and is left out."""
    listed = still_listed(shared)
    parties = [entity for entity in ofac if entity.schema not in ("CryptoWallet", "UnknownLink") and is_dprk(entity)]
    kept = {entity.id for entity in parties if entity.id in listed}
    taken = [
        entity
        for entity in ofac
        if entity.id in kept
        or (entity.schema == "CryptoWallet" and entity.first("holder") in kept)
        or (entity.schema == "UnknownLink" and {entity.first("subject"), entity.first("object")} <= kept)
    ]
    left_out = [
        f"{entity.id} {entity.caption}: on the main file of 2024-05-03, gone from the address file of 2025-12-24"
        for entity in parties
        if entity.id not in kept
    ]
    head = {
        "name": "ofac",
        "title": "OFAC SDN list, entries tied to the DPRK by programme",
        "date": OFAC_PARTS["sdn"][1],
        "url": load_card("ofac").files[0].url,
        "selection": OFAC_SELECTION,
        "left_out": [*left_out, OFAC_LATER],
        "originals": [ofac_original(shared, role) for role in OFAC_PARTS],
    }
    return head | _write(target, "designations/ofac.ftm.jsonl.gz", taken)


def _write(target: Path, name: str, entities: Sequence[Entity]) -> Row:
    entities = sorted(entities, key=lambda entity: _natural(entity.id))
    text = "".join(
        json.dumps(entity.to_ftm(), ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
        for entity in entities
    )
    written = write(target, name, text.encode())
    back = {entity.id: entity.properties for entity in good(read_ftm(RawFile.open(target / name)))}
    if back != {entity.id: entity.properties for entity in entities}:
        raise SystemExit(f"{name} does not read back as it was written")
    return {"counts": dict(sorted(Counter(entity.schema for entity in entities).items())), **written}


def _natural(text: str) -> list[tuple[int, str]]:
    """Sorts KPi.9 before KPi.10, and entry 9345 before 11599."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text)]
