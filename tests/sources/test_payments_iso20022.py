from __future__ import annotations

import re
import tracemalloc
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payment_messages import PAIN, pain, part, raw_of, read, transfer, values
from stanch.exc import InputError
from stanch.sources.base import RejectedField
from stanch.sources.payments import families, is_payment_file, read_payments

BORN = (
    "<Nm>Kim Chol</Nm><PstlAdr><AdrLine>1 Street</AdrLine><AdrLine>Town</AdrLine><Ctry>KP</Ctry></PstlAdr>"
    "<Id><PrvtId><DtAndPlcOfBirth><BirthDt>1960-02-03</BirthDt><CityOfBirth>X</CityOfBirth></DtAndPlcOfBirth>"
    "<Othr><Id>P123456</Id><SchmeNm><Cd>CCPT</Cd></SchmeNm></Othr>"
    "<Othr><Id>K-9</Id><SchmeNm><Cd>CUST</Cd></SchmeNm></Othr></PrvtId></Id>"
)


def test_each_transaction_has_its_number_and_references(tmp_path: Path) -> None:
    payments, rejected = read(tmp_path, pain(transfer(), transfer()))
    assert rejected == []
    assert [item.transaction for item in payments] == [None, 1, 2]
    last = payments[-1]
    assert (last.format, last.message, last.end_to_end) == ("pain.001.001.09", "M1", "E1")
    assert (last.amount, last.currency, last.value_date) == ("10.50", "EUR", "2026-03-02")


def test_the_debtor_of_a_batch_comes_once_without_a_number(tmp_path: Path) -> None:
    payments, _ = read(tmp_path, pain(transfer(), transfer()))
    assert [item.transaction for item in payments if any(part.role == "debtor" for part in item.parts)] == [None]


def test_a_party_keeps_every_value_with_path_and_line(tmp_path: Path) -> None:
    payments, _ = read(tmp_path, pain(transfer(), transfer(BORN)))
    found = next(item for item in payments[-1].parts if item.role == "creditor")
    assert values(found) == [
        ("name", "Kim Chol"),
        ("address", "1 Street"),
        ("address", "Town"),
        ("country", "KP"),
        ("birth-date", "1960-02-03"),
        ("birth-place", "X"),
        ("document", "P123456"),
        ("other-id", "K-9"),
    ]
    assert found.fields[0].path == "PmtInf[1]/CdtTrfTxInf[2]/Cdtr/Nm"
    assert found.fields[1].path == "PmtInf[1]/CdtTrfTxInf[2]/Cdtr/PstlAdr/AdrLine[1]"
    assert found.fields[0].line == 8


def test_an_account_goes_to_the_party_beside_it(tmp_path: Path) -> None:
    account = "<CdtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></CdtrAcct>"
    payments, _ = read(tmp_path, pain(transfer(more=account)))
    assert ("iban", "DE89370400440532013000") in values(part(payments[1:], "creditor"))


def test_agents_are_read_by_either_name_of_the_bic(tmp_path: Path) -> None:
    agents = (
        "<CdtrAgt><FinInstnId><BICFI>DEUTDEFF</BICFI></FinInstnId></CdtrAgt>"
        "<IntrmyAgt1><FinInstnId><BIC>BARCGB22</BIC><Nm>Bank</Nm></FinInstnId></IntrmyAgt1>"
    )
    payments, _ = read(tmp_path, pain(transfer(more=agents)))
    assert values(part(payments, "creditor agent")) == [("bic", "DEUTDEFF")]
    assert values(part(payments, "intermediary agent 1")) == [("bic", "BARCGB22"), ("name", "Bank")]


@pytest.mark.parametrize("space", [PAIN, PAIN.replace("09", "03"), PAIN.replace("09", "12"), "urn:other"])
def test_every_version_and_namespace_is_read_by_local_names(tmp_path: Path, space: str) -> None:
    payments, rejected = read(tmp_path, pain(transfer(), space=space))
    assert len(payments) == 2
    assert rejected == []


def test_prefixes_and_a_business_envelope_are_read(tmp_path: Path) -> None:
    inner = re.sub(r"<(/?)(\w)", r"<\1p:\2", pain(transfer()).split("?>\n")[1]).replace("xmlns=", "xmlns:p=")
    head = (
        '<h:AppHdr xmlns:h="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"><h:Fr><h:FIId><h:FinInstnId>'
        "<h:BICFI>DEUTDEFF</h:BICFI></h:FinInstnId></h:FIId></h:Fr><h:BizMsgIdr>B1</h:BizMsgIdr></h:AppHdr>"
    )
    payments, rejected = read(tmp_path, f"<Envelope>{head}{inner}</Envelope>")
    assert rejected == []
    assert values(part(payments, "sender")) == [("bic", "DEUTDEFF")]
    assert values(part(payments, "creditor")) == [("name", "Anna Schmidt")]


