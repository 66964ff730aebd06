"""Forms that real files hold: several spellings in one field, titles, initials, typing errors, rarer systems."""

from __future__ import annotations

import pytest

from stanch.names import compare, keys, prepare
from stanch.names.hanja import to_wade_giles
from stanch.names.text import clean

MATCH = 0.7


@pytest.mark.parametrize(
    "field",
    [
        "Kim Jong Un (김정은)",
        "김정은 (Kim Jong Un)",
        "김정은(金正恩)",
        "KIM Jong-un / 金正恩",
        "Kim Jong Un 김정은 金正恩",
        "KIM Jong-un a.k.a. KIM Jong Eun",
        "金正恩（キム・ジョンウン）",
        "Kim Jong Un (chairman)",
    ],
)
@pytest.mark.parametrize("name", ["Kim Jong Un", "김정은"])
def test_each_spelling_in_one_field_is_read(field: str, name: str) -> None:
    assert compare(field, name).similarity >= 0.95
    assert set(keys(field)) & set(keys(name))
    assert compare(field, "Kim Jong Il").similarity < MATCH


@pytest.mark.parametrize(
    "written",
    [
        "김정은동지",
        "김정은 위원장",
        "김정은위원장",
        "김정은씨",
        "金正恩同志",
        "金正恩氏",
        "Comrade Kim Jong Un",
        "Hon. Kim Jong Un",
    ],
)
def test_titles_written_onto_a_name_are_dropped(written: str) -> None:
    assert compare(written, "Kim Jong Un").similarity >= 0.95


@pytest.mark.parametrize(
    ("written", "hangul"), [("Ku Hon Sang", "구헌상"), ("남궁동지", "남궁동지"), ("김동지", "김동지")]
)
def test_syllable_that_could_be_a_title_stays(written: str, hangul: str) -> None:
    assert compare(written, hangul).similarity >= 0.95
    assert sum(len(part) for word in clean(written).words for part in word.parts) == len(written.replace(" ", ""))


@pytest.mark.parametrize("written", ["Kim J. U.", "J. U. Kim", "J.U. Kim", "KIM, J. U."])
def test_two_initials_fit_without_being_a_match(written: str) -> None:
    assert 0.6 < compare(written, "김정은").similarity < MATCH


@pytest.mark.parametrize("written", ["Kim J. U.", "Kim Jonh Un", "Jong J. K."])
def test_name_written_alike_is_alike_whatever_it_lacks(written: str) -> None:
    assert compare(written, written).similarity == 1


@pytest.mark.parametrize("written", ["Kim J. Un", "Kim Jong U.", "Kim, Jong U."])
def test_one_initial_is_a_match(written: str) -> None:
    assert compare(written, "김정은").similarity >= MATCH


@pytest.mark.parametrize(
    "written", ["Kim Jonh Un", "Kim Jnog Un", "Kiim Jong Un", "Kim Jongg Un", "Ri Pyonh Chol", "Ri Pynog Chol"]
)
def test_typing_error_that_leaves_no_syllable_is_mended(written: str) -> None:
    right = "Kim Jong Un" if written.startswith("K") else "Ri Pyong Chol"
    assert compare(written, right).similarity >= MATCH
    assert prepare(written).parsed.readings[0].mended


@pytest.mark.parametrize(("a", "b"), [("Kim Chlo Jong", "Kim Tong Chol"), ("Kim Yonh Jong", "Kim Yong Song")])
def test_mended_name_is_not_matched_word_by_word(a: str, b: str) -> None:
    assert compare(a, b).similarity < MATCH


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Kim Song Chol", "Kim Sung Chol"),
        ("Kim Jong Sok", "Kim Jong Suk"),
        ("Ri Sŏng-il", "Ri Sung Il"),
        ("Kim Chol", "Kim Chun"),
    ],
)
def test_o_and_u_stay_apart_in_systems_that_part_them(a: str, b: str) -> None:
    assert compare(a, b).similarity < MATCH


@pytest.mark.parametrize(
    ("a", "b"), [("Kim Jung Un", "Kim Jong Un"), ("Kim Yong Chul", "Kim Yong Chol"), ("Kim Sung Chul", "김성철")]
)
def test_o_and_u_meet_where_habit_mixes_them(a: str, b: str) -> None:
    assert compare(a, b).similarity >= MATCH


