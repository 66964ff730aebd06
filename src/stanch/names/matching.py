"""Preparing names once and comparing them often; the one door to Korean and general comparison."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from stanch.names.general import Matched, compare_tokens
from stanch.names.hanja import same_form
from stanch.names.korean import Aligned, align, place
from stanch.names.parse import NOT_KOREAN, Parsed, Reading, parse_words
from stanch.names.systems import model
from stanch.names.text import MAX_CHARACTERS, clean
from stanch.names.tokens import Kind, Token, parts_of, prices, tokens_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """How alike two names are.

    similarity: 0 to 1, the same scale for every script; 0.7 and above is a match.
    bits: log2 of P(spellings | one name) / P(spellings | two names): what the agreement is worth; rare names more.
    alignment: which part was set against which, to show.
    note: what was repaired or could not be scored, or None.
    """

    similarity: float
    bits: float
    alignment: str
    note: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A name read once, to be compared many times. Make it with `prepare`."""

    name: str
    kind: Kind
    parsed: Parsed
    tokens: tuple[Token, ...]
    han: str
    notes: tuple[str, ...]
    #: the words of each name where the field holds several
    parts: tuple[tuple[Token, ...], ...] = ()

    @property
    def is_korean(self) -> bool:
        """Whether the name reads as a Korean personal name more likely than not."""
        return self.parsed.korean >= model().korean


def prepare(name: str, kind: Kind = "person") -> Prepared:
    """Read a name. Results are cached; never raises."""
    return _prepare(name[: MAX_CHARACTERS + 1], kind)


@lru_cache(maxsize=20_000)
def _prepare(name: str, kind: Kind) -> Prepared:
    cleaned = clean(name)
    parsed = parse_words(cleaned) if kind in ("person", "any") else NOT_KOREAN
    # A name of digits alone (the vessel 7-28) has no words to read, but can be compared.
    tokens = tokens_of(cleaned, kind) if cleaned.words or _DIGIT.search(cleaned.text) else ()
    every_han = bool(cleaned.words) and all(word.script == "han" for word in cleaned.words)
    han = same_form("".join(part for word in cleaned.words for part in word.parts)) if every_han else ""
    return Prepared(name, kind, parsed, tokens, han, cleaned.notes, parts_of(cleaned, kind))


_DIGIT = re.compile(r"\d")


def compare(a: str | Prepared, b: str | Prepared, kind: Kind = "person") -> Comparison:
    """Compare two names. Symmetric and deterministic; never raises: what cannot be scored gets 0 and a note."""
    left = prepare(a, kind) if isinstance(a, str) else a
    right = prepare(b, kind) if isinstance(b, str) else b
    notes = tuple(dict.fromkeys((*left.notes, *right.notes)))
    if not left.tokens or not right.tokens:
        reason = "; ".join((*notes, "nothing to compare"))
        return Comparison(0.0, 0.0, "", reason)
    note = "; ".join(notes) or None
    korean, general = _judge(left, right)
    if general is not None:
        return _general(left, right, general, note)
    if korean is None:
        text = f"{_shown(left)} ⇄ {_shown(right)}: different number of syllables"
        return Comparison(prices().different_length, -model().mismatch_bits, text, note)
    return Comparison(round(korean.similarity, 6), round(korean.bits, 4), _alignment(left, right, korean), note)


def _judge(left: Prepared, right: Prepared) -> tuple[Aligned | None, Matched | None]:
    """The comparison that counts: the Korean one, or (second) the general one.

    Korean alone when one name reads as Korean more likely than not and the other can be read so. The better of the two
    when neither is likely, or when a reading had to mend a typing error or to take the spelling for Wade-Giles: then it
    may be no Korean name after all.
    """
    one, two, constants = left.parsed, right.parsed, model()
    if min(one.korean, two.korean) <= constants.possible:
        return None, _matched(left, right)
    aligned = align(one, two)
    if aligned is None and min(one.korean, two.korean) >= constants.korean and _one_letter(left, right):
        return None, Matched(prices().one_letter, 0.0, ((left.name, right.name),))
    sure = max(one.korean, two.korean) >= constants.korean and not (one.readings[0].unsure or two.readings[0].unsure)
    if sure:
        return aligned, None
    matched = _matched(left, right)
    if aligned is not None and aligned.similarity >= matched.similarity:
        return aligned, None
    other_words = any(first != second for first, second in matched.pairs)
    mended = one.readings[0].mended or two.readings[0].mended
    if aligned is not None and mended and max(one.korean, two.korean) >= constants.korean and other_words:
        # Kim Yonh Jong is not Kim Yong Song, nor Kim Tong Chol: only the very same words speak against the syllables.
        return aligned, None
    return None, matched


