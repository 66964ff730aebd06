from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.model import Entity
from stanch.model.decision import MAX_REASON, MAX_REVIEWER, Ruling, changes, check_expiry

TODAY = date(2026, 11, 23)


def person(id_: str = "x-1", **properties: tuple[str, ...]) -> Entity:
    return Entity(id_, "Person", properties, ("watch",))


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "—", "…", "\u200b\u200b", "'", "'="])
def test_text_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="reason"):
        Ruling(text, "A. Kim")
    with pytest.raises(ValueError, match="reviewer"):
        Ruling("seen", text)


def test_text_that_is_too_long_is_refused_and_the_longest_is_not() -> None:
    assert len(Ruling("x" * MAX_REASON, "y" * MAX_REVIEWER).reason) == MAX_REASON
    for reason, reviewer in (("x" * (MAX_REASON + 1), "y"), ("x", "y" * (MAX_REVIEWER + 1)), ("x" * 10_000_000, "y")):
        with pytest.raises(ValueError, match="longer than"):
            Ruling(reason, reviewer)


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\u202e", "\u2066", "\ud800"])
def test_text_that_would_repaint_or_break_is_refused(sign: str) -> None:
    with pytest.raises(ValueError, match="control or bidirectional"):
        Ruling(f"seen{sign}x", "A. Kim")


def test_text_is_kept_on_one_line_and_emoji_and_hangul_pass() -> None:
    assert Ruling("  other\r\n date 👩‍👩‍👧 ", "김 검토").reason == "other date 👩‍👩‍👧"


@given(st.text(max_size=60), st.text(max_size=30))
def test_cleaning_twice_is_cleaning_once(reason: str, reviewer: str) -> None:
    try:
        once = Ruling(reason, reviewer)
    except ValueError:
        return
    assert Ruling(once.reason, once.reviewer) == once


def test_expiry_is_from_today_to_ten_years() -> None:
    assert check_expiry(TODAY, TODAY) == TODAY
    assert check_expiry(date(2036, 12, 31), TODAY) == date(2036, 12, 31)
    with pytest.raises(ValueError, match="past"):
        check_expiry(date(2026, 11, 22), TODAY)
    with pytest.raises(ValueError, match="years ahead"):
        check_expiry(date(2037, 1, 1), TODAY)


def test_changes_name_what_came_and_what_went() -> None:
    before = (person(name=("Ri",), birthDate=("1948",)),)
    after = (person(name=("Ri", "Lee"), birthDate=("1966",)),)
    assert changes(before, after) == ("birthDate + 1966", "birthDate − 1948", "name + Lee")


def test_changes_say_when_only_the_order_is_another() -> None:
    assert changes((person(name=("Ri", "Lee")),), (person(name=("Lee", "Ri")),)) == ("name: another order",)


def test_changes_count_what_is_held() -> None:
    wallet = Entity("w-1", "CryptoWallet", {"publicKey": ("0xabc",), "holder": ("x-1",)}, ("watch",))
    assert changes((person(name=("Ri",)),), (person(name=("Ri",)), wallet)) == ("publicKey + 0xabc",)


def test_changes_are_bounded() -> None:
    told = changes((person(),), (person(alias=tuple(f"{number} " + "x" * 5_000 for number in range(500))),))
    assert told[-1] == "494 more"
    assert sum(map(len, told)) < 600


VALUES = st.dictionaries(st.sampled_from(["name", "alias", "birthDate"]), st.lists(st.text("abc", min_size=1), max_size=3, unique=True).map(tuple))  # fmt: skip  # noqa: E501


@given(VALUES, VALUES)
def test_changes_are_told_exactly_when_there_are_any(one: dict[str, tuple[str, ...]], two: dict[str, tuple[str, ...]]) -> None:  # fmt: skip  # noqa: E501
    same = {name: values for name, values in one.items() if values} == {n: v for n, v in two.items() if v}
    assert (changes((person(**one),), (person(**two),)) == ()) is same
