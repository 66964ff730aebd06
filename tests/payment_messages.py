"""Payment messages made for tests: small, with odd cases put in by the caller."""

from __future__ import annotations

from pathlib import Path

from stanch.sources.base import Record, Rejected
from stanch.sources.payments import Payment, PaymentPart, read_payments
from stanch.sources.raw import RawFile

PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"


def transfer(creditor: str = "<Nm>Anna Schmidt</Nm>", text: str = "Invoice 1", more: str = "") -> str:
    """One CdtTrfTxInf."""
    return (
        "<CdtTrfTxInf><PmtId><EndToEndId>E1</EndToEndId></PmtId>"
        '<Amt><InstdAmt Ccy="EUR">10.50</InstdAmt></Amt>'
        f"<Cdtr>{creditor}</Cdtr>{more}<RmtInf><Ustrd>{text}</Ustrd></RmtInf></CdtTrfTxInf>"
    )


def pain(*transfers: str, debtor: str = "<Nm>Nordwind GmbH</Nm>", count: int | None = None, space: str = PAIN) -> str:
    """A pain.001 message."""
    number = len(transfers) if count is None else count
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{space}">\n<CstmrCdtTrfInitn>\n'
        f"<GrpHdr><MsgId>M1</MsgId><NbOfTxs>{number}</NbOfTxs></GrpHdr>\n"
        f"<PmtInf><ReqdExctnDt><Dt>2026-03-02</Dt></ReqdExctnDt>\n<Dbtr>{debtor}</Dbtr>\n"
        + "\n".join(transfers)
        + "\n</PmtInf></CstmrCdtTrfInitn></Document>\n"
    )


def mt103(*fields: str, reference: str = "REF1", end: str = "-}") -> str:
    """An MT103 with its blocks; `fields` are tags with their text."""
    head = "{1:F01AAAABEBBAXXX0000000000}{2:I103BBBBDEFFXXXXN}{3:{121:86d7da8e-6e41-4466-b9bb-9b41d5814d5a}}{4:"
    return "\r\n".join((head, f":20:{reference}", ":32A:261231USD1250,50", *fields, end))


def raw_of(folder: Path, text: str | bytes, name: str = "message") -> RawFile:
    """The text as a file."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return RawFile.open(path)


def read(folder: Path, text: str | bytes) -> tuple[list[Payment], list[Rejected]]:
    """The payments and what was rejected."""
    found = list(read_payments(raw_of(folder, text)))
    return (
        [item.value for item in found if isinstance(item, Record)],
        [item for item in found if isinstance(item, Rejected)],
    )


def part(payments: list[Payment], role: str) -> PaymentPart:
    """The first part of a role."""
    return next(item for payment in payments for item in payment.parts if item.role == role)


def values(found: PaymentPart) -> list[tuple[str, str]]:
    """Kind and text of the fields of a part."""
    return [(item.kind, item.text) for item in found.fields]
