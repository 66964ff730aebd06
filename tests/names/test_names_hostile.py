"""Every public function of `names` against what hostile or broken files hold: it answers, bounded, and never raises."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stanch.names import compare, explain, keys, prepare, rarity_bits, score

MATCH = 0.7
KINDS = ("person", "organization", "vessel", "any")
pieces = st.sampled_from(
    [
        *(
            "Kim",
            "KIM",
            "Jong",
            "Un",
            "un",
            "Ann",
            "5",
            "Hon",
            "Hon.",
            "J.",
            "J",
            "U.",
            "Mr",
            "Dr.",
            "aka",
            "a.k.a.",
            "f.k.a",
            "alias",
        ),
        *(
            "김",
            "정은",
            "김정은",
            "동지",
            "위원장",
            "씨",
            "金",
            "正恩",
            "同志",
            "氏",
            "沢",
            "豈",
            "Ким",
            "Чен",
            "Ын",
            "нъ",
            "Џ",
            "ё",
            "ь",
        ),
        *(
            "キム",
            "ｷﾑ",
            "ジョン",
            "ー",
            "ッ",
            "・",
            "＝",
            "々",
            "〇",
            "ᄀ",
            "ᅟ",
            "ㄱ",
            "ㅏ",
            "ힿ",
            "가\u1173",
            "\u1100\u1161\u11a8",
            "ᄒᆞᆫ",
        ),
        *(
            "\u200d",
            "\u200b",
            "\u202e",
            "\u2066",
            "\ufeff",
            "\u0301",
            "\u0306",
            "\u030a",
            "\U0001f1f0\U0001f1f5",
            "👨\u200d👩",
            "\x00",
            "\x01",
        ),
        *(
            "\x02",
            "\x1e",
            "\x1f",
            "\x85",
            "а",
            "оеос",
            "Ｋｉｍ",
            "Ⅳ",
            "№",
            "ﷺ",
            "ß",
            "ı",
            "İ",
            "ǆ",
            "'",
            "’",
            "o'",
            "k'",
            "ŏ",
            "ŭ",
            "ü",
            "ö",
        ),
        *(
            "-",
            "–",
            "_",
            ",",
            "，",
            ".",
            ";",
            "/",
            "|",
            "(",
            ")",
            "（",
            "[",
            "]",
            ":",
            "\t",
            "\n",
            "\u00a0",
            "\u3000",
            "\ud800",
            "7-28",
            "v",
            "lv",
        ),
        *("ooo", "ООО", "Ltd", "조선무역은행", "有限公司", "한\u0323", "ܐ", "ก", "ﺍ", "x" * 40, "un" * 20, "1" * 30),
    ]
)
nasty = st.one_of(
    st.lists(pieces, max_size=9).map("".join),
    st.lists(pieces, max_size=9).map(" ".join),
    st.text(max_size=30),
    st.text(st.characters(categories=["Mn", "Cf", "Cc", "So", "Lo", "Nd", "Cs", "Co"]), max_size=20),
)
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(nasty, nasty, st.sampled_from(KINDS))
def test_comparison_answers_whatever_is_written(a: str, b: str, kind: str) -> None:
    one, other = compare(a, b, kind), compare(b, a, kind)  # type: ignore[arg-type]
    assert 0 <= one.similarity <= 1
    assert (one.similarity, one.bits, one.note is None) == (other.similarity, other.bits, other.note is None)
    assert score(prepare(a, kind), prepare(b, kind)) == (one.similarity, one.bits)  # type: ignore[arg-type]


@many
@given(nasty, st.sampled_from(KINDS))
def test_keys_explanation_and_rarity_answer_whatever_is_written(name: str, kind: str) -> None:
    found = keys(name, kind)  # type: ignore[arg-type]
    assert len(found) == len(set(found)) <= 40
    assert explain(name).korean <= 1
    assert rarity_bits(name) >= 0


@many
@given(nasty)
def test_name_that_can_be_scored_is_alike_itself(name: str) -> None:
    found = compare(name, name)
    assert found.similarity >= MATCH or found.note is not None or found.similarity == 0


@pytest.mark.parametrize(
    "text",
    [
        "Kim Jong Un " * 900_000,
        "김" * 10_000_000,
        "un" * 5_000_000,
        "(" * 10_000_000,
        "a.k.a. " * 1_500_000,
        "o'" * 5_000_000,
        "\u0301" * 10_000_000,
        "😀" * 5_000_000,
        "J. " * 3_000_000,
        "ﷺ" * 5_000_000,
    ],
)
def test_ten_million_characters_are_answered_quickly_with_a_note(text: str) -> None:
    start = time.perf_counter()
    found = compare(text, "Kim Jong Un")
    assert "cut to 300 characters" in str(found.note)
    keys(text, "organization")
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    "name",
    [
        "Ann 5",
        "5 Ann",
        "Kim 5",
        "J 5 K",
        "김 5",
        "金 5",
        "Ким 5",
        "キム 5",
        "- 5",
        "' '",
        "k'",
        "o'o'",
        ". . .",
        "(((",
        "a.k.a.",
        "()",
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_odd_short_name_is_answered(name: str, kind: str) -> None:
    compare(name, "Kim Jong Un", kind)  # type: ignore[arg-type]
    keys(name, kind)  # type: ignore[arg-type]
    explain(name)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("name", ["김정은", "Kim Chŏng-ŭn", "Ким Чен Ын, й", "ジョン", "Jīn Zhèng'ēn"])
def test_unicode_form_makes_no_difference(name: str, form: str) -> None:
    again = unicodedata.normalize(form, name)  # type: ignore[arg-type]
    assert score(prepare(again), prepare("Kim Jong Un")) == score(prepare(name), prepare("Kim Jong Un"))


@pytest.mark.parametrize("kind", KINDS)
def test_name_of_digits_is_found(kind: str) -> None:
    assert compare("7-28", "7-28", kind).similarity == 1  # type: ignore[arg-type]
    assert compare("7-28", "7-27", kind).similarity < MATCH  # type: ignore[arg-type]
    assert set(keys("7-28", kind)) & set(keys("7 - 28", kind))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["Mr", "Dr. Gen.", "동지", "위원장", "同志", "Comrade Marshal", "Hon."])
def test_titles_alone_score_nothing(name: str) -> None:
    assert compare(name, "Kim Jong Un").similarity == 0
