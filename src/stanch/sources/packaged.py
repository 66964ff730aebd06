"""The snapshots that come with stanch: designations, labels and case ledgers. Only this module knows their places.

They are read by the same readers as a user's own files. `manifest.json` beside them says where each came from, with
dates and hashes; it is written by `scripts/build_data.py`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stanch.exc import NotFoundError
from stanch.sources.raw import RawFile

FOLDER = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class OriginalFile:
    """A published file that a packaged one was made from.

    `date` is the ISO date of the list, or, for a repository, the day on which the file was gathered. The hash is that
    of the unpacked content.
    """

    name: str
    url: str
    date: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PackagedList:
    """The DPRK part of an official list, as FollowTheMoney JSON lines.

    `name` is the source id ("un", "ofac"). `date` is the ISO date of the list's main file, which decides who is on it;
    `originals` has the date of every part. `url` is the official file's. `counts` is entities by schema; `selection`
    says in words which entries were taken, `left_out` which were not.
    """

    name: str
    title: str
    date: str
    url: str
    counts: Mapping[str, int]
    selection: str
    left_out: tuple[str, ...]
    originals: tuple[OriginalFile, ...]
    file: RawFile

    @property
    def sha256(self) -> str:
        """Hash of the packaged file."""
        return self.file.sha256


@dataclass(frozen=True, slots=True)
class PackagedLedger:
    """The transfers of one case, as Parquet in TRANSFER_SCHEMA's columns; `note` says what they lack."""

    case: str
    title: str
    chain: str
    asset: str
    rows: int
    note: str
    originals: tuple[OriginalFile, ...]
    file: RawFile


def designation_snapshots() -> list[PackagedList]:
    """The packaged lists, in order of name. Read them with `sources.ftm.read.read_ftm`."""
    return [
        PackagedList(
            name=item["name"],
            title=item["title"],
            date=item["date"],
            url=item["url"],
            counts=item["counts"],
            selection=item["selection"],
            left_out=tuple(item["left_out"]),
            originals=_originals(item),
            file=_raw(item),
        )
        for item in _manifest()["lists"]
    ]


def label_files() -> list[RawFile]:
    """The packaged label files (CSV, some gzip). Read them with `sources.labels.read_labels`."""
    return [_raw(item) for item in _manifest()["labels"]]


def ledgers() -> list[PackagedLedger]:
    """The packaged case ledgers, by case id. Read them with `sources.transfers.read_transfers`."""
    return [
        PackagedLedger(
            case=item["case"],
            title=item["title"],
            chain=item["chain"],
            asset=item["asset"],
            rows=item["rows"],
            note=item["note"],
            originals=_originals(item),
            file=_raw(item),
        )
        for item in _manifest()["ledgers"]
    ]


def ledger_file(case: str) -> RawFile:
    """The ledger of one case.

    Raises:
        NotFoundError: no ledger of that case is packaged.
    """
    for item in _manifest()["ledgers"]:
        if item["case"] == case:
            return _raw(item)
    known = ", ".join(item["case"] for item in _manifest()["ledgers"])
    raise NotFoundError(f"no packaged ledger for {case!r}; there are: {known}")


def demo_file(kind: str) -> RawFile:
    """The constructed records of the demonstration: "customers" or "engagements"."""
    name = {"customers": "customers.csv", "engagements": "engagements.jsonl"}[kind]
    return RawFile.open(FOLDER / "demo" / name, name=f"stanch/data/demo/{name}")


@functools.cache
def _manifest() -> Any:
    return json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))


def _raw(item: Mapping[str, Any]) -> RawFile:
    path = FOLDER / item["file"]
    return RawFile.open(path, name=f"stanch/data/{item['file']}")


def _originals(item: Mapping[str, Any]) -> tuple[OriginalFile, ...]:
    return tuple(OriginalFile(part["name"], part["url"], part["date"], part["sha256"]) for part in item["originals"])
