"""Links between parties, read from FollowTheMoney entities, and the graph that they make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import product

from stanch.knowledge.ownership import Control
from stanch.model import LINK_SCHEMATA, Entity, Source
from stanch.screening.links.share import HUNDRED, UNKNOWN, ZERO, Share, combined, parse_share

#: One link entity that names more parties at an end is not read beyond.
MAX_ENDS = 50
#: A text on the nature of a link is not searched beyond.
_MAX_ROLE = 300


class LinkKind(StrEnum):
    """What joins two parties."""

    OWNERSHIP = "ownership"
    DIRECTORSHIP = "directorship"
    FAMILY = "family"
    UNKNOWN = "unknown-link"


_KINDS = {"Ownership": LinkKind.OWNERSHIP, "Directorship": LinkKind.DIRECTORSHIP, "Family": LinkKind.FAMILY}


@dataclass(frozen=True, slots=True)
class Link:
    """One link as stated: from whom (owner, director, relative) to whom.

    `share` is None for anything but ownership. `control` is what the statement says of control. `certain` is False
    where its dates leave open whether it holds. `as_of` is the day that the statement speaks of, as given. `note` says
    what of the statement could not be read.
    """

    kind: LinkKind
    start: str
    end: str
    share: Share | None = None
    control: frozenset[Control] = frozenset()
    role: str = ""
    certain: bool = True
    as_of: str | None = None
    source: Source | None = None
    note: str = ""


def read_links(entities: Iterable[Entity], day: date | None = None) -> tuple[tuple[Link, ...], tuple[str, ...]]:
    """The links among entities that hold on `day`, in order, and what of them could not be read.

    Without a day a link holds when it has no end date. A value that cannot be read is reported, and the share is
    unknown then.
    """
    links: list[Link] = []
    problems: list[str] = []
    for entity in entities:
        if entity.schema in LINK_SCHEMATA:
            found: list[str] = []
            links += _links_of(entity, day, found)
            problems += (f"{entity.id}: {text}" for text in found)
    return tuple(links), tuple(problems)


def _links_of(entity: Entity, day: date | None, problems: list[str]) -> Iterator[Link]:
    starts, ends = (dict.fromkeys(entity.get(name)) for name in LINK_SCHEMATA[entity.schema])
    if not starts or not ends:
        problems.append(f"{entity.schema} without both ends")
        return
    if max(len(starts), len(ends)) > MAX_ENDS:
        problems.append(f"{entity.schema} of more than {MAX_ENDS} parties, only the first are read")
    certain = _in_force(entity, day, problems)
    if certain is None:
        return
    kind = _KINDS.get(entity.schema, LinkKind.UNKNOWN)
    role = "; ".join(text for name in _ROLES for text in entity.get(name))[:_MAX_ROLE]
    share = _share_of(entity, problems) if kind is LinkKind.OWNERSHIP else None
    if share is not None and len(starts) > 1:
        problems.append("several owners in one record, how they share is not stated")
        share = Share(high=share.high, high_open=share.high_open)
    as_of = next((value for name in _STATED for value in entity.get(name)), None)
    for start, end in product(list(starts)[:MAX_ENDS], list(ends)[:MAX_ENDS]):
        yield Link(kind, start, end, share, control_in(role), role, certain, as_of, entity.source, "; ".join(problems))


_ROLES = ("role", "ownershipType", "relationship", "status")
_STATED = ("date", "modifiedAt", "retrievedAt", "startDate")


def _share_of(entity: Entity, problems: list[str]) -> Share:
    shares = []
    for text in entity.get("percentage"):
        try:
            shares.append(parse_share(text))
        except ValueError as err:
            problems.append(f"{err}, taken as unknown")
    share, agree = combined(shares)
    if not agree:
        problems.append(f"its percentages do not agree: {', '.join(entity.get('percentage'))[:100]}")
    return share


def _in_force(entity: Entity, day: date | None, problems: list[str]) -> bool | None:
    """True: holds. None: over, or not begun. False: may hold."""
    ends = _days(entity, "endDate", problems)
    if day is None:
        return None if ends else True
    starts = _days(entity, "startDate", problems)
    if any(first > day for first, _ in starts) or any(last < day for _, last in ends):
        return None
    return all(last <= day for _, last in starts) and all(first >= day for first, _ in ends)


_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?:[T ].*)?")


def _days(entity: Entity, name: str, problems: list[str]) -> list[tuple[date, date]]:
    """First and last day that each date of a property can be."""
    found = []
    for text in entity.get(name):
        try:
            found.append(_span(text))
        except ValueError:
            problems.append(f"not a date: {text[:40]!r} ({name})")
            found.append((date.min, date.max))
    return found


def _span(text: str) -> tuple[date, date]:
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise ValueError
    year, month, day = (int(part) if part else None for part in match.groups())
    if day is not None and month is not None:
        exact = date(year or 0, month, day)
        return exact, exact
    first = date(year or 0, month or 1, 1)
    if first.year == date.max.year:
        return first, date.max  # what registers write for "without an end"
    after = date(first.year + (month in (None, 12)), 1 if month in (None, 12) else (month or 0) + 1, 1)
    return first, date.fromordinal(after.toordinal() - 1)


_NEGATED = re.compile(r"\b(?:no|not|non|without|former|formerly|ceased|ex|previous)\b", re.IGNORECASE)
_CONTROL = (
    (
        Control.BOARD,
        r"right.to.appoint.(?:and|or|and.or).remove.(?:a.)?(?:majority|the.board|directors|members|persons)",
    ),
    (Control.BOARD, r"(?:appoints?|removes?|controls?) (?:a |the )?majority of (?:the |its )?(?:board|directors)"),
    (Control.VOTES, r"majority of (?:the |its )?(?:voting rights|votes|voting shares)"),
    (Control.VOTES, r"voting-rights-(?:50-to-75|75-to-100)-percent"),
    (Control.INFLUENCE, r"dominant influence|significant.influence.or.control|de facto control"),
    (Control.STATED, r"\b(?:controls|controlled by|controlling (?:shareholder|owner|interest|party))\b"),
)
_CONTROLS = tuple((basis, re.compile(pattern, re.IGNORECASE)) for basis, pattern in _CONTROL)


def control_in(role: str) -> frozenset[Control]:
    """What a text on the nature of a link says of control; nothing where it negates anything or speaks of the past."""
    if not role or _NEGATED.search(role):
        return frozenset()
    found = frozenset(basis for basis, pattern in _CONTROLS if pattern.search(role))
    return found - {Control.STATED} if len(found) > 1 else found


@dataclass(frozen=True, slots=True)
class Holding:
    """All that is stated of one owner's interest in one asset, as one share."""

    share: Share
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """Owners and assets. `holdings` maps an asset to its owners; `controls` to those who are stated to control it;
    `assets` maps a party to what it owns or controls. `totals` has the least that all owners of an asset hold, and
    whether they hold more. What a party holds of itself is in `own`: it makes no owner. `problems` are by asset."""

    holdings: Mapping[str, Mapping[str, Holding]]
    controls: Mapping[str, Mapping[str, tuple[Link, ...]]]
    totals: Mapping[str, tuple[Fraction, int]]
    assets: Mapping[str, tuple[str, ...]]
    own: Mapping[str, Share]
    problems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, links: Iterable[Link]) -> Graph:
        """Join links. The answer does not hang on their order but for that of `Holding.links`."""
        stated: dict[tuple[str, str], list[Link]] = {}
        controls: dict[str, dict[str, list[Link]]] = {}
        for link in links:
            if link.share is not None:
                stated.setdefault((link.start, link.end), []).append(link)
            if link.control and link.start != link.end:
                controls.setdefault(link.end, {}).setdefault(link.start, []).append(link)
        holdings: dict[str, dict[str, Holding]] = {}
        own: dict[str, Share] = {}
        problems: dict[str, list[str]] = {}
        for (owner, asset), given in sorted(stated.items()):
            share, agree = _joint(given)
            if not agree:
                text = f"statements on the share of {owner} do not agree, it is taken as {share}"
                problems.setdefault(asset, []).append(text)
            if owner == asset:
                own[owner] = share
            else:
                holdings.setdefault(asset, {})[owner] = Holding(share, tuple(given))
        totals = {asset: _total(owners.values()) for asset, owners in holdings.items()}
        for asset in totals:
            if not possible_total(totals[asset]):
                problems.setdefault(asset, []).append("the stated shares add up to more than 100 percent")
        out: dict[str, dict[str, None]] = {}
        for asset in sorted({*holdings, *controls}):
            for owner in (*holdings.get(asset, ()), *sorted(controls.get(asset, ()))):
                out.setdefault(owner, {})[asset] = None
        return cls(
            holdings,
            {asset: {owner: tuple(given) for owner, given in by.items()} for asset, by in controls.items()},
            totals,
            {owner: tuple(found) for owner, found in out.items()},
            own,
            {asset: tuple(found) for asset, found in problems.items()},
        )


def possible_total(total: tuple[Fraction, int]) -> bool:
    """Whether the stated shares leave room for each other: 100 percent at most, and less where one is "more than"."""
    return total[0] < HUNDRED or (total[0] == HUNDRED and total[1] == 0)


def _total(holdings: Iterable[Holding]) -> tuple[Fraction, int]:
    """The sum of the least shares, and how many of them are open."""
    shares = [holding.share for holding in holdings]
    return sum((share.low for share in shares), ZERO), sum(share.low_open for share in shares)


def _joint(given: list[Link]) -> tuple[Share, bool]:
    """One owner's share by all statements, and whether they agree. One that may not hold can only raise the share."""
    sure, agree = combined(link.share or UNKNOWN for link in given if link.certain)
    maybe, agree_too = combined(link.share or UNKNOWN for link in given if not link.certain)
    if all(link.certain for link in given) or (any(link.certain for link in given) and sure.meet(maybe) == sure):
        return sure, agree
    if not any(link.certain for link in given):
        return Share(high=maybe.high, high_open=maybe.high_open and maybe.high > 0), agree_too
    return Share(sure.low, min(sure.high + maybe.high, HUNDRED), sure.low_open), agree and agree_too
