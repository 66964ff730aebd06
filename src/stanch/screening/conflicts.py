"""Where lists disagree on a subject, and where an entry looks wrong: leads for a reviewer, never more than probable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from typing import Any

from rapidfuzz.distance import OSA

from stanch.model import Entity
from stanch.screening.birth import BirthDate, compare_birth
from stanch.screening.nativenames import native_problems
from stanch.screening.subjects import JOINED, Lists, Pair, spelling

#: How sure a conflict is an error, most sure first. A "difference" may be either list's choice; a "note" is no error:
#: it says why two entries were kept apart.
GRADES = ("probable error", "difference", "note")
#: Rows of the birth weights that are conflicts → (grade, how they read).
_BIRTH = {
    "birth.swapped": ("probable error", "day and month look swapped"),
    "birth.year-slip": ("probable error", "the same day, one year off"),
    "birth.day-month": ("probable error", "the same day and month, another year"),
    "birth.same-year": ("difference", "the same year, another day"),
    "birth.year-near": ("difference", "one year apart"),
    "birth.contradicts": ("difference", "another date"),
    "one-day": ("probable error", "one day apart"),
    "birth.year-contradicts": ("difference", "another year"),
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """One lead: what kind, how sure, which entries (ids, sorted), the name to show, and what stands where."""

    kind: str
    grade: str
    entities: tuple[str, ...]
    name: str
    detail: str

    def to_json(self) -> dict[str, Any]:
        """As printed."""
        return {
            "grade": self.grade,
            "kind": self.kind,
            "name": self.name,
            "entities": list(self.entities),
            "detail": self.detail,
        }


def find_conflicts(lists: Lists) -> tuple[Conflict, ...]:
    """All conflicts, surest first, then by kind and entry."""
    found = [
        *_in_groups(lists),
        *_native_names(lists),
        *_shared_documents(lists),
        *_apart(lists),
        *_namesakes(lists),
    ]
    return tuple(sorted(set(found), key=lambda item: (GRADES.index(item.grade), item.kind, item.entities, item.detail)))


def _in_groups(lists: Lists) -> Iterator[Conflict]:
    for group in lists.groups:
        if len(group) > 1:
            yield from _birth(lists, group)
            yield from _documents(lists, group)
            for prop in ("gender", "nationality"):
                yield from _values(lists, group, prop)


def _conflict(lists: Lists, kind: str, grade: str, numbers: Iterable[int], detail: str) -> Conflict:
    chosen = sorted(numbers)
    ids = tuple(sorted(lists.entity(number).id for number in chosen))
    return Conflict(kind, grade, ids, lists.entity(chosen[0]).caption, detail)


def _birth(lists: Lists, group: tuple[int, ...]) -> Iterator[Conflict]:
    worst: tuple[int, str, str] | None = None
    for first, second in combinations(group, 2):
        evidence = compare_birth(lists.entries[first].birth_dates, lists.entries[second].birth_dates)
        if evidence is not None and evidence.weight.id in _BIRTH:
            one_day = _one_day(evidence.ours, evidence.theirs)
            grade, words = _BIRTH["one-day" if one_day else evidence.weight.id]
            worst = min(worst or (9, "", ""), (GRADES.index(grade), grade, words))
    if worst is not None:
        shown = _shown(lists, group, lambda entity: entity.get("birthDate"))
        yield _conflict(lists, "birth date", worst[1], group, f"{worst[2]}: {shown}")


def _one_day(a: BirthDate, b: BirthDate) -> bool:
    """Whether two full dates are one day apart: what a time zone does to a date that was stored as a moment."""
    if not (a.day and b.day):
        return False
    return abs((date(a.year, a.month, a.day) - date(b.year, b.month, b.day)).days) == 1


def _documents(lists: Lists, group: tuple[int, ...]) -> Iterator[Conflict]:
    """Numbers that look like one number typed twice, else passports of which no two agree."""
    numbers = {
        number: sorted({item.value for item in lists.entries[number].identifiers if item.weight == "id.document"})
        for number in group
    }
    slips: dict[tuple[str, str], set[int]] = {}
    for first, second in combinations(group, 2):
        for a, b in product(numbers[first], numbers[second]):
            # A number that the other list has as well is another document, not a slip of this one.
            if OSA.distance(a, b) == 1 and a not in numbers[second] and b not in numbers[first]:
                slips.setdefault((min(a, b), max(a, b)), set()).update((first, second))
    for pair, chosen in sorted(slips.items()):
        shown = _shown_values(
            lists, sorted(chosen), {number: [n for n in numbers[number] if n in pair] for number in chosen}
        )
        yield _conflict(lists, "document", "probable error", chosen, f"one character apart: {shown}")
    given = [number for number in group if numbers[number]]
    apart = any(
        not any(_same_digits(a, b) for a, b in product(numbers[first], numbers[second]))
        for first, second in combinations(given, 2)
    )
    if apart and not slips:
        shown = _shown_values(lists, given, numbers)
        yield _conflict(lists, "document", "difference", given, f"no number in common: {shown}")


def _same_digits(a: str, b: str) -> bool:
    """Whether numbers agree but for the letters before them: lists print "PS472330208" and "472330208"."""
    return a.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == b.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _values(lists: Lists, group: tuple[int, ...], prop: str) -> Iterator[Conflict]:
    """A property that lists give with nothing in common. Nationality is what lists print; nothing follows from it."""
    given = [number for number in group if lists.entity(number).get(prop)]
    if any(set(lists.entity(a).get(prop)).isdisjoint(lists.entity(b).get(prop)) for a, b in combinations(given, 2)):
        shown = _shown(lists, given, lambda entity: entity.get(prop))
        yield _conflict(lists, prop, "difference", given, shown)


def _native_names(lists: Lists) -> Iterator[Conflict]:
    for group in lists.groups:
        family = [lists.entity(number) for number in group]
        for number in group:
            for text in native_problems(lists.entity(number), family):
                yield _conflict(lists, "native name", "probable error", (number,), text)


def _shared_documents(lists: Lists) -> Iterator[Conflict]:
    """One document number on entries that are not one subject."""
    holders: dict[str, list[int]] = {}
    for number, listed in enumerate(lists.entries):
        for item in listed.identifiers:
            if item.weight == "id.document":
                holders.setdefault(item.value, []).append(number)
    for value, numbers in holders.items():
        apart = [(a, b) for a, b in combinations(numbers, 2) if not lists.are_joined(a, b)]
        if apart:
            chosen = sorted({number for pair in apart for number in pair})
            names = "; ".join(f"{lists.list_of(number)} {lists.entity(number).caption}" for number in chosen)
            yield _conflict(lists, "shared document", "probable error", chosen, f"{value} is on: {names}")


def _apart(lists: Lists) -> Iterator[Conflict]:
    """Pairs that look alike and were not joined: twice on one list, or open between two lists."""
    for pair in lists.pairs:
        numbers = (pair.first, pair.second)
        if lists.are_joined(*numbers):
            continue
        same_list = set(lists.entries[pair.first].lists) & set(lists.entries[pair.second].lists)
        if same_list and pair.probability >= JOINED and _is_twice(lists, pair):
            # The same number under the same name is one subject under two measures, not a slip.
            grade = "note" if pair.shares_number and pair.same_name else "difference"
            detail = f"two entries of {', '.join(sorted(same_list))} look like one subject: {_why(pair)}"
            yield _conflict(lists, "listed twice", grade, numbers, detail)
        elif not same_list and not (_has_partner(lists, *numbers) or _has_partner(lists, *reversed(numbers))):
            detail = f"P(one subject) {pair.probability:.2f}, not joined: {_why(pair)}"
            yield _conflict(lists, "may be one", "difference", numbers, detail)


def _is_twice(lists: Lists, pair: Pair) -> bool:
    """Whether more than likeness says that two entries of one list are one subject: branches and sister firms have
    names alike, and one number on two names is reported as that."""
    schema = lists.entity(pair.first).schema
    if schema == "Person":
        return pair.same_name or not pair.shares_number
    return pair.same_name or (schema == "Vessel" and pair.shares_number)


def _has_partner(lists: Lists, number: int, other: int) -> bool:
    """Whether an entry is already joined to an entry of the other's list."""
    group = lists.groups[lists.group_of[number]]
    return any(set(lists.entries[item].lists) & set(lists.entries[other].lists) for item in group)


