"""Each writing system reads what its rules prescribe."""

from __future__ import annotations

import pytest

from stanch.names import compare, prepare
from stanch.names.hangul import compose, decompose, law, unlaw
from stanch.names.syllables import read_piece, segment
from stanch.names.systems import systems, systems_of

MATCH = 0.7

PAIRS = {
    "dprk": [
        ("Kim Jong Un", "김정은"),
        ("Ri Pyong Chol", "리병철"),
        ("Choe Ryong Hae", "최룡해"),
        ("Ro Kwang Chol", "로광철"),
    ],
    "mr": [
        ("Ch'oe Ch'un-sik", "최춘식"),
        ("Chŏng Ir-hyŏng", "정일형"),
        ("Ch'a Ch'ŏl-lo", "차천로"),
        ("Yi Sŏng-nim", "이석림"),
    ],
    "mr misplaced marks": [
        ("RA KY'ONG-SU", "라경수"),
        ("MUN CHO'NG-CH'O'L", "문정철"),
        ("Ch’o’e Chun-ryo’ng", "최춘령"),
    ],
    "mr without marks": [("Cho Chun-ryong", "조춘룡"), ("Chong Se-gyu", "정세규"), ("Pyon Sang-byok", "변상벽")],
    "revised": [("Gim Jeong-eun", "김정은"), ("Jeong Gyeong-du", "정경두"), ("Choe Seok-hwan", "최석환")],
    "passport": [
        ("Lee Young-ho", "이영호"),
        ("Park Chung-hee", "박정희"),
        ("Roh Moo-hyun", "노무현"),
        ("Yoo Woo Sung", "유우성"),
    ],
    "press": [("Kim Yo-jong", "김여정"), ("Hyon Song Wol", "현송월"), ("Jang Song-thaek", "장성택")],
    "french": [("DJANG Tcheul Hy", "장철희")],
    "hanja": [("李炳哲", "리병철"), ("金正恩", "김정은"), ("盧武鉉", "노무현")],
    "simplified": [("金铁三", "김철삼"), ("郑京择", "정경택")],
    "katakana": [("キム・ジョンウン", "김정은"), ("チェ・リョンヘ", "최룡해"), ("ファン・ビョンソ", "황병서")],
    "kontsevich": [("Ким Чон Ын", "김정은"), ("Чхве Рён Хэ", "최룡해"), ("Хван Бён Со", "황병서")],
    "russian press": [
        ("Ким Чен Ын", "김정은"),
        ("Цой Рен Хе", "최룡해"),
        ("Ли Пен Чер", "리병철"),
        ("Ким Ё Чжон", "김여정"),
    ],
    "pinyin": [
        ("Jin Zheng'en", "김정은"),
        ("Jīn Tiěsān", "김철삼"),
        ("Cui Longhai", "최룡해"),
        ("Piao Fengzhu", "박봉주"),
    ],
}


@pytest.mark.parametrize(("written", "hangul"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_spelling_matches_its_hangul(written: str, hangul: str) -> None:
    assert compare(written, hangul).similarity >= MATCH


@pytest.mark.parametrize("written", [pair[0] for pairs in PAIRS.values() for pair in pairs])
def test_spelling_stays_apart_from_another_given_name(written: str) -> None:
    assert compare(written, "김만복").similarity < MATCH
    assert compare(written, "Ri Thae Bok").similarity < MATCH


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kim Jong Un", "Kim Jong Il"),
        ("Kim Yong Chol", "Kim Yong Chun"),
        ("김정은", "김정일"),
        ("Kim Jong Un", "Pak Jong Un"),
        ("キム・ジョンウン", "Kim Jong Il"),
        ("金正恩", "金正日"),
        ("Ким Чен Ын", "Ким Чен Ир"),
        ("김영철", "김용철"),
    ],
)
def test_one_other_syllable_is_no_match(one: str, other: str) -> None:
    assert compare(one, other).similarity <= 0.6


@pytest.mark.parametrize("hangul", ["김영철", "김용철"])
def test_dprk_spelling_matches_every_hangul_it_admits(hangul: str) -> None:
    assert compare("Kim Yong Chol", hangul).similarity >= MATCH


@pytest.mark.parametrize(
    ("north", "south"), [("리영호", "이영호"), ("로광철", "노광철"), ("려정선", "여정선"), ("류진", "유진")]
)
def test_initial_sound_law_makes_no_difference(north: str, south: str) -> None:
    assert compare(north, south).similarity >= 0.95


