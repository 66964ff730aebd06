"""Reads FollowTheMoney entities as JSON lines, plain or gzip."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from stanch.exc import InputError
from stanch.model import Entity, EntityBuilder, Source
from stanch.sources.base import Record, Rejected
from stanch.sources.raw import RawFile

#: An entity with more text than this is not one: the largest real ones have some hundred kilobytes.
MAX_LINE = 8 * 1024**2
_SCHEMA = re.compile(r"[A-Z][A-Za-z]{1,59}")
_PROPERTY = re.compile(r"[a-z][A-Za-z0-9]{1,59}")


class _Line(msgspec.Struct):
    """What stanch needs of a line; other keys (caption, referents, first_seen …) are passed over."""

    id: str
    schema: str
    properties: dict[str, list[Any]] = {}
    datasets: list[str] = []


def read_ftm(raw: RawFile) -> Iterator[Record[Entity] | Rejected]:
    """Yield every entity in file order, of whatever schema; properties that hold entities keep their ids.

    Raises:
        InputError: not text, or no line holds an entity.
    """
    decoder = msgspec.json.Decoder(_Line)
    first: Rejected | None = None
    good = 0
    for number, text in raw.lines():
        if not text.strip():
            continue
        result = _entity(raw, decoder, number, text)
        if isinstance(result, Rejected):
            first = first or result
        else:
            good += 1
        yield result
    if not good:
        raise InputError(
            first.reason if first else "holds no entity",
            file=raw.name,
            line=first.line if first else None,
            remedy="give FollowTheMoney JSON, one entity a line",
        )


def _entity(raw: RawFile, decoder: msgspec.json.Decoder[_Line], number: int, text: str) -> Record[Entity] | Rejected:
    locator = f"line {number}"
    reason = ""
    if len(text) > MAX_LINE:
        reason = f"the line is longer than {MAX_LINE // 1024**2} MiB"
    else:
        try:
            line = decoder.decode(text)
            reason = _refusal(line)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as err:
            reason = f"not a FollowTheMoney entity ({str(err)[:200]})"
    if reason:
        return Rejected(locator, number, text[:4000], reason, "give one JSON object a line: id, schema, properties")
    entity = EntityBuilder(line.id, line.schema)
    for name, values in line.properties.items():
        entity.add(name, [_text(value) for value in values])
    return Record(locator, entity.build(tuple(line.datasets), Source(raw.name, locator, raw.sha256)))


def _refusal(line: _Line) -> str:
    if not (0 < len(line.id) <= 512 and line.id.isprintable()):
        return "the id is empty, too long or holds control characters"
    if not _SCHEMA.fullmatch(line.schema):
        return f"not a schema name: {line.schema[:40]!r}"
    if bad := next((name for name in line.properties if not _PROPERTY.fullmatch(name)), None):
        return f"not a property name: {bad[:40]!r}"
    return ""


def _text(value: Any) -> str | None:
    """A value as text; of a nested entity its id."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, bool) or value is None or isinstance(value, list):
        return None
    return value if isinstance(value, str) else str(value)
