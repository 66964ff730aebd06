"""What a payment message says, transaction by transaction, each value with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: A party (person or organisation), an agent (a bank on the way), or free text.
PartKind = Literal["party", "agent", "text"]

#: What a value is. `contact` and `other-id` are kept, and looked through as free text.
FieldKind = Literal[
    "name", "address", "country", "birth-date", "birth-place", "document", "other-id", "bic", "lei", "clearing-id",
    "iban", "account", "phone", "email", "contact", "text",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaymentField:
    """One value as written, with its place.

    `path` is the element from the message down (``PmtInf[1]/CdtTrfTxInf[2]/Cdtr/Nm``) or tag and line of an MT field
    (``:59: line 2``); `line` the line of the file, from 1.
    """

    kind: FieldKind
    text: str
    path: str
    line: int | None


@dataclass(frozen=True, slots=True)
class PaymentPart:
    """A party, an agent or a text of a payment: its role ("creditor", "creditor agent", "remittance information") and
    its values in the order of the message. Several names are spellings of one (a name wrapped over two lines)."""

    role: str
    kind: PartKind
    fields: tuple[PaymentField, ...]

    def of(self, *kinds: FieldKind) -> tuple[PaymentField, ...]:
        """The values of some kinds."""
        return tuple(field for field in self.fields if field.kind in kinds)


@dataclass(frozen=True, slots=True)
class Payment:
    """One transaction of a message; or, with `transaction` None, what a header says for all that follow.

    `format` is the message type ("pain.001.001.09", "MT103"), `message` its identification (MsgId, field 20),
    `transaction` the number in the message from 1. `amount` and `value_date` are as written; "" is not stated.
    """

    format: str
    message: str
    transaction: int | None
    end_to_end: str
    uetr: str
    amount: str
    currency: str
    value_date: str
    parts: tuple[PaymentPart, ...]