@pytest.mark.parametrize(
    "written",
    [
        "KIM Jong Un",
        "Jong Un Kim",
        "KIM, Jong Un",
        "Kim Jong-un",
        "Kim Jongun",
        "KIMJONGUN",
        "Kimjong Un",
        "Jong-un KIM",
        "kim jong un",
        "Gen. Kim Jong Un",
        "Mr. KIM Jong-Un",
        "Ｋｉｍ Ｊｏｎｇ Ｕｎ",
        "Kim  Jong\tUn",
    ],
)
def test_order_case_joints_and_titles_do_not_matter(written: str) -> None:
    assert compare(written, "김정은").similarity >= 0.95


@pytest.mark.parametrize(
    ("written", "hangul"),
    [
        ("Namgung Hyok", "남궁혁"),
        ("NAM GUNG Hyok", "남궁혁"),
        ("Sonu Hwi", "선우휘"),
        ("Sunwoo Hwi", "선우휘"),
        ("Hwangbo Kwan", "황보관"),
        ("Jegal Ryang", "제갈량"),
        ("南宮赫", "남궁혁"),
    ],
)
def test_compound_surname_is_one_surname(written: str, hangul: str) -> None:
    assert compare(written, hangul).similarity >= MATCH
    assert hangul[:2] in {reading.spreads[0].best for reading in prepare(written).parsed.readings}


def test_given_name_of_one_syllable_is_read() -> None:
    assert compare("Kim Kyu", "김규").similarity >= 0.95
    assert compare("Kim Kyu", "김규철").similarity < MATCH


def test_typing_error_lowers_but_matches() -> None:
    found = compare("Kim Jonh Un", "Kim Jong Un").similarity
    assert MATCH <= found < compare("Kim Jong Un", "Kim Jong Un").similarity
    assert compare("촤찬일", "CHOE Chan Il").similarity >= MATCH


def test_stray_space_after_a_breve_apostrophe_is_closed() -> None:
    assert compare("CHANG, Myo' ng-ch'o' l", "Jang Myong Chol").similarity >= 0.95


def test_vowel_letter_left_out_is_priced_but_matches() -> None:
    found = compare("HWANG SOK-HWA", "HWANG SOK HA").similarity
    assert MATCH <= found < 0.8
    assert compare("Paek Chang Ho", "Pak Chang Ho").similarity >= MATCH
    assert compare("Kim Byong Su", "Kim Bong Su").similarity < MATCH


def test_initials_fit_without_being_a_match() -> None:
    assert 0.6 < compare("Kim J. U.", "Kim Jong Un").similarity < MATCH
    assert compare("Kim J. U.", "Kim Tong Chol").similarity < 0.6


def test_other_hanja_of_the_same_sound_lowers_similarity() -> None:
    assert compare("金正恩", "金正银").similarity < compare("金正恩", "金正恩").similarity


def test_tables_are_probabilities() -> None:
    for system in systems():
        for table in (system.initial_first, system.initial, system.medial, system.final):
            shares: dict[str, float] = {}
            for rows in table.values():
                for jamo, share, beside in rows:
                    assert 0 <= share <= 1
                    if not beside:
                        shares[jamo] = shares.get(jamo, 0.0) + share
            assert all(0.6 <= total <= 1.0001 for total in shares.values()), system.id


def test_each_script_has_a_system() -> None:
    assert all(systems_of(script) for script in ("latin", "hangul", "han", "kana", "cyrillic"))


def test_piece_is_read_under_each_system_on_its_own() -> None:
    piece = read_piece("jung", False, True, "", "")
    likely = dict(zip((system.id for system in systems_of("latin")), piece.likely, strict=True))
    assert "정" in likely["passport"]
    assert "중" in likely["dprk"]
    assert likely["passport"]["정"] > likely["dprk"].get("정", 0.0)


def test_joined_name_is_cut_into_syllables() -> None:
    assert ("jong", "un") in segment("jongun")
    assert segment("xqz") == ()


def test_law_and_its_inverse_agree() -> None:
    for syllable in ("리", "로", "녀", "룡", "량", "김"):
        assert law(syllable) == syllable or syllable in unlaw(law(syllable))


def test_syllable_letters_round_trip() -> None:
    for syllable in "가힣뷁리황":
        assert compose(*decompose(syllable)) == syllable
