"""The remarks of an SDN entry: facts in one line of text, apart by semicolons, read into FtM properties."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from stanch.model import EntityBuilder
from stanch.sources.chains import account_of, chain_of
from stanch.sources.countries import code_or_name
from stanch.sources.dates import iso_date, years_between

#: The remarks field holds this many characters; what is longer runs on in the comments file.
FIELD_WIDTH = 1000

#: No statement of the list is nearly as long; what is longer is not searched for facts.
MAX_STATEMENT = 1000

_WALLET = re.compile(r"Digital Currency Address - ([A-Z0-9]{2,6}) (\S+)")
_ADDRESS = re.compile(r"[A-Za-z0-9:]{20,120}")
_YEARS = re.compile(r".*?(\d{4}) to .*?(\d{4})$")
#: A number, then perhaps the country in brackets and dates; brackets that touch the number belong to it.
_NUMBER = r"(?P<value>\S.*?)(?: \([^)]*\))?(?: (?:issued|expires) .*)?"
#: Standing notes of the list that say nothing about the entry itself.
_BOILERPLATE = ("Transactions Prohibited For Persons", "For more information on")


@dataclass(frozen=True, slots=True)
class Wallet:
    """One listed digital currency address: OFAC's symbol for the currency, and the address as printed."""

    symbol: str
    address: str


@dataclass(slots=True)
class Remarks:
    """What the remarks say beside properties: wallets, names of linked entries, and parts that could not be read."""

    wallets: list[Wallet] = field(default_factory=list)
    linked_to: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


def split_remarks(text: str) -> list[str]:
    """The statements of a remarks text, without the full stop at its end."""
    return [part for raw in text.strip().removesuffix(".").split("; ") if (part := raw.strip())]


def read_remarks(entity: EntityBuilder, statements: list[str], title: str = "") -> Remarks:
    """Add what `statements` say to `entity`; what no rule knows becomes a note, so that nothing is lost. A statement
    that only repeats the entry's `title` is dropped."""
    found = Remarks()
    for statement in statements:
        if statement.startswith(_BOILERPLATE):
            continue
        if len(statement) > MAX_STATEMENT:
            found.unreadable.append(statement)
            continue
        text = statement.removeprefix("alt. ")
        if match := _WALLET.fullmatch(text):
            symbol, address = match.groups()
            if _is_address(symbol, address):
                found.wallets.append(Wallet(symbol, address))
            else:
                found.unreadable.append(statement)
        elif text.startswith("Linked To: "):
            found.linked_to.append(text.removeprefix("Linked To: "))
        elif not _fact(entity, text) and statement not in title:
            entity.add("notes", statement)
    return found


def _is_address(symbol: str, address: str) -> bool:
    """Whether it can be one: by its checksum where stanch knows the chain, else by its shape."""
    if chain_of(symbol, address) is None:
        return _ADDRESS.fullmatch(address) is not None
    try:
        account_of(symbol, address)
    except ValueError:
        return False
    return True


def _fact(entity: EntityBuilder, text: str) -> bool:
    for rule in _RULES:
        if match := rule.pattern.fullmatch(text):
            value = match["value"].strip()
            entity.add(rule.prop, [value] if rule.read is None else rule.read(value))
            return True
    return False


def _birth(text: str) -> list[str]:
    text = text.removeprefix("circa ")
    if match := _YEARS.fullmatch(text):
        first, last = (iso_date(part.replace("circa ", "")) for part in text.split(" to ", 1))
        if first and last and first[:7] == last[:7]:
            return [first[:7]]
        return years_between(int(match[1]), int(match[2]))
    found = iso_date(text)
    return [found] if found else []


def _lower(text: str) -> list[str]:
    return [text.lower()]


def _country(text: str) -> list[str]:
    return [code_or_name(text)]


def _date(text: str) -> list[str]:
    found = iso_date(text)
    return [found] if found else []


@dataclass(frozen=True, slots=True)
class _Rule:
    prop: str
    pattern: re.Pattern[str]
    read: Callable[[str], list[str]] | None = None


def _rule(prop: str, pattern: str, read: Callable[[str], list[str]] | None = None) -> _Rule:
    return _Rule(prop, re.compile(pattern), read)


_REST = r"(?P<value>.+)"
#: First match wins. OFAC prints its weak aliases in quotes in the remarks and the strong ones in the alias file.
_RULES = (
    _rule("birthDate", rf"DOB {_REST}", _birth),
    _rule("birthPlace", rf"POB {_REST}"),
    _rule("nationality", rf"nationality {_REST}", _country),
    _rule("citizenship", rf"citizen {_REST}", _country),
    _rule("gender", rf"Gender {_REST}", _lower),
    _rule("passportNumber", rf"(?:Diplomatic |Official |Service )?Passport {_NUMBER}"),
    _rule("imoNumber",
          r"(?:Vessel Registration Identification|Identification Number|Company Number) IMO (?P<value>\d{7})"),
    _rule("imoNumber", r"Vessel Registration Identification (?P<value>\d{7})"),
    _rule("mmsi", r"MMSI (?P<value>\d+)(?: \(.*)?"),
    _rule("swiftBic", r"SWIFT/BIC (?P<value>[A-Z0-9]{8,11})(?: \(.*)?"),
    _rule("leiCode", rf"Legal Entity Number {_NUMBER}"),
    _rule("dunsCode", rf"D-U-N-S Number {_NUMBER}"),
    _rule("phone", r"(?:Phone Number|Telephone:?|PHONE) (?P<value>[^(]+)(?:\(.*)?"),
    _rule("email", r"(?:Email Address|EMAIL) (?P<value>\S+)"),
    _rule("website", r"(?:Website|URL) (?P<value>\S+)"),
    _rule("weakAlias", r"(?:a|f|n)\.k\.a\. '(?P<value>.+)'"),
    _rule("taxNumber", rf"(?:Tax ID No\.|V\.A\.T\. Number|RFC|R\.F\.C\.) {_NUMBER}"),
    _rule("registrationNumber",
          rf"(?:(?:Business |Commercial )?(?:Registration|Registry|Company|Enterprise|Business)(?: Document)?"
          rf" (?:Number|ID|No\.|#)|C\.R\. No\.|Unified Social Credit Code \(USCC\)|Organization Code) {_NUMBER}"),
    _rule("idNumber",
          rf"(?:National (?:Foreign )?ID (?:No\.|Number)|Identification Number|Personal ID Card|Citizen's Card Number"
          rf"|SSN|Cedula No\.|C\.U\.R\.P\.|D\.N\.I\.|NIT #|Birth Certificate Number|Residency Number) {_NUMBER}"),
    _rule("incorporationDate", rf"Organization Established Date {_REST}", _date),
    _rule("jurisdiction", rf"Nationality of Registration {_REST}", _country),
    _rule("pastFlags", rf"Former Vessel Flag {_REST}", _country),
    _rule("buildDate", rf"Aircraft Manufacture Date {_REST}", _date),
    _rule("model", rf"Aircraft Model {_REST}"),
    _rule("serialNumber",
          r"Aircraft (?:Manufacturer's Serial Number \(MSN\)|Construction Number \(also called L/N or S/N or F/N\))"
          r" (?P<value>.+)"),
    _rule("registrationNumber", rf"Aircraft Tail Number {_REST}"),
)  # fmt: skip
