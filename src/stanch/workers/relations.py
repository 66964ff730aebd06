"""Questions that need a name, answered outside the score: is the payee somebody else, are two records one person?

The score receives only yes, no or unclear. Every way in which one name is written differently (another script, order,
an initial, a spelling) is unclear, so that nobody collects points for a name that clerks spell in several ways.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from stanch.model import Engagement
from stanch.names import compare, prepare
from stanch.names.general import word_similarity
from stanch.names.tokens import Token
from stanch.workers.traces import Identifier, Relation

#: Words that make a holder a firm: whose firm it is, the name does not say.
_FIRM_WORDS = frozenset(
    {
        "bv", "company", "consulting", "corp", "corporation", "gmbh", "inc", "incorporated", "limited", "llc", "llp",
        "ltd", "ltda", "ooo", "plc", "pte", "pty", "sarl", "services", "solutions", "srl", "tech", "주식회사",
        "유한회사", "株式会社", "有限公司", "ооо",
    }
)  # fmt: skip

#: Two Korean names at or above this similarity (0..1) are one name in two romanisations, as `names` measures it; one
#: syllable apart is far below. Estimate.
_KOREAN_SPELLING = 0.9

#: Two words at or above this similarity (0..1) may be one word spelled twice. Estimate.
_WORD_SPELLING = 0.8

#: Two names in different scripts at or above this similarity may be one name: where `names` begins to call it a match.
_CROSS_SCRIPT = 0.7

_MAX_NAME, _MAX_WORDS = 256, 8
_WORD = re.compile(r"[^\W_]+")


def payee_differs(engagement: Engagement) -> Relation | None:
    """Whether pay goes to somebody else: yes if any holder is another person, no if all are the person, else unclear.

    None when the record names no person or no holder: it cannot be checked.
    """
    holders = [payout.holder for payout in engagement.payouts if _words(payout.holder)]
    if not holders or not _words(engagement.name):
        return None
    answers = {names_differ(engagement.name, holder) for holder in holders}
    for answer in (Relation.YES, Relation.UNCLEAR):
        if answer in answers:
            return answer
    return Relation.NO


def names_differ(a: str, b: str) -> Relation:
    """Whether two names belong to different people, as far as names can say."""
    first, second = _words(a), _words(b)
    if sorted(first) == sorted(second) or "".join(first) == "".join(second):
        return Relation.NO
    if not first or not second or _scripts(a) != _scripts(b) or _FIRM_WORDS & {*first, *second}:
        return Relation.UNCLEAR
    return Relation.UNCLEAR if _may_be_spellings(a, b) else Relation.YES


def may_be_one_person(a: str, b: str) -> bool:
    """Whether two records that share a document or a contact may name one person: equal names or spellings of one,
    also in two scripts. A record without a name may be anybody's."""
    first, second = _words(a), _words(b)
    if not first or not second:
        return False
    if sorted(first) == sorted(second) or "".join(first) == "".join(second):
        return True
    if _scripts(a) != _scripts(b):
        return compare(a[:_MAX_NAME], b[:_MAX_NAME]).similarity >= _CROSS_SCRIPT
    return _may_be_spellings(a, b)


def name_key(name: str) -> str:
    """Text that two records of one name share whatever the order, case and accents; "" without a name."""
    return " ".join(sorted(_words(name)))


def personal_keys(identifiers: Sequence[Identifier]) -> list[tuple[str, ...]]:
    """What records of one person have in common beside the name: a document; or an e-mail address or telephone number,
    where both give the same documents or none."""
    documents = tuple(sorted(item.value for item in identifiers if item.kind == "document"))
    contacts = [item for item in identifiers if item.kind in ("email", "phone")]
    return [("document", value) for value in documents] + [(item.kind, item.value, *documents) for item in contacts]


def _words(name: str) -> tuple[str, ...]:
    """The words of a name without case, accents and punctuation."""
    return _words_of(name[:_MAX_NAME])


@lru_cache(maxsize=1 << 16)
def _words_of(name: str) -> tuple[str, ...]:
    if name.isascii():
        return tuple(_WORD.findall(name.lower()))
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    # Recomposed, or Hangul would stay in single letters. Marks that are left are vowels (Hindi, Thai), part of a word.
    whole = unicodedata.normalize("NFC", letters)
    return tuple("".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in whole).split())


def _scripts(name: str) -> set[str]:
    letters = [char for char in name[:_MAX_NAME] if char.isalpha()]
    return {unicodedata.name(char, "UNKNOWN").split()[0] for char in letters}


def _may_be_spellings(a: str, b: str) -> bool:
    """Whether two names may be one name written twice.

    The similarity of whole names is not asked: one shared surname is half of a short name, and would excuse relatives
    of one people and not of another. Every word of the shorter name must have its counterpart.
    """
    left, right = prepare(a[:_MAX_NAME], "person"), prepare(b[:_MAX_NAME], "person")
    if left.is_korean and right.is_korean and compare(left, right).similarity >= _KOREAN_SPELLING:
        return True
    few, many = sorted((left.tokens[:_MAX_WORDS], right.tokens[:_MAX_WORDS]), key=len)
    if not few or (len(few) == 1) != (len(many) == 1):
        return False
    # Best pair first, ties by text: the same pairs in whichever order the names are given.
    pairs = sorted(
        (-alike, min(one.text, other.text), max(one.text, other.text), i, j)
        for i, one in enumerate(few)
        for j, other in enumerate(many)
        if (alike := _words_alike(one, other)) > 0
    )
    used_few: set[int] = set()
    used_many: set[int] = set()
    for _, _, _, i, j in pairs:
        if i not in used_few and j not in used_many:
            used_few.add(i)
            used_many.add(j)
    return len(used_few) == len(few)


def _words_alike(one: Token, other: Token) -> float:
    """1 for equal words, less for two spellings or an initial, 0 for different words."""
    if one.text == other.text:
        return 1.0
    if 1 in (len(one.text), len(other.text)):
        return 0.5 if one.text[0] == other.text[0] else 0.0
    alike = word_similarity(one.text, other.text, one.skeleton, other.skeleton)
    if alike >= _WORD_SPELLING:
        return alike
    same_consonants = bool(one.skeleton) and one.skeleton == other.skeleton and one.text[0] == other.text[0]
    return 0.7 if same_consonants else 0.0
