"""SWIFT MT files into messages: blocks and fields, one message after another, also bare text of block 4."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from stanch.sources.base import Rejected
from stanch.sources.raw import RawFile

_TAG = re.compile(r":([0-9]{2}[A-Z]?):(.*)", re.DOTALL)
_SENDER = re.compile(r"\{1:[A-Z][0-9]{2}([A-Z0-9]{8})[A-Z0-9]([A-Z0-9]{3})")
_INPUT = re.compile(r"\{2:I([0-9]{3})([A-Z0-9]{8})[A-Z0-9]([A-Z0-9]{3})")
_OUTPUT = re.compile(r"\{2:O([0-9]{3})[0-9]{10}([A-Z0-9]{8})[A-Z0-9]([A-Z0-9]{3})")
_UETR = re.compile(r"\{121:([0-9A-Fa-f-]{36})\}")
#: Separators that files put between messages: RJE writes "$", DOS-PCC control characters.
_BETWEEN = "$\x01\x03\x1a \t\ufeff"
#: A message has at most 10,000 characters by the standard; this many lines are none.
MAX_LINES = 2_000
#: Longest line kept; the standard's have 35, narrative 50 and a header some 100.
MAX_LINE = 2_000


@dataclass(frozen=True, slots=True)
class MtField:
    """One field: its tag ("50K") and its lines with their numbers in the file."""

    tag: str
    lines: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        """The lines as one text with line feeds."""
        return "\n".join(text for _, text in self.lines)


@dataclass(frozen=True, slots=True)
class MtMessage:
    """One message. `type` is "103", "" when there is no block 2; `ended`: its end was seen."""

    line: int
    type: str
    sender: str
    receiver: str
    uetr: str
    fields: tuple[MtField, ...]
    ended: bool


@dataclass(slots=True)
class _Open:
    """The message being read."""

    line: int
    header: str = ""
    bare: bool = False
    fields: list[tuple[str, list[tuple[int, str]]]] = field(default_factory=list)
    count: int = 0
    in_text: bool = False
    stray: tuple[int, str] | None = None
    oversize: bool = False

    def build(self, ended: bool) -> MtMessage:
        made = tuple(MtField(tag, tuple(lines)) for tag, lines in self.fields)
        sender, receiver, kind = "", "", ""
        own = _SENDER.search(self.header)
        if (sent := _INPUT.search(self.header)) is not None:
            kind, receiver = sent[1], sent[2] + sent[3]
            sender = own[1] + own[2] if own else ""
        elif (got := _OUTPUT.search(self.header)) is not None:
            # An output message was delivered: its own address is the receiver's, the sender stands in block 2.
            kind, sender = got[1], _sender_of_output(self.header)
            receiver = own[1] + own[2] if own else ""
        elif own is not None:
            sender = own[1] + own[2]
        uetr = _UETR.search(self.header)
        return MtMessage(self.line, kind, sender, receiver, uetr[1] if uetr else "", made, ended)


def _sender_of_output(header: str) -> str:
    """{2:O 103 HHMM YYMMDD LTADDRESS(12) …: time of input, date and logical terminal of the sender."""
    found = _OUTPUT.search(header)
    return found[2] + found[3] if found else ""


def read_mt_messages(raw: RawFile) -> Iterator[MtMessage | Rejected]:
    """Yield the messages of a file in order; text that belongs to none, and a message too long, as Rejected.

    A message begins with ``{1:`` (or ``{4:``), or, bare, with field 20; it ends with ``-}``, bare with a line ``-``,
    or where the next begins.
    """
    current: _Open | None = None
    for number, line in raw.lines():
        if len(line) > MAX_LINE:
            reason = f"a line of {len(line):,} characters, only the first {MAX_LINE:,} were read"
            yield Rejected(f"line {number}", number, line[:4000], reason, "MT fields have lines of at most 50")
        rest: str | None = line[:MAX_LINE]
        while rest is not None:
            current, rest, done = _take(current, number, rest)
            yield from done
    if current is not None:
        yield from _finish(current, current.bare)


def _take(current: _Open | None, number: int, line: str) -> tuple[_Open | None, str | None, list[MtMessage | Rejected]]:
    """Add one line (or the rest of one): the message now open, what is left of the line, and what is complete."""
    done: list[MtMessage | Rejected] = []
    at = line.find("{1:")
    if at > 0 and (current is None or current.in_text) and line[:at].strip(_BETWEEN):
        # "-}{1:": the end of one message and the start of the next on one line.
        current, left, done = _take(current, number, line[:at])
        return current, (left or "") + line[at:], done
    if at >= 0 and (current is None or current.in_text or "{1:" in current.header):
        if current is not None:
            done += _finish(current, current.bare)
        current = _Open(number)
        line = line[at:]
    if current is None:
        text = line.strip(_BETWEEN)
        if not text or text.startswith("{5:") or text.startswith("{S:") or set(text) <= set("-}"):
            return None, None, done
        current = _Open(number)
        if not text.startswith("{"):
            current.bare = current.in_text = True
        line = text
    if not current.in_text:
        start = line.find("{4:")
        current.header = (current.header + (line if start < 0 else line[:start]))[:4_000]
        if start < 0:
            return current, None, done
        current.in_text = True
        line = line[start + 3 :]
        if not line.strip():
            return current, None, done
    return _text_line(current, number, line, done)


def _text_line(
    current: _Open, number: int, line: str, done: list[MtMessage | Rejected]
) -> tuple[_Open | None, str | None, list[MtMessage | Rejected]]:
    end = line.find("-}")
    if line.startswith("-}") or (end >= 0 and not current.bare and line[end + 2 :].lstrip(_BETWEEN)[:1] in ("", "{")):
        if end > 0:
            _add(current, number, line[:end])
        done += _finish(current, True)
        return None, line[end + 2 :] or None, done
    if current.bare and line.rstrip() == "-":
        done += _finish(current, True)
        return None, None, done
    tag = _TAG.match(line)
    if current.bare and tag and tag[1] == "20" and current.fields:
        done += _finish(current, True)
        current = _Open(number, bare=True, in_text=True)
    _add(current, number, line.rstrip("\x03"))
    return current, None, done


def _add(current: _Open, number: int, line: str) -> None:
    current.count += 1
    if current.count > MAX_LINES:
        current.oversize = True
        return
    if (tag := _TAG.match(line)) is not None:
        current.fields.append((tag[1], [(number, tag[2].rstrip())]))
    elif current.fields:
        current.fields[-1][1].append((number, line.rstrip()))
    elif line.strip() and current.stray is None:
        current.stray = (number, line)


def _finish(current: _Open, ended: bool) -> Iterator[MtMessage | Rejected]:
    if current.oversize:
        reason, remedy = f"has more than {MAX_LINES:,} lines", "no MT message has: check where the message ends"
        yield Rejected(f"line {current.line}", current.line, current.header[:4000], reason, remedy)
        return
    if not current.fields:
        number, text = current.stray or (current.line, current.header)
        yield Rejected(
            f"line {number}", number, text[:4000], "no field of an MT message", "fields begin with a tag as :20:"
        )
        return
    if current.stray is not None:
        number, text = current.stray
        yield Rejected(f"line {number}", number, text[:4000], "text before the first field", "fields begin with a tag")
    yield current.build(ended)
