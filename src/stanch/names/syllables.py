"""What a written piece may say: for each writing system, its possible Hangul syllables and P(piece | syllable)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from stanch.names import hangul, hanja, kana
from stanch.names.frequencies import given_syllables, surname_prior, surnames
from stanch.names.systems import System, model, systems_of
from stanch.names.text import script_of

#: Longest piece that can be one syllable, in characters ("ryŏng'" and the like).
MAX_PIECE = 7


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One written syllable in one place of a name, read under every system of its script.

    `likely[i]` maps syllable → P(piece | syllable) under system i; `chance[i]` is P(piece) under it, over all names;
    `mixed` is the same for a writer who slips into other systems now and then.
    `price` is what it costs in similarity (bits) that the piece is an initial, or `mended`: has a typing error.
    Compared by identity: all pieces come from the caches of this module.
    """

    text: str
    script: str
    likely: tuple[Mapping[str, float], ...]
    chance: tuple[float, ...]
    mixed: tuple[float, ...]
    price: float = 0.0
    mended: bool = False

    @property
    def possible(self) -> bool:
        """Whether any system can have written it."""
        return any(self.chance)


def read_piece(text: str, surname: bool, first: bool, before: str, after: str) -> Piece:
    """Read a piece as one syllable.

    Args:
        text: folded text of the piece, of one script.
        surname: whether it stands as surname (else as part of the given name).
        first: whether it begins a written word.
        before: last letter of the piece before it in the name, or "".
        after: first letter of the piece after it, or "".
    """
    # Most neighbours change nothing; those that do not are left out, so that one reading serves for all of them.
    befores, afters = _neighbours(text, first)
    return _read_piece(text, surname, first, before if before in befores else "", after if after in afters else "")


@lru_cache(maxsize=50_000)
def _neighbours(text: str, first: bool) -> tuple[frozenset[str], frozenset[str]]:
    """The letters before and after a piece that matter for how it is read."""
    script = script_of(text)
    if script == "kana":  # whose neighbours are letters only once they are read
        return _EVERY_KANA, _EVERY_KANA
    befores: set[str] = set()
    afters: set[str] = set()
    for system in systems_of(script):
        heads = system.initial_first if first else system.initial
        respelled = (text.replace(habit, plain, 1) for habit, plain, _ in system.respell if habit in text)
        for spelling in (text, *respelled):
            for cut in range(len(spelling) + 1):
                befores.update(*(beside for _, _, beside in heads.get(spelling[:cut], ())))
                afters.update(*(follower for _, _, follower in system.final.get(spelling[cut:], ())))
    return frozenset(befores), frozenset(afters)


_EVERY_KANA = frozenset(map(chr, range(0x3040, 0x3200)))


@lru_cache(maxsize=50_000)
def _read_piece(text: str, surname: bool, first: bool, before: str, after: str) -> Piece:
    script = script_of(text)
    prior = surname_prior() if surname else given_syllables()
    likely: list[Mapping[str, float]] = []
    chance: list[float] = []
    for system in systems_of(script):
        table = _read(system, text, surname, first, before, after)
        table = {syllable: share for syllable, share in table.items() if syllable in prior}
        likely.append(table)
        chance.append(sum(prior[syllable] * share for syllable, share in table.items()))
    return Piece(text, script, tuple(likely), tuple(chance), _mixed(tuple(chance), script))


@lru_cache(maxsize=200_000)
def is_piece(text: str) -> bool:
    """Whether some system can write some known syllable so, in some place."""
    if len(text) > MAX_PIECE:
        return False
    script = script_of(text)
    for system in systems_of(script):
        if text in system.whole or (system.reader == "pinyin" and hanja.is_pinyin(text)):
            return True
    spellings = [text, *(text.replace(habit, plain, 1) for habit, plain in _habits(script) if habit in text)]
    if not any(_shaped(spelling, script) for spelling in spellings):
        return False
    known = surname_prior()
    return any(
        syllable in known
        for system in systems_of(script)
        if system.reader in ("letters", "kana")
        for first in (True, False)
        for spelling in spellings
        for syllable in _direct(system, spelling, first, None, None)
    )


def _shaped(text: str, script: str) -> bool:
    """Whether the text is an initial, a medial and a final of any systems: quick, but true too often."""
    return (kana.letters(text) if script == "kana" else text) in _shapes(script)


@lru_cache(maxsize=8)
def _shapes(script: str) -> frozenset[str]:
    members = systems_of(script)
    initials = {letters for system in members for table in (system.initial, system.initial_first) for letters in table}
    medials = {letters for system in members for letters in system.medial}
    finals = {letters for system in members for letters in system.final}
    return frozenset(one + two + three for one in initials for two in medials for three in finals)


