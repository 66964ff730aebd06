from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stanch.names import compare
from stanch.names.frequencies import given_syllables, surnames
from stanch.names.writing import spellings

SURNAMES = sorted((name for name in surnames() if len(name) == 1), key=lambda name: (-surnames()[name], name))[:10]
GIVEN = sorted(given_syllables(), key=lambda name: (-given_syllables()[name], name))[:40]


def test_spellings_of_a_known_name() -> None:
    assert spellings("리병철") == {
        "Hangul": "리병철",
        "Hangul, ROK spelling": "이병철",
        "DPRK Latin": "Ri Pyong Chol",
        "DPRK Latin, given name joined": "Ri Pyongchol",
        "Revised Romanization": "I Byeongcheol",
        "ROK press": "Lee Byeong-cheol",
        "Cyrillic": "Ри Пён Чхоль",
    }


@given(st.sampled_from(SURNAMES), st.lists(st.sampled_from(GIVEN), min_size=1, max_size=2))
def test_spellings_are_letters_and_are_read_as_the_same_name(surname: str, rest: list[str]) -> None:
    name = surname + "".join(rest)
    for habit, written in spellings(name).items():
        assert written.replace(" ", "").replace("-", "").isalpha(), habit
    if len(rest) == 2:
        assert compare(name, spellings(name)["DPRK Latin"]).similarity >= 0.7
