"""Reads ISO 20022 payment messages: parties, agents, accounts and texts of each transaction, streamed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from stanch.sources.base import Record, Rejected, RejectedField
from stanch.sources.payments.documents import DocumentEnd, ElementEvent, line_of, local, read_documents
from stanch.sources.payments.elements import amount_of, first_text, read_parts
from stanch.sources.payments.families import (
    DATES,
    END_TO_END,
    ENVELOPE,
    FAMILIES,
    UETR,
    Family,
)
from stanch.sources.payments.records import Payment, PaymentPart
from stanch.sources.raw import RawFile

_TAGS = tuple(
    dict.fromkeys((ENVELOPE, *FAMILIES, *(tag for item in FAMILIES.values() for tag in (*item.containers, item.unit))))
)


def read_iso20022(raw: RawFile) -> Iterator[Record[Payment] | Rejected]:
    """Yield one payment a transaction, in order, and one without a number for what stands above transactions (the
    debtor of a batch, the owner of an account); a damaged document as Rejected after what was read of it.

    A file may hold several documents, each with or without a business envelope (head.001). Memory does not grow with
    the file.
    """
    message = _Message()
    for event in read_documents(raw, _TAGS):
        if isinstance(event, Rejected):
            yield event
            message = _Message()
        elif isinstance(event, DocumentEnd):
            yield from message.end_document()
            message = _Message()
        elif event.when == "start":
            yield from message.start(event)
        else:
            yield from message.end(event)


@dataclass(slots=True)
class _Frame:
    """An open element around transactions: what it says for all of them, and how many had come `before` it."""

    element: etree._Element
    path: str
    before: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    started: bool = False
    amount: tuple[str, str] = ("", "")
    date: str = ""


class _Message:
    """The state of one document: which elements are open, what they say, how many transactions came."""

    def __init__(self) -> None:
        self._family: Family | None = None
        self._format = ""
        self._message = ""
        self._envelope = ""
        self._frames: list[_Frame] = []
        self._open: etree._Element | None = None
        self._open_path = ""
        self._transactions = 0
        self._messages = 0
        self._stated = ""

    def start(self, event: ElementEvent) -> Iterator[Record[Payment]]:
        if self._open is not None:
            return  # whatever a transaction holds is read with it
        element, tag = event.element, local(event.element)
        if not self._frames:
            if tag in FAMILIES:
                self._begin(element, tag)
            elif tag == ENVELOPE:
                self._open, self._open_path = element, tag
            return
        family = self._family
        if family is None or (tag != family.unit and tag not in family.containers):
            return
        above = self._frames[-1]
        if element.getparent() is not above.element:
            return  # not where the schema has it
        if not above.started:
            above.started = True
            yield from self._own(above, event.line_offset, None)
        above.counts[tag] += 1
        path = f"{above.path}/{tag}[{above.counts[tag]}]".lstrip("/")
        if tag == family.unit:
            self._open, self._open_path = element, path
        else:
            self._frames.append(_Frame(element, path, self._transactions))

    def end(self, event: ElementEvent) -> Iterator[Record[Payment] | Rejected]:
        element = event.element
        if self._open is not None:
            if element is not self._open:
                return
            self._open = None
            if local(element) == ENVELOPE:
                yield from self._header(element, event.line_offset)
            else:
                yield self._transaction(element, event.line_offset)
            _free(element)
        elif self._frames and element is self._frames[-1].element:
            frame = self._frames[-1]
            # An entry of an account without details is a transaction itself.
            whole = local(element) == "Ntry" and self._transactions == frame.before
            if whole:
                self._transactions += 1
            yield from self._own(frame, event.line_offset, self._transactions if whole else None)
            self._frames.pop()
            if not self._frames:
                yield from self._count(event)
            _free(element)

    def end_document(self) -> Iterator[Rejected]:
        """Nothing is left open: the document was whole. One without any message is told."""
        if not self._messages:
            yield Rejected(
                "document",
                None,
                "",
                "holds no payment message that can be read",
                f"give {', '.join(dict.fromkeys(item.name for item in FAMILIES.values()))} or MT103",
            )

    def _begin(self, element: etree._Element, tag: str) -> None:
        self._family = FAMILIES[tag]
        space = str(element.tag).rpartition("}")[0].rpartition(":")[2]
        self._format = space if space.startswith(self._family.name) else self._family.name
        self._message, self._transactions, self._stated = self._envelope, 0, ""
        self._messages += 1
        self._frames = [_Frame(element, "")]

    def _own(self, frame: _Frame, line_offset: int, transaction: int | None) -> Iterator[Record[Payment]]:
        """What an open element says itself, apart from the transactions in it; its children are then dropped."""
        family = self._family
        if family is None:
            return
        inner = (family.unit, *family.containers)
        own = [child for child in frame.element if isinstance(child.tag, str) and local(child) not in inner]
        if not own:
            if transaction is not None:
                yield self._record(frame.path, transaction, (), frame.element)
            return
        root = frame.element
        if len(self._frames) == 1:
            self._message = first_text(root, ("GrpHdr/MsgId",)) or self._message
            self._stated = first_text(root, ("GrpHdr/NbOfTxs",)) or self._stated
        else:
            frame.amount = amount_of(root) if not frame.amount[0] else frame.amount
        frame.date = frame.date or first_text(root, DATES)
        parts = tuple(read_parts(own, root, frame.path, line_offset))
        if parts or transaction is not None:
            yield self._record(frame.path, transaction, parts, root)
        for child in own:
            frame.element.remove(child)

    def _transaction(self, element: etree._Element, line_offset: int) -> Record[Payment]:
        self._transactions += 1
        parts = tuple(read_parts(list(element), element, self._open_path, line_offset))
        return self._record(self._open_path, self._transactions, parts, element)

    def _header(self, element: etree._Element, line_offset: int) -> Iterator[Record[Payment]]:
        self._envelope = first_text(element, ("BizMsgIdr",))
        parts = tuple(read_parts(list(element), element, ENVELOPE, line_offset))
        if parts:
            yield Record(ENVELOPE, Payment("head.001", self._envelope, None, "", "", "", "", "", parts))

    def _record(
        self, path: str, transaction: int | None, parts: tuple[PaymentPart, ...], element: etree._Element
    ) -> Record[Payment]:
        amount, currency = amount_of(element)
        for frame in reversed(self._frames):
            if not amount and transaction is not None:
                amount, currency = frame.amount
        date = first_text(element, DATES) or next((item.date for item in reversed(self._frames) if item.date), "")
        return Record(
            path or self._format,
            Payment(
                format=self._format,
                message=self._message,
                transaction=transaction,
                end_to_end=first_text(element, END_TO_END),
                uetr=first_text(element, UETR),
                amount=amount if transaction is not None else "",
                currency=currency if transaction is not None else "",
                value_date=date,
                parts=parts,
            ),
        )

    def _count(self, event: ElementEvent) -> Iterator[Rejected]:
        """A header may state how many transactions follow: fewer or more means that the file was changed or cut."""
        stated = self._stated.strip()
        if stated.isascii() and stated.isdigit() and int(stated[:15]) != self._transactions:
            yield RejectedField(
                "GrpHdr/NbOfTxs",
                line_of(event.element, event.line_offset),
                stated[:40],
                f"the header counts {int(stated[:15]):,} transactions, {self._transactions:,} are there",
                "ask the sender for the whole message",
            )


def _free(element: etree._Element) -> None:
    """Forget a finished element and those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None:
        parent.remove(before)
