"""The packaged records are what their README says, and the readers take them whole."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from stanch.sources.base import Record
from stanch.sources.customers import read_customers
from stanch.sources.engagements import read_engagements
from stanch.sources.ftm.read import read_ftm
from stanch.sources.packaged import designation_snapshots
from stanch.sources.raw import RawFile

FOLDER = Path(str(files("stanch.data").joinpath("demo")))
LISTED = {
    "demo-c04": ("KPi.076", "1948", ""),
    "demo-c11": ("KPi.047", "1948-08-10", ""),
    "demo-c20": ("KPi.015", "1961-05-27", ""),
    "demo-c30": ("KPi.037", "1964-01-10", ""),
    "demo-c35": ("KPi.019", "1963-02-09", "PS472330208"),
    "demo-c46": ("KPi.043", "1957-10-24", ""),
}


def test_readers_take_every_row() -> None:
    customers = list(read_customers(RawFile.open(FOLDER / "customers.csv")))
    engagements = list(read_engagements(RawFile.open(FOLDER / "engagements.jsonl")))
    assert all(isinstance(row, Record) for row in (*customers, *engagements))
    assert (len(customers), len(engagements)) == (60, 40)


def test_ids_are_marked_as_demonstration_and_unique() -> None:
    engagements = [
        row.value for row in read_engagements(RawFile.open(FOLDER / "engagements.jsonl")) if isinstance(row, Record)
    ]
    assert max(Counter(row.id for row in engagements).values()) == 1
    assert all(row.id.startswith("demo-") and row.extra["note"] for row in engagements)


@pytest.mark.parametrize("customer", list(LISTED))
def test_listed_customers_carry_the_facts_of_the_list(customer: str) -> None:
    reference, birth, passport = LISTED[customer]
    (row,) = (line for line in (FOLDER / "customers.csv").read_text("utf-8").splitlines() if line.startswith(customer))
    assert f",{birth},{passport}," in row
    un = next(item for item in designation_snapshots() if item.name == "un")
    entities = (row.value for row in read_ftm(un.file) if isinstance(row, Record))
    (entity,) = (entity for entity in entities if entity.id == f"un-{reference}")
    assert birth in entity.get("birthDate")
    assert not passport or passport in str(entity.properties).replace(" ", "")


def test_contact_details_are_of_reserved_ranges() -> None:
    text = (FOLDER / "engagements.jsonl").read_text("utf-8") + (FOLDER / "customers.csv").read_text("utf-8")
    domains = {
        word.partition("@")[2].strip('"],').split(",")[0] for word in text.replace(" ", ",").split(",") if "@" in word
    }
    assert domains <= {"example.com", "example.org", "example.net"}
