"""One file, one XML document after another: elements as they end, damage told per document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from stanch.sources.base import Rejected
from stanch.sources.raw import MAX_BYTES, RawFile
from stanch.sources.xml import safe_parser

#: Most bytes between two elements of interest: a transaction is a few kilobytes. Bounds the memory that a file takes.
MAX_GAP = 32 * 1024**2
_DECLARATION = b"<?xml "
_FIRST_TAG = re.compile(rb"<(!DOCTYPE|[^?!\s])", re.IGNORECASE)
_AGAIN = "ask for the file again; what stands before this place was read, nothing after it in this document"


@dataclass(frozen=True, slots=True)
class DocumentEnd:
    """A document was read to its end."""


@dataclass(frozen=True, slots=True)
class ElementEvent:
    """An element of interest starts or ends. `line_offset` is added to its line for the line in the file."""

    when: Literal["start", "end"]
    element: etree._Element
    line_offset: int


def local(element: etree._Element) -> str:
    """The name without namespace."""
    return str(element.tag).rpartition("}")[2]


def line_of(element: etree._Element, line_offset: int) -> int | None:
    """The line of the file that an element starts on, where the parser knows it."""
    line: int | None = getattr(element, "sourceline", None)
    return None if line is None else line + line_offset


def read_documents(raw: RawFile, tags: Sequence[str]) -> Iterator[ElementEvent | DocumentEnd | Rejected]:
    """Yield start and end of every element whose local name is in `tags`, document by document.

    A damaged document gives a Rejected, and the next one (told by its XML declaration) is read. The caller frees what
    it has used.
    """
    document: _Document | None = None
    line, number = 1, 0
    for begins, piece in _pieces(raw):
        if begins or document is None:
            if document is not None:
                yield from document.close()
            number += 1
            document = _Document(number, line - 1, tags)
        yield from document.feed(piece)
        line += piece.count(b"\n")
    if document is not None:
        yield from document.close()


def _pieces(raw: RawFile) -> Iterator[tuple[bool, bytes]]:
    """The bytes in pieces, and whether a piece begins a document."""
    held, begins = b"", False
    for chunk in raw.chunks(MAX_BYTES):
        data = held + chunk
        while (at := data.find(_DECLARATION, len(_DECLARATION) if begins else 0)) >= 0:
            if data[:at].strip(b"\xef\xbb\xbf\r\n\t \0"):
                yield begins, data[:at]
                data = data[at:]
            elif at:
                # White space before a declaration is no XML; the lines still count.
                yield begins, b"\n" * data[:at].count(b"\n")
                data = data[at:]
            begins = True
        keep = len(_DECLARATION) - 1
        held = data[-keep:] if not begins or len(data) > 2 * keep else data
        if piece := data[: len(data) - len(held)]:
            yield begins, piece
            begins = False
    if held:
        yield begins, held


class _Document:
    """One parser. Silent once the document is damaged."""

    def __init__(self, number: int, line_offset: int, tags: Sequence[str]) -> None:
        self._number, self._offset = number, line_offset
        self._parser = safe_parser([f"{{*}}{tag}" for tag in tags])
        self._head: bytes | None = b""
        self._gap = 0
        self._broken = self._empty = False
        self._fed = False

    def feed(self, piece: bytes) -> Iterator[ElementEvent | Rejected]:
        if self._broken or (not self._fed and not piece.strip(b"\xef\xbb\xbf\r\n\t \0")):
            if not self._fed and not self._broken:
                self._offset += piece.count(b"\n")
            return
        self._fed = True
        if self._head is not None:
            self._head = (self._head + piece)[:65536]
            if (first := _FIRST_TAG.search(self._head)) is not None:
                if first[1].upper() == b"!DOCTYPE":
                    yield self._refuse("has a document type declaration", None)
                    return
                self._head = None
        try:
            self._parser.feed(piece)
        except etree.XMLSyntaxError as err:
            # What was complete before the damage still comes.
            yield from self._events()
            yield self._damage(err)
            return
        self._gap += len(piece)
        yield from self._events()
        if self._gap > MAX_GAP:
            yield self._refuse(f"no end of a transaction in {MAX_GAP // 1024**2} MiB", None)

    def close(self) -> Iterator[ElementEvent | DocumentEnd | Rejected]:
        if self._broken or not self._fed:
            return
        try:
            self._parser.close()
        except etree.XMLSyntaxError as err:
            yield from self._events()
            yield self._damage(err)
            return
        yield from self._events()
        if not self._broken:
            yield DocumentEnd()

    def _events(self) -> Iterator[ElementEvent | Rejected]:
        events = self._parser.read_events()
        while not self._broken:
            try:
                when, element = next(events)
            except StopIteration:
                return
            except etree.XMLSyntaxError as err:
                yield self._damage(err)
                return
            if not isinstance(element, etree._Element):
                continue
            # UTF-16 hides a declaration from the look at the bytes.
            if getattr(element.getroottree().docinfo, "doctype", ""):
                yield self._refuse("has a document type declaration", None)
                return
            self._gap = 0
            yield ElementEvent("end" if when == "end" else "start", element, self._offset)

    def _damage(self, err: etree.XMLSyntaxError) -> Rejected:
        problem = str(err.msg).partition(", line ")[0]
        line = err.lineno + self._offset if err.lineno else None
        return self._refuse(f"the XML is damaged or cut off ({problem[:200]})", line)

    def _refuse(self, reason: str, line: int | None) -> Rejected:
        self._broken = True
        remedy = _AGAIN if line is not None else "payment messages never do: do not use it, ask the sender"
        return Rejected(f"document {self._number}", line or self._offset + 1, "", reason, remedy)
