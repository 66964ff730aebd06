"""The EU list: consolidated XML and CSV say the same, and annex tables are read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stanch.exc import InputError
from stanch.model import Entity
from stanch.sources.base import Record, Rejected
from stanch.sources.catalogue import recognise, stated_date
from stanch.sources.eu.read import read_eu
from stanch.sources.programmes import is_dprk
from stanch.sources.raw import RawFile

XML = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-08-05T16:47:04.449+02:00" globalFileId="1">
  <sanctionEntity designationDate="2009-12-22" unitedNationId="KPi.901" euReferenceNumber="EU.1.2" logicalId="7">
    <regulation regulationType="amendment" programme="PRK" logicalId="1"><publicationUrl>https://x/</publicationUrl></regulation>
    <subjectType code="person" classificationCode="P"/>
    <nameAlias firstName="Chol" lastName="KIM" wholeName="KIM Chol" gender="M" function="General" strong="true" logicalId="2"/>
    <nameAlias wholeName="김철" nameLanguage="KO" strong="true" logicalId="3"/>
    <nameAlias wholeName="Big Kim" strong="false" logicalId="4"/>
    <citizenship countryIso2Code="KP" countryDescription="KOREA, DEMOCRATIC PEOPLE'S REPUBLIC OF" logicalId="5"/>
    <birthdate circa="false" birthdate="1960-03-02" dayOfMonth="2" monthOfYear="3" year="1960" city="Pyongyang"
      countryIso2Code="00" countryDescription="UNKNOWN" logicalId="6"/>
    <birthdate circa="true" yearRangeFrom="1958" yearRangeTo="1960" logicalId="8"/>
    <identification number="381420754" identificationTypeCode="passport" countryIso2Code="KP" logicalId="9"/>
  </sanctionEntity>
  <sanctionEntity euReferenceNumber="EU.1.3" logicalId="8">
    <regulation programme="RUS" logicalId="2"/>
    <subjectType code="enterprise" classificationCode="E"/>
    <nameAlias wholeName="Some Bank" strong="true" logicalId="12"/>
    <address street="1 Road" city="Moscow" countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION" logicalId="13">
      <contactInfo key="PHONE" value="+7 495 606 3602"/>
    </address>
    <identification number="SABRRUMM" identificationTypeCode="swiftbic" countryIso2Code="RU" logicalId="14"/>
  </sanctionEntity>
</export>"""  # noqa: E501

COLUMNS = (
    "fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_UnitedNationId;Entity_DesignationDate;"
    "Entity_SubjectType;Entity_SubjectType_ClassificationCode;Entity_Regulation_Programme;NameAlias_WholeName;"
    "NameAlias_Gender;NameAlias_Function;NameAlias_Remark;Address_City;Address_Street;Address_CountryIso2Code;"
    "Address_CountryDescription;BirthDate_BirthDate;BirthDate_YearRangeFrom;BirthDate_YearRangeTo;BirthDate_City;"
    "Identification_Number;Identification_TypeCode;Citizenship_CountryIso2Code"
)
PERSON = "05/08/2026;7;EU.1.2;KPi.901;2009-12-22;P;person;PRK"
CSV = "\n".join(
    [
        COLUMNS,
        f"{PERSON};KIM Chol;M;General;;;;;;;;;;;;",
        f"{PERSON};김철;;;;;;;;;;;;;;",
        f"{PERSON};Big Kim;;;(low quality alias);;;;;;;;;;;",
        f"{PERSON};;;;;;;;;1960-03-02;;;Pyongyang;;;",
        f"{PERSON};;;;;;;;;;1958;1960;;;;",
        f"{PERSON};;;;;;;;;;;;;381420754;passport;KP",
        "05/08/2026;8;EU.1.3;;;E;enterprise;RUS;Some Bank;;;;;;;;;;;;;;",
        "05/08/2026;8;EU.1.3;;;E;enterprise;RUS;;;;;Moscow;1 Road;RU;RUSSIAN FEDERATION;;;;;SABRRUMM;swiftbic;",
    ]
)


def opened(tmp_path: Path, text: str, name: str = "eu") -> RawFile:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return RawFile.open(path)


def entities(raw: RawFile) -> dict[str, Entity]:
    return {record.value.id: record.value for record in read_eu(raw) if isinstance(record, Record)}


def test_person_of_the_xml_has_names_dates_and_documents(tmp_path: Path) -> None:
    person = entities(opened(tmp_path, XML))["eu-EU.1.2"]
    assert person.schema == "Person"
    assert person.get("name") == ("KIM Chol",)
    assert person.get("alias") == ("김철",)
    assert person.get("weakAlias") == ("Big Kim",)
    assert person.get("birthDate") == ("1960-03-02", "1958", "1959", "1960")
    assert person.get("passportNumber") == ("381420754",)
    assert (person.first("gender"), person.first("nationality")) == ("male", "kp")
    assert person.get("notes") == ("UN reference KPi.901",)
    assert is_dprk(person)
    assert person.source is not None
    assert person.source.locator == "EU.1.2"


