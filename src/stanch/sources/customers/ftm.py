"""Customers as FollowTheMoney JSON lines: parties, and beside them the owners, directors and relatives they have.

Every party of the file is a record, with its wallets and accounts, its links, and the parties these lead to: all owners
and directors upwards, tier by tier, and the other end of any other link of its own. The file is read three times, so
that only links, and parties that have one, are held in memory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from stanch.model import LINK_SCHEMATA, PARTY_SCHEMATA, Entity, EntityBuilder
from stanch.sources.base import Record, Rejected
from stanch.sources.customers.columns import property_of
from stanch.sources.ftm.read import read_ftm
from stanch.sources.raw import RawFile
from stanch.sources.records import Note
from stanch.sources.rows import file_format, reject, reject_field

#: Related parties and links that one record comes with, the nearest first; of more it is said that they were left out.
MAX_PARTIES, MAX_LINKS = 200, 500
#: The first entity stands among this many lines.
_WITHIN = 1_000
_UPWARDS = frozenset({"Ownership", "Directorship"})
_OWN = frozenset(
    {
        *("name", "alias", "birthDate", "gender", "nationality", "country", "passportNumber", "idNumber"),
        *("address", "position", "phone", "email", "imoNumber", "mmsi", "swiftBic"),
    }
)


def is_ftm(raw: RawFile) -> bool:
    """Whether the first record of a file is a FollowTheMoney entity (`schema`, and `properties` that are an object)."""
    if file_format(raw) != "jsonl":
        return False
    for number, text in raw.lines():
        if text.strip() or number > _WITHIN:
            try:
                first = msgspec.json.decode(text)
            except (msgspec.DecodeError, UnicodeError, RecursionError):
                return False
            return isinstance(first, dict) and "schema" in first and isinstance(first.get("properties"), dict)
    return False


@dataclass(slots=True)
class _File:
    """What is held of the file while it is read. `upwards` has the links by which a party is owned or directed, apart
    from all of its links: a nominee's thousands of posts must not be gone through for each of his firms."""

    links: list[Entity] = field(default_factory=list)
    by_party: dict[str, list[int]] = field(default_factory=dict)
    upwards: dict[str, list[int]] = field(default_factory=dict)
    parties: dict[str, Entity] = field(default_factory=dict)
    held: dict[str, list[Entity]] = field(default_factory=dict)


def read_ftm_customers(raw: RawFile, note: Note | None = None) -> Iterator[Record[tuple[Entity, ...]] | Rejected]:
    """Each party of the file in order, then what belongs to it: wallets, accounts, links, related parties and theirs.

    A party without a name, or with an id that the file had before, is rejected; so is a line that holds no entity.
    Properties that no part of stanch may use (ethnicity, religion) stay in the raw file.

    Args:
        note: told once which schemata are not used.

    Raises:
        InputError: no line holds an entity.
    """
    known = _File()
    unused: dict[str, None] = {}
    for entity in _entities(raw):
        if entity.schema in LINK_SCHEMATA:
            for end in dict.fromkeys(end for name in LINK_SCHEMATA[entity.schema] for end in entity.get(name)):
                known.by_party.setdefault(end, []).append(len(known.links))
            for end in dict.fromkeys(entity.get(LINK_SCHEMATA[entity.schema][1])) if entity.schema in _UPWARDS else ():
                known.upwards.setdefault(end, []).append(len(known.links))
            known.links.append(entity)
        elif entity.schema not in PARTY_SCHEMATA:
            holder = entity.first("holder")
            if holder is None:
                unused[entity.schema] = None
            else:
                known.held.setdefault(holder, []).append(entity)
    for entity in _entities(raw) if known.links else ():
        if entity.schema in PARTY_SCHEMATA and entity.id in known.by_party:
            known.parties.setdefault(entity.id, _party(entity))
    if unused and note is not None:
        note(f"{raw.name}: not used, kept in the raw file: entities of {', '.join(unused)[:200]}")
    yield from _records(raw, known)


def _records(raw: RawFile, known: _File) -> Iterator[Record[tuple[Entity, ...]] | Rejected]:
    seen: dict[str, str] = {}
    for record in read_ftm(raw):
        if isinstance(record, Rejected):
            yield record
            continue
        entity = record.value
        if entity.schema not in PARTY_SCHEMATA:
            continue
        line = int(record.locator.removeprefix("line "))
        if not entity.get("name"):
            yield reject(line, entity.id, "name: empty", "give the party's name")
        elif entity.id in seen:
            text = f"id: {entity.id[:60]!r} is already on {seen[entity.id]}"
            yield reject(line, entity.id, text, "give each party its own id")
        else:
            seen[entity.id] = record.locator
            beside, complete = _beside(entity.id, known)
            yield Record(record.locator, (_party(entity), *known.held.get(entity.id, ()), *beside))
            if not complete:
                text = f"more than {MAX_PARTIES} related parties or {MAX_LINKS} links, the farthest are not screened"
                yield reject_field(line, entity.id, text, "screen those as records of their own")


def _beside(party: str, known: _File) -> tuple[list[Entity], bool]:
    """The links of a party and the parties they lead to, nearest first, and whether that is all."""
    chosen: dict[int, None] = {}
    found: dict[str, None] = {party: None}
    waiting = deque([party])
    complete = True
    while waiting:
        here = waiting.popleft()
        for number in (known.by_party if here == party else known.upwards).get(here, ()):
            if number in chosen:
                continue
            link = known.links[number]
            start, end = LINK_SCHEMATA[link.schema]
            upwards = link.schema in _UPWARDS and here in link.get(end)
            others = [other for other in (*link.get(start), *link.get(end)) if other not in found]
            if len(chosen) >= MAX_LINKS or len(found) + len(others) > MAX_PARTIES + 1:
                complete = False
                break
            chosen[number] = None
            found.update(dict.fromkeys(others))
            waiting.extend(other for other in others if upwards and other in link.get(start))
    parties = [known.parties[other] for other in found if other != party and other in known.parties]
    held = [item for other in parties for item in known.held.get(other.id, ())]
    return [*(known.links[number] for number in chosen), *parties, *held], complete


def _entities(raw: RawFile) -> Iterator[Entity]:
    return (record.value for record in read_ftm(raw) if isinstance(record, Record))


def _party(entity: Entity) -> Entity:
    """The party with the properties that may be used."""
    builder = EntityBuilder(entity.id, entity.schema)
    for name, values in entity.properties.items():
        own = name if name in _OWN else property_of(name)
        if own is not None:
            builder.add(own, values)
    return builder.build((), entity.source)
