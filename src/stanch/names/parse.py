"""A written name → its Korean readings: which piece is the surname, which syllables the others may be, and how likely.

The name is cut into written syllables in every way the systems allow; each way, with the surname first or last, is one
reading. Its weight is P(spelling | Korean name), summed over writing systems that the whole name shares.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from stanch.names import hanja
from stanch.names.frequencies import given_syllables, surname_prior
from stanch.names.syllables import MAX_PIECE, Piece, initial_piece, read_compound, read_piece, segment, typo_piece
from stanch.names.systems import Model, model, systems_of, wade_giles_title
from stanch.names.text import Cleaned, Word, script_of

#: Readings kept of one name, and the least share of the best one's weight that a kept reading has.
MAX_READINGS = 6
LEAST_SHARE = 1e-3
#: Shares of the writing systems are rounded to this many steps, so that equal pieces share one cached spread.
STEPS = 8


class Place(NamedTuple):
    """Two spellings of one place: evidence in bits that they are one syllable, what it lacks of full agreement, and the
    syllable that best explains both ("" when there is none)."""

    bits: float
    loss: float
    syllable: str


class Spread:
    """What one piece says in one name: P(syllable | piece) for each syllable it may be.

    Compared by identity: equal pieces read under equal system shares are the same object (they come from one cache).
    """

    __slots__ = ("best", "form", "mates", "own_bits", "ratios", "script", "shares", "shown", "strict", "text")

    def __init__(
        self, text: str, script: str, shares: Mapping[str, float], prior: Mapping[str, float], strict: bool = False
    ) -> None:
        self.text = text
        #: whether the name is written in systems that keep o and u apart
        self.strict = strict
        self.shown = text.capitalize()
        self.script = script
        #: Han text with variants made alike, or "" in another script
        self.form = hanja.same_form(text) if script == "han" else ""
        self.shares = shares
        self.ratios = {syllable: share / prior[syllable] for syllable, share in shares.items()}
        self.own_bits = math.log2(sum(share * self.ratios[syllable] for syllable, share in shares.items()))
        #: the most probable syllable; ties in code point order
        self.best = min(shares, key=lambda syllable: (-shares[syllable], syllable))
        #: what was found against another spread, filled as pairs are met
        self.mates: dict[Spread, Place] = {}


#: A word of one of these letters alone is an initial, and then so are other single letters beside it.
_CONSONANTS = frozenset("bcdfghjklmnpqrstvwxyz")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name as Korean: surname spread, then one for each given-name syllable.

    `share` is its probability among the readings of the name; `price` its distance from the best one, in bits.
    `systems` are the writing systems with their shares, most likely first; `mended`: a typing error was assumed.
    """

    spreads: tuple[Spread, ...]
    share: float
    price: float
    systems: tuple[tuple[str, float], ...]
    mended: bool

    @property
    def unsure(self) -> bool:
        """Whether it may be no Korean name: it has a typing error, or reads best as Wade-Giles (Tsang Yung Yuan)."""
        return self.mended or self.systems[0][0] == wade_giles_title()


@dataclass(frozen=True, slots=True)
class Parsed:
    """All kept readings, best first, and the probability (even prior) that the name is Korean at all."""

    readings: tuple[Reading, ...]
    korean: float


NOT_KOREAN = Parsed((), 0.0)


def parse_words(name: Cleaned) -> Parsed:
    """Read a cleaned name as Korean. Where one field holds several spellings, 김정은 (Kim Jong Un), all count."""
    spellings = _spellings(name)
    if len(spellings) == 1:
        return _parse(name)
    found = [_parse(spelling) for spelling in spellings]
    named = [parsed for parsed in found if parsed.korean >= model().korean and len(parsed.readings[0].spreads) > 1]
    if len(named) < 2:
        whole = _parse(name)
        if whole.korean >= model().korean or not named:
            return whole
    share = 1 / len(named)
    readings = [replace(reading, share=reading.share * share) for parsed in named for reading in parsed.readings]
    readings.sort(key=lambda reading: -reading.share)
    return Parsed(tuple(readings[: 2 * MAX_READINGS]), max(parsed.korean for parsed in named))


