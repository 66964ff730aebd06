"""The official lists by source id: which reader reads which files, and what day a list is of."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from stanch.exc import InputError
from stanch.model import Entity
from stanch.sources.base import Record, Rejected
from stanch.sources.card import load_card
from stanch.sources.csl.read import is_csl, read_csl
from stanch.sources.eu import read as eu
from stanch.sources.jp import read as jp
from stanch.sources.ofac.read import OfacFiles, read_ofac
from stanch.sources.programmes import is_dprk
from stanch.sources.raw import RawFile
from stanch.sources.uk import read as uk
from stanch.sources.un.read import list_date, read_un

#: Columns of the OFAC files, by which they are told apart whatever they are called.
_OFAC_WIDTHS = {12: "sdn", 5: "alt", 6: "add", 2: "comments"}
_DATE_IN_NAME = re.compile(r"(?<!\d)(20\d{2})(-?)([01]\d)\2([0-3]\d)(?!\d)")
_LOOKED_AT = 4096


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file recognised as part of an official list. The role "extract" is a table that others made from some of it."""

    source_id: str
    role: str
    raw: RawFile


def read_list(source_id: str, files: Sequence[RawFile]) -> Iterator[Record[Entity] | Rejected]:
    """Read an official list from its files, in any order; at the end the card's DPRK counts are asserted (of an extract
    nothing is known to assert).

    Raises:
        InputError: a needed file is missing, not readable, or the counts are out of range. It can come after good
            records: the caller then keeps none of them.
    """
    parts = _parts(source_id, files)
    counts: Counter[str] = Counter()
    for record in _reader(source_id, parts, files):
        if isinstance(record, Record) and is_dprk(record.value):
            counts[record.value.schema] += 1
        yield record
    if "extract" not in parts:
        load_card(source_id).check_dprk(counts)


def read_entries(source_id: str, files: Sequence[RawFile]) -> Iterator[Record[Entity] | Rejected]:
    """The same without asserting any count: for a file that a user names, which may be a part.

    Raises:
        InputError: a needed file is missing, or not readable.
    """
    return _reader(source_id, _parts(source_id, files), files)


def _parts(source_id: str, files: Sequence[RawFile]) -> dict[str, RawFile]:
    return {found.role: found.raw for raw in files if (found := recognise(raw)) and found.source_id == source_id}


def check_of(source_id: str, files: Sequence[RawFile]) -> Callable[[Mapping[str, int]], None]:
    """The assertion that counts by schema of a whole list must meet: the card's; of an extract, that there are any.

    Raises, when called, InputError as `Card.check`.
    """
    if any((found := recognise(raw)) is not None and found.role == "extract" for raw in files):
        return lambda _: None  # a reader refuses a file without any entry itself
    return load_card(source_id).check


def _reader(source_id: str, parts: dict[str, RawFile], files: Sequence[RawFile]) -> Iterator[Record[Entity] | Rejected]:
    name = files[0].name if files else source_id
    if source_id == "un" and "list" in parts:
        return read_un(parts["list"])
    if source_id == "ofac" and "sdn" in parts:
        return read_ofac(OfacFiles(**parts))
    main = parts.get("list") or parts.get("extract")
    if source_id != "un" and main is None and len(files) == 1:
        main = files[0]
    if main is not None and source_id == "eu":
        return eu.read_eu(main)
    if main is not None and source_id == "uk":
        return uk.read_uk(main, eu.head_of(main))
    if main is not None and source_id == "jp":
        return jp.read_jp(main, eu.head_of(main))
    if main is not None and source_id == "csl":
        return read_csl(main)
    if source_id == "un" and len(files) == 1:
        return read_un(files[0])  # says what is wrong with it
    raise InputError(f"is not the main file of the {source_id} list", file=name, remedy="fetch it again")


def date_of_list(source_id: str, files: Sequence[RawFile], last_modified: str = "") -> date:
    """The day a list is of: what the list says, else the HTTP Last-Modified of its main file, else a date in the main
    file's name, else the day the file was last written.

    Raises:
        InputError: a UN list without its date.
    """
    main = _main_file(source_id, files)
    if (stated := stated_date(source_id, main)) is not None:
        return stated
    if last_modified:
        try:
            return parsedate_to_datetime(last_modified).date()
        except ValueError:
            pass
    if named := date_in_name(main.name):
        return named
    return datetime.fromtimestamp(main.path.stat().st_mtime).astimezone().date()


