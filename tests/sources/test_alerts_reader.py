from __future__ import annotations

from pathlib import Path

import pytest

from stanch.exc import InputError
from stanch.sources.alerts import Alert, Verdict, Verdicts, read_alerts
from stanch.sources.base import Record, Rejected
from stanch.sources.raw import RawFile

HEADER = "customer_id,customer_name,dob,listed_id,listed_name,disposition,date\n"


def read(tmp_path: Path, text: str, verdicts: Verdicts | None = None, **columns: str) -> list[Record[Alert] | Rejected]:
    path = tmp_path / "alerts.csv"
    path.write_text(text, encoding="utf-8")
    return list(read_alerts(RawFile.open(path), columns, verdicts))


def alerts(tmp_path: Path, text: str, verdicts: Verdicts | None = None, **columns: str) -> list[Alert]:
    return [item.value for item in read(tmp_path, text, verdicts, **columns) if isinstance(item, Record)]


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("TP", Verdict.TRUE), ("true match", Verdict.TRUE), ("Escalated", Verdict.TRUE),
        ("TRUE_POSITIVE", Verdict.TRUE), ("Closed - True Match", Verdict.TRUE), ("L2: confirmed", Verdict.TRUE),
        ("정탐", Verdict.TRUE),
        ("fp", Verdict.FALSE), ("False Positive", Verdict.FALSE), ("closed", Verdict.FALSE), ("Cleared", Verdict.FALSE),
        ("Closed/False-Positive", Verdict.FALSE), ("Closed (no match)", Verdict.FALSE), ("동명이인", Verdict.FALSE),
        ("not a true match - false positive", Verdict.FALSE), ("", Verdict.OPEN), ("In Review", Verdict.OPEN),
    ],
)  # fmt: skip
def test_disposition_is_read_in_any_usual_spelling(word: str, verdict: Verdict) -> None:
    verdicts = Verdicts()
    assert verdicts.read(word) is verdict
    assert verdicts.unknown == {}


@pytest.mark.parametrize("word", ["tier 3", "true or false?", "=cmd()", "closed by bot 7"])
def test_disposition_that_is_not_known_is_told_and_not_guessed(word: str) -> None:
    verdicts = Verdicts()
    assert verdicts.read(word) is Verdict.OPEN
    assert verdicts.unknown == {word: 1}


def test_own_words_come_first() -> None:
    verdicts = Verdicts.of(true_words=["closed"], false_words=["Tier 3"])
    assert verdicts.read("CLOSED") is Verdict.TRUE
    assert verdicts.read("tier-3") is Verdict.FALSE


def test_alert_is_read_with_its_customer(tmp_path: Path) -> None:
    found = alerts(tmp_path, HEADER + "c-1,Kim Yong Chol,1946,KPi.024,KIM YONG CHOL,TP,2026-01-02\n")[0]
    assert (found.customer_id, found.listed_id, found.listed_name) == ("c-1", "KPi.024", "KIM YONG CHOL")
    assert found.customer.get("birthDate") == ("1946",)
    assert found.customer.schema == "Person"
    assert found.locator == "line 2"


def test_columns_are_mapped_as_the_user_says(tmp_path: Path) -> None:
    text = "PARTY;HIT;STATE\nKim;KIM;fp\n"
    found = alerts(tmp_path, text, customer_name="PARTY", listed_name="HIT", disposition="STATE")
    assert found[0].customer.get("name") == ("Kim",)
    assert found[0].verdict is Verdict.FALSE


def test_row_without_customer_is_set_aside_and_the_rest_is_kept(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + ",,,,KIM,TP,\nc-1,Kim,,,KIM,TP,\n")
    assert isinstance(found[0], Rejected)
    assert "neither a customer id nor a name" in found[0].reason
    assert isinstance(found[1], Record)


def test_file_without_dispositions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column for disposition"):
        read(tmp_path, "customer_id,listed_name\nc-1,Kim\n")


def test_nationality_is_not_read(tmp_path: Path) -> None:
    text = "customer_id,customer_name,nationality,disposition\nc-1,Kim,kp,TP\n"
    assert set(alerts(tmp_path, text)[0].customer.properties) == {"name"}