SYSTEMS = {
    "Yale": [("Kim Ceng-un", "김정은"), ("Cang Seng-thayk", "장성택"), ("Pak Pong-cwu", "박봉주")],
    "Wade-Giles": [("Chin Cheng-en", "金正恩"), ("Chin Chêng-ên", "김정은")],
    "Central European": [("Kim Džong Un", "김정은"), ("Kim Čong-un", "김정은"), ("Kim Dschong Un", "김정은")],
    "Kontsevich, joined": [
        ("Ким Чонъын", "김정은"),
        ("Пэк Ханним", "백학림"),
        ("Чхон Ирун", "천일웅"),
        ("Ким Кёнъэ", "김경애"),
    ],
    "other Cyrillic": [
        ("Ким Џонг Ун", "김정은"),
        ("Кім Йо Чжон", "김여정"),
        ("Пак Чин Хьек", "박진혁"),
        ("Ким Джонг Ун", "김정은"),
    ],
    "older ROK": [
        ("Rhee Syng-man", "이승만"),
        ("Chung Sye-kyun", "정세균"),
        ("Yim Tae-hee", "임태희"),
        ("Woo Joo-ho", "우주호"),
    ],
    "newer character forms": [("孫沢勤", "손택근"), ("郑尚学", "정상학"), ("李承晚", "리승만")],
    "katakana": [("パク・クウォンサム", "박권삼"), ("ｷﾑ･ｼﾞｮﾝｳﾝ", "김정은")],
}


@pytest.mark.parametrize(("written", "hangul"), [pair for pairs in SYSTEMS.values() for pair in pairs])
def test_rarer_system_is_read(written: str, hangul: str) -> None:
    assert compare(written, hangul).similarity >= MATCH
    assert compare(written, "김만복").similarity < MATCH


def test_wade_giles_alone_does_not_make_a_name_korean() -> None:
    assert compare("TSANG YUNG YUAN", "Yun Yuan Tsang").similarity >= MATCH


@pytest.mark.parametrize(
    ("pinyin", "wade"),
    [
        ("zheng", "cheng"),
        ("xian", "hsien"),
        ("quan", "ch'uan"),
        ("guo", "kuo"),
        ("duo", "to"),
        ("ri", "jih"),
        ("yong", "yung"),
        ("en", "en"),
    ],
)
def test_pinyin_is_put_into_wade_giles(pinyin: str, wade: str) -> None:
    assert to_wade_giles(pinyin) == wade


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Korea Mining Development Trading Corporation", "조선광업개발무역회사"),
        ("KOMID", "조선광업개발무역회사"),
        ("KOMID", "Korea Mining Development Trading Corporation (KOMID)"),
        ("Reconnaissance General Bureau", "정찰총국"),
        ("Tanchon Commercial Bank", "단천상업은행"),
        ("Dandong Hongxiang Industrial Development Co., Ltd.", "丹东鸿祥实业发展有限公司"),
        ("Independent Petroleum Company", "Независимая нефтяная компания"),
    ],
)
def test_organisation_is_found_in_another_script(a: str, b: str) -> None:
    assert compare(a, b, "organization").similarity >= MATCH


@pytest.mark.parametrize(
    ("a", "b"),
    [("조선무역은행", "조선대성은행"), ("Korea Daesong Bank", "조선무역은행"), ("정찰총국", "조선광업개발무역회사")],
)
def test_organisations_do_not_match_by_common_words_in_another_script(a: str, b: str) -> None:
    assert compare(a, b, "organization").similarity < MATCH


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Jin Teng (ex Jin Tai 7)", "JIN TENG"),
        ("JIN TENG a.k.a. SHEN DA 8", "SHEN DA 8"),
        ("Ji Nam San No. 1", "JI NAM SAN 1"),
    ],
)
def test_former_names_of_vessels_are_read(a: str, b: str) -> None:
    assert compare(a, b, "vessel").similarity >= MATCH


@pytest.mark.parametrize(
    ("a", "b"), [("Lv Buwei", "Lü Buwei"), ("Lyu Buwei", "吕不韦"), ("Лавров Сергей", "Sergej Lavrov")]
)
def test_other_letters_for_one_sound_do_not_matter(a: str, b: str) -> None:
    assert compare(a, b).similarity >= MATCH
