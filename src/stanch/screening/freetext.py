"""Listed names and numbers inside free text: remittance information, addresses, instructions.

A text of ten words holds some forty phrases, and most listed names are made of everyday words. So only strong names
count here: those that few others share, ships only where the text says that a ship is meant, numbers only in a form
that says what they are. What a party's own name field would show may stay silent here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from stanch import names
from stanch.model import Source
from stanch.names import identifiers, tokens
from stanch.names.syllables import segment
from stanch.names.text import clean, script_of
from stanch.screening.combine import NameHit, combine
from stanch.screening.identify import Identifier, unique
from stanch.screening.index import Index
from stanch.screening.match import Screened
from stanch.screening.query import Query

#: Bits that a listed name must weigh, spelled as in the text, to be looked for. ESTIMATES, set so that ordinary
#: remittance texts stay silent (docs/how-to/payments.md has the measurement): 12 bits is one name in four thousand.
STRONG_BITS = {"person": 12.0, "organization": 14.0, "vessel": 5.0}
#: An organisation's name of everyday words counts from here on when this many of them stand in one row (estimates).
LONG_NAME_BITS, LONG_NAME_WORDS = 12.0, 4
#: Letters of a two-word name that is not Korean: Zhang Wei has eight, and very many people bear it (estimate).
LONG_PERSON = 12
#: How alike a phrase and a listed name must be: more than for names in a field of their own (estimate).
SIMILARITY = 0.9
#: Characters of a text that are looked through; the rest is told. The longest field of the standards has 9,000.
MAX_TEXT = 10_000
#: Most words that the correction for chance counts: a long text must not hide a name (estimate).
MAX_TRIED = 32
#: Words of a phrase: Korean names, ships.
MAX_PERSON, MAX_SHIP = 4, 6
_TELLING = 0.3

_WORD = re.compile(r"[^\W_]+(?:[-'’‘ʼ`][^\W_]+)*")
_SHIP = re.compile(
    r"\b(?:M[ .]?/[ .]?[VT]|M\.?[VT]|VESSELS?|VSLS?|TANKER|BULKER|MOTOR ?SHIP|SHIP|선박|船舶|船名|теплоход|судно)\b\.?"
    r"(?:[ ]?(?:NAME|NAMED|IS))?[\s:.\"'“”«»(-]*",
    re.IGNORECASE,
)
_IMO = re.compile(r"\bIMO\b[\s:#.-]*(?:NO\b|NR\b|NUMBER\b)?[\s:#.-]*([0-9]{7})\b", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"(?:\bPASSPORT\b|\bPASS\.|\bPPT\b|여권|护照|паспорт)[\s:#.-]*(?:NO\b|NR\b|NUMBER\b|번호|号)?[\s:#.№-]*"
    r"([0-9A-Z][0-9A-Z -]{3,14}[0-9A-Z])",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\s,;()<>\"'|/]+")
_LONG = re.compile(r"[0-9A-Za-z]{8,90}")
#: Particles and forms of address that Korean writes on to a name.
_ENDINGS = ("에게서", "으로부터", "에게", "님께", "께", "님", "씨", "의", "앞", "은", "는", "이", "가", "로")


@dataclass(frozen=True, slots=True)
class TextScreener:
    """Looks for the strong names of an index. `anchors`: the rarest word of a listed name → names that have it."""

    index: Index
    anchors: dict[str, tuple[int, ...]]

    @classmethod
    def build(cls, index: Index) -> TextScreener:
        """Choose the strong names of `index`: some milliseconds a thousand names."""
        telling = {
            number: tuple(dict.fromkeys(token.skeleton for token in name.prepared.tokens if token.weight >= _TELLING))
            for number, name in enumerate(index.names)
            # Korean names are reached by their syllables instead.
            if (name.kind == "organization" or (name.kind == "person" and not name.prepared.is_korean))
            and _is_strong(name.prepared, name.prepared, name.kind)
        }
        counts = Counter(word for found in telling.values() for word in found)
        anchors: dict[str, list[int]] = {}
        for number, found in telling.items():
            if found and (index.names[number].kind != "person" or _is_long(index.names[number].prepared)):
                anchors.setdefault(min(found, key=lambda word: (counts[word], word)), []).append(number)
        return cls(index, {word: tuple(numbers) for word, numbers in anchors.items()})

    def screen(self, text: str, row: int, input_id: str, source: Source, threshold: float) -> Screened:
        """Screen one text. Matches come most probable first; each shows the phrase that was set against the list.

        Weights are those of screening; the best of many phrases looks better than it is, so that log2 of the number of
        words is taken from the bits of a name.
        """
        problems = (
            () if len(text) <= MAX_TEXT else (f"only the first {MAX_TEXT:,} of {len(text):,} characters screened",)
        )
        query = Query(row, input_id, text, "Thing", (), source=source, problems=problems)
        text = text[:MAX_TEXT]
        words = [(match[0], match.start()) for match in _WORD.finditer(text)]
        hits: dict[int, NameHit] = {}
        for hit in self._hits(text, [word for word, _ in words]):
            known = hits.get(hit.listed.subject)
            if known is None or hit.rank > known.rank:
                hits[hit.listed.subject] = hit
        tried = min(max(1, len(words)), MAX_TRIED)
        shared: dict[int, list[Identifier]] = {}
        for item in unique(numbers_in(text)):
            for number in self.index.by_identifier.get(item.key, ()):
                shared.setdefault(number, []).append(item)
        matches = []
        for number in sorted(hits.keys() | shared.keys()):
            listed = self.index.subjects[number]
            found = shared.get(number, ())
            match = combine(query, listed, hits.get(number), found, self.index.lists, tried, threshold)
            if match is not None:
                matches.append(match)
        matches.sort(key=lambda match: (-match.bits, match.entity_id))
        return Screened(query, self.index.lists, threshold, tuple(matches))

    def _hits(self, text: str, words: list[str]) -> Iterator[NameHit]:
        yield from self._koreans(words)
        yield from self._anchored(words)
        for marker in _SHIP.finditer(text):
            yield from self._ships(text[marker.end() : marker.end() + 120])

    def _koreans(self, words: list[str]) -> Iterator[NameHit]:
        """Phrases that read as Korean names, through the keys of the index."""
        cased = any(word[0].isupper() for word in words)
        may = [_may_be_korean(word, cased) for word in words]
        # A word beside a name of two syllables makes it a part of a longer name: Choe Hwi in "Choe Hwi Sang".
        beside = [ok and _is_syllable(word) for ok, word in zip(may, words, strict=True)]
        joins = [False, *beside, False]
        for start in range(len(words)):
            phrase: list[str] = []
            for place in range(start, min(start + MAX_PERSON, len(words))):
                if not may[place]:
                    break
                phrase.append(words[place])
                if len(phrase) == 2 and (joins[start] or joins[place + 2]) and all(map(_is_syllable, phrase)):
                    continue
                for name in _korean_forms(phrase):
                    yield from self._by_keys(name, "person", "k:")

    def _ships(self, after: str) -> Iterator[NameHit]:
        words = [match[0] for match in _WORD.finditer(after)][:MAX_SHIP]
        for size in range(1, len(words) + 1):
            yield from self._by_keys(" ".join(words[:size]), "vessel", "")

    def _by_keys(self, phrase: str, kind: names.Kind, prefix: str) -> Iterator[NameHit]:
        found = {
            number: None
            for key in names.keys(phrase, kind)
            if key.startswith(prefix)
            for number in self.index.by_key.get((kind, key), ())
        }
        if found:
            prepared = names.prepare(phrase, kind)
            for number in found:
                yield from self._compare(phrase, prepared, number)

    def _anchored(self, words: list[str]) -> Iterator[NameHit]:
        """Names all of whose telling words stand together in the text."""
        places: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            for token in names.prepare(word, "organization").tokens:
                places.setdefault(token.skeleton, []).append(place)
        for anchor in (
            self.anchors.keys() & places.keys()
            if len(places) > len(self.anchors)
            else [word for word in places if word in self.anchors]
        ):
            for number in self.anchors[anchor]:
                tokens = self.index.names[number].prepared.tokens
                telling = [token.skeleton for token in tokens if token.weight >= _TELLING]
                if any(word not in places for word in telling):
                    continue
                for start in places[anchor][:20]:
                    near = [min(places[word], key=lambda place: (abs(place - start), place)) for word in telling]
                    first, last = min(near), max(near)
                    kind = self.index.names[number].kind
                    # "…Trading Corp, Red Sea Foods" is not Red Sea Trading; only people turn their names around.
                    if last - first <= len(tokens) and (kind == "person" or near == sorted(near)):
                        phrase = " ".join(words[first : last + 1])
                        yield from self._compare(phrase, names.prepare(phrase, kind), number)

    def _compare(self, phrase: str, prepared: names.Prepared, number: int) -> Iterator[NameHit]:
        listed = self.index.names[number]
        if listed.kind == "person" and not (_is_long(listed.prepared) or _is_rare_korean(listed.prepared, prepared)):
            return
        similarity, bits = names.score(prepared, listed.prepared)
        if similarity >= SIMILARITY and _is_strong(prepared, listed.prepared, listed.kind):
            yield NameHit(phrase, listed, similarity, bits)


def _is_rare_korean(listed: names.Prepared, phrase: names.Prepared) -> bool:
    """Whether the Korean frequencies say how rare a name is. Of a Chinese name of two syllables they do not, though it
    can be read as a Korean one in pinyin."""
    readings = phrase.parsed.readings
    if not listed.is_korean or not readings:
        return listed.is_korean
    in_pinyin = readings[0].systems[:1] and readings[0].systems[0][0].startswith("pinyin")
    return not in_pinyin or len(readings[0].spreads) >= 3


def _is_long(name: names.Prepared) -> bool:
    """Whether a name that is not Korean is rare enough by its length: how common its words are is not known."""
    letters = [len(token.text) for token in name.tokens if token.weight >= _TELLING]
    return len(letters) >= 3 or (len(letters) == 2 and sum(letters) >= LONG_PERSON)


def _is_strong(phrase: names.Prepared, listed: names.Prepared, kind: str) -> bool:
    bits = names.score(phrase, listed)[1]
    return bits >= STRONG_BITS[kind] or (
        kind == "organization" and bits >= LONG_NAME_BITS and len(listed.tokens) >= LONG_NAME_WORDS
    )


@lru_cache(maxsize=100_000)
def _skeletons(word: str) -> tuple[str, ...]:
    return tuple(token.skeleton for token in names.prepare(word, "organization").tokens)


@lru_cache(maxsize=100_000)
def _may_be_korean(word: str, cased: bool) -> bool:
    """Whether every part of a word can be Korean syllables. In a text with capitals, a name has one."""
    if cased and word[0].islower():
        return False
    parts = [part for found in clean(word).words for part in found.parts]
    return bool(parts) and all(segment(part) for part in parts)


def _is_syllable(word: str) -> bool:
    """Whether a word is one Korean syllable, and no small word of everyday language."""
    folded = word.lower()
    return segment(folded)[:1] == ((folded,),) and folded not in tokens.words().stop


def _korean_forms(phrase: list[str]) -> list[str]:
    """The phrase as a name: one Latin word alone is none; Hangul without the particle written on to it."""
    text = " ".join(phrase)
    if script_of(text) not in ("hangul", "han"):
        return [text] if len(phrase) > 1 else []
    bare = [text.removesuffix(ending) for ending in _ENDINGS if text.endswith(ending)]
    return [form for form in dict.fromkeys((text, *bare)) if len(form) >= 2]


def numbers_in(text: str) -> Iterator[Identifier]:
    """Numbers that the text says what they are: IMO with that word, passports with that word, wallets, IBANs, BICs and
    e-mail addresses by their form."""
    for match in _IMO.finditer(text):
        yield from _identifier("imo", "id.imo", match[1])
    for match in _DOCUMENT.finditer(text):
        parts = match[1].split(" ")
        for size in range(1, len(parts) + 1):
            yield from _identifier("passport", "id.document", " ".join(parts[:size]))
    for match in _LONG.finditer(text):
        word = match[0]
        if len(word) >= 26:
            yield from _identifier("wallet", "id.wallet", word)
        if len(word) in (8, 11) and word.isupper():
            yield from bic_identifiers(word)
        if len(word) >= 15 and word[:2].isalpha() and word[2:4].isdigit():
            yield from _identifier("iban", "id.iban", word)
    if "@" in text:
        for match in _TOKEN.finditer(text):
            if "@" in match[0]:
                yield from _identifier("email", "id.email", match[0].strip(".:"))


def bic_identifiers(text: str) -> Iterator[Identifier]:
    """A BIC as listed, and of a branch (11 characters) the institution that it belongs to (the first 8)."""
    for item in _identifier("bic", "id.bic", text):
        yield item
        if len(item.value) == 11:
            yield Identifier("id.bic", item.value[:8], f"{item.value[:8]} (branch {item.value})", None)


def _identifier(kind: str, weight: str, text: str) -> Iterator[Identifier]:
    if (value := identifiers.normalise(kind, text)) is not None:
        yield Identifier(weight, value, text, None)
