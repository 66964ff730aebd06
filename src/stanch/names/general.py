"""Comparison of names in general: tokens set against tokens, rare words counting more than common ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from stanch.names.tokens import Kind, Token, prices


@dataclass(frozen=True, slots=True)
class Matched:
    """Result of a general comparison: similarity, bits, and the pairs of words that were set against each other."""

    similarity: float
    bits: float
    pairs: tuple[tuple[str, str], ...]


NOTHING = Matched(0.0, 0.0, ())


@lru_cache(maxsize=200_000)
def word_similarity(a: str, b: str, skeleton_a: str, skeleton_b: str) -> float:
    """How likely two words are one word spelled twice, 0 to 1. Numbers and very short words must be equal."""
    if a == b:
        return 1.0
    price = prices()
    short, long = sorted((len(a), len(b)))
    if a.isdigit() or b.isdigit():
        return 0.0
    if short == 1:
        return price.initial if a[0] == b[0] else 0.0
    if short <= 2:
        return 0.0
    plain_a, plain_b = plain_letters(a), plain_letters(b)
    if plain_a == plain_b:
        return price.exchanged
    distance = OSA.distance(plain_a, plain_b, score_cutoff=3)
    if distance > 3:
        return 0.0  # counted no further: two long words are not one word because they are long
    close = 1 - distance / long
    if short <= 3:
        close -= price.short_price
    if a + "g" == b or b + "g" == a:
        close = max(close, price.final_g)  # Yun, Yung: writers of Chinese names hear the final differently
    if distance == 1 and long >= 5:
        close = max(close, price.one_error)
    if skeleton_a == skeleton_b and len(skeleton_a) >= 3 and distance <= (3 if long >= 6 else 2):
        close = max(close, price.skeleton)
    return close if close >= price.least_word else 0.0


@lru_cache(maxsize=100_000)
def plain_letters(text: str) -> str:
    """Letters that transliterations of one sound exchange, made one: Gayevoy, Gaevoi."""
    for one, other in (("ou", "u"), ("oo", "u"), ("ee", "i"), ("kh", "h"), ("ph", "f"), ("ck", "k"), ("ie", "e")):
        text = text.replace(one, other)
    return text.replace("y", "i").replace("w", "v")


def compare_tokens(left: Sequence[Token], right: Sequence[Token], kind: Kind) -> Matched:
    """Best one-to-one assignment of words (greedy, best pair first), weighed by rarity."""
    if not left or not right:
        return NOTHING
    price = prices()
    scored = sorted(
        (
            (-(score * min(one.weight, two.weight)), -score, one.text, two.text, i, j)
            for i, one in enumerate(left)
            for j, two in enumerate(right)
            if (score := word_similarity(one.text, two.text, one.skeleton, two.skeleton)) > 0
        ),
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    pairs: list[tuple[int, int, float]] = []
    for _, score, _, _, i, j in scored:
        if i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            pairs.append((i, j, -score))
    total_left = sum(token.weight for token in left)
    total_right = sum(token.weight for token in right)
    matched_left = sum(left[i].weight * score for i, _, score in pairs)
    matched_right = sum(right[j].weight * score for _, j, score in pairs)
    cover_left, cover_right = matched_left / total_left, matched_right / total_right
    low, high = sorted((cover_left, cover_right))
    agreed = sum(min(left[i].weight, right[j].weight) * (2 * score - 1) for i, j, score in pairs)
    bits = price.token_bits * agreed - price.missing_bits * (max(total_left, total_right) * (1 - low))
    similarity = _similarity(low, high, len(pairs), min(len(left), len(right)), kind)
    if (
        kind == "person"
        and min(total_left * (1 - cover_left), total_right * (1 - cover_right)) >= price.conflict_weight
    ):
        similarity *= price.conflict  # a word on each side that the other has not: two fathers, two families
    if kind in ("organization", "any"):
        acronym = max(_acronym(left, right), _acronym(right, left))
        if acronym > similarity:
            similarity, bits = acronym, price.token_bits
    joined = _joined(left, right)
    if joined > similarity:
        similarity, bits = joined, max(bits, price.token_bits * min(total_left, total_right, 2.0) * (2 * joined - 1))
    similarity = min(similarity, _most_with_numbers(left, right, kind))
    shown = tuple((left[i].text, right[j].text) for i, j, _ in sorted(pairs))
    return Matched(max(0.0, min(1.0, similarity)), bits, shown)


def _most_with_numbers(left: Sequence[Token], right: Sequence[Token], kind: Kind) -> float:
    """The most that two names can reach by their numbers: ships and offices of one name are told apart by them."""
    if kind == "person":
        return 1.0
    one, two = ({token.text for token in side if token.text.isdigit()} for side in (left, right))
    if one == two or (kind != "vessel" and not (one and two)):
        return 1.0
    return prices().other_number if one and two and one.isdisjoint(two) else prices().no_number


def _similarity(low: float, high: float, pairs: int, shorter: int, kind: Kind) -> float:
    price = prices()
    if kind == "person" and shorter >= 2 and pairs == shorter and high >= price.contained:
        # A middle name or patronymic on one side only is usual; a lone shared word is not enough.
        return high * (price.contained_base + (1 - price.contained_base) * low)
    return float((low * high) ** 0.5) * (price.covered_base + (1 - price.covered_base) * low)


def _acronym(long: Sequence[Token], short: Sequence[Token]) -> float:
    """Whether the one telling word of `short` is made of the heads of the words of `long`: PLA, KOMID."""
    telling = [token.text for token in short if token.weight >= 0.3]
    if len(telling) != 1 or not 3 <= len(telling[0]) <= 8:
        return 0.0
    for least in (0.0, 0.05, 0.1):  # with all words; without legal forms and small words
        heads = [token for token in long if token.weight > least]
        if len(heads) >= 3 and _spells(telling[0], heads, 0):
            return prices().acronym
    return 0.0


def _spells(letters: str, words: Sequence[Token], used: int) -> bool:
    """Whether heads of the words, of at most three letters, spell `letters` in order; only common words may be left."""
    if not letters:
        return used >= 3 and all(token.weight < 1 for token in words)
    if not words:
        return False
    return any(
        letters[:size] == words[0].text[:size] and _spells(letters[size:], words[1:], used + 1)
        for size in range(1, min(3, len(letters), len(words[0].text)) + 1)
    )


def _joined(left: Sequence[Token], right: Sequence[Token]) -> float:
    """The same letters cut into words differently (Wal Mart, Walmart)."""
    a, b = "".join(token.text for token in left), "".join(token.text for token in right)
    if len(a) < 5 or len(b) < 5 or len(left) == len(right):
        return 0.0
    if a == b:
        return prices().joined
    if [char for char in a if char.isdigit()] != [char for char in b if char.isdigit()]:
        return 0.0
    return prices().joined_error if min(len(a), len(b)) >= 8 and OSA.distance(a, b, score_cutoff=1) <= 1 else 0.0
