"""An upper bound of `score` for many pairs of names at once, so that most candidates need no comparison.

Names reach each other through one word they share; whether a second word can agree is decided here from a few numbers a
word (length, which letters, skeleton), for all pairs of a batch in numpy. The bound is never below the similarity: what
it rejects, `score` would have put under the limit too. What it cannot judge (Korean readings, Han characters, several
names in one field) it keeps.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from stanch.names.general import plain_letters, word_similarity
from stanch.names.matching import Prepared
from stanch.names.systems import model
from stanch.names.tokens import Token, prices

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

#: One word. `letters`: which letters its plain form has, one bit each (several letters may share a bit: the bound only
#: gets weaker); `raw` the same of the text itself. `skeleton` is a checksum: words of one skeleton share it.
_WORD = np.dtype(
    [
        ("letters", "<u4"),
        ("raw", "<u4"),
        ("skeleton", "<u4"),
        ("plain", "<u2"),
        ("length", "<u2"),
        ("first", "<u4"),
        ("weight", "<f8"),
    ]
)
_PACK = struct.Struct("<IIIHHId")
#: Similarities are rounded to six digits; sums of weights here may differ in the last bit.
_SLACK = 1e-5


@dataclass(frozen=True, slots=True)
class Signatures:
    """Some names as arrays: their words one after the other, and what of each name the bound must know."""

    words: NDArray[Any]
    tokens: tuple[Token, ...]
    #: Fields of `words` that are read most, each in one piece.
    letters: NDArray[np.uint32]
    skeleton: NDArray[np.uint32]
    word_length: NDArray[np.uint16]
    start: Numbers
    count: Numbers
    total: NDArray[np.float64]
    raw: NDArray[np.uint32]
    length: Numbers
    korean: Flags
    han: Flags
    person: Flags
    several: Flags
    #: One bit: the letter an acronym begins with, none where the name is no acronym; and those that an acronym of the
    #: name may begin with.
    acronym: NDArray[np.uint32]
    heads: NDArray[np.uint32]

    @classmethod
    def of(cls, names: Iterable[Prepared]) -> Signatures:
        """The signatures of names, in their order."""
        possible = model().possible
        tokens: list[Token] = []
        counts: list[int] = []
        traits: list[tuple[bool, bool, bool, bool]] = []
        letters: list[tuple[int, int]] = []
        for name in names:
            tokens += name.tokens
            counts.append(len(name.tokens))
            traits.append((name.parsed.korean > possible, bool(name.han), name.kind == "person", bool(name.parts)))
            letters.append(_acronym(name))
        packed = b"".join([_packed(token.text, token.skeleton, token.weight) for token in tokens])
        words = np.frombuffer(packed, dtype=_WORD)
        count = np.array(counts, dtype=np.int64)
        start = np.cumsum(count) - count
        owner = np.repeat(np.arange(len(counts)), count)
        raw = np.zeros(len(counts), dtype=np.uint32)
        np.bitwise_or.at(raw, owner, words["raw"])
        flags = np.array(traits, dtype=np.bool_).reshape(-1, 4)
        initials = np.array(letters, dtype=np.uint32).reshape(-1, 2)
        return cls(
            words=words,
            tokens=tuple(tokens),
            letters=words["letters"].copy(),
            skeleton=words["skeleton"].copy(),
            word_length=words["length"].copy(),
            start=start,
            count=count,
            total=np.bincount(owner, words["weight"], len(counts)).astype(np.float64),
            raw=raw,
            length=np.bincount(owner, words["length"], len(counts)).astype(np.int64),
            korean=flags[:, 0],
            han=flags[:, 1],
            person=flags[:, 2],
            several=flags[:, 3],
            acronym=initials[:, 0],
            heads=initials[:, 1],
        )


def may_reach(least: float, ours: Signatures, theirs: Signatures, left: Numbers, right: Numbers) -> Flags:
    """Whether `score` of the pairs (ours[left[k]], theirs[right[k]]) can be `least` or more; pairs are of one kind."""
    keep = (ours.korean[left] & theirs.korean[right]) | (ours.han[left] & theirs.han[right])
    keep |= ours.several[left] | theirs.several[right]
    keep |= ((ours.acronym[left] & theirs.heads[right]) | (theirs.acronym[right] & ours.heads[left])) > 0
    keep |= _joined(ours, theirs, left, right)
    # First as if all words that may be alike were equal; where that is enough, by how alike they are.
    open_ = np.flatnonzero(~keep)
    for exact in (False, True):
        open_ = open_[_bound(ours, theirs, left[open_], right[open_], exact) >= least - _SLACK]
    keep[open_] = True
    return keep & (ours.count[left] > 0) & (theirs.count[right] > 0)


def _bound(ours: Signatures, theirs: Signatures, left: Numbers, right: Numbers, exact: bool) -> NDArray[np.float64]:
    """The most that comparing word by word can give: each word beside the most similar one, or, if not `exact`, beside
    an equal one wherever there is one that may be similar."""
    price = prices()
    count_left, count_right = ours.count[left], theirs.count[right]
    pair, word_left, word_right = _alike(ours, theirs, left, right)
    alike = np.ones(len(pair))
    if exact:
        tokens = zip(word_left.tolist(), word_right.tolist(), strict=True)
        alike[:] = [_similarity(ours.tokens[one], theirs.tokens[two]) for one, two in tokens]
    low, all_left = _cover(ours, left, pair, word_left, alike)
    high, all_right = _cover(theirs, right, pair, word_right, alike)
    low, high = np.minimum(low, high), np.maximum(low, high)
    bound = np.sqrt(low * high) * (price.covered_base + (1 - price.covered_base) * low)
    shorter = np.minimum(count_left, count_right)
    every = np.where(count_left <= count_right, all_left, False) | np.where(count_right <= count_left, all_right, False)
    part = ours.person[left] & (shorter >= 2) & every
    contained = high * (price.contained_base + (1 - price.contained_base) * low)
    result: NDArray[np.float64] = np.where(part, np.maximum(bound, contained), bound)
    return result


def _similarity(one: Token, two: Token) -> float:
    return word_similarity(one.text, two.text, one.skeleton, two.skeleton)


def _alike(ours: Signatures, theirs: Signatures, left: Numbers, right: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Every two words of a pair of names that may be alike: the number of the pair, and their places in `words`."""
    # First each word of the left names, then that word beside each word of the right name.
    count = ours.count[left]
    pair = np.repeat(np.arange(len(left)), count)
    word = np.arange(len(pair)) + np.repeat(ours.start[left] - (np.cumsum(count) - count), count)
    sizes = theirs.count[right][pair]
    ends = np.cumsum(sizes)
    word_left = np.repeat(word, sizes)
    word_right = np.arange(len(word_left)) + np.repeat(theirs.start[right][pair] - (ends - sizes), sizes)
    # The test that rejects most, alone, on all of them; the whole test on the rest.
    apart = np.bitwise_count(ours.letters[word_left] ^ theirs.letters[word_right])
    one, two = ours.word_length[word_left], theirs.word_length[word_right]
    near = (apart <= 2 * _errors(np.maximum(one, two))) | (np.minimum(one, two) == 1)
    some = np.flatnonzero(near | (ours.skeleton[word_left] == theirs.skeleton[word_right]))
    word_left, word_right = word_left[some], word_right[some]
    kept = _may_be_alike(ours.words[word_left], theirs.words[word_right])
    return pair[np.searchsorted(ends, some[kept], side="right")], word_left[kept], word_right[kept]


