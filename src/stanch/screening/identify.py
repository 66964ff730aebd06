"""Exact identifiers of entities: documents, ships, banks, accounts, wallets, telephone numbers, e-mail addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stanch.model import Entity, Source
from stanch.names import identifiers

#: FtM property → (kind for `names.identifiers.normalise`, row of the weight table). Passport and identity numbers share
#: a row, and so a name space: files put either into a column called "document".
PROPERTIES: dict[str, tuple[str, str]] = {
    "passportNumber": ("passport", "id.document"),
    "idNumber": ("national-id", "id.document"),
    "imoNumber": ("imo", "id.imo"),
    "mmsi": ("mmsi", "id.mmsi"),
    "swiftBic": ("bic", "id.bic"),
    "iban": ("iban", "id.iban"),
    "publicKey": ("wallet", "id.wallet"),
    "email": ("email", "id.email"),
    "phone": ("phone", "id.phone"),
}

#: Schemata whose entities hold an identifier of somebody else, named by `holder`.
HELD_SCHEMATA = frozenset({"CryptoWallet", "BankAccount", "Passport", "Identification"})


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier: its row in the weight table, the normalised value to look up, the text as given, its place."""

    weight: str
    value: str
    shown: str
    source: Source | None

    @property
    def key(self) -> tuple[str, str]:
        """What two records share when they share this identifier."""
        return self.weight, self.value


def identifiers_of(entity: Entity) -> Iterator[Identifier]:
    """All usable identifiers of one entity, in the order of `PROPERTIES`."""
    held = entity.properties
    for name, (kind, weight) in PROPERTIES.items():
        if name not in held:
            continue
        for text in held[name]:
            value = identifiers.normalise(kind, text)
            if value is not None:
                yield Identifier(weight, value, text, entity.source)
    if entity.schema in ("Passport", "Identification"):
        for text in entity.get("number"):
            value = identifiers.normalise("passport", text)
            if value is not None:
                yield Identifier("id.document", value, text, entity.source)


def identifiers_in_text(text: str) -> tuple[Identifier, ...]:
    """Identifiers that a search text may be. They are only looked up: a name taken for a number does no harm."""
    found = (
        Identifier(weight, value, text, None)
        for kind, weight in PROPERTIES.values()
        if (value := identifiers.normalise(kind, text)) is not None
    )
    return unique(found)


def unique(found: Iterable[Identifier]) -> tuple[Identifier, ...]:
    """Without repeats of one key, first kept."""
    kept: dict[tuple[str, str], Identifier] = {}
    for item in found:
        kept.setdefault(item.key, item)
    return tuple(kept.values())