@lru_cache(maxsize=8)
def _habits(script: str) -> tuple[tuple[str, str], ...]:
    return tuple((habit, plain) for system in systems_of(script) for habit, plain, _ in system.respell)


@lru_cache(maxsize=100_000)
def read_compound(first: str, second: str) -> Piece | None:
    """Read two pieces as one of the two-syllable surnames (남궁, 선우…), or None."""
    one = read_piece(first, False, True, "", second[:1])
    two = read_piece(second, False, False, first[-1:], "")
    if one.script != two.script:
        return None
    names = [name for head, found in _compounds().items() for name in found if any(head in t for t in one.likely)]
    if not names:
        return None
    prior = surname_prior()
    likely: list[Mapping[str, float]] = []
    for heads, tails in zip(one.likely, two.likely, strict=True):
        pairs = ((name, heads.get(name[0], 0.0) * tails.get(name[1], 0.0)) for name in names)
        likely.append({name: share for name, share in pairs if share > 0})
    chance = tuple(sum(prior[name] * share for name, share in table.items()) for table in likely)
    if not any(chance):
        return None
    return Piece(first + second, one.script, tuple(likely), chance, _mixed(chance, one.script))


@lru_cache(maxsize=1)
def _compounds() -> dict[str, list[str]]:
    """The two-syllable surnames by their first syllable."""
    found: dict[str, list[str]] = {}
    for name in surnames():
        if len(name) == 2:
            found.setdefault(name[0], []).append(name)
    return found


def _mixed(chance: tuple[float, ...], script: str) -> tuple[float, ...]:
    floor = model().system_floor
    members = systems_of(script)
    average = sum(system.weight * p for system, p in zip(members, chance, strict=True) if system.mixes)
    average /= sum(system.weight for system in members if system.mixes)
    # Pinyin is all or nothing: a system that does not mix gets nothing from the others either.
    return tuple(
        (1 - floor) * p + floor * average if system.mixes else p for system, p in zip(members, chance, strict=True)
    )


def _read(system: System, text: str, surname: bool, first: bool, before: str, after: str) -> Mapping[str, float]:
    if system.reader == "hanja":
        return hanja.read_character(text, surname)
    if system.reader == "pinyin":
        return hanja.read_pinyin(text, surname)
    if system.reader == "wade_giles":
        return hanja.read_wade_giles(text, surname)
    if system.reader == "hangul":
        spelled = {text: 1.0} if len(text) == 1 else {}
    else:
        if system.reader == "kana":
            before, after = kana.letters(before)[-1:], kana.letters(after)[:1]
        spelled = _direct(system, text, first, before, after)
        for habit, plain, share in system.respell:
            if habit in text:
                for syllable, p in _direct(system, text.replace(habit, plain, 1), first, before, after).items():
                    spelled[syllable] = spelled.get(syllable, 0.0) + share * p
    if surname and system.whole:
        share = system.whole_share
        spelled = {
            syllable: p * (1 - share) if syllable in system.whole_surnames else p for syllable, p in spelled.items()
        }
        for syllable, p in system.whole.get(text, ()):
            spelled[syllable] = spelled.get(syllable, 0.0) + share * p
    lawful = system.law_first if first or surname else system.law_inner
    table: dict[str, float] = {}
    for syllable, p in spelled.items():
        kept = 1.0 if hangul.law(syllable) == syllable else 1 - lawful
        table[syllable] = table.get(syllable, 0.0) + p * kept
        for underlying in hangul.unlaw(syllable):
            # A habitual spelling is already that of the underlying surname: the law must not count twice.
            if not (surname and underlying in system.whole_surnames):
                table[underlying] = table.get(underlying, 0.0) + p * lawful
    return table


def _direct(system: System, text: str, first: bool, before: str | None, after: str | None) -> dict[str, float]:
    """P(text | syllable) letter by letter. `before`/`after` None: any neighbour will do."""
    if system.reader == "kana":
        text = kana.letters(text)
    table: dict[str, float] = {}
    initials = system.initial_first if first else system.initial
    for i in range(len(text)):
        heads = initials.get(text[:i])
        if not heads:
            continue
        for j in range(i + 1, len(text) + 1):
            middles, tails = system.medial.get(text[i:j]), system.final.get(text[j:])
            if not middles or not tails:
                continue
            for initial, p_initial, beside in heads:
                if beside and before is not None and not (before and before in beside):
                    continue
                for medial, p_medial, _ in middles:
                    for final, p_final, follower in tails:
                        if follower and after is not None and not (after and after in follower):
                            continue
                        syllable = hangul.compose(initial, medial, final)
                        table[syllable] = table.get(syllable, 0.0) + p_initial * p_medial * p_final
    return table