def _spellings(name: Cleaned) -> list[Cleaned]:
    """The runs of words that may be a name each: parted by brackets and slashes, or by script. At most four."""
    runs: list[list[Word]] = []
    for word in name.words:
        if runs and runs[-1][-1].group == word.group and runs[-1][-1].script == word.script:
            runs[-1].append(word)
        else:
            runs.append([word])
    if len(runs) < 2 or len(runs) > 4:
        return [name]
    return [
        Cleaned(name.text, tuple(run), name.comma if not at and name.comma < len(run) else 0, ())
        for at, run in enumerate(runs)
    ]


def _parse(name: Cleaned) -> Parsed:
    words = name.words
    if not words or any(word.script == "other" for word in words):
        return NOT_KOREAN
    parts = [part for word in words for part in word.parts]
    if len(parts) > 6 or sum(map(len, parts)) > 40:
        return NOT_KOREAN
    # Most names in the world end here: no system can have written two of their parts, and one is mended only in three.
    broken = sum(1 for part in parts if len(part) > 1 and not segment(part))
    if broken > 1 or (broken and len(parts) != 3):
        return NOT_KOREAN
    weighed = _weighed(name, "")
    if not weighed and len(parts) == 3 and all(map(segment, parts)):
        # Ri Min Tse: each part is a syllable of some system, but of no one together; one of them may be mistyped.
        for part in dict.fromkeys(parts):
            if _mendable(name, [part]):
                weighed |= _weighed(name, part)
    if not weighed:
        return NOT_KOREAN
    best = max(weighed.values())
    ranked = sorted(weighed.items(), key=lambda item: (-item[1], [piece.text for piece in item[0]]))
    kept = [(pieces, weight) for pieces, weight in ranked[:MAX_READINGS] if weight - best > math.log(LEAST_SHARE)]
    total = sum(math.exp(weight - best) for _, weight in kept)
    readings = tuple(
        _reading(
            pieces,
            math.exp(weight - best) / total,
            (best - weight) / math.log(2) + sum(piece.price for piece in pieces),
        )
        for pieces, weight in kept
    )
    evidence = best + math.log(total) + _surprise(words)
    return Parsed(readings, 1 / (1 + math.exp(-max(-50.0, min(50.0, evidence)))))


def _weighed(name: Cleaned, mistyped: str) -> dict[tuple[Piece, ...], float]:
    """The possible readings with their log weight. `mistyped`: the part to be read as a typing error, or ""."""
    weighed: dict[tuple[Piece, ...], float] = {}
    for pieces, log_prior in _arrangements(name, mistyped):
        weight = log_prior + _log_likelihood(pieces)
        if weight > -math.inf:
            weighed[pieces] = max(weight, weighed.get(pieces, -math.inf))
    return weighed


def _surprise(words: tuple[Word, ...]) -> float:
    """-log P(text | some name that is not Korean), by letters."""
    constants = model()
    each = {
        "latin": constants.letter_nats,
        "cyrillic": constants.letter_nats,
        "kana": constants.kana_nats,
        "hangul": constants.hangul_nats,
        "han": constants.han_nats,
    }
    return sum(each[word.script] * len(part) for word in words for part in word.parts)


