"""The public functions: shape, manners with bad input, properties, and names that are not Korean."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stanch.names import Comparison, compare, explain, keys, prepare, rarity_bits, score
from stanch.names.frequencies import given_syllables, surnames

MATCH = 0.7
anything = st.text(max_size=40)
korean = st.builds(
    "{}{}".format,
    st.sampled_from(sorted(surnames())),
    st.text(st.sampled_from(sorted(given_syllables())), min_size=1, max_size=2),
)
latin = st.sampled_from(
    ["Kim Jong Un", "Ri Pyong-chol", "CHOE Ryong Hae", "Lee Young Ho", "Ra Ky'ong-su", "Namgung Hyok", "Pak To'-Ch'un"]
)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(anything, anything, st.sampled_from(["person", "organization", "vessel", "any"]))
def test_compare_never_raises_and_is_symmetric(a: str, b: str, kind: str) -> None:
    one, other = compare(a, b, kind), compare(b, a, kind)  # type: ignore[arg-type]
    assert 0 <= one.similarity <= 1
    assert (one.similarity, one.bits) == (other.similarity, other.bits)


@quick
@given(korean, korean)
def test_hangul_comparison_is_symmetric(a: str, b: str) -> None:
    one, other = compare(a, b), compare(b, a)
    assert (one.similarity, one.bits) == (other.similarity, other.bits)


@quick
@given(korean)
def test_identical_hangul_matches_and_shares_every_key(name: str) -> None:
    assert compare(name, name).similarity >= 0.95
    assert set(keys(name)) == set(keys(name))
    assert keys(name)


@quick
@given(latin, st.integers(1, 3), st.sampled_from([" ", "  ", "\t", "\u00a0"]))
def test_wider_spaces_lose_nothing(name: str, times: int, space: str) -> None:
    assert compare(name, name.replace(" ", space * times)).similarity >= 0.95


@quick
@given(latin)
def test_hyphens_for_spaces_in_the_given_name_lose_nothing(name: str) -> None:
    surname, _, rest = name.partition(" ")
    assert compare(name, f"{surname} {rest.replace(' ', '-')}").similarity >= MATCH
    assert compare(name, f"{surname} {rest.replace(' ', '').replace('-', '').lower()}").similarity >= MATCH


def test_result_does_not_depend_on_what_was_compared_before() -> None:
    before = compare("Kim Jong Un", "김정은")
    for other in ("Kim Jong Il", "Vladimir Putin", "金正恩", "Kim Jonh Un"):
        compare(other, "김정은")
    assert compare("Kim Jong Un", "김정은") == before


def test_score_is_what_compare_says() -> None:
    for a, b in [
        ("Kim Jong Un", "김정은"),
        ("Vladimir Putin", "PUTIN, Vladimir"),
        ("", "x"),
        ("Kim Kyu", "Kim Jong Un"),
    ]:
        left, right = prepare(a), prepare(b)
        found = compare(left, right)
        assert score(left, right) == (found.similarity, found.bits)


def test_alignment_shows_the_syllable_on_both_sides() -> None:
    assert compare("Ri Pyong Chol", "李炳哲").alignment == (
        "Ri Pyong Chol ⇄ 李炳哲: Ri=리 ⇄ 李=리 | Pyong=병 ⇄ 炳=병 | Chol=철 ⇄ 哲=철"
    )


def test_alignment_marks_what_differs() -> None:
    assert "Un=은 ≠ Il=일" in compare("Kim Jong Un", "Kim Jong Il").alignment


def test_rare_name_carries_more_bits_than_a_common_one() -> None:
    assert compare("Ryom Ung Hwa", "렴웅화").bits > compare("Kim Yong Chol", "김영철").bits + 4
    assert rarity_bits("Ryom Ung Hwa") > rarity_bits("Kim Yong Chol")
    assert explain("Kim Yong Chol").common
    assert not explain("Namgung Ok Pun").common


@pytest.mark.parametrize(
    "name", ["", " ", "\u202e\u200b", "😀😀", "---", "''", "Dr.", "위원장", "12345", ",,,", "\ud800"]
)
def test_name_without_content_scores_zero_with_a_note(name: str) -> None:
    found = compare(name, "Kim Jong Un")
    assert found.similarity == 0
    assert name == "12345" or found.note


def test_titles_alone_are_said_to_be_titles() -> None:
    assert "only titles" in str(compare("General", "Kim Jong Un").note)


def test_huge_name_is_cut_with_a_note() -> None:
    found = compare("Kim Jong Un " * 200_000, "Kim Jong Un")
    assert "cut to 300 characters" in str(found.note)


def test_hidden_characters_are_removed_with_a_note() -> None:
    found = compare("Kim\u202e Jong\u200b Un", "Kim Jong Un")
    assert found.similarity >= 0.95
    assert "bidirectional" in str(found.note)


def test_lookalike_letters_are_folded_with_a_note() -> None:
    found = compare("Кim Jоng Un", "Kim Jong Un")
    assert found.similarity >= 0.95
    assert "look-alike" in str(found.note)


def test_clean_names_carry_no_note() -> None:
    assert compare("Kim Jong Un", "김정은").note is None


def test_explain_gives_readings_that_sum_to_at_most_one() -> None:
    told = explain("Kim Jong Un")
    assert told.korean > 0.9
    assert told.readings[0].hangul[0][0] == "김정은"
    assert sum(reading.probability for reading in told.readings) <= 1.0001
    assert sum(share for _, share in told.readings[0].hangul) <= 1.0001


def test_western_name_has_no_korean_reading() -> None:
    assert not explain("Vladimir Putin").readings
    assert explain("Margaret Thatcher").korean < 0.01


def test_keys_are_few_and_shared_by_spellings() -> None:
    for a, b in [
        ("Ch'oe Ryo'ng-hae", "최룡해"),
        ("Jo Yong Won", "조용원"),
        ("金正恩", "Kim Jong Un"),
        ("Lee Young Ho", "리영호"),
    ]:
        assert set(keys(a)) & set(keys(b))
        assert len(keys(a)) <= 40


def test_keys_of_other_names_do_not_depend_on_order() -> None:
    assert set(keys("Vladimir Putin")) & set(keys("PUTIN, Vladimir Vladimirovich"))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Vladimir Putin", "PUTIN, Vladimir Vladimirovich"),
        ("Vladimir Putin", "Владимир Путин"),
        ("Zhang Wei", "张伟"),
        ("Mohammed Ali", "Muhammad Ali"),
        ("GAYEVOY, Aleksandr Andreyevich", "GAEVOI, Aleksandr Andreevich"),
        ("Friedrich Lindenberg", "Friedrich Lindenburg"),
        ("José Müller", "Jose Muller"),
    ],
)
def test_other_persons_match_by_words(a: str, b: str) -> None:
    assert compare(a, b).similarity >= MATCH


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Vladimir Putin", "Vladimir Lenin"),
        ("Wang Jun", "Wang Lei"),
        ("Mark Zuckerberg", "Mark Zuckermann"),
        ("王伟", "王芳"),
    ],
)
def test_other_persons_with_another_family_name_stay_apart(a: str, b: str) -> None:
    assert compare(a, b).similarity < MATCH


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Tanchon Commercial Bank", "TANCHON COMMERCIAL BANK, Ltd."),
        ("KOMID", "Korea Mining Development Trading Corporation"),
        ("ООО Ромашка", "Limited Liability Company Romashka"),
        ("Korea Ryonbong General Corp.", "KOREA RYONBONG GENERAL CORPORATION"),
    ],
)
def test_organisations_match_through_forms_and_acronyms(a: str, b: str) -> None:
    assert compare(a, b, "organization").similarity >= MATCH


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Korea Ryonbong General Corporation", "Korea Ryonha General Corporation"),
        ("Korea Trading Company", "Korea Mining Company"),
    ],
)
def test_organisations_do_not_match_by_common_words(a: str, b: str) -> None:
    assert compare(a, b, "organization").similarity < MATCH


def test_vessel_numbers_must_agree() -> None:
    assert compare("HUNG 1", "HUNG 2", "vessel").similarity < MATCH
    assert compare("M/V Wise Honest", "WISE HONEST", "vessel").similarity >= 0.95
    assert compare("CHONG CHON GANG", "Chongchongang", "vessel").similarity >= MATCH


def test_comparison_is_a_frozen_record() -> None:
    found = compare("Kim", "Kim")
    assert isinstance(found, Comparison)
    with pytest.raises(AttributeError):
        found.similarity = 1.0  # type: ignore[misc]