def test_pacs008_and_a_cover_payment_are_read(tmp_path: Path) -> None:
    text = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.009.001.08"><FICdtTrf><GrpHdr><MsgId>M</MsgId></GrpHdr>'
        '<CdtTrfTxInf><PmtId><UETR>u-1</UETR></PmtId><IntrBkSttlmAmt Ccy="USD">5</IntrBkSttlmAmt>'
        "<IntrBkSttlmDt>2026-01-02</IntrBkSttlmDt>"
        "<Dbtr><FinInstnId><BICFI>DEUTDEFF</BICFI></FinInstnId></Dbtr>"
        "<UndrlygCstmrCdtTrf><Dbtr><Nm>Payer</Nm></Dbtr><DbtrAcct><Id><Othr><Id>77</Id></Othr></Id></DbtrAcct>"
        "</UndrlygCstmrCdtTrf></CdtTrfTxInf></FICdtTrf></Document>"
    )
    payments, _ = read(tmp_path, text)
    assert (payments[0].uetr, payments[0].amount, payments[0].value_date) == ("u-1", "5", "2026-01-02")
    assert [(item.kind, values(item)) for item in payments[0].parts] == [
        ("agent", [("bic", "DEUTDEFF")]),
        ("party", [("name", "Payer"), ("account", "77")]),
    ]


def camt(entry: str) -> str:
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        "<GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id>"
        f"<Ownr><Nm>Owner</Nm></Ownr></Acct>{entry}</Stmt></BkToCstmrStmt></Document>"
    )


def test_camt_parties_are_unwrapped_and_carry_the_amount_of_the_entry(tmp_path: Path) -> None:
    entry = (
        '<Ntry><Amt Ccy="EUR">7.00</Amt><ValDt><Dt>2026-01-05</Dt></ValDt><NtryDtls><TxDtls><RltdPties>'
        "<Dbtr><Pty><Nm>Payer</Nm></Pty></Dbtr></RltdPties></TxDtls></NtryDtls></Ntry>"
    )
    payments, _ = read(tmp_path, camt(entry))
    payer = part(payments, "debtor")
    assert payer.fields[0].path == "Stmt[1]/Ntry[1]/NtryDtls[1]/TxDtls[1]/RltdPties/Dbtr/Pty/Nm"
    assert (payments[-1].amount, payments[-1].value_date) == ("7.00", "2026-01-05")
    assert values(part(payments, "account owner")) == [("name", "Owner"), ("iban", "DE89370400440532013000")]


def test_an_entry_without_details_is_a_transaction(tmp_path: Path) -> None:
    entry = '<Ntry><Amt Ccy="EUR">7.00</Amt><AddtlNtryInf>fee</AddtlNtryInf></Ntry>'
    payments, _ = read(tmp_path, camt(entry + entry))
    assert [item.transaction for item in payments] == [None, 1, 2]
    assert payments[-1].amount == "7.00"


def test_a_damaged_document_gives_what_stands_before_and_the_next_goes_on(tmp_path: Path) -> None:
    broken = pain(transfer(), transfer()).replace("</PmtInf>", "</Oops>")
    payments, rejected = read(tmp_path, broken + pain(transfer()))
    assert [item.transaction for item in payments] == [None, 1, 2, None, 1]
    assert len(rejected) == 1
    assert rejected[0].line == 9
    assert "damaged" in rejected[0].reason
    assert rejected[0].remedy


def test_a_truncated_document_is_told(tmp_path: Path) -> None:
    text = pain(transfer(), transfer())
    payments, rejected = read(tmp_path, text[: len(text) - 200])
    assert [item.transaction for item in payments] == [None, 1]
    assert "cut off" in rejected[0].reason