def _arrangements(name: Cleaned, mistyped: str = "") -> Iterator[tuple[tuple[Piece, ...], float]]:
    """Every way to read the words as surname and given name, with its log prior."""
    constants = model()
    broken: list[str] = []
    initials = {part for word in name.words for part in word.parts if word.initial} | _CONSONANTS
    for part in (part for word in name.words for part in word.parts):
        if not segment(part):
            if part in initials:
                continue
            broken.append(part)
            # Most names in the world end here: the first part that no system can have written decides.
            if len(broken) > 1 or not _mendable(name, broken):
                return
    options = [_ways(word) for word in name.words]
    if len(options) == 3 and not broken:
        # Hynog can be cut into two syllables, but as one of three words it is rather one mistyped.
        odd = [at for at, ways in enumerate(options) if ways and len(ways[0]) > 1 and len(name.words[at].parts) == 1]
        if len(odd) == 1 and _mendable(name, [name.words[odd[0]].parts[0]]):
            options[odd[0]] = (*options[odd[0]], name.words[odd[0]].parts)
    if not all(options) or math.prod(map(len, options)) > 256:
        return
    if len(options) >= 3 and all(len(ways[0]) == 1 for ways in options if ways):
        options = [ways[:1] for ways in options]  # Kim Jong Un is cut already
    if not all(options) or math.prod(map(len, options)) > 256:
        return
    for ways in product(*options):
        count = sum(map(len, ways))
        if not 2 <= count <= 5:
            continue
        flat = [text for way in ways for text in way]
        owner = [index for index, way in enumerate(ways) for _ in way]
        for last, log_order in _orders(name, constants):
            yield from _with_order(flat, owner, last, log_order, frozenset(initials), mistyped, constants)


def _ways(word: Word) -> tuple[tuple[str, ...], ...]:
    if len(word.parts) == 1:
        return segment(word.parts[0]) or ((word.parts[0],),)
    found = tuple(sum(ways, ()) for ways in product(*(segment(part) or ((part,),) for part in word.parts)))
    return tuple(way for way in found if len(way) <= 5)[:64]


def _mendable(name: Cleaned, broken: list[str]) -> bool:
    """Whether the one part that no system can have written may be a syllable mistyped.

    Only in a name of three parts whose other two are usual Korean syllables: to look for the error is slow, and most
    names in the world have a part that is no Korean syllable.
    """
    parts = [part for word in name.words for part in word.parts]
    if len(broken) != 1 or len(parts) != 3 or len(broken[0]) > MAX_PIECE or script_of(broken[0]) != "latin":
        return False
    if len(broken[0]) == 1:
        return True  # an initial
    return all(
        segment(part)[:1] == ((part,),)
        and max(*read_piece(part, True, True, "", "").chance, *read_piece(part, False, True, "", "").chance)
        >= model().usual
        for part in parts
        if part is not broken[0]
    )


def _orders(name: Cleaned, constants: Model) -> Iterator[tuple[bool, float]]:
    if name.comma:
        yield False, 0.0
        return
    words = name.words
    last = constants.surname_last
    if len(words) > 1:
        if words[0].capital != words[-1].capital:
            last = constants.surname_last_caps if words[0].capital else 1 - constants.surname_last_caps
        elif len(words) == 2 and len(words[0].parts) == 2 and len(words[1].parts) == 1:
            last = 1 - last  # Jong-un Kim: the hyphen marks the given name
    yield False, math.log(1 - last)
    if len(words) > 1:
        yield True, math.log(last)


