"""Hangul syllables taken apart and put together, and the initial-sound law that parts DPRK from ROK spelling."""

from __future__ import annotations

from functools import cache, lru_cache

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
MEDIALS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_FIRST, _LAST = 0xAC00, 0xD7A3
_IOTIZED = frozenset("ㅑㅒㅕㅖㅛㅠㅣ")


def is_hangul(text: str) -> bool:
    """Whether every character is a Hangul syllable (and there is one)."""
    return bool(text) and all(_FIRST <= ord(char) <= _LAST for char in text)


@lru_cache(maxsize=12_000)
def compose(initial: str, medial: str, final: str) -> str:
    """The syllable of three letters (`final` may be empty)."""
    index = (INITIALS.index(initial) * 21 + MEDIALS.index(medial)) * 28 + FINALS.index(final)
    return chr(_FIRST + index)


@lru_cache(maxsize=12_000)
def decompose(syllable: str) -> tuple[str, str, str]:
    """Initial, medial and final letter of one syllable."""
    index = ord(syllable) - _FIRST
    return INITIALS[index // 588], MEDIALS[index % 588 // 28], FINALS[index % 28]


@cache
def law(syllable: str) -> str:
    """The syllable as ROK spelling writes it at the head of a word: 리→이, 로→노, 녀→여; others are unchanged."""
    initial, medial, final = decompose(syllable)
    if initial == "ㄹ":
        return compose("ㅇ" if medial in _IOTIZED else "ㄴ", medial, final)
    if initial == "ㄴ" and medial in _IOTIZED:
        return compose("ㅇ", medial, final)
    return syllable


@cache
def unlaw(syllable: str) -> tuple[str, ...]:
    """The syllables that the law turns into this one: 이 ← (니, 리), 노 ← (로)."""
    initial, medial, final = decompose(syllable)
    if initial == "ㅇ" and medial in _IOTIZED:
        return compose("ㄴ", medial, final), compose("ㄹ", medial, final)
    if initial == "ㄴ" and medial not in _IOTIZED:
        return (compose("ㄹ", medial, final),)
    return ()
