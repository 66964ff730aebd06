"""Which column of a file holds which field: recognised by its usual names, or named by the user."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stanch.exc import InputError
from stanch.model import content_hash

#: Field → names that inputs use for it, most telling first; compared by `plain_name`.
Aliases = Mapping[str, Sequence[str]]


def plain_name(name: str) -> str:
    """A column name as it is compared: "Tx Hash", "tx-hash" and "TX_HASH" are one."""
    return re.sub(r"[\W_]+", "_", name.casefold()).strip("_")


def parse_mapping(pairs: Iterable[str]) -> dict[str, str]:
    """Read the user's ``FIELD=COLUMN`` pairs.

    Raises:
        InputError: one of them is no such pair.
    """
    mapping = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals or not field.strip() or not column.strip():
            raise InputError(f"not a column mapping: {pair[:60]!r}", remedy="write FIELD=COLUMN")
        mapping[field.strip()] = column.strip()
    return mapping


@dataclass(frozen=True, slots=True)
class Columns:
    """How a file's columns map to fields, as its user says.

    `names` gives the source column of a field where its name is not a usual one. `constants` gives "chain" and "asset"
    where the file has no such column, or leaves the cell empty.
    """

    names: Mapping[str, str] = dataclasses.field(default_factory=dict)
    constants: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @classmethod
    def parse(cls, pairs: Iterable[str], chain: str | None = None, asset: str | None = None) -> Columns:
        """From the user's ``FIELD=COLUMN`` pairs and constants.

        Raises:
            InputError: not such a pair.
        """
        given = {"chain": chain, "asset": asset}
        return cls(parse_mapping(pairs), {name: value for name, value in given.items() if value})

    @property
    def mapping(self) -> str:
        """Names the mapping by content: the same file under another mapping is another import."""
        return content_hash([self.names, self.constants])


#: Nothing said: columns have their usual names.
USUAL = Columns()


def resolve_columns(
    columns: Sequence[str], aliases: Aliases, given: Mapping[str, str], *, file: str, line: int | None = 1
) -> dict[str, int]:
    """Field → position of its column. A field without a column is left out; `given` comes before the usual names.

    Raises:
        InputError: `given` names an unknown field or column, or two columns have the same name.
    """
    plain = [plain_name(column) for column in columns]
    found: dict[str, int] = {}
    for field, column in given.items():
        if field not in aliases:
            raise InputError(f"there is no field {field[:40]!r}", file=file, remedy=f"fields are: {', '.join(aliases)}")
        exact = [i for i, name in enumerate(columns) if name == column]
        matches = exact or [i for i, name in enumerate(plain) if name == plain_name(column) and name]
        found[field] = _only(matches, column, columns, file, line)
    for field, names in aliases.items():
        if field in found:
            continue
        for name in names:
            matches = [i for i, other in enumerate(plain) if other == plain_name(name)]
            if matches and not set(matches) <= set(found.values()):
                found[field] = _only(matches, name, columns, file, line)
                break
    return found


def require(
    found: Mapping[str, int], needed: Iterable[str], columns: Sequence[str], *, file: str, line: int | None = 1
) -> None:
    """Refuse a file without a column for a needed field.

    Raises:
        InputError: names the fields that are missing, the columns there are, and how to map them.
    """
    missing = [field for field in needed if field not in found]
    if missing:
        raise InputError(
            f"no column for {', '.join(missing)} (the file has: {show_columns(columns)})",
            file=file,
            line=line,
            remedy=f"rename a column or pass --map {missing[0]}=COLUMN",
        )


def show_columns(columns: Sequence[str], most: int = 20) -> str:
    """Column names for a message: few, short and printable."""
    shown = ["".join(char if char.isprintable() else "�" for char in name[:40]) or '""' for name in columns[:most]]
    return ", ".join(shown) + (f", and {len(columns) - most} more" if len(columns) > most else "")


def _only(matches: Sequence[int], name: str, columns: Sequence[str], file: str, line: int | None) -> int:
    if not matches:
        raise InputError(
            f"no column {name[:40]!r} (the file has: {show_columns(columns)})",
            file=file,
            line=line,
            remedy="check the name given to --map",
        )
    if len(matches) > 1:
        raise InputError(
            f"two columns are named {columns[matches[0]][:40]!r}", file=file, line=line, remedy="rename one of them"
        )
    return matches[0]
