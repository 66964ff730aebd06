"""Identifiers: known good values from the standards' own examples, one-letter errors, and round trips."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.model import CHAIN_ALIASES
from stanch.names.identifiers import (
    KINDS,
    base58,
    bech32,
    checksum_ok,
    checksums_ok,
    guess_chain,
    is_placeholder,
    normalise,
    normalise_address,
    normalise_chain,
    read_account,
    split_account,
)
from stanch.names.identifiers.keccak import keccak256, keccak256_many

ETH, BTC, LTC, BCH = "eip155:1", CHAIN_ALIASES["btc"], CHAIN_ALIASES["ltc"], CHAIN_ALIASES["bch"]
TRON, SOL = CHAIN_ALIASES["tron"], CHAIN_ALIASES["sol"]

# From EIP-55's own list of test cases.
EIP55 = (
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
)

GOOD = [
    *((ETH, text, text.lower()) for text in EIP55),
    (ETH, r"\x098b716b8aaf21512996dc57eb0615e2383e2f96", "0x098b716b8aaf21512996dc57eb0615e2383e2f96"),
    # Bitcoin's genesis address; a script address; BIP 173 and BIP 350 examples.
    (BTC, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    (BTC, "3P14159f73E4gFr7JterCCQh9QjiTjiZrG", "3P14159f73E4gFr7JterCCQh9QjiTjiZrG"),
    (BTC, "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    (
        BTC,
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    ),
    # The same key hash in the legacy and the CashAddr form, from the CashAddr specification.
    (BCH, "1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu", "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a"),
    (
        BCH,
        "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
        "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
    ),
    (BCH, "3CWFddi6m4ndiGyKqzYvsFYagqDLPVMTzC", "ppm2qsznhks23z7629mms6s4cwef74vcwvn0h829pq"),
    # The USDT contract on Tron, in both spellings; Solana's system and token programs.
    (TRON, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
    (TRON, "41a614f803b6fd780986a42c78ec9c7f77e6ded13c", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
    (SOL, "11111111111111111111111111111111", "11111111111111111111111111111111"),
    (SOL, "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA", "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"),
    ("bank:acme", " de89 3704 0044 0532 0130 00 ", "DE89370400440532013000"),
    ("bank:acme", "  Account   12 ", "Account 12"),
    ("monero:1", "884Bz8UH63aYsjVdk", "884Bz8UH63aYsjVdk"),
]

BAD = [
    (ETH, "0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "EIP-55 checksum does not match"),
    (ETH, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", "not an EVM address"),
    (ETH, "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "not an EVM address"),
    (ETH, "", "no address"),
    (BTC, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "checksum"),
    (BTC, "1A1zP1eP5QGefi2DMPTfTL5SLmv7Divf0a", "not Base58"),
    (BTC, "LNf2JDiuunBz7GMDKFYHN4rq5meXWxiwfb", "another network"),
    (BTC, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "checksum"),
    (BTC, "bc1Qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "mixed case"),
    (BTC, "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "not an address of this network"),
    (BCH, "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6b", "not a Bech32 character"),
    (BCH, "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6q", "checksum"),
    (TRON, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u", "not a Tron address"),
    (TRON, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "not a Tron address"),
    (SOL, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "25 bytes, not 32"),
    (SOL, "1" * 5000, "too long"),
    ("bank:acme", "12\u202e34", "not an account"),
    ("monero:1", "no spaces here", "not an address"),
]


@pytest.mark.parametrize(("chain", "text", "normal"), GOOD)
def test_an_address_takes_its_normal_form(chain: str, text: str, normal: str) -> None:
    assert normalise_address(chain, text) == normal
    assert normalise_address(chain, normal) == normal


@pytest.mark.parametrize(("chain", "text", "reason"), BAD)
def test_a_wrong_address_is_refused_with_the_reason(chain: str, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        normalise_address(chain, text)


def test_keccak_matches_known_digests() -> None:
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    # The topic of every ERC-20 transfer event.
    assert keccak256(b"Transfer(address,address,uint256)").hex() == (
        "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
    )


@given(st.lists(st.binary(min_size=40, max_size=40), max_size=5))
def test_keccak_side_by_side_equals_keccak_one_at_a_time(messages: list[bytes]) -> None:
    assert keccak256_many(messages) == [keccak256(message) for message in messages]


def test_checksums_of_many_addresses_equal_those_of_one() -> None:
    wrong = "0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    assert checksums_ok([*EIP55, wrong]) == [True] * len(EIP55) + [False]
    assert [checksum_ok(text) for text in (*EIP55, wrong)] == [True] * len(EIP55) + [False]


def test_rootstock_addresses_use_their_own_checksum() -> None:
    # From ERC-1191's own list of test cases.
    assert checksum_ok("0x27b1FdB04752BBc536007A920D24ACB045561c26", "eip155:30")
    assert not checksum_ok("0x27b1FdB04752BBc536007A920D24ACB045561c26", "eip155:1")


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("0x098b716b8aaf21512996dc57eb0615e2383e2f96", ETH),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", BTC),
        ("3P14159f73E4gFr7JterCCQh9QjiTjiZrG", BTC),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", BTC),
        ("LNf2JDiuunBz7GMDKFYHN4rq5meXWxiwfb", LTC),
        ("qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", BCH),
        ("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", TRON),
        ("11111111111111111111111111111111", SOL),
        ("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA", SOL),
        ("rnXyVQzgxZe7TR1EPzTkGj2jxH4LMJYh66", None),
        ("hello", None),
        ("", None),
    ],
)
def test_the_chain_of_a_bare_address_is_told_by_its_shape(text: str, chain: str | None) -> None:
    assert guess_chain(text) == chain


@pytest.mark.parametrize(
    ("text", "chain"),
    [(" ETH ", ETH), ("eip155:1", ETH), ("56", "eip155:56"), ("bank:kb-1", "bank:kb-1"), ("Bitcoin", BTC)],
)
def test_a_chain_is_read_by_name_number_or_id(text: str, chain: str) -> None:
    assert normalise_chain(text) == chain


@pytest.mark.parametrize("text", ["", "dogechain!", "bank:", "bank:a b", "eip155:", "0"])
def test_an_unknown_chain_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="unknown chain"):
        normalise_chain(text)


def test_an_account_with_a_prefix_is_split() -> None:
    assert split_account("eip155:1:0xab") == ("eip155:1", "0xab")
    assert split_account("bitcoincash:qpm2") == (None, "bitcoincash:qpm2")
    assert read_account("bsc:0xDE709F2102306220921060314715629080E2FB77") == (
        "eip155:56",
        "0xde709f2102306220921060314715629080e2fb77",
    )


def test_an_account_of_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown address format"):
        read_account("hello")


@pytest.mark.parametrize(
    ("kind", "text", "normal"),
    [
        ("passport", " ps 836-410.001 ", "PS836410001"),
        ("passport", "３８１４２０５６５", "381420565"),
        ("national-id", "820101-1234567", "8201011234567"),
        ("imo", "IMO 9074729", "9074729"),
        ("mmsi", "445 123 000", "445123000"),
        ("bic", "deutdeff", "DEUTDEFF"),
        ("bic", "DEUTDEFFXXX", "DEUTDEFF"),
        ("bic", "DEUTDEFF500", "DEUTDEFF500"),
        ("iban", "GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432"),
        ("iban", "gb82west12345698765432", "GB82WEST12345698765432"),
        ("phone", "+44 (0)20 7946-0958", "+442079460958"),
        ("phone", "0082 2 123 4567", "+8221234567"),
        ("phone", "02-123-4567", "021234567"),
        ("email", " MailTo:Kim@Example.COM".replace("MailTo", "mailto"), "kim@example.com"),
        ("wallet", "eth:0x52908400098527886E0F7030069857D2E4169EE7", "0x52908400098527886e0f7030069857d2e4169ee7"),
        ("wallet", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    ],
)
def test_an_identifier_takes_its_normal_form(kind: str, text: str, normal: str) -> None:
    assert normalise(kind, text) == normal
    assert normalise(kind, normal) == normal


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("imo", "9074728"),
        ("imo", "0000000"),
        ("mmsi", "123456789"),
        ("mmsi", "999999999"),
        ("bic", "DEUTDE"),
        ("iban", "GB82WEST12345698765433"),
        ("iban", "GB82"),
        ("phone", "123"),
        ("phone", "call me"),
        ("phone", "+1234567890123456"),
        ("email", "kim@localhost"),
        ("email", "kim at example.com"),
        ("email", "a@b.com;c@d.com"),
        ("wallet", "0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
        ("wallet", "hello"),
        ("passport", "ABCDEF"),
        ("passport", "1"),
    ],
)
def test_what_is_no_identifier_has_no_normal_form(kind: str, text: str) -> None:
    assert normalise(kind, text) is None


@pytest.mark.parametrize(
    "text",
    ["N/A", "n.a.", "-", "", "000000000", "0000", "123456789", "987654321", "none", "Unknown", "없음", "XXXXXXX"],
)
def test_a_placeholder_is_no_document(text: str) -> None:
    assert is_placeholder(text)
    assert normalise("passport", text) is None


def test_a_real_number_is_no_placeholder() -> None:
    assert not is_placeholder("836410001")


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=40))
def test_normal_forms_are_stable_and_never_fail(kind: str, text: str) -> None:
    normal = normalise(kind, text)
    assert normal is None or normalise(kind, normal) == normal


def test_a_very_long_text_is_no_identifier() -> None:
    assert all(normalise(kind, "1" * 10_000_000) is None for kind in KINDS)


def test_an_unknown_kind_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        normalise("shoe size", "43")


@given(st.binary(min_size=1, max_size=40))
def test_base58_reads_back_what_it_writes(data: bytes) -> None:
    assert base58.decode(base58.encode(data)) == data
    assert base58.decode_check(base58.encode_check(data)) == data


@given(st.binary(min_size=20, max_size=20), st.sampled_from([0, 1]))
def test_cash_addresses_read_back_what_is_written(payload: bytes, kind: int) -> None:
    text = bech32.encode_cash(kind, payload)
    assert bech32.check_cash(f"bitcoincash:{text}") == text


@given(st.sampled_from([GOOD[7], GOOD[9], GOOD[14]]), st.data())
def test_one_wrong_letter_never_passes_a_checksum(case: tuple[str, str, str], data: st.DataObject) -> None:
    chain, _, address = case
    place = data.draw(st.integers(min_value=4, max_value=len(address) - 1))
    letters = [char for char in "acdefghjkmnpqrstuvwxyz234567890" if char != address[place]]
    letter = data.draw(st.sampled_from(letters))
    with pytest.raises(ValueError):
        normalise_address(chain, address[:place] + letter + address[place + 1 :])


def test_every_address_on_the_official_list_passes(shared_dir: Path) -> None:
    tickers = {"XBT": BTC, "ETH": ETH, "LTC": LTC, "BCH": BCH, "ETC": "eip155:61", "ARB": "eip155:42161"}
    seen = 0
    for ticker, chain in tickers.items():
        for text in (shared_dir / f"labels/ofac_0xb10c/sanctioned_addresses_{ticker}.txt").read_text().split():
            if ticker == "XBT" and text.startswith("T"):
                continue  # one Tron address stands in OFAC's Bitcoin column
            assert re.sub("^0x", "", normalise_address(chain, text))
            assert guess_chain(text) is not None
            seen += 1
    assert seen > 400
