"""The UN list: built from small constructed files, and checked against the real one where it is at hand."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from stanch.exc import InputError
from stanch.model import Entity
from stanch.sources.base import Record, Rejected
from stanch.sources.raw import RawFile
from stanch.sources.un.read import list_date, read_un

HEAD = '<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z">'


def person(reference: str = "KPi.001", inner: str = "", name: str = "<FIRST_NAME>YUN</FIRST_NAME>") -> str:
    return (
        f"<INDIVIDUAL>{name}<UN_LIST_TYPE>DPRK</UN_LIST_TYPE>"
        f"<REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER>{inner}</INDIVIDUAL>"
    )


def organisation(inner: str, reference: str = "KPe.001") -> str:
    return f"<ENTITY><REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER>{inner}</ENTITY>"


def open_list(folder: Path, *entries: str, tail: str = "</CONSOLIDATED_LIST>") -> RawFile:
    path = folder / "un.xml"
    people = "".join(entry for entry in entries if entry.startswith("<INDIVIDUAL"))
    others = "".join(entry for entry in entries if not entry.startswith("<INDIVIDUAL"))
    path.write_text(f"{HEAD}<INDIVIDUALS>{people}</INDIVIDUALS><ENTITIES>{others}</ENTITIES>{tail}", encoding="utf-8")
    return RawFile.open(path)


def entities(raw: RawFile) -> list[Entity]:
    return [record.value for record in read_un(raw) if isinstance(record, Record)]


def one(folder: Path, entry: str) -> Entity:
    (entity,) = entities(open_list(folder, entry))
    return entity


def test_id_and_locator_are_the_reference_number(tmp_path: Path) -> None:
    raw = open_list(tmp_path, person("KPi.033"))
    (record,) = read_un(raw)
    assert isinstance(record, Record)
    assert (record.value.id, record.locator) == ("un-KPi.033", "KPi.033")
    assert record.value.source is not None
    assert record.value.source.to_json() == {"name": "un.xml", "locator": "KPi.033", "sha256": raw.sha256}
    assert record.value.datasets == ("un",)


def test_name_parts_are_joined_in_list_order(tmp_path: Path) -> None:
    name = "<FIRST_NAME>RI</FIRST_NAME><SECOND_NAME>HONG-SOP </SECOND_NAME><THIRD_NAME>A</THIRD_NAME>"
    assert one(tmp_path, person(name=name)).get("name") == ("RI HONG-SOP A",)


def test_original_script_is_kept_as_alias(tmp_path: Path) -> None:
    entity = one(tmp_path, person(inner="<NAME_ORIGINAL_SCRIPT>김정은</NAME_ORIGINAL_SCRIPT>"))
    assert entity.get("alias") == ("김정은",)


@pytest.mark.parametrize(
    ("quality", "prop"),
    [("Good", "alias"), ("a.k.a.", "alias"), ("Low", "weakAlias"), ("f.k.a.", "previousName"), ("", "alias")],
)
def test_alias_quality_decides_the_property(tmp_path: Path, quality: str, prop: str) -> None:
    alias = f"<QUALITY>{quality}</QUALITY><ALIAS_NAME>Kim Hak Song</ALIAS_NAME>"
    assert one(tmp_path, person(inner=f"<INDIVIDUAL_ALIAS>{alias}</INDIVIDUAL_ALIAS>")).get(prop) == ("Kim Hak Song",)


def test_alias_with_script_in_brackets_gives_two_names(tmp_path: Path) -> None:
    alias = "<QUALITY>Good</QUALITY><ALIAS_NAME>Jin Tiesan (金铁三)</ALIAS_NAME>"
    entity = one(tmp_path, person(inner=f"<INDIVIDUAL_ALIAS>{alias}</INDIVIDUAL_ALIAS>"))
    assert entity.get("alias") == ("Jin Tiesan", "金铁三")


def test_several_aliases_in_one_field_are_apart(tmp_path: Path) -> None:
    alias = "<QUALITY>Good</QUALITY><ALIAS_NAME>Mohammad Sabet b) M. Javad Sabet; M. Jawad</ALIAS_NAME>"
    entity = one(tmp_path, person(inner=f"<INDIVIDUAL_ALIAS>{alias}</INDIVIDUAL_ALIAS>"))
    assert entity.get("alias") == ("Mohammad Sabet", "M. Javad Sabet", "M. Jawad")


def test_acronym_of_an_organisation_is_a_weak_alias(tmp_path: Path) -> None:
    entity = one(tmp_path, organisation("<FIRST_NAME>OCEAN MARITIME MANAGEMENT (OMM)</FIRST_NAME>"))
    assert entity.get("name") == ("OCEAN MARITIME MANAGEMENT (OMM)",)
    assert entity.get("alias") == ("OCEAN MARITIME MANAGEMENT",)
    assert entity.get("weakAlias") == ("OMM",)


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1964-06-18</DATE>", ("1964-06-18",)),
        ("<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1971</YEAR>", ("1971",)),
        ("<FROM_YEAR>1967</FROM_YEAR><TO_YEAR>1969</TO_YEAR>", ("1967", "1968", "1969")),
        ("<FROM_YEAR>1940</FROM_YEAR><TO_YEAR>1969</TO_YEAR>", ("1940", "1969")),
        ("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>Nov. 1973 </NOTE>", ("1973-11",)),
        ("<NOTE>24/06/1402 (Hijri Calendar)</NOTE>", ()),
        ("<DATE>1964-02-31</DATE>", ()),
    ],
)
def test_birth_date_forms(tmp_path: Path, birth: str, expected: tuple[str, ...]) -> None:
    inner = f"<INDIVIDUAL_DATE_OF_BIRTH>{birth}</INDIVIDUAL_DATE_OF_BIRTH>"
    assert one(tmp_path, person(inner=inner)).get("birthDate") == expected


def test_passport_and_other_documents_are_apart(tmp_path: Path) -> None:
    passport = "<TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>381420565</NUMBER>"
    card = "<TYPE_OF_DOCUMENT>National Identification Number</TYPE_OF_DOCUMENT><NUMBER>192-3</NUMBER>"
    inner = "".join(f"<INDIVIDUAL_DOCUMENT>{text}</INDIVIDUAL_DOCUMENT>" for text in (passport, card, ""))
    entity = one(tmp_path, person(inner=inner))
    assert (entity.get("passportNumber"), entity.get("idNumber")) == (("381420565",), ("192-3",))


def test_countries_become_codes(tmp_path: Path) -> None:
    nationality = "<NATIONALITY><VALUE>Democratic People's Republic of Korea</VALUE></NATIONALITY>"
    address = (
        "<INDIVIDUAL_ADDRESS><CITY>Dalian</CITY><COUNTRY>China</COUNTRY></INDIVIDUAL_ADDRESS>"
        "<INDIVIDUAL_ADDRESS><COUNTRY/></INDIVIDUAL_ADDRESS>"
    )
    entity = one(tmp_path, person(inner=nationality + address))
    assert entity.get("nationality") == ("kp",)
    assert (entity.get("address"), entity.get("country")) == (("Dalian, China",), ("cn",))


def test_company_number_is_read_from_the_end_of_the_comment_only(tmp_path: Path) -> None:
    own = organisation("<FIRST_NAME>KOTI</FIRST_NAME><COMMENTS1>Owner of KOTI. IMO number: 5982254.</COMMENTS1>")
    ship = organisation("<FIRST_NAME>X</FIRST_NAME><COMMENTS1>Owns A (IMO 8518780), a ship.</COMMENTS1>", "KPe.002")
    first, second = entities(open_list(tmp_path, own, ship))
    assert (first.get("imoNumber"), second.get("imoNumber")) == (("5982254",), ())


def test_comment_prose_is_not_taken_over(tmp_path: Path) -> None:
    entity = one(tmp_path, person(inner="<COMMENTS1>He fled in March. Gender: male</COMMENTS1>"))
    assert entity.get("gender") == ("male",)
    assert not any("fled" in value for values in entity.properties.values() for value in values)


def test_listing_date_and_programme(tmp_path: Path) -> None:
    entity = one(tmp_path, person(inner="<LISTED_ON>2016-11-30</LISTED_ON>"))
    assert (entity.get("createdAt"), entity.get("program")) == (("2016-11-30",), ("DPRK",))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (person(reference="../../etc"), "reference number"),
        (person(reference=""), "reference number"),
        (person("KPi.009", name="<FIRST_NAME> </FIRST_NAME>"), "no name"),
        (person("KPi.001"), "repeats"),
        (person("KPi.009", name=f"<FIRST_NAME>{'(a ' * 200_000}</FIRST_NAME>"), "longer than"),
    ],
)
def test_bad_entry_is_rejected_and_the_rest_goes_on(tmp_path: Path, bad: str, reason: str) -> None:
    first, refused, last = read_un(open_list(tmp_path, person("KPi.001"), bad, person("KPi.002")))
    assert isinstance(first, Record)
    assert isinstance(refused, Rejected)
    assert isinstance(last, Record)
    assert reason in refused.reason


def test_list_date_is_the_day_it_was_generated(tmp_path: Path) -> None:
    assert list_date(open_list(tmp_path, person())).isoformat() == "2026-02-27"


def test_truncated_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="damaged or cut off"):
        entities(open_list(tmp_path, person(), tail=""))


def test_empty_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no usable entry"):
        entities(open_list(tmp_path))


def test_another_root_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.xml"
    path.write_text("<html><body/></html>")
    with pytest.raises(InputError, match="root element"):
        entities(RawFile.open(path))


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
PARAMETER = '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]>'


@pytest.mark.parametrize("doctype", [BOMB, EXTERNAL, PARAMETER, "<!DOCTYPE CONSOLIDATED_LIST>", "<!doctype x>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_type_is_refused(tmp_path: Path, doctype: str, encoding: str) -> None:
    path = tmp_path / "bomb.xml"
    body = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}<CONSOLIDATED_LIST>&a;</CONSOLIDATED_LIST>'
    path.write_bytes(body.encode(encoding))
    with pytest.raises(InputError, match=r"document type|damaged"):
        entities(RawFile.open(path))


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="damaged"):
        entities(open_list(tmp_path, person(inner="<A>" * 5000 + "</A>" * 5000)))


def test_gzip_is_read(tmp_path: Path) -> None:
    plain = open_list(tmp_path, person())
    path = tmp_path / "un.xml.gz"
    path.write_bytes(gzip.compress(plain.path.read_bytes()))
    assert [entity.id for entity in entities(RawFile.open(path))] == ["un-KPi.001"]


def test_real_list_has_its_published_counts(shared_dir: Path) -> None:
    records = list(read_un(RawFile.open(shared_dir / "lists" / "un_consolidated.xml")))
    found = [record.value for record in records if isinstance(record, Record)]
    assert len(records) == len(found) == 1003
    for schema, total, dprk in (("Person", 730, 80), ("Organization", 273, 75)):
        of_schema = [entity for entity in found if entity.schema == schema]
        assert (len(of_schema), sum(e.first("program") == "DPRK" for e in of_schema)) == (total, dprk)


def test_real_list_gives_one_person_in_full(shared_dir: Path) -> None:
    raw = RawFile.open(shared_dir / "lists" / "un_consolidated.xml")
    entity = next(entity for entity in entities(raw) if entity.id == "un-KPi.035")
    assert entity.names == ("KIM CHOL SAM", "Jin Tiesan", "金铁三")
    assert (entity.first("birthDate"), entity.first("passportNumber")) == ("1971-03-11", "645120378")
