"""Blocking keys: two spellings of one name share at least one, so that candidates are a hash look-up away."""

from __future__ import annotations

import heapq
import math
from functools import lru_cache

from stanch.names import hangul
from stanch.names.matching import Prepared, prepare
from stanch.names.parse import Reading
from stanch.names.systems import model
from stanch.names.tokens import Kind

#: Most keys of one name, and the least share of the best syllable sequence that a key still stands for.
MAX_KEYS = 30
LEAST_KEY_SHARE = 0.001


def keys(name: str | Prepared, kind: Kind = "person") -> tuple[str, ...]:
    """Keys of a name, most telling first; `k:` Korean syllable sequences, `s:` word skeletons, `t:` words."""
    return _keys(prepare(name, kind) if isinstance(name, str) else name)


@lru_cache(maxsize=20_000)
def _keys(name: Prepared) -> tuple[str, ...]:
    found: dict[str, None] = {}
    if name.parsed.korean > model().possible:
        for reading in name.parsed.readings:
            if reading.price <= 8:
                for sequence in sequences(reading, 2 * MAX_KEYS):
                    found.setdefault("k:" + _merged(sequence))
                    if len(found) >= MAX_KEYS:
                        break
    if not name.is_korean or name.parsed.readings[0].mended:
        telling = sorted(name.tokens, key=lambda token: (-token.weight, -len(token.text), token.text))
        for token in telling[:6]:
            if token.weight >= 0.3 or len(telling) <= 2:
                found.setdefault("s:" + token.skeleton if len(token.skeleton) >= 3 else "t:" + token.text)
        if name.kind in ("organization", "any") and len(name.tokens) >= 3:
            found.setdefault("t:" + "".join(token.text[0] for token in name.tokens if token.weight > 0.1))
        joined = "".join(token.text for token in name.tokens)
        if len(name.tokens) <= 4:
            found.setdefault("t:" + joined)
    return tuple(found)


#: Vowels that a slip (Hwa, Ha; Paek, Pak) confuses share a key, and so do consonants that differ by a lost apostrophe.
_MERGED = {"ㅘ": "ㅏ", "ㅐ": "ㅏ", "ㅝ": "ㅓ", "ㅊ": "ㅈ", "ㅋ": "ㄱ", "ㅌ": "ㄷ", "ㅍ": "ㅂ"}


@lru_cache(maxsize=100_000)
def _merged(sequence: str) -> str:
    parts = [hangul.decompose(syllable) for syllable in sequence]
    return "".join(
        hangul.compose(_MERGED.get(initial, initial), _MERGED.get(medial, medial), final)
        for initial, medial, final in parts
    )


def sequences(reading: Reading, limit: int) -> list[str]:
    """The most probable syllable sequences of a reading, best first, down to `LEAST_KEY_SHARE` of the best."""
    options = [
        sorted(((syllable, share) for syllable, share in spread.shares.items()), key=lambda item: (-item[1], item[0]))
        for spread in reading.spreads
    ]
    start = (0,) * len(options)
    heap = [(-math.prod(option[0][1] for option in options), start)]
    seen = {start}
    out: list[str] = []
    floor = -heap[0][0] * LEAST_KEY_SHARE
    while heap and len(out) < limit:
        negative, indexes = heapq.heappop(heap)
        if -negative < floor:
            break
        out.append("".join(option[index][0] for option, index in zip(options, indexes, strict=True)))
        for place in range(len(options)):
            if indexes[place] + 1 < len(options[place]):
                step = (*indexes[:place], indexes[place] + 1, *indexes[place + 1 :])
                if step not in seen:
                    seen.add(step)
                    share = math.prod(option[index][1] for option, index in zip(options, step, strict=True))
                    heapq.heappush(heap, (-share, step))
    return out
