"""What is screened: one record of a file, or one name typed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stanch.model import Entity, Source, sha256_hex
from stanch.names import Kind
from stanch.screening.birth import BirthDate, parse_all
from stanch.screening.identify import Identifier, identifiers_in_text, identifiers_of, unique
from stanch.screening.related import Related, own_parts, related_to

#: A name longer than this is not a name; the longest on the UN list has 129 characters.
MAX_NAME = 400
#: More names than this in one record are not compared (and the answer says so).
MAX_NAMES = 50

#: Schema → the kinds of name it may carry. What is not known may be anything.
KINDS: dict[str, tuple[Kind, ...]] = {
    "Person": ("person",),
    "Organization": ("organization",),
    "Company": ("organization",),
    "PublicBody": ("organization",),
    "LegalEntity": ("person", "organization"),
    "Vessel": ("vessel",),
    "Airplane": ("vessel",),
    "CryptoWallet": (),
    "BankAccount": (),
}
ANY_KIND: tuple[Kind, ...] = ("person", "organization", "vessel")


@dataclass(frozen=True, slots=True)
class Query:
    """A subject to screen: what is known of it, and what of its record could not be used (`problems`)."""

    row: int
    input_id: str
    text: str
    schema: str
    names: tuple[str, ...]
    birth_dates: tuple[BirthDate, ...] = ()
    genders: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    source: Source | None = None
    problems: tuple[str, ...] = ()
    related: Related | None = None

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of listed name to compare with. A customer file calls LegalEntity what it does not know better."""
        return ANY_KIND if self.schema == "LegalEntity" else KINDS.get(self.schema, ANY_KIND)

    @property
    def error(self) -> str | None:
        """What of the record could not be used, in one line, or None."""
        return "; ".join(self.problems) or None

    @property
    def place(self) -> Source:
        """Where the record stands; for typed text, the text itself is the source."""
        if self.source is not None:
            return self.source
        return Source("query", f"row {self.row}", sha256_hex(self.text.encode("utf-8", "surrogatepass")))

    @classmethod
    def of_name(cls, text: str, row: int = 1) -> Query:
        """A query from one typed text: a name of anything, or an identifier."""
        found = identifiers_in_text(text)
        names, problems = _usable((text,))
        return cls(row, "", text, "Thing", names, identifiers=found, problems=() if found else problems)

    @classmethod
    def of_entities(cls, party: Entity, others: Iterable[Entity] = (), row: int = 1) -> Query:
        """A query from a record: the party, the wallets, accounts and documents it holds, and its links to others."""
        beside = tuple(others)
        related = related_to(party, beside, cls.of_entities)
        dates, date_problems = parse_all(party.get("birthDate"))
        names, name_problems = _usable(dict.fromkeys((*party.names, *party.get("weakAlias"))))
        found = unique(item for entity in (party, *own_parts(party, beside)) for item in identifiers_of(entity))
        problems = (*name_problems, *(f"{problem}, not used" for problem in date_problems))
        if not names and not found and not name_problems:
            problems = ("neither a name nor an identifier to screen", *problems)
        return cls(
            row=row,
            input_id=party.id,
            text=party.caption,
            schema=party.schema,
            names=names,
            birth_dates=dates,
            genders=genders_of(party),
            identifiers=found,
            source=party.source,
            problems=problems if related is None else (*problems, *related.problems),
            related=related,
        )


def genders_of(entity: Entity) -> tuple[str, ...]:
    """The genders that can be compared; "other" and free text cannot."""
    return tuple(value for value in entity.get("gender") if value in ("male", "female"))


def _usable(texts: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names that can be compared, and why the others cannot."""
    names: list[str] = []
    problems: list[str] = []
    for text in texts:
        if len(text) > MAX_NAME:
            problems.append(f"a name of {len(text):,} characters is not a name, not screened")
        elif not any(char.isalnum() for char in text):
            problems.append(
                "an empty name, not screened" if not text.strip() else "a name without letters, not screened"
            )
        else:
            names.append(text)
    if len(names) > MAX_NAMES:
        problems.append(f"{len(names):,} names in one record, only the first {MAX_NAMES} screened")
    return tuple(names[:MAX_NAMES]), tuple(problems)
