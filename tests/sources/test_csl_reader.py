"""The Consolidated Screening List, on a file made to the layout as public readers quote it."""

from __future__ import annotations

from pathlib import Path

from stanch.model import Entity
from stanch.sources.base import Record, Rejected
from stanch.sources.catalogue import read_entries, recognise
from stanch.sources.programmes import is_dprk
from stanch.sources.raw import RawFile

COLUMNS = (
    "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,"
    "standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,"
    "vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,"
    "places_of_birth,source_information_url,ids"
)
SDN = "Specially Designated Nationals (SDN) - Treasury Department"


def row(**values: str) -> str:
    return ",".join(f'"{values.get(name, "")}"' for name in COLUMNS.split(","))


PERSON = row(
    _id="90001", source=SDN, entity_number="90001", type="Individual", programs="NPWMD; DPRK3", name="KIM, Chol Su",
    alt_names="GIM, Cheol Su; KIM, Cheol-su", dates_of_birth="1978-12-05; 1960 to 1961; circa 1970", nationalities="KP",
    ids="Passport, 836238033, KP; Secondary sanctions risk:, North Korea Sanctions Regulations, sections 510.201 and "
    "510.210; Gender, Male; Digital Currency Address - XBT, 12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h",
)  # fmt: skip
BARRED = row(_id="1b5979e8fd3920", source="Unverified List (UVL) - Bureau of Industry and Security", name="Atlas")


def read(tmp_path: Path, *rows: str) -> tuple[RawFile, list[Record[Entity] | Rejected]]:
    path = tmp_path / "consolidated.csv"
    path.write_text("\n".join([COLUMNS, *rows]) + "\n", encoding="utf-8")
    raw = RawFile.open(path)
    return raw, list(read_entries("csl", [raw]))


def test_person_has_names_births_and_documents(tmp_path: Path) -> None:
    _, results = read(tmp_path, PERSON)
    person, wallet = (item.value for item in results if isinstance(item, Record))
    assert (person.id, person.get("name")) == ("csl-90001", ("KIM Chol Su",))
    assert person.get("alias") == ("GIM Cheol Su", "KIM Cheol-su")
    assert person.get("birthDate") == ("1978-12-05", "1960", "1961", "1970")
    assert person.get("passportNumber") == ("836238033",)
    assert person.first("gender") == "male"
    assert person.get("notes") == ("OFAC entry 90001", "North Korea Sanctions Regulations")
    assert person.get("topics") == ("sanction",)
    assert is_dprk(person)
    assert (wallet.schema, wallet.first("holder")) == ("CryptoWallet", "csl-90001")


def test_row_of_commerce_without_type_is_no_sanction(tmp_path: Path) -> None:
    raw, results = read(tmp_path, BARRED)
    assert isinstance(results[0], Record)
    assert results[0].value.schema == "LegalEntity"
    assert results[0].value.get("topics") == ("export.control",)
    found = recognise(raw)
    assert found is not None
    assert found.source_id == "csl"


def test_rows_without_name_or_with_a_repeated_number_are_set_aside(tmp_path: Path) -> None:
    _, results = read(tmp_path, PERSON, PERSON, row(_id="x1", source=SDN, type="Individual"), BARRED)
    reasons = [item.reason for item in results if isinstance(item, Rejected)]
    assert reasons == ["the number 90001 repeats", "the entry has no name"]
