"""Challenge cases: listed names written as others might write them, to see what a setting detects and what it misses.

They are made by rule, so they say what the engine can take, not how often customers write so. Korean names go by the
likeliest reading of the list's spelling.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stanch import names
from stanch.names.hangul import is_hangul
from stanch.names.writing import spellings
from stanch.screening.index import Index
from stanch.screening.listed import Listed
from stanch.screening.query import KINDS, MAX_NAME, Query
from stanch.screening.rates import Rate

_SIGNS = str.maketrans({"-": " ", "'": "", "’": "", "‘": "", ",": " ", ".": ""})


@dataclass(frozen=True, slots=True)
class Case:
    """One listed subject under one spelling: P that screening gives for it from the name alone, and from the name with
    the listed date of birth (None where the list has none). P is 0 where the subject does not come up at all."""

    entity_id: str
    listed: str
    habit: str
    written: str
    by_name: float
    by_name_and_birth: float | None


@dataclass(frozen=True, slots=True)
class Detection:
    """How many cases of one way of writing reach the threshold."""

    habit: str
    by_name: Rate
    by_name_and_birth: Rate


def challenge(index: Index, most: int, seed: str) -> tuple[Case, ...]:
    """Screen up to `most` listed subjects, drawn by `seed`, under several spellings of their main name."""
    named = [item for item in index.subjects if item.entity.schema in KINDS and _usable(item.entity.first("name"))]
    named.sort(key=lambda item: hashlib.sha256(f"{seed}:{item.entity.id}".encode()).hexdigest())
    return tuple(case for listed in named[:most] for case in _cases(index, listed))


def detections(cases: Sequence[Case], threshold: float) -> tuple[Detection, ...]:
    """Detection by way of writing, in order of first sight; "all" comes last."""
    habits = dict.fromkeys(case.habit for case in cases)
    groups = [(habit, [case for case in cases if case.habit == habit]) for habit in habits] + [("all", list(cases))]
    return tuple(
        Detection(
            habit,
            Rate(sum(case.by_name >= threshold for case in some), len(some)),
            Rate(
                sum(case.by_name_and_birth is not None and case.by_name_and_birth >= threshold for case in some),
                sum(case.by_name_and_birth is not None for case in some),
            ),
        )
        for habit, some in groups
    )


def variants(name: str, is_person: bool) -> Iterator[tuple[str, str]]:
    """(way of writing, name so written), without repeats; first the name as it is listed."""
    made = {"as listed": name, "small letters": name.lower(), "capitals": name.upper()}
    plain = " ".join(name.translate(_SIGNS).split())
    made["signs left out"] = plain
    words = plain.split()
    if is_person and len(words) > 1:
        made["first word last"] = " ".join((*words[1:], words[0]))
        made["first word, comma, the rest"] = f"{words[0]}, {' '.join(words[1:])}"
        if len(words) > 2:
            made["words after the first joined"] = f"{words[0]} {''.join(words[1:]).capitalize()}"
    longest = max(words, key=len, default="")
    if len(longest) >= 5:
        middle = len(longest) // 2
        dropped = longest[:middle] + longest[middle + 1 :]
        swapped = longest[: middle - 1] + longest[middle] + longest[middle - 1] + longest[middle + 1 :]
        made["one letter left out"] = plain.replace(longest, dropped, 1)
        made["two letters swapped"] = plain.replace(longest, swapped, 1)
    if is_person and (hangul := _hangul(name)) is not None:
        made |= spellings(hangul)
    seen: set[str] = set()
    for habit, written in made.items():
        if written not in seen:
            seen.add(written)
            yield habit, written


def _usable(name: str | None) -> bool:
    return name is not None and len(name) <= MAX_NAME and any(map(str.isalnum, name))


def _hangul(name: str) -> str | None:
    """The likeliest Hangul of a Korean name of two to four syllables, None of another name."""
    if not names.prepare(name).is_korean:
        return None
    read = names.explain(name).readings
    text = read[0].hangul[0][0] if read and read[0].hangul else ""
    return text if is_hangul(text) and 2 <= len(text) <= 4 else None


def _cases(index: Index, listed: Listed) -> Iterator[Case]:
    entity = listed.entity
    name = entity.get("name")[0]

    def found(query: Query) -> float:
        matches = index.screen(query, 0.0).matches
        return next((match.probability for match in matches if match.entity_id == entity.id), 0.0)

    for habit, written in variants(name, entity.schema == "Person"):
        alone = Query(1, "", written, entity.schema, (written,))
        born = listed.birth_dates[:1]
        both = found(Query(1, "", written, entity.schema, (written,), born)) if born else None
        yield Case(entity.id, name, habit, written, found(alone), both)