def _with_order(
    flat: list[str],
    owner: list[int],
    last: bool,
    log_order: float,
    initial_letters: frozenset[str],
    mistyped: str,
    constants: Model,
) -> Iterator[tuple[tuple[Piece, ...], float]]:
    """Surname of one piece or of two, taken from the front or the end."""
    lengths = {1: constants.given_one, 2: constants.given_two, 3: constants.given_three}
    for width in (1, 2):
        given = len(flat) - width
        if given not in lengths:
            continue
        log_prior = log_order + math.log(lengths[given])
        head, tail = (flat[-width:], flat[:-width]) if last else (flat[:width], flat[width:])
        edge = (owner[given - 1], owner[given]) if last else (owner[width - 1], owner[width])
        if edge[0] == edge[1] and len(set(owner)) > 1:
            log_prior -= constants.split_bits * math.log(2)
        tails = owner[:-width] if last else owner[width:]
        if width == 1:
            surname = _piece(
                head[0], mistyped, True, True, "", tail[0][:1] if tails[0] == owner[0] and not last else ""
            )
            if last and max(surname.chance) < constants.last_surname:
                continue
        else:
            compound = read_compound(head[0], head[1])
            if compound is None:
                continue
            surname = compound
        pieces = [surname]
        initials = any(len(text) == 1 and text in initial_letters for text in tail)
        for index, text in enumerate(tail):
            first = index == 0
            if initials and len(text) == 1:
                pieces.append(initial_piece(text, False))
                continue
            before = tail[index - 1][-1:] if index else ""
            after = tail[index + 1][:1] if index + 1 < len(tail) else ""
            pieces.append(_piece(text, mistyped, False, first, before, after))
        if sum(piece.mended for piece in pieces) <= 1:
            yield tuple(pieces), log_prior


def _piece(text: str, mistyped: str, surname: bool, first: bool, before: str, after: str) -> Piece:
    if text == mistyped:
        return typo_piece(text, surname, first)
    piece = read_piece(text, surname, first, before, after)
    if piece.possible:
        return piece
    if len(text) == 1 and piece.script == "latin":
        return initial_piece(text, surname)
    return typo_piece(text, surname, first)


def _log_likelihood(pieces: tuple[Piece, ...]) -> float:
    """log P(pieces | Korean name), the systems of one script shared by all its pieces."""
    total = 0.0
    for script in dict.fromkeys(piece.script for piece in pieces):
        rows = [piece.mixed for piece in pieces if piece.script == script]
        likelihood = sum(
            system.weight * math.prod(row[index] for row in rows) for index, system in enumerate(systems_of(script))
        )
        if likelihood <= 0:
            return -math.inf
        total += math.log(likelihood)
    return total


def _reading(pieces: tuple[Piece, ...], share: float, price: float) -> Reading:
    names: list[tuple[str, float]] = []
    shares_of: dict[str, tuple[int, ...]] = {}
    for script in dict.fromkeys(piece.script for piece in pieces):
        members = systems_of(script)
        rows = [piece.mixed for piece in pieces if piece.script == script]
        weights = [system.weight * math.prod(row[index] for row in rows) for index, system in enumerate(members)]
        total = sum(weights)
        shares_of[script] = tuple(round(STEPS * weight / total) for weight in weights)
        names += [(system.title, weight / total) for system, weight in zip(members, weights, strict=True)]
    spreads = tuple(_spread(piece, index == 0, shares_of[piece.script]) for index, piece in enumerate(pieces))
    names.sort(key=lambda item: -item[1])
    told = tuple(item for item in names if item[1] >= 0.01)
    return Reading(spreads, share, price, told, any(piece.mended for piece in pieces))


@lru_cache(maxsize=50_000)
def _spread(piece: Piece, surname: bool, steps: tuple[int, ...]) -> Spread:
    prior = surname_prior() if surname else given_syllables()
    floor, members = model().system_floor, systems_of(piece.script)
    total_steps, total_weight = sum(steps), sum(system.weight for system in members if system.mixes)
    weights = [
        (1 - floor) * step / total_steps + (floor * system.weight / total_weight if system.mixes else 0.0)
        for step, system in zip(steps, members, strict=True)
    ]
    joint: dict[str, float] = {}
    for weight, table in zip(weights, piece.likely, strict=True):
        for syllable, p in table.items():
            joint[syllable] = joint.get(syllable, 0.0) + weight * p * prior[syllable]
    total = sum(joint.values())
    kept = {syllable: p / total for syllable, p in joint.items() if p / total >= 1e-5}
    kept_apart = sum(step for step, system in zip(steps, members, strict=True) if system.strict_vowels)
    return Spread(piece.text, piece.script, kept, prior, kept_apart >= model().strict_share * total_steps)
