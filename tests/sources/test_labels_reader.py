"""Label files: chains told by addresses, words of other vocabularies, and rows that say too little."""

from __future__ import annotations

from pathlib import Path

import pytest

from stanch.exc import InputError
from stanch.model import CHAIN_ALIASES, LABEL_CATEGORIES, Account, Label
from stanch.sources.base import Record, Rejected, RejectedField
from stanch.sources.labels import CATEGORY_WORDS, read_labels
from stanch.sources.raw import RawFile

ADDRESS = "0x098b716b8aaf21512996dc57eb0615e2383e2f96"
BTC = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"


def read(tmp_path: Path, text: str) -> tuple[list[Label], list[Rejected]]:
    path = tmp_path / "labels.csv"
    path.write_text(text, encoding="utf-8")
    items = list(read_labels(RawFile.open(path)))
    good = [item.value for item in items if isinstance(item, Record)]
    return good, [item for item in items if isinstance(item, Rejected)]


def test_a_full_row_is_read(tmp_path: Path) -> None:
    (label,), rejected = read(
        tmp_path,
        "chain,address,label,category,source,actor,case,role,date,confidence\n"
        f"ETH,{ADDRESS},Ronin thief,theft,OFAC,lazarus,ronin-2022,primary_theft,2022-04-14,0.9\n",
    )
    assert rejected == []
    assert label.account == Account("eip155:1", ADDRESS)
    assert (label.label, label.category, label.source) == ("Ronin thief", "theft", "OFAC")
    assert (label.actor, label.case, label.role) == ("lazarus", "ronin-2022", "primary_theft")
    assert (label.date, label.confidence, label.locator) == ("2022-04-14", 0.9, "line 2")
    assert len(label.sha256) == 64


def test_the_chain_is_told_by_the_address_where_none_is_given(tmp_path: Path) -> None:
    labels, _ = read(tmp_path, f"address,label,category,source\n{ADDRESS},a,mixer,x\n{BTC},b,exchange,x\n")
    assert [label.account.chain for label in labels] == ["eip155:1", CHAIN_ALIASES["btc"]]


@pytest.mark.parametrize(
    ("word", "category"),
    [("mixing_service", "mixer"), ("Mixing Service", "mixer"), ("CEX", "exchange"), ("defi_bridge", "bridge")],
)
def test_words_of_other_vocabularies_are_understood(tmp_path: Path, word: str, category: str) -> None:
    (label,), _ = read(tmp_path, f"address,label,category,source\n{ADDRESS},a,{word},x\n")
    assert label.category == category


def test_every_word_leads_to_a_category_of_the_model() -> None:
    assert set(CATEGORY_WORDS.values()) == set(LABEL_CATEGORIES)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"eth,{ADDRESS},a,bakery,x", "category: unknown 'bakery'"),
        (f"mars,{ADDRESS},a,mixer,x", "chain: unknown chain 'mars'"),
        (f"btc,{ADDRESS},a,mixer,x", "address: not Base58"),
        (",hello,a,mixer,x", "address: unknown address format: 'hello'"),
        ("eth,,a,mixer,x", "address: empty"),
        (f"eth,{ADDRESS},,mixer,x", "label: empty"),
        (f"eth,{ADDRESS},a,mixer,", "source: empty"),
        ("eth,0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed,a,mixer,x", "address: EIP-55 checksum does not match"),
    ],
)
def test_a_bad_row_is_rejected_and_its_neighbours_kept(tmp_path: Path, row: str, reason: str) -> None:
    good = f"eth,{ADDRESS},a,mixer,x"
    labels, (bad,) = read(tmp_path, f"chain,address,label,category,source\n{good}\n{row}\n{good}\n")
    assert len(labels) == 2
    assert bad.line == 3
    assert bad.reason.startswith(reason)
    assert "\n" not in bad.reason + bad.remedy
    assert bad.remedy


def test_an_unknown_category_names_the_allowed_ones(tmp_path: Path) -> None:
    _, (bad,) = read(tmp_path, f"address,label,category,source\n{ADDRESS},a,bakery,x\n")
    assert all(category in bad.remedy for category in LABEL_CATEGORIES)


def test_a_bad_date_or_confidence_is_dropped_alone(tmp_path: Path) -> None:
    header = "address,label,category,source,date,confidence"
    (label,), notices = read(tmp_path, f"{header}\n{ADDRESS},a,mixer,x,soon,high\n")
    assert (label.date, label.confidence) == ("", None)
    assert [item.reason.partition(":")[0] for item in notices] == ["date", "confidence"]
    assert all(isinstance(item, RejectedField) for item in notices)


@pytest.mark.parametrize("text", ["1.5", "-0.1", "nan"])
def test_a_confidence_outside_its_range_is_dropped(tmp_path: Path, text: str) -> None:
    (label,), (notice,) = read(tmp_path, f"address,label,category,source,confidence\n{ADDRESS},a,mixer,x,{text}\n")
    assert label.confidence is None
    assert "not between 0 and 1" in notice.reason


def test_a_file_without_the_needed_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"labels\.csv, line 1: no column for label, category, source"):
        read(tmp_path, f"case,chain,address,role\nronin,ETH,{ADDRESS},x\n")


def test_a_bank_account_may_hold_a_colon(tmp_path: Path) -> None:
    (label,), _ = read(tmp_path, "chain,address,label,category,source\nbank:kb,12:34,a,other,x\n")
    assert label.account == Account("bank:kb", "12:34")
