"""The UK lists in their three layouts, on files made to the layout as public readers quote it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stanch.exc import InputError
from stanch.model import Entity
from stanch.sources.base import Record
from stanch.sources.catalogue import read_entries, recognise, stated_date
from stanch.sources.programmes import is_dprk
from stanch.sources.raw import RawFile

UKSL = (
    "Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,"
    "Alias strength,Title,Name non-latin script,Non-latin script type,Non-latin script language,Regime Name,"
    "Designation Type,Designation source,Sanctions Imposed,Other Information,UK Statement of Reasons,Address Line 1,"
    "Address Line 2,Address Line 3,Address Line 4,Address Line 5,Address Line 6,Address Postal Code,Address Country,"
    "Phone number,Website,Email address,Date Designated,D.O.B,Nationality(/ies),National Identifier number,"
    "National Identifier additional information,Passport number,Passport additional information,Position,Gender,"
    "Town of birth,Country of birth,Type of entity,Subsidiaries,Parent company,Business registration number (s),"
    "IMO number,Current owner/operator (s),Previous owner/operator (s),Current believed flag of ship,Previous flags,"
    "Type of ship,Tonnage of ship,Length of ship,Year Built,Hull identification number (HIN)"
)
CONLIST = (
    "Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,Name Non-Latin Script,Non-Latin Script Type,"
    "Non-Latin Script Language,DOB,Town of Birth,Country of Birth,Nationality,Passport Number,Passport Details,"
    "National Identification Number,National Identification Details,Position,Address 1,Address 2,Address 3,Address 4,"
    "Address 5,Address 6,Post/Zip Code,Country,Other Information,Group Type,Alias Type,Alias Quality,Regime,Listed On,"
    "UK Sanctions List Date Designated,Last Updated,Group ID"
)
REGIME = "The Democratic People's Republic of Korea (Sanctions) (EU Exit) Regulations 2019"


def row(columns: str, **values: str) -> str:
    return ",".join(f'"{values[name]}"' if name in values else "" for name in columns.split(","))


def uksl(**more: str) -> str:
    base = {"OFSI Group ID": "13059", "Unique ID": "DPR0001", "Designation Type": "Individual", "Regime Name": REGIME}
    return row(UKSL, **{**base, **more})


UKSL_TEXT = "\n".join(
    [
        "Report Date: 13-Feb-2026",
        UKSL,
        uksl(
            **{
                "Name 6": "KIM", "Name 1": "CHOL", "Name 2": "SU", "Name type": "Primary Name", "D.O.B": "dd/mm/1960",
                "Name non-latin script": "김철수", "UN Reference Number": "KPi.901", "Passport number": "381420754",
                "Gender": "Male", "Nationality(/ies)": "North Korea",
            }
        ),
        uksl(**{"Name 6": "GIM", "Name 1": "CHEOL SU", "Name type": "Primary name variation"}),
        uksl(**{"Name 6": "BIG KIM", "Name type": "Alias", "Alias strength": "Low quality a.k.a"}),
        uksl(
            **{
                "OFSI Group ID": "", "Unique ID": "DPR0002", "Designation Type": "Ship", "Name 6": "CHON MYONG 1",
                "Name type": "Primary Name", "IMO number": "8712362",
            }
        ),
    ]
)  # fmt: skip


def opened(tmp_path: Path, text: str) -> RawFile:
    path = tmp_path / "uk"
    path.write_text(text, encoding="utf-8")
    return RawFile.open(path)


def entities(raw: RawFile) -> dict[str, Entity]:
    return {item.value.id: item.value for item in read_entries("uk", [raw]) if isinstance(item, Record)}


def test_rows_of_one_entry_are_gathered(tmp_path: Path) -> None:
    person = entities(opened(tmp_path, UKSL_TEXT))["uk-13059"]
    assert person.get("name") == ("KIM CHOL SU",)
    assert person.get("alias") == ("김철수", "GIM CHEOL SU")
    assert person.get("weakAlias") == ("BIG KIM",)
    assert person.get("birthDate") == ("1960",)
    assert (person.first("gender"), person.first("nationality")) == ("male", "kp")
    assert person.get("notes") == ("UN reference KPi.901",)
    assert is_dprk(person)


def test_ship_has_its_imo_number(tmp_path: Path) -> None:
    ship = entities(opened(tmp_path, UKSL_TEXT))["uk-DPR0002"]
    assert (ship.schema, ship.get("imoNumber")) == ("Vessel", ("8712362",))


def test_old_consolidated_list_is_read(tmp_path: Path) -> None:
    values = {
        "Name 6": "KIM", "Name 1": "Chol", "DOB": "00/03/1960", "Group Type": "Individual", "Group ID": "13059",
        "Alias Type": "Primary name", "Regime": "Democratic People's Republic of Korea",
        "Passport Number": "(1) 381420754 (2) 472310082",
        "Other Information": "(UN Ref):KPi.901 (Gender):Male", "Listed On": "02/12/2011",
    }  # fmt: skip
    alias = {**values, "Name 1": "Cheol", "Alias Type": "AKA", "Alias Quality": "Good quality"}
    text = "\n".join(["Last Updated,01/09/2025", CONLIST, row(CONLIST, **values), row(CONLIST, **alias)])
    raw = opened(tmp_path, text)
    person = entities(raw)["uk-13059"]
    assert (person.get("name"), person.get("alias")) == (("KIM Chol",), ("KIM Cheol",))
    assert person.get("birthDate") == ("1960-03",)
    assert person.get("passportNumber") == ("381420754", "472310082")
    assert (person.first("gender"), person.get("notes")) == ("male", ("UN reference KPi.901",))
    assert person.first("createdAt") == "2011-12-02"
    assert is_dprk(person)
    assert stated_date("uk", raw) == date(2025, 9, 1)


def test_old_xml_is_read(tmp_path: Path) -> None:
    text = """<?xml version="1.0"?>
<ArrayOfFinancialSanctionsTarget xmlns="http://schemas.hmtreasury.gov.uk/ofsi/consolidatedlist">
 <FinancialSanctionsTarget><Name6>KIM</Name6><name1>Chol</name1><GroupID>13059</GroupID>
  <AliasType>Primary name</AliasType>
  <GroupTypeDescription>Individual</GroupTypeDescription><RegimeName>Democratic People's Republic of Korea</RegimeName>
  <Individual_DateOfBirth>19/06/1951</Individual_DateOfBirth><UNRef>KPi.901</UNRef>
  <DateListed>2011-12-02T00:00:00</DateListed></FinancialSanctionsTarget>
</ArrayOfFinancialSanctionsTarget>"""
    person = entities(opened(tmp_path, text))["uk-13059"]
    assert person.get("birthDate") == ("1951-06-19",)
    assert person.first("createdAt") == "2011-12-02"
    assert person.get("notes") == ("UN reference KPi.901",)


def test_list_is_recognised_and_says_its_day(tmp_path: Path) -> None:
    raw = opened(tmp_path, UKSL_TEXT)
    found = recognise(raw)
    assert found is not None
    assert (found.source_id, found.role) == ("uk", "list")
    assert stated_date("uk", raw) == date(2026, 2, 13)


def test_list_without_entries_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no usable entry"):
        entities(opened(tmp_path, f"Report Date: 13-Feb-2026\n{UKSL}\n"))