def score(left: Prepared, right: Prepared) -> tuple[float, float]:
    """Similarity and bits alone, as `compare` gives them, without the cost of writing the alignment."""
    if not left.tokens or not right.tokens:
        return 0.0, 0.0
    korean, general = _judge(left, right)
    best = general or korean
    if best is None:
        return prices().different_length, -model().mismatch_bits
    return round(best.similarity, 6), round(best.bits, 4)


def _matched(left: Prepared, right: Prepared) -> Matched:
    kind: Kind = left.kind if left.kind == right.kind else "any"
    if left.han and right.han:
        return _characters(left.han, right.han)
    best = _assigned(left.tokens, right.tokens, kind)
    if left.parts or right.parts:
        for one in (left.tokens, *left.parts):
            for two in (right.tokens, *right.parts):
                found = _assigned(one, two, kind)
                likeness = found.similarity * prices().part
                # Of equals the one with more bits, so that the order of the arguments does not matter.
                if (likeness, found.bits) > (best.similarity, best.bits):
                    best = Matched(likeness, found.bits, found.pairs)
    return best


def _assigned(left: tuple[Token, ...], right: tuple[Token, ...], kind: Kind) -> Matched:
    # The order of arguments must not matter: the tie rules of the assignment look at the left side first.
    if [token.text for token in left] <= [token.text for token in right]:
        return compare_tokens(left, right, kind)
    turned = compare_tokens(right, left, kind)
    return Matched(turned.similarity, turned.bits, tuple((one, two) for two, one in turned.pairs))


def _one_letter(left: Prepared, right: Prepared) -> bool:
    """Whether two Latin names with equally many words differ in one letter (Kim Jong-uun)."""
    a, b = "".join(token.text for token in left.tokens), "".join(token.text for token in right.tokens)
    return a.isascii() and b.isascii() and len(left.tokens) == len(right.tokens) and OSA.distance(a, b) <= 1


def _characters(a: str, b: str) -> Matched:
    """Two names in Han characters that do not read as Korean: the characters decide, not how they sound."""
    if a == b:
        return Matched(1.0, prices().token_bits * len(a) / 2, ((a, b),))
    equal = sum(one == two for one, two in zip(a, b, strict=False))
    return Matched(prices().characters * equal / max(len(a), len(b)), -prices().characters_bits, ((a, b),))


def _general(left: Prepared, right: Prepared, matched: Matched, note: str | None) -> Comparison:
    pairs = " | ".join(f"{one} ⇄ {two}" for one, two in matched.pairs)
    alignment = f"{_shown(left)} ⇄ {_shown(right)}: {pairs or 'no word in common'}"
    return Comparison(round(matched.similarity, 6), round(matched.bits, 4), alignment, note)


def _alignment(left: Prepared, right: Prepared, aligned: Aligned) -> str:
    """`Ri Pyong Chol ⇄ 李炳哲: Ri=리 ⇄ 李=리 | …`: on both sides the syllable that best explains both spellings."""
    places = []
    for one, two in zip(aligned.left.spreads, aligned.right.spreads, strict=True):
        syllable = place(one, two).syllable
        if syllable:
            places.append(f"{one.shown}={syllable} ⇄ {two.shown}={syllable}")
        else:
            places.append(f"{one.shown}={one.best} ≠ {two.shown}={two.best}")
    return f"{_shown(left)} ⇄ {_shown(right)}: {' | '.join(places)}"


def _shown(name: Prepared) -> str:
    return " ".join(name.name.split())


def best_reading(name: Prepared) -> Reading | None:
    """The most probable Korean reading, if there is any."""
    return name.parsed.readings[0] if name.parsed.readings else None
