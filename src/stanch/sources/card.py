"""Source cards: what a source is, where its official files are, and what a sound list of it looks like.

One `source.yml` a folder, beside the reader. The counts in it guard against a broken list replacing a good one.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from stanch.exc import InputError, NotFoundError

_FOLDER = Path(__file__).parent
#: Sources with a card; those that are official lists; those of them that `stanch update` fetches when none is named.
SOURCES = ("csl", "eu", "ftm", "jp", "ofac", "tagpack", "uk", "un")
OFFICIAL = ("un", "ofac", "eu", "uk", "jp", "csl")
LISTS = ("un", "ofac")
_KEYS = frozenset({"title", "publisher", "licence", "home", "format", "schedule", "files", "entities", "dprk"})


@dataclass(frozen=True, slots=True)
class OfficialFile:
    """One published file of a source: its role in the list, its name, where it is, and the size it cannot exceed."""

    role: str
    name: str
    url: str
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Card:
    """A source's card. `entities` and `dprk` give lowest and highest count by schema, of all and of DPRK entries."""

    id: str
    title: str
    publisher: str
    licence: str
    home: str
    format: str
    schedule: str
    files: tuple[OfficialFile, ...]
    entities: Mapping[str, tuple[int, int]]
    dprk: Mapping[str, tuple[int, int]]

    def check(self, counts: Mapping[str, int]) -> None:
        """Refuse a list whose entity counts by schema are out of range.

        Raises:
            InputError: too few or too many of a schema; the list held before stays.
        """
        self._check(counts, self.entities, "")

    def check_dprk(self, counts: Mapping[str, int]) -> None:
        """The same for the entries tied to the DPRK (`programmes.is_dprk`).

        Raises:
            InputError: too few or too many of a schema; the list held before stays.
        """
        self._check(counts, self.dprk, "DPRK ")

    def _check(self, counts: Mapping[str, int], ranges: Mapping[str, tuple[int, int]], what: str) -> None:
        for schema, (low, high) in ranges.items():
            count = counts.get(schema, 0)
            if not low <= count <= high:
                raise InputError(
                    f"the {self.id} list has {count:,} {what}{schema} entries, expected {low:,} to {high:,}",
                    remedy="it does not replace the list held; fetch it again or compare it with the published one",
                )


@functools.cache
def load_card(source_id: str) -> Card:
    """The card of a source.

    Raises:
        NotFoundError: no such source.
        ValueError: the card has unknown or missing keys (an error in the package, not of the user).
    """
    if source_id not in SOURCES:
        raise NotFoundError(f"no source {source_id[:40]!r}; there are: {', '.join(SOURCES)}")
    data: dict[str, Any] = yaml.safe_load((_FOLDER / source_id / "source.yml").read_text(encoding="utf-8"))
    if data.keys() != _KEYS:
        raise ValueError(f"{source_id}/source.yml: keys differ by {sorted(data.keys() ^ _KEYS)}")
    text = {name: str(data[name]) for name in ("title", "publisher", "licence", "home", "format", "schedule")}
    return Card(
        id=source_id,
        files=tuple(
            OfficialFile(item["role"], item["name"], item["url"], int(item["max_megabytes"]) * 1024**2)
            for item in data["files"]
        ),
        entities=_ranges(data["entities"]),
        dprk=_ranges(data["dprk"]),
        **text,
    )


def _ranges(data: Mapping[str, list[int]]) -> dict[str, tuple[int, int]]:
    ranges = {schema: (int(low), int(high)) for schema, (low, high) in data.items()}
    if any(low > high for low, high in ranges.values()):
        raise ValueError("a range whose lowest count exceeds its highest")
    return ranges
