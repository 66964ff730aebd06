"""Shared by the scripts that build packaged data: writing the same bytes every time, and reading rows."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from stanch.model import Entity
from stanch.sources.base import Record, Rejected
from stanch.sources.raw import RawFile

Row = dict[str, Any]

TAYVANO = "https://github.com/tayvano/lazarus-bluenoroff-research"
MFTRACER = "https://github.com/blocksecteam/MFTracer"
ETH_DATA = "https://github.com/dspytdao/Eth_Data"
TAGPACKS = "https://github.com/graphsense/graphsense-tagpacks"
#: The day on which the files of these repositories were gathered.
GATHERED = "2026-11-23"


def write(folder: Path, name: str, data: bytes) -> Row:
    """Write one file and describe it; a name that ends in .gz is compressed, without a time stamp."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name.endswith(".gz"):
        buffer = io.BytesIO()
        with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as stream:
            stream.write(data)
        data = buffer.getvalue()
    path.write_bytes(data)
    return {"file": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def original(raw: RawFile, name: str, url: str, day: str) -> Row:
    """How the manifest names a published file: its own name, place and date, and the hash of its unpacked content."""
    return {"name": name, "url": url, "date": day, "sha256": hashlib.sha256(raw.read()).hexdigest()}


def rows_of(raw: RawFile) -> Iterator[dict[str, str]]:
    """The rows of a CSV file with a header."""
    return csv.DictReader(line for _, line in raw.lines())


def good(records: Iterable[Record[Entity] | Rejected]) -> Iterator[Entity]:
    """The good records; what was rejected is printed, so that whoever builds sees it."""
    for record in records:
        if isinstance(record, Rejected):
            print(f"rejected {record.locator}: {record.reason}: {record.raw[:60]}")
        else:
            yield record.value
