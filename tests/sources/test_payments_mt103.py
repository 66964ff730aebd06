from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payment_messages import mt103, part, read, values
from stanch.sources.base import RejectedField


def one(folder: Path, *fields: str) -> list[tuple[str, str]]:
    payments, rejected = read(folder, mt103(*fields))
    assert rejected == []
    return values(payments[0].parts[2])


def test_header_amount_and_references(tmp_path: Path) -> None:
    payments, _ = read(tmp_path, mt103(":59:BOB"))
    found = payments[0]
    assert (found.format, found.message, found.transaction) == ("MT103", "REF1", 1)
    assert (found.amount, found.currency, found.value_date) == ("1250.50", "USD", "2026-12-31")
    assert found.uetr == "86d7da8e-6e41-4466-b9bb-9b41d5814d5a"
    assert values(part(payments, "sender")) == [("bic", "AAAABEBBXXX")]
    assert values(part(payments, "receiver")) == [("bic", "BBBBDEFFXXX")]


def test_an_output_message_has_its_sender_in_block_2(tmp_path: Path) -> None:
    text = "{1:F01AAAABEBBAXXX0000000000}{2:O1031200261231BBBBDEFFAXXX00000000002612311200N}{4:\n:20:R\n:59:BOB\n-}"
    payments, _ = read(tmp_path, text)
    assert values(part(payments, "sender")) == [("bic", "BBBBDEFFXXX")]
    assert values(part(payments, "receiver")) == [("bic", "AAAABEBBXXX")]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (
            ":50K:/BE68539007547034\nPAYER LTD\n1 STREET",
            [("iban", "BE68539007547034"), ("name", "PAYER LTD"), ("address", "1 STREET")],
        ),
        (":50A:/12345\nFTBDKPPYXXX", [("account", "12345"), ("bic", "FTBDKPPYXXX")]),
        (":59:BOB", [("name", "BOB")]),
        (":52A:FTBDKPPY", [("bic", "FTBDKPPY")]),
        (":52B:/D/123\nPYONGYANG", [("account", "123"), ("address", "PYONGYANG")]),
        (":57D://FW021000021\nA BANK\nTOWN", [("clearing-id", "FW021000021"), ("name", "A BANK"), ("address", "TOWN")]),
        (":56C:/CH123456", [("account", "CH123456")]),
        (":58D:A BANK", [("name", "A BANK")]),
    ],
)
def test_options_of_parties_and_agents(tmp_path: Path, field: str, expected: list[tuple[str, str]]) -> None:
    assert one(tmp_path, field) == expected


def test_option_f_is_read_by_its_numbers(tmp_path: Path) -> None:
    field = (
        ":50F:CCPT/DE/P12345\n1/KIM CHOL\n2/STREET\n3/KP/PYONGYANG\n4/19600203\n5/KP/X\n6/DE/ISSUER/99\n7/DE/D55\n8/66"
    )
    assert one(tmp_path, field) == [
        ("address", "STREET"),
        ("country", "KP"),
        ("address", "PYONGYANG"),
        ("birth-date", "1960-02-03"),
        ("birth-place", "KP/X"),
        ("name", "KIM CHOL"),
        ("document", "P12345"),
        ("other-id", "99"),
        ("document", "D5566"),
    ]


def test_a_name_in_a_full_line_goes_on_in_the_next(tmp_path: Path) -> None:
    field = ":59:KOREA MINING DEVELOPMENT TRADING CO\nRPORATION"
    names = [text for kind, text in one(tmp_path, field) if kind == "name"]
    assert "KOREA MINING DEVELOPMENT TRADING CORPORATION" in names
    assert names[0] == "KOREA MINING DEVELOPMENT TRADING CO"


def test_a_short_name_does_not_take_in_the_address(tmp_path: Path) -> None:
    assert [text for kind, text in one(tmp_path, ":59:BOB\nTOWN") if kind == "name"] == ["BOB"]


def test_names_of_option_f_are_joined(tmp_path: Path) -> None:
    names = [text for kind, text in one(tmp_path, ":59F:1/KIM\n1/JONG UN") if kind == "name"]
    assert "KIM JONG UN" in names


