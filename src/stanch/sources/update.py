"""Bringing an official list up to date: every file of a card, fetched together or found unchanged."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from stanch.sources.card import Card, OfficialFile
from stanch.sources.fetch import Fetched, NotModified, Policy, Progress, Validators, fetch
from stanch.sources.raw import RawFile

#: Called before each file; gives the function that counts its bytes.
ProgressOf = Callable[[OfficialFile], Progress | None]


@dataclass(frozen=True, slots=True)
class FetchedList:
    """The files of a list, main file first. `etag` and `last_modified` are to be kept and handed back next time;
    `last_modified` is that of the main file, `etag` holds those of all files."""

    files: tuple[RawFile, ...]
    url: str
    etag: str
    last_modified: str


def fetch_list(
    card: Card,
    folder: Path,
    etag: str = "",
    last_modified: str = "",
    base_url: str = "",
    policy: Policy | None = None,
    progress: ProgressOf | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> FetchedList | NotModified:
    """Fetch all files of a list into `folder`; NotModified when the server says that none has changed.

    A list is replaced as a whole: when one file has changed, those that have not are fetched too. `base_url` replaces
    the place of the files, their names stay (for mirrors and tests).

    Raises:
        FetchError: one of the files could not be fetched.
    """
    held = _unpack(etag, last_modified, card)
    fetched: dict[str, Fetched] = {}
    for again in (False, True):
        for file in card.files:
            if file.role in fetched:
                continue
            result = fetch(
                f"{base_url.rstrip('/')}/{file.name}" if base_url else file.url,
                folder / file.name,
                file.max_bytes,
                None if again else held.get(file.role),
                policy,
                progress(file) if progress is not None else None,
                sleep,
            )
            if isinstance(result, Fetched):
                fetched[file.role] = result
        if not fetched:
            return NotModified(card.files[0].url)
    main = fetched[card.files[0].role]
    return FetchedList(
        files=tuple(RawFile.open(fetched[file.role].path) for file in card.files),
        url=main.url,
        etag=_pack({role: item.validators for role, item in fetched.items()}),
        last_modified=main.validators.last_modified,
    )


def _pack(validators: Mapping[str, Validators]) -> str:
    """Validators of several files as one text; "" when no server gave any."""
    found = {role: [item.etag, item.last_modified] for role, item in validators.items() if item != Validators()}
    return json.dumps(found, sort_keys=True) if found else ""


def _unpack(etag: str, last_modified: str, card: Card) -> dict[str, Validators]:
    """Back from `_pack`. Without validators for every file nothing is conditional."""
    try:
        found = {role: Validators(*pair) for role, pair in json.loads(etag or "{}").items()}
    except (ValueError, TypeError, AttributeError):
        return {}
    if len(card.files) == 1 and not found and last_modified:
        return {card.files[0].role: Validators("", last_modified)}
    return found if all(file.role in found for file in card.files) else {}
