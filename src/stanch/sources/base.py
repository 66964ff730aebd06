"""What every reader gives back: good records with their place, and rejected rows with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from stanch.sources.raw import RawFile

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be used. It is kept with its line and the reason; the rows beside it go on.

    `raw` is the row as received, cut at 4,000 characters; `remedy` says what to change.
    """

    locator: str
    line: int | None
    raw: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class RejectedField(Rejected):
    """A field that could not be used, of a row that is kept: it comes right after the row's `Record`."""


@dataclass(frozen=True, slots=True)
class Record(Generic[T_co]):
    """A good record, and where in the file it stands ("line 12", "KPi.033")."""

    locator: str
    value: T_co


class Reader(Protocol[T_co]):
    """Reads one kind of file. Yields good and rejected rows in file order; raises InputError on an unreadable file."""

    def __call__(self, raw: RawFile, /) -> Iterator[Record[T_co] | Rejected]: ...