def test_places_are_tag_line_and_line_of_the_file(tmp_path: Path) -> None:
    payments, _ = read(tmp_path, mt103(":59:/1\nBOB"))
    name = part(payments, "creditor").of("name")[0]
    assert (name.path, name.line) == (":59: line 2", 5)


def test_narrative_lines_are_one_text(tmp_path: Path) -> None:
    payments, _ = read(tmp_path, mt103(":70:FREIGHT FOR\nMV X", ":72:/ACC/PLEASE\n//PAY BOB"))
    assert values(part(payments, "remittance information")) == [("text", "FREIGHT FOR MV X")]
    assert values(part(payments, "sender to receiver information")) == [("text", "PLEASE PAY BOB")]


@pytest.mark.parametrize("between", ["", "\r\n", "\n$\n", "\x03\x01", "{5:{CHK:123}}", "{5:{CHK:1}}\n$\n"])
def test_several_messages_in_one_file(tmp_path: Path, between: str) -> None:
    text = between.join(mt103(f":59:BOB {place}", reference=f"R{place}") for place in range(3))
    payments, rejected = read(tmp_path, text)
    assert rejected == []
    assert [item.message for item in payments] == ["R0", "R1", "R2"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("stop", ["", "-{end}", "{end}"])
def test_bare_text_of_block_4_is_read(tmp_path: Path, end: str, stop: str) -> None:
    text = "".join(f":20:R{place}{end}:59:BOB{end}{stop.format(end=end)}" for place in range(2))
    payments, rejected = read(tmp_path, text)
    assert rejected == []
    assert [item.message for item in payments] == ["R0", "R1"]
    assert values(part(payments, "creditor")) == [("name", "BOB")]


def test_a_message_that_is_cut_off_is_read_as_far_as_it_goes_and_told(tmp_path: Path) -> None:
    payments, rejected = read(tmp_path, mt103(":59:BOB", end=""))
    assert values(part(payments, "creditor")) == [("name", "BOB")]
    assert isinstance(rejected[0], RejectedField)
    assert "no end" in rejected[0].reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (mt103(":59:BOB").replace("I103", "I940"), "MT940 is not read"),
        (mt103(":59:BOB").replace(":20:REF1", ":21:X"), "no reference"),
        ("{1:F01AAAABEBBAXXX0000000000}{2:I103BBBBDEFFXXXXN}{4:\nnothing\n-}", "no field"),
        (mt103(":59:BOB\n" + "X\n" * 2500), "more than 2,000 lines"),
        (mt103(":59:" + "B" * 5000), "a line of 5,004 characters"),
    ],
)
def test_a_broken_message_is_told_and_the_next_goes_on(tmp_path: Path, text: str, reason: str) -> None:
    payments, rejected = read(tmp_path, text + "\r\n" + mt103(":59:NEXT", reference="GOOD"))
    assert payments[-1].message == "GOOD"
    assert reason in rejected[0].reason
    assert rejected[0].line is not None
    assert rejected[0].remedy


def test_the_published_sample_is_read(shared_dir: Path, tmp_path: Path) -> None:
    payments, rejected = read(tmp_path, (shared_dir / "samples/swift_mt/synthetic_mt103.txt").read_bytes())
    assert rejected == []
    assert values(part(payments, "creditor"))[:2] == [
        ("iban", "DE89370400440532013000"),
        ("name", "SYNTHETIC PAYEE GMBH"),
    ]


_LINE = st.text("ABC :/-{}12\x01$", max_size=40)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(_LINE, st.sampled_from([":20:R", "{1:", "{4:", "-}", "-", ":59:", ":50F:", "1/A", "{2:I103"])),
        max_size=25,
    )
)
def test_any_lines_never_raise_and_a_message_after_them_is_found(tmp_path: Path, lines: list[str]) -> None:
    text = ":20:FIRST\n" + "\n".join(lines) + "\n-}\n" + mt103(":59:BOB", reference="LAST")
    payments, _ = read(tmp_path, text)
    assert payments[-1].message == "LAST"
