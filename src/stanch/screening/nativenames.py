"""Whether a name in its own script reads as the Latin name of the same entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stanch import names
from stanch.model import Entity
from stanch.names import Prepared, hangul
from stanch.names.korean import align, place
from stanch.screening.weights import NAME_SIMILARITY

#: Initials that one name has in the North and another in the South: 리/이, 녀/여.
_INITIALS = frozenset("ㄹㄴㅇ")
_LATIN_END = "\u0250"


def native_problems(entity: Entity, family: Sequence[Entity]) -> Iterator[str]:
    """What is wrong with the names of a person in other scripts, one text each.

    A main name in another script must read as a Latin name of its own entry. An alias in Hangul or Han must read as
    any Latin name of the subject (`family`: its entries on all lists): an alias may translate another alias. Other
    aliases in other scripts (katakana, Cyrillic) often have no Latin twin, and are not judged.
    """
    if entity.schema != "Person":
        return
    own = [text for text in (*entity.names, *entity.get("weakAlias")) if is_latin(text)]
    if not own:
        return
    others = [text for item in family for text in (*item.names, *item.get("weakAlias")) if is_latin(text)]
    for text in dict.fromkeys(entity.names):
        if is_latin(text) or not any(map(str.isalpha, text)):
            continue
        is_main = text in entity.get("name")
        if not is_main and not _is_korean_script(text):
            continue
        fits = own if is_main else list(dict.fromkeys((*own, *others)))
        prepared = names.prepare(text)
        scored = max((names.score(prepared, names.prepare(latin))[0], latin) for latin in fits)
        if scored[0] < NAME_SIMILARITY:
            yield f"{text} does not read as {own[0]} (best similarity {scored[0]:.2f}, with {scored[1]})"
        elif slip := _hangul_slip(prepared, [names.prepare(latin) for latin in fits]):
            yield f"{text} reads as {own[0]} only when {slip}"


def is_latin(text: str) -> bool:
    """Whether most letters of a name are Latin."""
    letters = [char for char in text if char.isalpha()]
    return bool(letters) and sum(char < _LATIN_END for char in letters) * 2 > len(letters)


def _is_korean_script(text: str) -> bool:
    return any("\uac00" <= char <= "\ud7a3" or "\u4e00" <= char <= "\u9fff" for char in text)


def _hangul_slip(native: Prepared, latin: Sequence[Prepared]) -> str:
    """The printed syllable that must be another one for the names to agree, "" when some Latin name fits as printed.

    The comparison forgives a slip of one vowel; for the question "is the list right?" it must not.
    """
    found = ""
    for other in latin:
        aligned = align(native.parsed, other.parsed)
        if aligned is None or aligned.similarity < NAME_SIMILARITY:
            continue
        slips = [
            f"{one.text} is {agreed}"
            for one, two in zip(aligned.left.spreads, aligned.right.spreads, strict=True)
            if len(one.text) == 1
            and hangul.is_hangul(one.text)
            and (agreed := place(one, two).syllable)
            and not _is_same(one.text, agreed)
        ]
        if not slips:
            return ""
        found = found or ", ".join(slips)
    return found


def _is_same(printed: str, agreed: str) -> bool:
    if len(agreed) != 1 or printed == agreed:
        return True
    one, two = hangul.decompose(printed), hangul.decompose(agreed)
    return one[1:] == two[1:] and {one[0], two[0]} <= _INITIALS
