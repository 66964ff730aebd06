from __future__ import annotations

from pathlib import Path

import pytest

from payment_messages import mt103, pain, raw_of, transfer
from stanch.model import Clear, Entity, EntityBuilder
from stanch.screening import Index, ListInfo, findings
from stanch.screening.payments import PaymentAnswer, PaymentScreener


def entity(key: str, schema: str, **properties: str) -> Entity:
    builder = EntityBuilder(key, schema)
    for name, value in properties.items():
        builder.add(name, value)
    return builder.build(("own",))


OWN = (
    entity("p1", "Person", name="Kim Jong Un", birthDate="1984-01-08", passportNumber="PS1234567"),
    entity("b1", "Organization", name="Foreign Trade Bank", swiftBic="FTBDKPPY"),
    entity("o1", "Organization", name="Korea Mining Development Trading Corporation"),
    entity("a1", "BankAccount", iban="DE89370400440532013000", holder="o1"),
    entity("v1", "Vessel", name="Lucky Star", imoNumber="7937317"),
)
INDEX = Index.build(OWN, (ListInfo("own", "2026-01-01", "f" * 64),))
KEYS = {
    *("file", "format", "message", "transaction", "end_to_end", "uetr", "amount", "currency", "value_date", "role"),
    *("field", "line", "text", "notes", "row", "input_id", "query", "lists", "threshold", "error", "matches"),
}


def answers(folder: Path, text: str) -> list[PaymentAnswer]:
    return list(PaymentScreener(INDEX).screen(raw_of(folder, text)))


def agent(content: str) -> str:
    return f"<CdtrAgt><FinInstnId>{content}</FinInstnId></CdtrAgt>"


def hit(found: list[PaymentAnswer]) -> PaymentAnswer:
    return next(item for item in found if item.screened.matches)


def notes(found: list[PaymentAnswer]) -> list[str]:
    return [item.statement for answer in found for item in answer.notes]


def test_every_screened_field_is_answered_in_order(tmp_path: Path) -> None:
    found = answers(tmp_path, pain(transfer(), transfer(more=agent("<BICFI>DEUTDEFF</BICFI>"))))
    roles = ["debtor", "creditor", "remittance information", "creditor", "creditor agent", "remittance information"]
    assert [item.role for item in found] == roles
    assert [item.screened.query.row for item in found] == list(range(1, 7))
    assert all(set(item.to_json()) == KEYS for item in found)


def test_a_hit_names_message_transaction_field_and_line(tmp_path: Path) -> None:
    row = hit(answers(tmp_path, pain(transfer(), transfer("<Nm>KIM JONG UN</Nm>")))).to_json()
    assert (row["message"], row["transaction"], row["role"]) == ("M1", 2, "creditor")
    assert (row["field"], row["line"], row["text"]) == ("PmtInf[1]/CdtTrfTxInf[2]/Cdtr/Nm", 8, "KIM JONG UN")
    places = [item["source"]["locator"] for item in row["matches"][0]["evidence"]]
    assert "pain.001.001.09 M1, PmtInf[1]/CdtTrfTxInf[2]/Cdtr/Nm, line 8" in places


def test_a_birth_date_in_the_message_settles_the_name(tmp_path: Path) -> None:
    def chance(day: str) -> float:
        born = f"<Id><PrvtId><DtAndPlcOfBirth><BirthDt>{day}</BirthDt></DtAndPlcOfBirth></PrvtId></Id>"
        found = answers(tmp_path, pain(transfer(f"<Nm>KIM JONG UN</Nm>{born}")))
        return max((match.probability for item in found for match in item.screened.matches), default=0.0)

    assert chance("1984-01-08") > 0.9
    assert chance("1955-07-01") < 0.01


def test_a_document_number_is_named_as_the_field(tmp_path: Path) -> None:
    party = "<Nm>Anna Schmidt</Nm><Id><PrvtId><Othr><Id>PS1234567</Id></Othr></PrvtId></Id>"
    row = hit(answers(tmp_path, pain(transfer(party)))).to_json()
    assert row["field"].endswith("Cdtr/Id/PrvtId/Othr/Id")


def test_an_account_of_a_listed_party_is_found_in_the_payment(tmp_path: Path) -> None:
    account = "<CdtrAcct><Id><IBAN>DE89 3704 0044 0532 0130 00</IBAN></Id></CdtrAcct>"
    row = hit(answers(tmp_path, pain(transfer(more=account)))).to_json()
    assert row["field"].endswith("CdtrAcct/Id/IBAN")
    assert row["matches"][0]["entity_id"] == "o1"


@pytest.mark.parametrize("bic", ["FTBDKPPY", "FTBDKPPYXXX", "FTBDKPPY001", "ftbdkppyxxx"])
def test_a_designated_bank_is_found_by_its_bic_and_by_a_branch(tmp_path: Path, bic: str) -> None:
    row = hit(answers(tmp_path, pain(transfer(more=agent(f"<BICFI>{bic}</BICFI>"))))).to_json()
    assert row["matches"][0]["entity_id"] == "b1"
    assert row["field"].endswith("CdtrAgt/FinInstnId/BICFI")