def test_a_second_document_counts_the_lines_of_the_file(tmp_path: Path) -> None:
    first = pain(transfer())
    payments, _ = read(tmp_path, first + "\n" + pain(transfer()))
    lines = [item.fields[0].line for payment in payments for item in payment.parts if item.role == "creditor"]
    assert lines == [7, 7 + first.count("\n") + 1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_encodings_that_the_declaration_states_are_read(tmp_path: Path, encoding: str) -> None:
    text = pain(transfer("<Nm>Jürgen</Nm>")).replace("UTF-8", encoding)
    payments, rejected = read(tmp_path, text.encode(encoding))
    assert rejected == []
    assert values(part(payments, "creditor")) == [("name", "Jürgen")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_anything_is_read(tmp_path: Path, encoding: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    text = pain(transfer("<Nm>&b;</Nm>")).replace("?>\n", f"?>\n{bomb}\n").replace("UTF-8", encoding)
    payments, rejected = read(tmp_path, text.encode(encoding))
    assert payments == []
    assert "document type" in rejected[0].reason


def test_a_count_that_does_not_fit_is_told(tmp_path: Path) -> None:
    payments, rejected = read(tmp_path, pain(transfer(), count=3))
    assert len(payments) == 2
    assert isinstance(rejected[0], RejectedField)
    assert "counts 3 transactions, 1 are there" in rejected[0].reason


def test_elements_where_no_schema_has_them_do_no_harm(tmp_path: Path) -> None:
    text = pain(transfer(more=transfer()), f"<Wrap>{transfer()}</Wrap>", transfer(), count=2)
    payments, rejected = read(tmp_path, text)
    assert [item.transaction for item in payments] == [None, 1, 2]
    assert rejected == []


def test_a_message_of_another_kind_is_told(tmp_path: Path) -> None:
    text = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.056.001.08"><FIToFIPmtCxlReq/></Document>'
    payments, rejected = read(tmp_path, text)
    assert payments == []
    assert "no payment message" in rejected[0].reason


@pytest.mark.parametrize("text", ["id,name\n1,Anna\n", "<html><body>x</body></html>", "Kim Jong Un", "{}"])
def test_other_files_are_no_payment_files(tmp_path: Path, text: str) -> None:
    raw = raw_of(tmp_path, text)
    assert not is_payment_file(raw)
    with pytest.raises(InputError, match="not a payment message"):
        list(read_payments(raw))


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        raw = raw_of(tmp_path, pain(*(transfer() for _ in range(count))))
        tracemalloc.start()
        try:
            assert sum(1 for _ in read_payments(raw)) == count + 1
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(2_000) < peak(1_000) * 1.5


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1), max_size=4))
def test_names_come_out_as_they_went_in(tmp_path: Path, names: list[str]) -> None:
    names = [name for name in names if name.strip() and not re.search("[\ufffe\uffff]", name)]
    payments, rejected = read(tmp_path, pain(*(transfer(f"<Nm>{escape(name)}</Nm>") for name in names)))
    assert rejected == []
    found = [item.fields[0].text for payment in payments for item in payment.parts if item.role == "creditor"]
    assert found == [" ".join(name.split()) for name in names]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_bytes_never_raise(tmp_path: Path, data: st.DataObject) -> None:
    text = bytearray(pain(transfer(BORN), transfer()).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        text[data.draw(st.integers(200, len(text) - 1))] = data.draw(st.integers(0, 255))
    read(tmp_path, bytes(text))


def elements_of_type(schema: Path, pattern: str) -> set[str]:
    return set(re.findall(rf'<xs:element [^>]*name="(\w+)" type="(?:{pattern})"', schema.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", ["pain.001.001.09", "pacs.008.001.08", "camt.053.001.08"])
def test_the_maps_have_every_party_and_agent_of_the_schema(shared_dir: Path, name: str) -> None:
    schema = shared_dir / "samples" / "iso20022" / f"{name}.xsd"
    parties = elements_of_type(schema, r"PartyIdentification\d+|Party40Choice")
    agents = elements_of_type(schema, r"BranchAndFinancialInstitutionIdentification\d+")
    assert parties
    assert agents
    assert parties - {families.OTHER_PARTY} <= set(families.PARTIES)
    assert agents <= set(families.AGENTS)


def test_the_texts_of_the_maps_stand_in_the_schemas(shared_dir: Path) -> None:
    folder = shared_dir / "samples" / "iso20022"
    known = {tag for path in folder.glob("*.xsd") for tag in re.findall(r'name="(\w+)"', path.read_text("utf-8"))}
    # Of camt.052, camt.054 and versions other than those at hand.
    elsewhere = {"AddtlRptInf", "AddtlNtfctnInf", "FinInstnCdtTrf", "FICdtTrf", "BkToCstmrAcctRpt"}
    used = {tag for path in families.TEXTS for tag in path.split("/")} | set(families.PARTIES)
    assert used - known - elsewhere == set()


@pytest.mark.parametrize(
    ("name", "transactions", "roles"),
    [
        (
            "pyiso20022_pain001_001_08.xml",
            1,
            {"initiating party", "debtor", "creditor", "debtor agent", "creditor agent"},
        ),
        ("pacs008pkg_pacs.008.001.08.xml", 1, {"debtor", "creditor", "debtor agent", "creditor agent"}),
        ("pain001_camt053_sample.xml", 1, {"account owner"}),
        ("pyiso20022_camt053_001_02.xml", 15, {"account owner", "debtor", "creditor", "message recipient"}),
    ],
)
def test_published_samples_are_read(
    shared_dir: Path, tmp_path: Path, name: str, transactions: int, roles: set[str]
) -> None:
    payments, rejected = read(tmp_path, (shared_dir / "samples" / "iso20022" / name).read_bytes())
    assert rejected == []
    assert max(item.transaction or 0 for item in payments) == transactions
    assert roles <= {item.role for payment in payments for item in payment.parts}