def stated_date(source_id: str, raw: RawFile) -> date | None:
    """The day that a list's main file itself says it is of; OFAC, Japan and the US screening list say none.

    Raises:
        InputError: a UN list without its date.
    """
    if source_id == "un":
        return list_date(raw)
    if source_id == "eu":
        return eu.eu_date(raw)
    return uk.uk_date(eu.head_of(raw)) if source_id == "uk" else None


def _main_file(source_id: str, files: Sequence[RawFile]) -> RawFile:
    role = _roles(source_id)[0]
    return next((raw for raw in files if (found := recognise(raw)) and found.role == role), files[0])


def _roles(source_id: str) -> tuple[str, ...]:
    """The roles of a list's files, main file first; a list that is not fetched has one file."""
    return tuple(file.role for file in load_card(source_id).files) or ("list",)


def date_in_name(name: str) -> date | None:
    """The date in a file's name ("ofac_sdn_2024-05-03.csv.gz", "EU_20260410.csv"), if there is one."""
    for year, _, month, day in _DATE_IN_NAME.findall(name):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def recognise(raw: RawFile) -> ListFile | None:
    """What part of which list a file is, by its content; None when it is none."""
    try:
        head = next(raw.chunks(limit=1 << 40), b"")[:_LOOKED_AT]
    except InputError:
        return None
    text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", errors="replace")
    if "<CONSOLIDATED_LIST" in text:
        return ListFile("un", "list", raw)
    if (found := eu.layout(text)) is not None:
        return ListFile("eu", "extract" if found == "annex" else "list", raw)
    if uk.layout(text) is not None:
        return ListFile("uk", "list", raw)
    if (found := jp.layout(text)) is not None:
        return ListFile("jp", "extract" if found == "keyed" else "list", raw)
    if is_csl(text):
        return ListFile("csl", "list", raw)
    line = next((line for line in text.splitlines() if line.strip()), "")
    # A comments row is longer than what is looked at here; its start is enough.
    width = 2 if re.match(r"\d{1,7},\"[^\"]*$", line) else _width(line)
    role = _OFAC_WIDTHS.get(width)
    return ListFile("ofac", role, raw) if role and re.match(r"\s*\d{1,7}\s*,", line) else None


def _width(line: str) -> int:
    try:
        return len(next(csv.reader([line], strict=True)))
    except (csv.Error, StopIteration):
        return 0


def find_files(path: Path) -> dict[str, list[RawFile]]:
    """The official lists in a file or folder (not in folders below it): source id → files, main file first.

    Of several versions of one file that with the latest date is taken: the UN list's own, else that in the name.

    Raises:
        InputError: nothing there is an official list.
    """
    paths = sorted(item for item in path.iterdir() if item.is_file()) if path.is_dir() else [path]
    latest: dict[tuple[str, str], tuple[date, ListFile]] = {}
    for found in _recognised(paths, given=not path.is_dir()):
        day = stated_date(found.source_id, found.raw) or date_in_name(found.raw.name) or date.min
        key = (found.source_id, found.role)
        if key not in latest or day > latest[key][0]:
            latest[key] = (day, found)
    lists: dict[str, list[RawFile]] = {}
    for source_id in sorted({source_id for source_id, _ in latest}):
        roles = _roles(source_id)
        if (source_id, roles[0]) in latest:
            lists[source_id] = [latest[source_id, role][1].raw for role in roles if (source_id, role) in latest]
        elif (source_id, "extract") in latest:
            lists[source_id] = [latest[source_id, "extract"][1].raw]
    if not lists:
        raise InputError(
            "no official list there",
            file=str(path),
            remedy="give the UN consolidated XML, OFAC's sdn.csv or another official list",
        )
    return lists


def _recognised(paths: Iterable[Path], given: bool) -> Iterator[ListFile]:
    for path in paths:
        try:
            raw = RawFile.open(path)
        except InputError:
            if given:
                raise
            continue
        if found := recognise(raw):
            yield found
