"""The parties that a record's own links lead to: owners, directors, relatives, as they stand beside it in its file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stanch.model import LINK_SCHEMATA, PARTY_SCHEMATA, Entity
from stanch.screening.links import Link, read_links

if TYPE_CHECKING:
    from stanch.screening.query import Query

#: Problems with links that are told of one record.
_MAX_TOLD = 5


@dataclass(frozen=True, slots=True)
class Related:
    """The links of a record, and the parties at their ends as queries of their own, by id."""

    links: tuple[Link, ...]
    queries: tuple[tuple[str, Query], ...]
    problems: tuple[str, ...] = ()

    @property
    def names(self) -> dict[str, str]:
        """What to call each party."""
        return {id_: query.text for id_, query in self.queries}


def own_parts(party: Entity, others: Sequence[Entity]) -> list[Entity]:
    """What of `others` belongs to the party itself: wallets, accounts and documents that it holds."""
    return [other for other in others if _is_held(other) and other.first("holder") in (None, party.id)]


def related_to(
    party: Entity, others: Sequence[Entity], query_of: Callable[[Entity, list[Entity]], Query]
) -> Related | None:
    """The links among `others` and the parties at their ends, None when there is no link."""
    if not any(other.schema in LINK_SCHEMATA for other in others):
        return None
    links, problems = read_links(others)
    parties = {other.id: other for other in others if other.schema in PARTY_SCHEMATA and other.id != party.id}
    queries = tuple((id_, query_of(other, own_parts(other, _held_by(id_, others)))) for id_, other in parties.items())
    ends = dict.fromkeys(end for link in links for end in (link.start, link.end))
    missing = [f"{end}: linked to the record, but not in the file: not screened" for end in ends if end not in parties]
    told = [
        *problems,
        *(text for text in missing if not text.startswith(f"{party.id}: ")),
        *(f"{id_}: {query.error}" for id_, query in queries if query.error),
    ]
    if len(told) > _MAX_TOLD:
        told[_MAX_TOLD:] = [f"and {len(told) - _MAX_TOLD:,} more problems with its links"]
    return Related(links, queries, tuple(told))


def _is_held(entity: Entity) -> bool:
    return entity.schema not in LINK_SCHEMATA and entity.schema not in PARTY_SCHEMATA


def _held_by(holder: str, others: Sequence[Entity]) -> list[Entity]:
    return [other for other in others if other.first("holder") == holder]
