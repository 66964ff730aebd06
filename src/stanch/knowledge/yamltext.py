"""YAML in which every value is text: no guessed dates, numbers or booleans, no repeated keys, no aliases.

YAML reads ``no`` as false and ``2270`` as a number; facts must mean what they say, so the table decides the types.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from stanch.exc import InputError
from stanch.yamlevents import events, line_of

if TYPE_CHECKING:
    from yaml.events import Event

#: A fact file is written by hand; a larger one is not a fact file.
MAX_BYTES = 4 * 1024**2
MAX_TEXT = 4_000
_MAX_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, its white space made single, and the line it starts on."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    """A sequence."""

    items: tuple[Value, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping, in file order."""

    fields: dict[str, Value]
    line: int


Value = Text | Items | Fields


def read(data: bytes, file: str) -> Fields:
    """The mapping that a YAML file holds.

    Raises:
        InputError: not UTF-8, not YAML, too large, a repeated key, an alias, a control character, or no mapping.
    """
    if len(data) > MAX_BYTES:
        raise InputError(f"larger than {MAX_BYTES // 1024**2} MiB", file=file, remedy="split the table")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as err:
        raise InputError("not UTF-8 text", file=file, remedy="save it as UTF-8") from err
    value = _Walk(file, events(text, file, max_depth=_MAX_DEPTH)).document()
    if not isinstance(value, Fields):
        raise InputError("holds no mapping", file=file, remedy='start with "card:" and "rows:"')
    return value


class _Walk:
    """Builds values from parser events, which are bounded in depth."""

    def __init__(self, file: str, events: Iterator[Event]) -> None:
        self.file = file
        self.events = events

    def refuse(self, problem: str, line: int, remedy: str) -> NoReturn:
        raise InputError(problem, file=self.file, line=line, remedy=remedy)

    def document(self) -> Value | None:
        """The one document of the stream, None when there is none."""
        from yaml.events import DocumentEndEvent, DocumentStartEvent, StreamEndEvent, StreamStartEvent

        value: Value | None = None
        for event in self.events:
            if isinstance(event, (StreamStartEvent, DocumentStartEvent, DocumentEndEvent, StreamEndEvent)):
                continue
            if value is not None:
                self.refuse("a second document", line_of(event), "keep one document a file")
            value = self.value(event)
        return value

    def value(self, event: Event) -> Value:
        from yaml.events import MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

        line = line_of(event)
        if isinstance(event, ScalarEvent):
            return Text(self.text(event.value, line), line)
        if isinstance(event, SequenceStartEvent):
            items: list[Value] = []
            while not isinstance(item := next(self.events), SequenceEndEvent):
                items.append(self.value(item))
            return Items(tuple(items), line)
        if not isinstance(event, MappingStartEvent):
            # A few lines of aliases unfold to gigabytes.
            self.refuse("an alias", line, "write the value out")
        fields: dict[str, Value] = {}
        while not isinstance(key := next(self.events), MappingEndEvent):
            at = line_of(key)
            if not isinstance(key, ScalarEvent):
                self.refuse("a key that is not text", at, "use a column name")
            name = self.text(key.value, at)
            if name in fields:
                self.refuse(f'the key "{name}" stands twice', at, "keep one of them")
            fields[name] = self.value(next(self.events))
        return Fields(fields, line)

    def text(self, raw: str, line: int) -> str:
        text = " ".join(raw.split())
        if len(text) > MAX_TEXT:
            self.refuse(f"a text of {len(text):,} characters", line, f"keep it below {MAX_TEXT:,}")
        if text in ("null", "~"):
            self.refuse("null", line, "leave the line out")
        if not text.isprintable():
            self.refuse("a control or direction-changing character", line, "remove it")
        return text
