"""Japan's list: the official columns, and the table keyed from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stanch.exc import InputError
from stanch.model import Entity
from stanch.sources.base import Record, Rejected
from stanch.sources.catalogue import date_in_name, read_entries, recognise
from stanch.sources.programmes import is_dprk
from stanch.sources.raw import RawFile

COLUMNS = (
    "区分,番号,告示日付,告示番号,個人・団体,氏名（日本語）,氏名（英語）,別名・別称（日本語）,別名・別称（英語）,旧称（日本語）,"
    "旧称（英語）,確定に十分でない別名（日本語）,確定に十分でない別名（英語）,称号（日本語）,称号（英語）,役職（日本語）,"
    "役職（英語）,生年月日,出生地（日本語）,出生地（英語）,国籍（日本語）,国籍（英語）,旅券番号,身分証番号,"
    "住所・所在地（国）（日本語）,住所・所在地（都市その他の情報）（日本語）,住所・所在地（国）（英語）,"
    "住所・所在地（都市その他の情報）（英語）,国連参照番号,リスト掲載日,その他の情報,外務省告示情報"
)


def row(**values: str) -> str:
    names = COLUMNS.split(",")
    return ",".join(values.get(name, "") for name in names)


def opened(tmp_path: Path, *rows: str) -> RawFile:
    path = tmp_path / "shisantouketsu20260828.csv"
    path.write_text("\n".join([COLUMNS, *rows]) + "\n", encoding="utf-8-sig")
    return RawFile.open(path)


def entities(raw: RawFile) -> list[Entity]:
    return [item.value for item in read_entries("jp", [raw]) if isinstance(item, Record)]


PERSON = row(
    **{
        "区分": "15", "番号": "015-000901", "告示日付": "2013.1.24", "個人・団体": "個人",
        "氏名（日本語）": "キム・チョル", "氏名（英語）": "KIM CHOL",
        "別名・別称（日本語）": "サイフ（生年月日1963/4/11；国籍）； キム・チョリ", "生年月日": "1963/4/11；1965年",
        "旅券番号": "A00195974（2029年12月16日に失効）", "国連参照番号": "KPi.901",
        "確定に十分でない別名（英語）": "The Kim",
    }
)  # fmt: skip


def test_official_row_has_both_names_and_several_births(tmp_path: Path) -> None:
    person = entities(opened(tmp_path, PERSON))[0]
    assert (person.id, person.schema) == ("jp-015-000901", "Person")
    assert person.get("name") == ("KIM CHOL", "キム・チョル")
    assert person.get("alias") == ("サイフ", "キム・チョリ")
    assert person.get("weakAlias") == ("The Kim",)
    assert person.get("birthDate") == ("1963-04-11", "1965")
    assert person.get("passportNumber") == ("A00195974",)
    assert person.get("notes") == ("UN reference KPi.901",)
    assert person.first("createdAt") == "2013-01-24"
    assert is_dprk(person)


def test_other_category_is_not_of_the_dprk(tmp_path: Path) -> None:
    text = PERSON.replace("15,015-000901", "2,002-000901")
    assert not is_dprk(entities(opened(tmp_path, text))[0])


def test_repeated_number_is_set_aside(tmp_path: Path) -> None:
    results = list(read_entries("jp", [opened(tmp_path, PERSON, PERSON)]))
    assert [type(item) for item in results] == [Rejected, Record]


def test_day_stands_in_the_name_of_the_file(tmp_path: Path) -> None:
    raw = opened(tmp_path, PERSON)
    found = recognise(raw)
    assert found is not None
    assert (found.source_id, found.role) == ("jp", "list")
    assert str(date_in_name(raw.name)) == "2026-08-28"


def test_file_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "jp.csv"
    path.write_bytes(f"{COLUMNS}\n{PERSON}\n".encode("cp932"))
    with pytest.raises(InputError):
        list(read_entries("jp", [RawFile.open(path)]))


def test_table_keyed_from_the_list_is_read(shared_dir: Path) -> None:
    found = entities(RawFile.open(shared_dir / "lists" / "jp_mof_dprk_individuals_katakana.csv"))
    assert len(found) == 80
    assert all(map(is_dprk, found))
    by_id = {entity.id: entity for entity in found}
    assert by_id["jp-015-000066"].get("birthDate") == ("1967", "1968", "1969")
    assert by_id["jp-015-000014"].get("passportNumber") == ("472320665", "563120356")