def test_enterprise_of_the_xml_has_bank_code_and_phone(tmp_path: Path) -> None:
    firm = entities(opened(tmp_path, XML))["eu-EU.1.3"]
    assert firm.schema == "Organization"
    assert firm.get("swiftBic") == ("SABRRUMM",)
    assert firm.get("address") == ("1 Road, Moscow, RUSSIAN FEDERATION",)
    assert firm.get("phone") == ("+7 495 606 3602",)
    assert not is_dprk(firm)


def test_csv_says_the_same_as_the_xml(tmp_path: Path) -> None:
    from_csv, from_xml = entities(opened(tmp_path, CSV, "c")), entities(opened(tmp_path, XML, "x"))
    assert from_csv.keys() == from_xml.keys()
    for key, entity in from_csv.items():
        same = {name: values for name, values in from_xml[key].properties.items() if name not in ("phone", "createdAt")}
        assert {name: entity.get(name) for name in same} == same


@pytest.mark.parametrize("text", [XML, CSV])
def test_list_says_its_own_day(tmp_path: Path, text: str) -> None:
    raw = opened(tmp_path, text)
    found = recognise(raw)
    assert found is not None
    assert (found.source_id, found.role) == ("eu", "list")
    assert stated_date("eu", raw) == date(2026, 8, 5)


def test_unknown_kind_of_subject_is_set_aside(tmp_path: Path) -> None:
    results = list(read_eu(opened(tmp_path, XML.replace('code="enterprise" classificationCode="E"', 'code="ship"'))))
    rejected = [item for item in results if isinstance(item, Rejected)]
    assert len(results) == 2
    assert "unknown type of subject" in rejected[0].reason


@pytest.mark.parametrize(
    "text",
    [
        XML.replace("<export", '<!DOCTYPE x [<!ENTITY a "b">]><export'),
        XML[: len(XML) // 2],
        COLUMNS + "\n",
        "name,age\nA,1\n",
    ],
)
def test_hostile_cut_or_other_file_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError) as caught:
        list(read_eu(opened(tmp_path, text)))
    assert "\n" not in str(caught.value)


ANNEX_HEAD = (
    "celex,recordId,programKey,annex,measure,startDate,schema,name,alias,birthDate,passportNumber,nationality,imoNumber"
)


def test_annex_names_in_two_scripts_and_several_births_are_taken_apart(tmp_path: Path) -> None:
    rows = [
        ANNEX_HEAD,
        "32017R1509,8,EU-PRK,XV.A,Asset freeze,7.3.2013,Person,KIM Ho Kyu 김호규,"
        '"KIM Yong-Nam, KIM Young-Nam; (金铁三)",a) 1964 b) 28.8.1962,PS- 563410163 (diplomatic); 472310082,DPRK.,',
        "32017R1509,,EU-PRK,XIII.B,Asset freeze,2.3.2016,Vessel,Chong Bong (Greenlight),,,,,8909575",
    ]
    found = entities(opened(tmp_path, "\n".join(rows)))
    person = found["eu-32017R1509-XV.A-8"]
    assert person.get("name") == ("KIM Ho Kyu",)
    assert person.get("alias") == ("김호규", "KIM Yong-Nam", "KIM Young-Nam", "金铁三")
    assert person.get("birthDate") == ("1962-08-28", "1964")
    assert person.get("passportNumber") == ("PS- 563410163", "472310082")
    assert person.get("nationality") == ("kp",)
    ship = found["eu-32017R1509-XIII.B-imo-8909575"]
    assert (ship.get("name"), ship.get("alias")) == (("Chong Bong",), ("Greenlight",))


def test_real_annexes_are_read_whole(shared_dir: Path) -> None:
    raw = RawFile.open(shared_dir / "lists" / "eu_dprk_32017R1509_consolidated.csv")
    results = list(read_eu(raw))
    found = [item.value for item in results if isinstance(item, Record)]
    assert len(results) == len(found) == 326
    schemata = [entity.schema for entity in found]
    assert [schemata.count(name) for name in ("Person", "Organization", "Vessel")] == [157, 94, 75]
    assert all(map(is_dprk, found))
    people = [entity for entity in found if entity.schema == "Person"]
    # DATA.md counts 66 persons with Hangul; one more has Han characters.
    assert sum(any("가" <= char <= "힣" for name in entity.names for char in name) for entity in people) == 66