def _why(pair: Pair) -> str:
    return "; ".join(pair.reasons)


def _namesakes(lists: Lists) -> Iterator[Conflict]:
    """Entries of one list with one spelling that are different subjects, and what tells them apart."""
    same: dict[tuple[str, str, str], list[int]] = {}
    alike = {(pair.first, pair.second) for pair in lists.pairs if pair.probability >= JOINED}
    for number, listed in enumerate(lists.entries):
        entity = listed.entity
        for text in dict.fromkeys(map(spelling, entity.get("name"))):
            same.setdefault((lists.list_of(number), entity.schema, text), []).append(number)
    for (source, _, _), numbers in same.items():
        if not 1 < len(numbers) <= 10:
            continue
        for pair in combinations(numbers, 2):
            if pair in alike or lists.are_joined(*pair):
                continue
            reason = _difference(lists, *pair)
            yield _conflict(lists, "one spelling", "note", pair, f"two entries of {source}, kept apart: {reason}")


def _difference(lists: Lists, first: int, second: int) -> str:
    a, b = lists.entries[first], lists.entries[second]
    reasons = []
    evidence = compare_birth(a.birth_dates, b.birth_dates)
    if evidence is not None and evidence.bits < 0:
        dates = " and ".join(", ".join(map(str, item.birth_dates)) for item in (a, b))
        reasons.append(f"born {dates}")
    documents = [sorted(i.shown for i in item.identifiers if i.weight == "id.document") for item in (a, b)]
    if all(documents):
        reasons.append(f"documents {', '.join(documents[0])} and {', '.join(documents[1])}")
    imo = [sorted(i.shown for i in item.identifiers if i.weight == "id.imo") for item in (a, b)]
    if all(imo) and imo[0] != imo[1]:
        reasons.append(f"IMO {', '.join(imo[0])} and {', '.join(imo[1])}")
    return "; ".join(reasons) or "nothing beside the name speaks for one subject"


def _shown(lists: Lists, numbers: Iterable[int], values: Callable[[Entity], Sequence[str]]) -> str:
    chosen = list(numbers)
    return _shown_values(lists, chosen, {number: values(lists.entity(number)) for number in chosen})


def _shown_values(lists: Lists, numbers: Iterable[int], values: Mapping[int, Sequence[str]]) -> str:
    """What each list has, lists that agree together: "eu, jp 1969-08-21; ofac 1968-08-21"."""
    by_value: dict[str, list[str]] = {}
    for number in numbers:
        if values[number]:
            by_value.setdefault(", ".join(values[number]), []).append(lists.list_of(number))
    return "; ".join(f"{', '.join(dict.fromkeys(sources))} {text}" for text, sources in by_value.items())
