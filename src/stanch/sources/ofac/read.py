"""Reads the OFAC SDN list in its delimited form: main file, aliases, addresses and overflow of remarks."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from stanch.exc import InputError
from stanch.model import Entity, EntityBuilder, Source
from stanch.sources.base import Record, Rejected
from stanch.sources.countries import code_or_name
from stanch.sources.ofac.remarks import FIELD_WIDTH, Remarks, Wallet, read_remarks, split_remarks
from stanch.sources.raw import RawFile

#: The public page of an entry, by its number.
ENTRY_URL = "https://sanctionssearch.ofac.treas.gov/Details.aspx?id="
_NULL = "-0-"
_SCHEMA = {_NULL: "Organization", "individual": "Person", "vessel": "Vessel", "aircraft": "Airplane"}
_ALIAS = {"aka": "alias", "fka": "previousName", "nka": "alias"}
#: Columns: ent_num, name, type, programme, title, call sign, vessel type, tonnage, GRT, flag, owner, remarks.
_SDN_WIDTH, _ALT_WIDTH, _ADD_WIDTH, _COMMENTS_WIDTH = 12, 5, 6, 2


@dataclass(frozen=True, slots=True)
class OfacFiles:
    """The files of one publication. Only the main file is needed; without the others names and facts are missing."""

    sdn: RawFile
    alt: RawFile | None = None
    add: RawFile | None = None
    comments: RawFile | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    """One row: its number in the file, the entry it belongs to, its fields without outer spaces, its last field with
    them, and the row as it stood."""

    number: int
    entry: str
    fields: list[str]
    raw: str
    last: str


def read_ofac(files: OfacFiles) -> Iterator[Record[Entity] | Rejected]:
    """Yield parties, vessels and aircraft (id ``ofac-12211``), their CryptoWallet entities and UnknownLink relations.

    A wallet's id is ``ofac-27307-ETH-0x…`` and its `holder` the entry. Names of persons keep the family name first, as
    the list prints them, without the comma. `program` holds the programme tags. A remark that fills its field runs on
    in the comments file. Where the field is not full, or the file is missing, the two were not published together: the
    cut statement is reported as rejected and the whole statements beside it are kept.

    Raises:
        InputError: no row of the main file can be used.
    """
    extras = _Extras()
    for raw, width, add in (
        (files.alt, _ALT_WIDTH, extras.add_alias),
        (files.add, _ADD_WIDTH, extras.add_address),
        (files.comments, _COMMENTS_WIDTH, extras.add_comment),
    ):
        if raw is not None:
            for line in _lines(raw, width):
                if isinstance(line, Rejected):
                    yield line
                else:
                    add(line)
    entries: list[_Line] = []
    for line in _lines(files.sdn, _SDN_WIDTH):
        if isinstance(line, Rejected):
            yield line
        else:
            entries.append(line)
    if not entries:
        raise InputError(
            "holds no row of the SDN list (12 columns, first a number)", file=files.sdn.name, remedy="fetch sdn.csv"
        )
    yield from _Reader(files, extras, entries).records()


def _lines(raw: RawFile, width: int) -> Iterator[_Line | Rejected]:
    """Rows of one file. A row is one line: an unbalanced quote spoils its own row, not those after it."""
    for number, text in raw.lines():
        if text.strip() in ("", "\x1a"):
            continue
        try:
            fields = next(csv.reader([text], strict=True))
        except csv.Error as err:
            yield _reject(number, text, f"not a CSV row ({err})")
            continue
        if len(fields) != width or not re.fullmatch(r"\d{1,7}", fields[0].strip()):
            yield _reject(number, text, f"not {width} columns that start with an entry number")
            continue
        yield _Line(number, fields[0].strip(), [item.strip() for item in fields], text, fields[-1])


def _reject(number: int, text: str, reason: str) -> Rejected:
    return Rejected(f"line {number}", number, text[:4000], reason, "compare with the published list")


class _Extras:
    """Aliases, addresses and overflow by entry number."""

    def __init__(self) -> None:
        self.aliases: defaultdict[str, list[list[str]]] = defaultdict(list)
        self.addresses: defaultdict[str, list[list[str]]] = defaultdict(list)
        self.comments: dict[str, _Line] = {}

    def add_alias(self, line: _Line) -> None:
        self.aliases[line.entry].append(line.fields)

    def add_address(self, line: _Line) -> None:
        self.addresses[line.entry].append(line.fields)

    def add_comment(self, line: _Line) -> None:
        self.comments[line.entry] = line


class _Reader:
    """Walks the entries of the main file with the other files at hand."""

    def __init__(self, files: OfacFiles, extras: _Extras, entries: list[_Line]) -> None:
        self.files, self.extras, self.entries = files, extras, entries
        counts = Counter(_person_name(line.fields[1]) for line in entries)
        names = ((_person_name(line.fields[1]), line.entry) for line in entries)
        #: Names that stand for one entry only: what "Linked To" can point at.
        self.by_name = {name: entry for name, entry in names if counts[name] == 1}

    def records(self) -> Iterator[Record[Entity] | Rejected]:
        seen: set[str] = set()
        for line in self.entries:
            if line.entry in seen:
                yield _reject(line.number, line.raw, f"the entry number {line.entry} repeats")
            elif line.fields[1] in ("", _NULL):
                yield _reject(line.number, line.raw, "the entry has no name")
            elif line.fields[2].lower() not in _SCHEMA:
                yield _reject(line.number, line.raw, f"unknown type {line.fields[2][:20]!r}")
            else:
                seen.add(line.entry)
                yield from self._entry(line)
        yield from self._orphans(seen)

    def _entry(self, line: _Line) -> Iterator[Record[Entity] | Rejected]:
        locator = f"ent_num {line.entry}"
        entity = _party(line)
        for fields in self.extras.aliases.get(line.entry, ()):
            kind, name = fields[2].lower(), fields[3]
            if name != _NULL:
                entity.add(_ALIAS.get(kind, "alias"), _listed_name(entity.schema, name))
        for fields in self.extras.addresses.get(line.entry, ()):
            _add_address(entity, fields)
        statements, overflow, cut = self._statements(line)
        found = read_remarks(entity, statements, title=line.fields[4])
        later = read_remarks(entity, overflow)
        for name in dict.fromkeys((*found.linked_to, *later.linked_to)):
            if _person_name(name) not in self.by_name:
                entity.add("notes", f"Linked To: {name}")
        party = entity.build(("ofac",), Source(self.files.sdn.name, locator, self.files.sdn.sha256))
        yield Record(locator, party)
        yield from self._wallets(party, found, self.files.sdn)
        if self.files.comments is not None:
            yield from self._wallets(party, later, self.files.comments)
        yield from self._links(party, [*found.linked_to, *later.linked_to])
        for text in (*found.unreadable, *later.unreadable):
            yield Rejected(
                locator,
                line.number,
                text[:4000],
                "not an address of that currency (its checksum or shape is wrong), or a statement beyond all length",
                "check the list",
            )
        if cut:
            yield Rejected(
                locator,
                line.number,
                cut[:4000],
                "a statement of the remarks is cut off: main file and comments were not published together",
                "fetch all files of the same day",
            )

    def _statements(self, line: _Line) -> tuple[list[str], list[str], str]:
        """Statements of the main file (with the joined overflow), those of an overflow that does not join, and the
        statement that is cut off, if any."""
        remarks = "" if line.fields[-1] == _NULL else line.last
        is_full = len(remarks) >= FIELD_WIDTH
        comment = self.extras.comments.get(line.entry)
        if is_full and comment is not None:
            # The field is cut at a fixed width, wherever that falls: spaces at the seam are part of the text.
            return split_remarks(remarks + comment.last), [], ""
        if is_full:
            statements = split_remarks(remarks)
            return statements[:-1], [], statements[-1]
        if comment is not None:
            cut, *whole = comment.last.split("; ")
            return split_remarks(remarks), split_remarks("; ".join(whole)), cut
        return split_remarks(remarks), [], ""

    def _wallets(self, party: Entity, found: Remarks, raw: RawFile) -> Iterator[Record[Entity]]:
        locator = f"ent_num {party.id.removeprefix('ofac-')}"
        for wallet in dict.fromkeys(found.wallets):
            yield Record(locator, _wallet(party, wallet).build(("ofac",), Source(raw.name, locator, raw.sha256)))

    def _links(self, party: Entity, names: list[str]) -> Iterator[Record[Entity]]:
        locator = f"ent_num {party.id.removeprefix('ofac-')}"
        for name in dict.fromkeys(names):
            if (other := self.by_name.get(_person_name(name))) is None:
                continue
            link = EntityBuilder(f"{party.id}-linked-{other}", "UnknownLink")
            link.add("subject", party.id)
            link.add("object", f"ofac-{other}")
            link.add("role", "Linked To")
            yield Record(locator, link.build(("ofac",), party.source))

    def _orphans(self, seen: set[str]) -> Iterator[Rejected]:
        """One line a file about rows whose entry the main file lacks, so that they do not vanish unsaid."""
        for raw, keys in (
            (self.files.alt, self.extras.aliases.keys()),
            (self.files.add, self.extras.addresses.keys()),
            (self.files.comments, self.extras.comments.keys()),
        ):
            lost = sorted((key for key in keys if key not in seen), key=int)
            if raw is not None and lost:
                yield Rejected(
                    raw.name,
                    None,
                    ", ".join(lost)[:4000],
                    f"rows of {len(lost):,} entries that the main file lacks (first: ent_num {lost[0]})",
                    "fetch all files of the same day",
                )


def _party(line: _Line) -> EntityBuilder:
    _, name, kind, programme, title, call_sign, vessel_type, tonnage, grt, flag, owner, _ = line.fields
    entity = EntityBuilder(f"ofac-{line.entry}", _SCHEMA[kind.lower()])
    entity.add("name", _listed_name(entity.schema, name))
    if entity.schema == "Person" and ", " in name:
        last, _, first = name.partition(", ")
        entity.add("lastName", last)
        entity.add("firstName", first)
    entity.add("sourceUrl", f"{ENTRY_URL}{line.entry}")
    entity.add("topics", "sanction")
    entity.add("program", [tag for tag in re.split(r"\]\s*\[|[\[\]]", programme) if tag.strip() not in ("", _NULL)])
    for prop, value in (
        ("position", title),
        ("callSign", call_sign),
        ("type", vessel_type),
        ("tonnage", tonnage),
        ("grossRegisteredTonnage", grt),
        ("flag", "" if flag == "None Identified" else code_or_name(flag)),
        ("notes", "" if owner == _NULL else f"Vessel owner: {owner}"),
    ):
        if value not in ("", _NULL):
            entity.add(prop, value)
    return entity


def _listed_name(schema: str, name: str) -> str:
    return _person_name(name) if schema == "Person" else name


def _person_name(name: str) -> str:
    """The name "PARK, Jin Hyok" without the comma, family name first as printed."""
    return " ".join(name.split(", ", 1))


def _add_address(entity: EntityBuilder, fields: list[str]) -> None:
    street, city, country = ("" if item == _NULL else item for item in fields[2:5])
    country = country.removeprefix("Region: ")
    entity.add("address", ", ".join(part for part in (street, city, country) if part))
    if country not in ("", "undetermined"):
        entity.add("country", code_or_name(country))


def _wallet(party: Entity, wallet: Wallet) -> EntityBuilder:
    entity = EntityBuilder(f"{party.id}-{wallet.symbol}-{wallet.address}", "CryptoWallet")
    entity.add("publicKey", wallet.address)
    entity.add("currency", wallet.symbol)
    entity.add("holder", party.id)
    entity.add("topics", "sanction")
    entity.add("program", party.get("program"))
    return entity