def test_a_designated_bank_is_found_by_its_name(tmp_path: Path) -> None:
    found = answers(tmp_path, pain(transfer(more=agent("<Nm>FOREIGN TRADE BANK</Nm>"))))
    assert hit(found).role == "creditor agent"


def test_a_bank_in_the_dprk_that_nobody_lists_is_a_note_and_no_match(tmp_path: Path) -> None:
    found = answers(tmp_path, pain(transfer(more=agent("<BICFI>ABCDKPPY</BICFI>"))))
    assert [item for item in found if item.screened.matches] == []
    assert notes(found) == ["a bank in the DPRK: the country of BIC ABCDKPPY is KP"]


@pytest.mark.parametrize("bic", ["DEUTDEFF", "KPABDEFF", "SBININBB"])
def test_other_banks_raise_nothing(tmp_path: Path, bic: str) -> None:
    found = answers(tmp_path, pain(transfer(more=agent(f"<BICFI>{bic}</BICFI>"))))
    assert notes(found) == []
    assert not any(item.screened.matches for item in found)


def test_where_a_person_lives_or_was_born_raises_nothing(tmp_path: Path) -> None:
    born = "<DtAndPlcOfBirth><BirthDt>1970-01-02</BirthDt><CtryOfBirth>KP</CtryOfBirth></DtAndPlcOfBirth>"
    party = f"<Nm>Anna Schmidt</Nm><PstlAdr><Ctry>KP</Ctry></PstlAdr><Id><PrvtId>{born}</PrvtId></Id>"
    found = answers(tmp_path, pain(transfer(party)))
    assert notes(found) == []
    assert not any(item.screened.matches for item in found)


def test_a_ship_in_remittance_text_is_found(tmp_path: Path) -> None:
    row = hit(answers(tmp_path, pain(transfer(text="Freight for MV Lucky Star")))).to_json()
    assert (row["role"], row["matches"][0]["entity_id"]) == ("remittance information", "v1")


def test_a_name_in_an_address_line_is_found(tmp_path: Path) -> None:
    party = "<Nm>Anna Schmidt</Nm><PstlAdr><AdrLine>c/o Korea Mining Development</AdrLine>"
    party += "<AdrLine>Trading Corporation</AdrLine></PstlAdr>"
    assert hit(answers(tmp_path, pain(transfer(party)))).role == "creditor address"


def test_a_wrapped_name_of_an_mt_is_found(tmp_path: Path) -> None:
    row = hit(answers(tmp_path, mt103(":59:/1\nKOREA MINING DEVELOPMENT TRADING CO\nRPORATION"))).to_json()
    assert (row["format"], row["message"], row["field"], row["line"]) == ("MT103", "REF1", ":59: line 2", 5)
    assert row["matches"][0]["entity_id"] == "o1"


def test_what_cannot_be_screened_is_said(tmp_path: Path) -> None:
    found = answers(tmp_path, pain(transfer("<CtryOfRes>DE</CtryOfRes>", more=agent("<BICFI>NO</BICFI>"))))
    errors = [item.screened.query.error for item in found if item.screened.query.error]
    assert len(errors) == 2
    assert "neither a name nor an identifier" in errors[0]
    assert "not a BIC: 'NO'" in errors[1]


def test_a_broken_message_is_an_answer_and_counted(tmp_path: Path) -> None:
    screener = PaymentScreener(INDEX)
    found = list(screener.screen(raw_of(tmp_path, pain(transfer()).replace("</PmtInf>", "</X>"))))
    assert found[-1].payment is None
    assert set(found[-1].to_json()) == KEYS
    assert "damaged" in (found[-1].screened.query.error or "")
    assert screener.totals.rejected == 1


def test_totals_count_messages_transactions_fields_and_hits(tmp_path: Path) -> None:
    screener = PaymentScreener(INDEX)
    clearing = agent("<ClrSysMmbId><MmbId>021000021</MmbId></ClrSysMmbId>")
    text = pain(transfer("<Nm>KIM JONG UN</Nm>"), transfer(more=clearing)) + pain(transfer())
    found = list(screener.screen(raw_of(tmp_path, text)))
    totals = screener.totals
    assert totals.fields == len(found) == 8
    assert (totals.transactions, totals.hits, totals.unnamed) == (3, 1, 1)


def test_the_same_party_again_is_answered_alike(tmp_path: Path) -> None:
    text = pain(*(transfer("<Nm>KIM JONG UN</Nm>") for _ in range(2)), *(transfer() for _ in range(2)))
    rows = [item.to_json() for item in answers(tmp_path, text) if item.role == "creditor"]
    assert [len(row["matches"]) for row in rows] == [1, 1, 0, 0]
    assert [row["transaction"] for row in rows] == [1, 2, 3, 4]


def test_an_answer_becomes_a_finding_with_the_place_in_the_message(tmp_path: Path) -> None:
    found = findings(hit(answers(tmp_path, pain(transfer("<Nm>KIM JONG UN</Nm>")))).screened)
    assert not isinstance(found, Clear)
    assert found[0].subject.id == "E1"
    assert "Cdtr/Nm, line 7" in found[0].evidence[-1].source.locator
