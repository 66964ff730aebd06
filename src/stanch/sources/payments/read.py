"""Payment files of any kind, known by their content and never by their name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from stanch.exc import InputError
from stanch.sources.base import Record, Rejected
from stanch.sources.payments.records import Payment
from stanch.sources.raw import RawFile

_MT = re.compile(r"[\s$\x01\ufeff]*(\{1:|\{4:|:20:)")
_SPACE = re.compile(r"iso:20022:tech:xsd:(pain|pacs|camt|head)\.")
_ROOT = re.compile(r"<(?:[\w.-]+:)?(CstmrCdtTrfInitn|FIToFICstmrCdtTrf|FICdtTrf|FinInstnCdtTrf|BkToCstmr\w+)[\s/>]")


def is_payment_file(raw: RawFile) -> bool:
    """Whether a file is payment messages, by its first 64 KiB."""
    return _kind(raw) is not None


def read_payments(raw: RawFile) -> Iterator[Record[Payment] | Rejected]:
    """Yield every payment of a file in order; what cannot be read as Rejected, and the rest goes on.

    Raises:
        InputError: neither ISO 20022 nor MT.
    """
    kind = _kind(raw)
    if kind == "mt":
        from stanch.sources.payments.mt103 import read_mt103

        return read_mt103(raw)
    if kind == "iso20022":
        from stanch.sources.payments.iso20022 import read_iso20022

        return read_iso20022(raw)
    raise InputError(
        "not a payment message",
        file=raw.name,
        remedy="give ISO 20022 (pain.001, pacs.008, camt.053) or MT103; `stanch screen` reads customer files",
    )


def _kind(raw: RawFile) -> Literal["iso20022", "mt"] | None:
    head = raw.head()
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = head.decode(encoding, "replace")
    if _MT.match(text):
        return "mt"
    if text.lstrip("\ufeff \t\r\n").startswith("<") and (_SPACE.search(text) or _ROOT.search(text)):
        return "iso20022"
    return None
