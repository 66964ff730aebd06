"""Lists and listed subjects, prepared for comparison."""

from __future__ import annotations

from dataclasses import dataclass

from stanch.model import Entity
from stanch.names import Kind, Prepared
from stanch.screening.birth import BirthDate
from stanch.screening.identify import Identifier
from stanch.screening.links import Relation


@dataclass(frozen=True, slots=True)
class ListInfo:
    """One list as screened against: its name (as in `Entity.datasets`), date (ISO) and SHA-256 of its raw bytes."""

    name: str
    date: str
    sha256: str

    def to_json(self) -> dict[str, str]:
        """As printed with every answer."""
        return {"name": self.name, "date": self.date, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class ListedName:
    """One name of a listed subject, prepared for comparison. `weak` marks aliases the list itself calls weak."""

    text: str
    kind: Kind
    weak: bool
    prepared: Prepared
    subject: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A listed subject with all that can be compared.

    `chance_bits` corrects for the best of several names: log2 of how many different names it has (spellings of one name
    count once). `since` is the ISO date since which the lists held have said all of this, "" where that is not known.
    `relation` says how a party that a list names without listing it stands to those that are listed.
    """

    entity: Entity
    birth_dates: tuple[BirthDate, ...]
    genders: tuple[str, ...]
    identifiers: tuple[Identifier, ...]
    chance_bits: float
    since: str = ""
    relation: Relation | None = None

    @property
    def lists(self) -> tuple[str, ...]:
        """The names of the lists that the subject stands on."""
        return self.entity.datasets
