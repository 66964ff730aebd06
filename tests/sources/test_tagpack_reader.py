"""GraphSense TagPacks."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from stanch.exc import InputError
from stanch.model import CHAIN_ALIASES, LABEL_CATEGORIES, Label
from stanch.sources.base import Record, Rejected
from stanch.sources.raw import RawFile
from stanch.sources.tagpack.read import ABUSES, CATEGORIES, read_tagpack

ETHER = "0x098B716B8Aaf21512996dC57EB0615e2383E2f96"
BITCOIN = "134r8iHv69xdT6p5qVKTsHrcUEuBVZAYak"
TRON = "TE3mCcPULjPUE7ykX7RArDPAhyahoy3d2j"


def open_pack(folder: Path, text: str) -> RawFile:
    path = folder / "pack.yaml"
    path.write_text(text, encoding="utf-8")
    return RawFile.open(path)


def labels(raw: RawFile) -> list[Label]:
    return [record.value for record in read_tagpack(raw) if isinstance(record, Record)]


def tag(folder: Path, **fields: str) -> Label:
    lines = "".join(f"\n  {name}: {value}" for name, value in fields.items())
    (label,) = labels(open_pack(folder, f"label: L\ntags:\n- x: y{lines}\n"))
    return label


def test_tag_inherits_from_the_head_and_may_override_it(tmp_path: Path) -> None:
    raw = open_pack(
        tmp_path,
        "label: tornado.cash\nsource: https://a\ncurrency: ETH\ncategory: mixing_service\nactor: tornado\n"
        f"confidence: authority_data\nlastmod: 2022-08-10\ntags:\n- address: '{ETHER}'\n"
        f"- address: {BITCOIN}\n  currency: BTC\n  label: other\n",
    )
    first, second = labels(raw)
    assert (first.account.chain, first.account.address) == ("eip155:1", ETHER.lower())
    assert (first.label, first.category, first.actor, first.source) == ("tornado.cash", "mixer", "tornado", "https://a")
    assert (first.confidence, first.date, first.locator, first.sha256) == (0.6, "2022-08-10", "tag 1", raw.sha256)
    assert (second.account.chain, second.label) == (CHAIN_ALIASES["btc"], "other")


def test_unquoted_hex_address_is_not_read_as_a_number(tmp_path: Path) -> None:
    address = "0x00000000000000000000000000000000000000ff"
    assert tag(tmp_path, address=address, currency="ETH").account.address == address


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"category": "exchange"}, "exchange"),
        ({"category": "defi_dex"}, "dex"),
        ({"category": "wallet_service"}, "wallet-service"),
        ({"category": "black_list"}, "blocked"),
        ({"category": "user", "abuse": "sanction"}, "sanctioned"),
        ({"category": "mixing_service", "abuse": "sanction"}, "mixer"),
        ({"abuse": "service_hack"}, "theft"),
        ({"abuse": "ponzi_scheme"}, "scam"),
        ({"category": "organization"}, "other"),
        ({}, "other"),
    ],
)
def test_category_and_abuse_decide_the_label(tmp_path: Path, fields: dict[str, str], expected: str) -> None:
    assert tag(tmp_path, address=BITCOIN, currency="BTC", **fields).category == expected


def test_every_category_is_one_of_the_closed_list() -> None:
    assert {*CATEGORIES.values(), *ABUSES.values()} <= set(LABEL_CATEGORIES)


def test_stablecoin_network_follows_the_address(tmp_path: Path) -> None:
    assert tag(tmp_path, address=TRON, currency="USDT").account.chain == CHAIN_ALIASES["tron"]
    assert tag(tmp_path, address=ETHER, currency="USDT").account.chain == CHAIN_ALIASES["eth"]


def test_address_of_another_chain_is_put_there(tmp_path: Path) -> None:
    assert tag(tmp_path, address=TRON, currency="BTC").account.chain == CHAIN_ALIASES["tron"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (f"address: {BITCOIN[:-1]}x\n  currency: BTC", "checksum"),
        (f"address: {BITCOIN}\n  currency: XMR", "unknown network"),
        (f"address: {BITCOIN}", "unknown network"),
        ("address: ../../etc/passwd\n  currency: BTC", ""),
        ("currency: BTC", ""),
    ],
)
def test_bad_tag_is_rejected_and_the_rest_goes_on(tmp_path: Path, bad: str, reason: str) -> None:
    raw = open_pack(tmp_path, f"label: L\ntags:\n- {bad}\n- address: {BITCOIN}\n  currency: BTC\n- just text\n")
    refused, good, text = read_tagpack(raw)
    assert isinstance(refused, Rejected)
    assert isinstance(good, Record)
    assert isinstance(text, Rejected)
    assert reason in refused.reason.lower()


#: Each line doubles the one before: 2 to the 40 items when anything walks them.
ALIASES = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40))


@pytest.mark.parametrize(
    "text",
    [
        "just text",
        "- a\n- b",
        "tags: {}",
        "tags: []",
        "title: x",
        "a: [",
        "!!python/object/apply:os.system ['true']",
        "\x00",
        "a: " + "[" * 3000,
        ALIASES,
    ],
)
def test_what_is_no_tagpack_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError) as caught:
        labels(open_pack(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_python_tag_on_a_field_runs_nothing(tmp_path: Path) -> None:
    raw = open_pack(tmp_path, f"tags:\n- address: {BITCOIN}\n  currency: BTC\n  label: !!python/name:os.system x\n")
    assert [label.label for label in labels(raw)] == ["x"]


def test_real_packs_read(shared_dir: Path) -> None:
    folder = shared_dir / "labels" / "tagpacks"
    found = {
        name: Counter(label.category for label in labels(RawFile.open(folder / f"{name}.yaml")))
        for name in ("tornado_cash", "blender_io", "lazarus")
    }
    assert found == {"tornado_cash": {"mixer": 39}, "blender_io": {"mixer": 45}, "lazarus": {"sanctioned": 21}}
