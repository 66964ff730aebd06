from __future__ import annotations

from decimal import Decimal
from typing import Any

from lxml import etree

from stanch.reports.flow import flow_svg, short, thousands

SVG = "{http://www.w3.org/2000/svg}"


def edge(sender: str, receiver: str, amount: str) -> dict[str, Any]:
    return {"sender": sender, "receiver": receiver, "by_policy": {"haircut": amount, "poison": amount}}


def asset(edges: list[dict[str, Any]], **labels: str) -> dict[str, Any]:
    names = {name for item in edges for name in (item["sender"], item["receiver"])}
    holders = [{"address": name, "label": labels.get(name), "category": None} for name in sorted(names)]
    return {"asset": "ETH", "edges": edges, "holders": holders}


def parse(text: str) -> Any:
    return etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))


def test_every_account_is_drawn_once_with_its_amount() -> None:
    root = parse(flow_svg(asset([edge("a", "b", "5"), edge("b", "c", "3"), edge("b", "d", "2")])))
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert sorted(t for t in texts if "  " in t) == ["a  5.00", "b  5.00", "c  3.00", "d  2.00"]
    assert len(list(root.iter(f"{SVG}path"))) == 3


def test_many_accounts_are_bundled_and_counted() -> None:
    root = parse(flow_svg(asset([edge("a", f"x{n}", "1") for n in range(2_000)]), per_column=10))
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert any("+1990 more" in text for text in texts)
    assert len(texts) < 20


def test_cycle_is_drawn_without_running_back() -> None:
    root = parse(flow_svg(asset([edge("a", "b", "5"), edge("b", "a", "5"), edge("b", "c", "1")])))
    assert len(list(root.iter(f"{SVG}path"))) == 2


def test_hostile_label_is_escaped() -> None:
    text = flow_svg(asset([edge("a", "b", "5")], b='<script>alert(1)</script>"&'))
    assert "<script" not in text
    assert any("<script>" in (item.text or "") for item in parse(text).iter(f"{SVG}text"))


def test_no_edges_give_no_picture() -> None:
    assert flow_svg(asset([])) == ""


def test_addresses_and_amounts_are_short_for_pictures() -> None:
    assert short("0x098b716b8aaf21512996dc57eb0615e2383e2f96") == "0x098b71…2f96"
    assert (thousands(Decimal("173600.5")), thousands(Decimal("0.123"))) == ("173,600", "0.12")
