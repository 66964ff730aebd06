"""Reads SWIFT MT103 customer transfers (and the bank transfers MT202, MT202 COV, MT205): every party with its field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from stanch.names.identifiers import normalise
from stanch.sources.base import Record, Rejected, RejectedField
from stanch.sources.payments.mtmessages import MtField, MtMessage, read_mt_messages
from stanch.sources.payments.records import FieldKind, Payment, PaymentField, PaymentPart
from stanch.sources.raw import RawFile

TYPES = ("103", "202", "205")

#: Field number → role of the party or agent in it.
PARTIES = {"50": "debtor", "59": "creditor"}
AGENTS = {
    "51": "sending institution",
    "52": "debtor agent",
    "53": "sender's correspondent",
    "54": "receiver's correspondent",
    "55": "third reimbursement institution",
    "56": "intermediary agent 1",
    "57": "creditor agent",
    "58": "beneficiary institution",
}
TEXTS = {
    "70": "remittance information",
    "72": "sender to receiver information",
    "77B": "regulatory reporting",
    "77T": "envelope contents",
}
#: A line of a party holds 35 characters, one of option F 33 beside its number: a full line may go on in the next.
LINE = 35
#: Line number of option F → what it is (1 name, 2 address, 3 country and town, 4 birth, 5 place, 6 and 7 numbers).
_OPTION_F: dict[str, FieldKind] = {"1": "name", "2": "address", "4": "birth-date", "5": "birth-place"}
#: Codes of option F that state an identity document; the others number a customer.
_DOCUMENTS = frozenset({"ARNU", "CCPT", "DRLC", "NIDN", "SOSE", "TXID"})
_CODED = re.compile(r"([A-Z]{4})/([A-Z]{2})/(.+)")
_AMOUNT = re.compile(r"([0-9]{6})([A-Z]{3})([0-9,.]+)")
_WORDS = re.compile(r"/[A-Z0-9]{2,8}/|//")


def read_mt103(raw: RawFile) -> Iterator[Record[Payment] | Rejected]:
    """Yield one payment a message; a message of another type, or without field 20, as Rejected. A message that is cut
    off is given as far as it goes, followed by a RejectedField that says so."""
    for message in read_mt_messages(raw):
        if isinstance(message, Rejected):
            yield message
            continue
        reference = _first(message, "20")
        if message.type and message.type not in TYPES:
            yield _rejected(message, f"an MT{message.type} is not read", f"give MT{', MT'.join(TYPES)}")
            continue
        if reference is None or not reference.text.strip():
            yield _rejected(message, "no reference (field 20)", "ask the sender for the whole message")
            continue
        locator = f"message {reference.text.strip()[:35]}"
        yield Record(locator, _payment(message, reference.text.strip()[:35]))
        if not message.ended:
            reason, remedy = "the message has no end (-})", "ask for the file again; what is there was read"
            yield RejectedField(locator, message.line, reference.text[:35], reason, remedy)


def _rejected(message: MtMessage, reason: str, remedy: str) -> Rejected:
    text = "\n".join(f":{item.tag}:{item.text}" for item in message.fields)
    return Rejected(f"line {message.line}", message.line, text[:4000], reason, remedy)


def _payment(message: MtMessage, reference: str) -> Payment:
    date, currency, amount = "", "", ""
    if (stated := _first(message, "32A")) is not None and (found := _AMOUNT.match(stated.text)) is not None:
        year = int(found[1][:2])
        century = 19 if year > 79 else 20
        date = f"{century}{found[1][:2]}-{found[1][2:4]}-{found[1][4:]}"
        currency, amount = found[2], found[3].replace(",", ".").rstrip(".")
    parts = [
        PaymentPart(role, "agent", (PaymentField("bic", bic, block, message.line),))
        for role, bic, block in (
            ("sender", message.sender, "block 1 or 2"),
            ("receiver", message.receiver, "block 1 or 2"),
        )
        if bic
    ]
    parts += [part for item in message.fields for part in _parts(item)]
    name = f"MT{message.type}" if message.type else "MT103"
    return Payment(name, reference, 1, "", message.uetr.lower(), amount, currency, date, tuple(parts))


def _first(message: MtMessage, tag: str) -> MtField | None:
    return next((item for item in message.fields if item.tag == tag), None)


def _parts(item: MtField) -> Iterator[PaymentPart]:
    number, option = item.tag[:2], item.tag[2:]
    if (role := TEXTS.get(item.tag)) is not None:
        text = _unwrapped([_WORDS.sub(" ", line).strip() if number == "72" else line for _, line in item.lines])
        if text:
            yield PaymentPart(role, "text", (PaymentField("text", text, f":{item.tag}:", item.lines[0][0]),))
    elif (role := PARTIES.get(number)) is not None:
        yield PaymentPart(role, "party", tuple(_option_f(item) if option == "F" else _party(item)))
    elif (role := AGENTS.get(number)) is not None and (fields := tuple(_party(item))):
        yield PaymentPart(role, "agent", fields)


def _place(item: MtField, index: int) -> tuple[str, int]:
    """Path and line of one line of a field."""
    return f":{item.tag}: line {index + 1}", item.lines[index][0]


def _party(item: MtField) -> Iterator[PaymentField]:
    """Options A (account, BIC), B (place), C (clearing code), D, K and none (account, name, address)."""
    index = 0
    lines = [text.strip() for _, text in item.lines]
    while index < len(lines) and lines[index].startswith("/"):
        yield _account(lines[index], *_place(item, index))
        index += 1
    rest = [(place, text) for place, text in enumerate(lines) if place >= index and text]
    option = item.tag[2:]
    if option in ("A", "G") and rest:
        place, text = rest[0]
        yield PaymentField("bic", text, *_place(item, place))
        rest = rest[1:]
    elif option != "B" and rest:
        yield from _names(item, [place for place, _ in rest], [text for _, text in rest])
        rest = rest[1:]
    for place, text in rest:
        yield PaymentField("address", text, *_place(item, place))


def _account(text: str, path: str, line: int) -> PaymentField:
    """An account line: "/DE89…", "//FW021…" (a clearing code), "/C/123", "/ABIC/…"."""
    value = text.lstrip("/")
    if text.startswith("//"):
        return PaymentField("clearing-id", value, path, line)
    value = re.sub(r"^[CD]/", "", value)
    return PaymentField("iban" if normalise("iban", value) else "account", value, path, line)


def _names(
    item: MtField, places: Sequence[int], texts: Sequence[str], numbered: bool = False
) -> Iterator[PaymentField]:
    """The name, and the spellings it has when it goes on in the next line: cut inside a word, or at a space.

    Args:
        numbered: every line is stated to be a part of the name (option F); otherwise only a full line goes on.
    """
    yield PaymentField("name", texts[0], *_place(item, places[0]))
    full = LINE - 2 if numbered else LINE
    joined = [texts[0]]
    for previous, text in pairwise(texts):
        if len(previous) < full - 1 and not numbered:
            break
        # A space at the end of a line is lost on the way, so that a full line may be one short.
        ends = ["", " "] if len(previous) >= full - 2 * numbered else [" "]
        joined = [name + space + text for name in joined for space in ends][:4]
        for name in joined:
            yield PaymentField("name", name, *_place(item, places[0]))


def _option_f(item: MtField) -> Iterator[PaymentField]:
    """Option F: an account or a coded number, then lines "1/NAME", "2/STREET", "3/CC/TOWN", "4/BIRTH", "5/CC/PLACE",
    "6/CC/ISSUER/NUMBER", "7/CC/NUMBER", "8/more of a number"."""
    names: list[tuple[int, str]] = []
    numbers: list[tuple[int, FieldKind, str]] = []
    for index, (_, line) in enumerate(item.lines):
        text = line.strip()
        path, number = _place(item, index)
        code, _, value = text.partition("/")
        if index == 0 and (coded := _CODED.fullmatch(text)) is not None:
            kind: FieldKind = "document" if coded[1] in _DOCUMENTS else "other-id"
            numbers.append((index, kind, coded[3].rpartition("/")[2]))
        elif text.startswith("/"):
            yield _account(text, path, number)
        elif code == "1":
            names.append((index, value))
        elif code == "3":
            country, _, town = value.partition("/")
            yield PaymentField("country", country, path, number)
            if town:
                yield PaymentField("address", town, path, number)
        elif code == "4":
            yield PaymentField("birth-date", _iso(value), path, number)
        elif code in ("6", "7"):
            numbers.append((index, "document" if code == "7" else "other-id", value.rpartition("/")[2]))
        elif code == "8" and numbers:
            place, kind, start = numbers[-1]
            numbers[-1] = (place, kind, start + value)
        elif code in _OPTION_F:
            yield PaymentField(_OPTION_F[code], value, path, number)
        elif text:
            # Not numbered, against the rule: most likely a name or an address.
            yield PaymentField("address", text, path, number)
    if names:
        yield from _names(item, [place for place, _ in names], [text for _, text in names], True)
    for place, kind, value in numbers:
        yield PaymentField(kind, value, *_place(item, place))


def _iso(text: str) -> str:
    match = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", text.strip())
    return "-".join(match.groups()) if match else text.strip()


def _unwrapped(lines: Sequence[str]) -> str:
    """Lines of narrative as one text: a full line goes on without a space."""
    text = ""
    for previous, line in zip(["", *lines], lines, strict=False):
        text += ("" if not text or len(previous) >= LINE else " ") + line
    return " ".join(text.split())
