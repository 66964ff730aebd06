"""Customer files: every field's good and bad forms, ids, wallets, and what is never lost."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.exc import InputError
from stanch.model import Entity
from stanch.sources.base import Record, Rejected, RejectedField
from stanch.sources.customers import read_customers
from stanch.sources.raw import RawFile

NOW = datetime(2026, 3, 1, tzinfo=UTC)
WALLET = "0x098b716b8aaf21512996dc57eb0615e2383e2f96"
IBAN = "DE89370400440532013000"


def read_bytes(path: Path, columns: dict[str, str] | None = None) -> tuple[list[tuple[Entity, ...]], list[Rejected]]:
    items = list(read_customers(RawFile.open(path), columns, now=NOW))
    good = [item.value for item in items if isinstance(item, Record)]
    return good, [item for item in items if isinstance(item, Rejected)]


def read(
    tmp_path: Path, text: str | bytes, columns: dict[str, str] | None = None
) -> tuple[list[tuple[Entity, ...]], list[Rejected]]:
    path = tmp_path / "customers.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_bytes(path, columns)


def test_a_full_row_becomes_party_wallet_and_account(tmp_path: Path) -> None:
    text = (
        "id,name,alias,type,dob,nationality,gender,passport,phone,email,address,wallet,bic,iban,position,tax_number\n"
        f'c1,Kim Chol,Kim A; Kim B,person,1980-02-03,KP,M,PS 836-410,+82 2 123 4567,A@B.com,"1 Road; Town",'
        f"eth:{WALLET},DEUTDEFF,{IBAN},clerk,T-9\n"
    )
    ((party, wallet, account),), rejected = read(tmp_path, text)
    assert rejected == []
    assert (party.id, party.schema) == ("c1", "Person")
    assert party.properties == {
        "name": ("Kim Chol",),
        "alias": ("Kim A", "Kim B"),
        "birthDate": ("1980-02-03",),
        "gender": ("male",),
        "nationality": ("kp",),
        "passportNumber": ("PS 836-410",),
        "address": ("1 Road; Town",),
        "position": ("clerk",),
        "phone": ("+8221234567",),
        "email": ("a@b.com",),
        "swiftBic": ("DEUTDEFF",),
        "taxNumber": ("T-9",),
    }
    assert (wallet.schema, wallet.first("publicKey"), wallet.first("currencySymbol")) == ("CryptoWallet", WALLET, "ETH")
    assert wallet.first("accountId") == f"eip155:1:{WALLET}"
    assert (account.schema, account.first("iban"), account.first("accountNumber")) == ("BankAccount", IBAN, IBAN)
    assert wallet.get("holder") == account.get("holder") == ("c1",)
    assert wallet.id.startswith("c1-wallet-")
    assert party.source is not None
    assert party.source.locator == "line 2"
    assert len(party.source.sha256) == 64


def test_a_bare_evm_wallet_names_no_coin(tmp_path: Path) -> None:
    ((_, wallet),), _ = read(tmp_path, f"name,wallet\nA,{WALLET}\n")
    assert wallet.first("currencySymbol") is None


@pytest.mark.parametrize("column", ["name", "Full Name", "이름", "姓名", "NAMES"])
def test_the_name_is_found_under_its_usual_headings(tmp_path: Path, column: str) -> None:
    ((party,),), _ = read(tmp_path, f"{column}\n김정은\n")
    assert party.caption == "김정은"
    assert party.id == "row-1"
    assert party.schema == "LegalEntity"


def test_a_name_column_can_be_mapped(tmp_path: Path) -> None:
    ((party,),), _ = read(tmp_path, "Kunde;name\nA;B\n", {"name": "Kunde"})
    assert party.caption == "A"


def test_a_file_without_names_says_what_it_has_and_needs(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, "id,kunde\n1,A\n")
    assert str(caught.value) == (
        "customers.csv, line 1: no column for name (the file has: id, kunde); rename a column or pass --map name=COLUMN"
    )


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("birth_date", "9999-01-01", "birth_date: 9999-01-01 cannot be a birth date"),
        ("birth_date", "1870", "birth_date: 1870 cannot be a birth date"),
        ("birth_date", "03/04/1980", "birth_date: not a date"),
        ("birth_date", "1980-02-30", "birth_date: not a date"),
        ("wallet", "0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "wallet: EIP-55 checksum does not match"),
        ("wallet", "hello", "wallet: unknown address format"),
        ("phone", "call me", "phone: not valid"),
        ("email", "me", "email: not valid"),
        ("imo", "1234567x", "imo: not valid"),
        ("iban", "DE89370400440532013001", "iban: not valid"),
        ("bic", "XY", "bic: not valid"),
        ("gender", "maybe", "gender: unknown"),
        ("type", "robot", "schema: unknown"),
    ],
)
def test_a_bad_field_is_dropped_and_the_row_kept(tmp_path: Path, column: str, cell: str, reason: str) -> None:
    ((party, *others),), (notice,) = read(tmp_path, f"name,{column}\nA,{cell}\n")
    assert party.properties == {"name": ("A",)}
    assert others == []
    assert isinstance(notice, RejectedField)
    assert notice.line == 2
    assert notice.reason.startswith(reason)
    assert notice.reason.endswith("; the rest of the row is kept")
    assert notice.remedy


@pytest.mark.parametrize("cell", ["N/A", "-", "000000000", "unknown", ""])
def test_a_placeholder_is_no_value_and_no_complaint(tmp_path: Path, cell: str) -> None:
    header = "name,passport,id_number,phone,email,wallet,iban,birth_date,imo"
    ((party,),), rejected = read(tmp_path, f"{header}\nA{f',{cell}' * 8}\n")
    assert party.properties == {"name": ("A",)}
    assert rejected == []


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1984-01-08", "1984-01-08"),
        ("1984/1/8", "1984-01-08"),
        ("1984.01.08.", "1984-01-08"),
        ("19840108", "1984-01-08"),
        ("1984년 1월 8일", "1984-01-08"),
        ("8 Jan 1984", "1984-01-08"),
        ("1984-01", "1984-01"),
        ("1984-00-00", "1984"),
        ("1984", "1984"),
    ],
)
def test_a_birth_date_is_read_where_it_has_one_meaning(tmp_path: Path, text: str, iso: str) -> None:
    ((party,),), rejected = read(tmp_path, f"name,dob\nA,{text}\n")
    assert party.get("birthDate") == (iso,)
    assert party.schema == "Person"
    assert rejected == []


def test_what_a_row_says_tells_its_schema(tmp_path: Path) -> None:
    records, _ = read(tmp_path, "name,imo,dob,type\nA,9074729,,\nB,,1980,\nC,,,company\nD,,,\n")
    assert [party.schema for (party, *_) in records] == ["Vessel", "Person", "Company", "LegalEntity"]


def test_a_repeated_id_is_rejected_with_the_first_line(tmp_path: Path) -> None:
    records, (bad,) = read(tmp_path, "id,name\n1,A\n1,B\n2,C\n")
    assert [party.caption for (party,) in records] == ["A", "C"]
    assert bad.reason == "id: '1' is already on line 2"


def test_a_row_without_a_name_is_rejected(tmp_path: Path) -> None:
    records, (bad,) = read(tmp_path, "id,name\n1,\n2,B\n")
    assert len(records) == 1
    assert (bad.line, bad.reason) == (2, "name: empty")


def test_a_damaged_name_is_rejected_and_its_neighbours_kept(tmp_path: Path) -> None:
    good = "김정은\n리설주\n".encode()
    records, (bad,) = read(tmp_path, b"name\n" + good + b"\xb1\xe8\xff\n" + good)
    assert len(records) == 4
    assert (bad.line, bad.reason) == (4, "holds damaged characters")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp949"])
def test_korean_names_are_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    records, _ = read(tmp_path, "이름,생년월일\n김정은,1984-01-08\n".encode(encoding))
    assert records[0][0].caption == "김정은"


def test_columns_that_no_field_takes_are_told_once(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("name,shoe size,previous_name\nA,43,B\nC,44,D\n")
    notes: list[str] = []
    items = list(read_customers(RawFile.open(path), note=notes.append, now=NOW))
    assert notes == ["c.csv: not used, kept in the raw file: shoe size"]
    assert isinstance(items[0], Record)
    assert items[0].value[0].get("previousName") == ("B",)


def test_json_lines_hold_lists_and_numbers(tmp_path: Path) -> None:
    lines = (
        '{"id": 7, "name": ["A", "B"], "phones": ["+82 2 123 4567"], "dob": 1984}\n'
        '{"id": 8, "name": {"first": "A"}}\n'
        '{"id": 9}\n'
        '{"id": 10, "name": "C", "email": {"x": 1}}\n'
    )
    records, rejected = read(tmp_path, lines)
    assert [(party.id, party.get("name")) for (party,) in records] == [("7", ("A", "B")), ("10", ("C",))]
    assert records[0][0].get("birthDate") == ("1984",)
    assert [(item.line, item.reason) for item in rejected] == [
        (2, "name: neither text nor a list of texts"),
        (3, "no name (the record has: id)"),
        (4, "email: neither text nor a list of texts; the rest of the row is kept"),
    ]


def test_a_formula_or_markup_stays_plain_text(tmp_path: Path) -> None:
    ((party,),), _ = read(tmp_path, 'name\n"=HYPERLINK(""x"") [red]"\n')
    assert party.caption == '=HYPERLINK("x") [red]'


NAMES = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters='\ufffd;"'), min_size=1).filter(
    lambda text: text.strip() and "\\u0000" not in text
)


@settings(max_examples=50, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=10))
def test_every_row_gives_one_record_in_order(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "names.csv"
    path.write_text("name,id\n" + "".join(f'"{name}",c{i}\n' for i, name in enumerate(names)), encoding="utf-8")
    records, rejected = read_bytes(path)
    assert rejected == []
    assert [(party.id, party.caption) for (party,) in records] == [
        (f"c{i}", " ".join(name.split())) for i, name in enumerate(names)
    ]
