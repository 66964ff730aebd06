"""The packaged tables: counts, citations, and the promises that hold for all of them."""

from __future__ import annotations

import importlib.util
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from stanch.exc import NotFoundError
from stanch.knowledge import as_row, table, tables
from stanch.knowledge.table import column_names
from stanch.model import Verified

ROOT = Path(__file__).resolve().parents[2]
INFOS = {info.name: info for info in tables()}


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("resolutions", (11, 0, 0, 11)),
        ("provisions", (73, 67, 0, 6)),
        ("instruments", (35, 35, 0, 0)),
        ("thefts", (81, 52, 3, 26)),
        ("indicators", (49, 46, 3, 0)),
    ],
)
def test_counts_are_those_of_the_reference(name: str, counts: tuple[int, int, int, int]) -> None:
    info = INFOS[name]
    assert (info.rows, info.excerpt, info.partial, info.recall) == counts


@pytest.mark.parametrize("name", INFOS)
def test_every_row_is_cited_and_checked(name: str) -> None:
    for row in table(name).rows:
        assert row.citation
        assert row.verified in Verified


@pytest.mark.parametrize("name", INFOS)
def test_counts_sum_to_rows(name: str) -> None:
    info = INFOS[name]
    assert info.excerpt + info.partial + info.recall == info.rows == len(table(name).rows)


@pytest.mark.parametrize("name", ["provisions", "instruments", "thefts", "indicators"])
def test_an_excerpt_without_its_own_citation_says_so(name: str) -> None:
    silent = [r.id for r in table(name).rows if r.inherits_citation and r.verified is Verified.EXCERPT and not r.note]
    assert silent == []


@pytest.mark.parametrize("name", INFOS)
def test_a_partial_row_says_what_was_not_read(name: str) -> None:
    assert all(row.note for row in table(name).rows if row.verified is Verified.PARTIAL)


@pytest.mark.parametrize("name", INFOS)
def test_the_card_explains_every_column(name: str) -> None:
    content = table(name)
    shown = set(column_names(type(content.rows[0]))) - {"inherits_citation"}
    renamed = {"amount": "amount_usd"}
    assert {renamed.get(column, column) for column in shown} - {"date_to"} == set(content.card.columns)


def test_dates_run_from_the_first_row_to_the_last() -> None:
    assert (INFOS["thefts"].first_date, INFOS["thefts"].last_date) == (date(2017, 2, 1), date(2026, 10, 29))


def test_a_table_without_dates_has_none() -> None:
    assert INFOS["indicators"].first_date is None


def test_an_unknown_table_names_all_there_are() -> None:
    with pytest.raises(NotFoundError, match="resolutions, provisions, instruments, legal_basis, ownership, thefts"):
        table("theft")


def test_share_is_a_part_of_the_rows() -> None:
    assert INFOS["thefts"].share(Verified.EXCERPT) == pytest.approx(52 / 81)


def test_a_row_has_every_field_and_plain_amounts() -> None:
    row = as_row(next(fact for fact in table("thefts").rows if fact.id == "ronin-2022"))
    assert (row["amount"], row["amount_unit"], Decimal(row["amount"])) == ("620000000", "USD", Decimal(620_000_000))


@pytest.mark.parametrize("name", INFOS)
def test_no_fact_names_a_place_on_a_machine(name: str) -> None:
    text = (ROOT / "src/stanch/knowledge/facts" / f"{name}.yml").read_text(encoding="utf-8")
    assert not re.search(r"/(root|home|tmp|work)/", text)


def test_the_reference_page_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("build_facts_page", ROOT / "scripts/build_facts_page.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.PAGE.read_text(encoding="utf-8") == script.page()
