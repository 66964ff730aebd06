"""Writes a Korean name as different writers put it: for cases that challenge the reader.

By plain rules that share nothing with the probabilities the reader uses (`data/tables.toml`), so that a test by these
spellings is no echo. Rules: Revised Romanization of Korean (ROK, 2000), simplified to one letter for one letter; the
DPRK's Latin spelling as the United Nations prints it, without marks; the usual spellings of ROK surnames in passports;
Kontsevich's Cyrillic. Changes of sound between syllables are not written.
"""

from __future__ import annotations

from collections.abc import Mapping

from stanch.names.hangul import INITIALS, MEDIALS, decompose, law

Letters = Mapping[str, Mapping[str, str]]


def _table(initials: str, medials: str, finals: str = "k n t l m p t ng") -> Letters:
    """Letters by jamo; `_` is no letter."""
    return {
        "initial": dict(zip(INITIALS, initials.replace("_", "\0").split(" "), strict=True)),
        "medial": dict(zip(MEDIALS, medials.split(" "), strict=True)),
        "final": dict(zip("ㄱㄴㄷㄹㅁㅂㅅㅇ", finals.split(" "), strict=True)),
    }


_DPRK = _table(
    "k kk n t tt r m p pp s ss _ j jj ch k t p h",
    "a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i",
)
_REVISED = _table(
    "g kk n d tt r m b pp s ss _ j jj ch k t p h",
    "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i",
)
_CYRILLIC = _table(
    "к кк н т тт р м п пп с сс _ ч чч чх кх тх пх х",
    "а э я йя о е ё е о ва вэ ве ё у во ве ви ю ы ый и",
    "к н т ль м п т н",
)
_SURNAMES = {
    "김": "Kim", "이": "Lee", "박": "Park", "최": "Choi", "정": "Jung", "강": "Kang", "조": "Cho", "윤": "Yoon",
    "임": "Lim", "신": "Shin", "유": "Yoo", "오": "Oh", "안": "Ahn", "문": "Moon", "노": "Noh", "우": "Woo",
    "구": "Koo", "서": "Suh",
}  # fmt: skip


def spellings(name: str) -> dict[str, str]:
    """Spellings of an unspaced Hangul name (DPRK orthography, surname of one syllable) by the name of the habit."""
    south = law(name[0]) + name[1:]
    family, given = south[0], south[1:]
    press = _letters(given[0], _REVISED).capitalize() + "".join("-" + _letters(char, _REVISED) for char in given[1:])
    north = [_letters(char, _DPRK).capitalize() for char in name]
    return {
        "Hangul": name,
        "Hangul, ROK spelling": south,
        "DPRK Latin": " ".join(north),
        "DPRK Latin, given name joined": f"{north[0]} {''.join(north[1:]).capitalize()}",
        "Revised Romanization": " ".join(
            (_letters(family, _REVISED).capitalize(), "".join(_letters(c, _REVISED) for c in given).capitalize())
        ),
        "ROK press": f"{_SURNAMES.get(family, _letters(family, _REVISED).capitalize())} {press}",
        "Cyrillic": " ".join(_letters(char, _CYRILLIC).capitalize() for char in name),
    }


def _letters(syllable: str, table: Letters) -> str:
    initial, medial, final = decompose(syllable)
    end = table["final"].get(final, table["final"]["ㄷ"]) if final else ""
    return (table["initial"][initial] + table["medial"][medial] + end).replace("\0", "")
