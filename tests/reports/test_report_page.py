"""The HTML report: self-contained, every number traceable, hostile text harmless."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import html

from stanch.reports.html import LegalText, ReportData, TracedTheft, percent, render

HOSTILE = '<img src=x onerror=alert(1)>"\u202egnp.exe'


def finding(**change: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "key": "k" * 32, "id": "a" * 32, "detector": "screening.designated", "version": 1,
        "subject": {"schema": "Person", "id": "c-1", "name": HOSTILE}, "headline": f"{HOSTILE} may be listed",
        "probability": 0.97, "amount": None,
        "evidence": [
            {"statement": f"name {HOSTILE}", "bits": 12.5,
             "source": {"name": "list.xml", "locator": "KPi.001", "sha256": "ab" * 32}},
            {"statement": "another year of birth", "bits": -4.2,
             "source": {"name": "list.xml", "locator": "KPi.001", "sha256": "ab" * 32}},
        ],
        "legal_basis": ["1718-8d"], "as_of": "2026-02-27T00:00:00Z",
    }  # fmt: skip
    return made | change


def trace() -> dict[str, Any]:
    amounts = {"haircut": "10", "poison": "12"}
    totals = {"stolen": "10", "held": "10", "stopped": "0", "fees": "0", "remainder": "0"}
    holder = {
        "chain": "eip155:1", "address": "0xb", "label": HOSTILE, "category": "exchange", "reason": "exchange",
        "by_policy": amounts, "low": "10", "high": "12", "first_at": "2022-03-23T00:00:00Z",
        "last_at": "2022-03-24T00:00:00Z",
    }  # fmt: skip
    edge = {
        "tx": "t", "index": 0, "time": "2022-03-23T00:00:00Z", "sender": "0xa", "receiver": "0xb", "amount": "10",
        "by_policy": amounts,
    }  # fmt: skip
    asset = {
        "asset": "ETH", "stolen": "10", "stolen_observed": "7", "stolen_inferred": "3",
        "accounted": "10", "unobserved_inflow": "3",
        "totals": {"haircut": totals, "poison": totals}, "holders": [holder], "edges": [edge],
    }  # fmt: skip
    return {"manifest": {"inputs": [{"name": "ledger.csv", "sha256": "cd" * 32}]}, "assets": [asset]}


def page(*findings: dict[str, Any]) -> str:
    return render(
        ReportData(
            title="What these records show",
            made_at=datetime(2026, 11, 1, tzinfo=UTC),
            code_version="1.2.3",
            findings=findings,
            claims={item["id"]: "designated" for item in findings},
            objects={item["id"]: "un-KPi.001" for item in findings},
            checked={"screening.designated": (60, 51)},
            thefts=[TracedTheft("t-1", HOSTILE, "facts", "a citation", "excerpt", trace())],
            lists=[{"name": "UN", "date": "2026-02-27", "entities": 155}],
            legal=[LegalText("1718-8d", "resolution 1718", "freeze", "press release", "excerpt")],
            counts={"customers": 60},
            notes=("A finding is a reason to look.",),
        )
    )


def test_page_asks_nothing_of_the_network_and_runs_no_script() -> None:
    text = page(finding())
    tree = html.document_fromstring(text)
    assert tree.xpath("//script | //link | //iframe | //img | //object | //embed") == []
    assert not re.search(r"""(?:src|href|url\()\s*=?\s*["'(]?(?:https?:)?//""", text.replace("http://www.w3.org", ""))


def test_hostile_text_stays_text() -> None:
    tree = html.document_fromstring(page(finding()))
    assert tree.xpath("//*[@onerror]") == []
    assert "<img src=x" in tree.text_content()


def test_every_link_in_the_page_has_its_target() -> None:
    tree = html.document_fromstring(page(finding()))
    targets = set(tree.xpath("//@id"))
    links = tree.xpath("//a/@href")
    assert links
    assert {link.removeprefix("#") for link in links} <= targets


def test_every_evidence_row_shows_bits_source_and_hash() -> None:
    tree = html.document_fromstring(page(finding()))
    (card,) = tree.xpath("//details[@class='finding'][.//a[@href='#p-1718-8d']]")
    text = card.text_content()
    for part in ("+12.5", "-4.2", "list.xml, KPi.001", "abababababab"):
        assert part in text


def test_picture_has_a_table_twin() -> None:
    tree = html.document_fromstring(page(finding()))
    assert len(tree.xpath("//*[local-name()='svg'][@role='img'][@aria-label]")) == 1
    assert "0xb" in tree.text_content()
    assert "12.00" in tree.text_content()


def test_page_without_findings_says_so() -> None:
    assert page().count("No finding.") == 3


def test_long_chapter_keeps_the_rest_one_click_away() -> None:
    many = [finding(id=f"{number:032x}", headline=f"finding {number}") for number in range(40)]
    tree = html.document_fromstring(page(*many))
    (more,) = tree.xpath("//details[@class='more']/summary")
    assert more.text_content().startswith("32 more")
    assert tree.text_content().count("finding 3") == 11


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0001, "< 1 %"), (0.5, "50 %"), (0.994, "99 %"), (0.9999, "> 99 %"), (None, "–")]
)
def test_probability_is_shown_without_false_certainty(value: float | None, shown: str) -> None:
    assert percent(value) == shown