@lru_cache(maxsize=50_000)
def segment(text: str) -> tuple[tuple[str, ...], ...]:
    """All ways to cut a word into written syllables, at most five, shortest first.

    Bounded: at most 24 ways, and nothing for words longer than 30 letters.
    """
    script = script_of(text)
    if script in ("hangul", "han"):
        # One character, one syllable; 金한길 mixes the two scripts.
        return (tuple(text),) if len(text) <= 5 and all(script_of(char) in ("hangul", "han") for char in text) else ()
    if len(text) > 30 or not systems_of(script):
        return ()
    ways: list[tuple[tuple[str, ...], ...]] = [((),)]
    for end in range(1, len(text) + 1):
        found: list[tuple[str, ...]] = []
        for start in range(max(0, end - MAX_PIECE), end):
            if ways[start] and is_piece(text[start:end]):
                found += [(*way, text[start:end]) for way in ways[start] if len(way) < 5]
        ways.append(tuple(found[:400]))
    return tuple(sorted(ways[-1], key=lambda way: (len(way), way))[:24])


@lru_cache(maxsize=20_000)
def typo_piece(text: str, surname: bool, first: bool) -> Piece:
    """A syllable with one typing error: what every spelling one error away may say, in equal parts.

    Latin: a letter added, left out, changed, or two swapped. Hangul: one of the three letters of the block changed.
    """
    script = script_of(text)
    near: list[Piece] = []
    if script == "latin" and 3 <= len(text) <= MAX_PIECE:
        near = [read_piece(other, surname, first, "", "") for other in _one_error(text) if is_piece(other)]
    elif hangul.is_hangul(text) and len(text) == 1:
        own = hangul.decompose(text)
        near = [
            read_piece(other, surname, first, "", "")
            for other in (surnames() if surname else given_syllables())
            if len(other) == 1 and sum(a == b for a, b in zip(own, hangul.decompose(other), strict=True)) == 2
        ]
    near = [piece for piece in near if piece.possible]
    likely: list[Mapping[str, float]] = []
    share = model().typo_chance / max(1, len(near))
    for index in range(len(systems_of(script))):
        table: dict[str, float] = {}
        for piece in near:
            for syllable, p in piece.likely[index].items():
                table[syllable] = table.get(syllable, 0.0) + p * share
        likely.append(table)
    chance = tuple(sum(piece.chance[index] for piece in near) * share for index in range(len(likely)))
    return Piece(text, script, tuple(likely), chance, _mixed(chance, script), model().typo_bits, mended=True)


def _one_error(text: str) -> list[str]:
    cuts = [(text[:i], text[i:]) for i in range(len(text) + 1)]
    found = [a + b[1:] for a, b in cuts if b]
    found += [a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1]
    found += [a + letter + b[1:] for a, b in cuts if b for letter in _LETTERS]
    found += [a + letter + b for a, b in cuts for letter in _LETTERS]
    return sorted(set(found) - {text})


#: Letters that occur in the Latin systems.
_LETTERS = "abcdeghijklmnoprstuwy"


@lru_cache(maxsize=200)
def initial_piece(letter: str, surname: bool) -> Piece:
    """An initial in place of a syllable: any syllable that some spelling begins with this letter."""
    prior = surname_prior() if surname else given_syllables()
    likely: list[Mapping[str, float]] = []
    for system in systems_of("latin"):
        shares: dict[str, float] = {}
        for letters, jamos in system.initial_first.items():
            if letters.startswith(letter):
                for jamo, share, _ in jamos:
                    shares[jamo] = shares.get(jamo, 0.0) + share
        vowels: dict[str, float] = {}
        for letters, jamos in system.medial.items():
            if letters.startswith(letter):
                for jamo, share, _ in jamos:
                    vowels[jamo] = vowels.get(jamo, 0.0) + share
        table_of: dict[str, float] = {}
        for syllable in prior:
            initial, medial, _final = hangul.decompose(syllable[0])
            p = vowels.get(medial, 0.0) if initial == "ㅇ" else shares.get(initial, 0.0)
            if p > 0:
                table_of[syllable] = p
        likely.append(table_of)
    chance = tuple(sum(prior[syllable] * p for syllable, p in table.items()) for table in likely)
    return Piece(letter, "latin", tuple(likely), chance, _mixed(chance, "latin"), model().initial_bits)