def _cover(
    side: Signatures, names: Numbers, pair: Numbers, word: Numbers, alike: NDArray[np.float64]
) -> tuple[NDArray[np.float64], Flags]:
    """For each pair: the share of one side's weight that has a partner, and whether all its words have one."""
    count = side.count[names]
    place = np.cumsum(count) - count
    # Each word once, with the best of its partners.
    best = np.zeros(int(count.sum()))
    np.maximum.at(best, place[pair] + word - side.start[names][pair], alike)
    slots = np.flatnonzero(best)
    owner = np.searchsorted(place + count, slots, side="right")
    words = slots - place[owner] + side.start[names][owner]
    matched = np.bincount(owner, side.words["weight"][words] * best[slots], len(names))
    return matched / np.maximum(side.total[names], 1e-9), np.bincount(owner, minlength=len(names)) == count


def _errors(long: NDArray[Any]) -> NDArray[Any]:
    """How many typing errors two words may have between them, the longer of which has so many letters; more than three
    are not counted by `word_similarity`: then any number."""
    errors = _allowed(prices().least_word)
    found: NDArray[Any] = errors[np.minimum(long, len(errors) - 1)]
    return found


@cache
def _allowed(least: float) -> NDArray[np.uint8]:
    allowed = [max(1, int((1 - least) * length + 1e-9)) for length in range(64)]
    return np.array([errors if errors <= 3 else 127 for errors in allowed], dtype=np.uint8)


def _may_be_alike(one: NDArray[Any], two: NDArray[Any]) -> Flags:
    """False only where `word_similarity` is 0.

    One typing error changes which letters a word has by two at most, so words many letters apart have many typing
    errors between them.
    """
    short, long = np.minimum(one["length"], two["length"]), np.maximum(one["length"], two["length"])
    errors = _errors(long)
    apart = np.bitwise_count(one["letters"] ^ two["letters"])
    longer = np.abs(one["plain"].astype(np.int64) - two["plain"])
    near = ((apart <= 2 * errors) & (longer <= errors)) | (errors > 3)
    near |= one["skeleton"] == two["skeleton"]
    tiny = np.where(short == 1, one["first"] == two["first"], (one["raw"] == two["raw"]) & (short == long))
    result: Flags = np.where(short <= 2, tiny, near)
    return result


def _joined(ours: Signatures, theirs: Signatures, left: Numbers, right: Numbers) -> Flags:
    """Whether the same letters may be cut into words differently, with one error at most."""
    result: Flags = (
        (np.abs(ours.length[left] - theirs.length[right]) <= 1)
        & (ours.count[left] != theirs.count[right])
        & (np.bitwise_count(ours.raw[left] ^ theirs.raw[right]) <= 2)
    )
    return result


@lru_cache(maxsize=100_000)
def _packed(text: str, skeleton: str, weight: float) -> bytes:
    plain = plain_letters(text)
    skeleton_sum = crc32(skeleton.encode("utf-8", "surrogatepass"))
    return _PACK.pack(
        _letters(plain), _letters(text), skeleton_sum, len(plain), len(text), ord(text[0]) if text else 0, weight
    )


def _letters(text: str) -> int:
    found = 0
    for char in text:
        found |= 1 << (ord(char) & 31)
    return found


def _acronym(name: Prepared) -> tuple[int, int]:
    """The letter that the name begins with if it may be an acronym (one telling word of three to eight letters), and
    those that an acronym of it may begin with: of its first word, or the first that is no legal form or small word."""
    if name.kind not in ("organization", "any"):
        return 0, 0
    telling = [token.text for token in name.tokens if token.weight >= 0.3]
    own = _letters(telling[0][0]) if len(telling) == 1 and 3 <= len(telling[0]) <= 8 else 0
    if len(name.tokens) < 3:
        return own, 0
    firsts = [next((token.text[0] for token in name.tokens if token.weight > least), "") for least in (0.0, 0.05, 0.1)]
    return own, _letters("".join(firsts))
