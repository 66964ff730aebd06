from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from stanch.model import Entity, Source
from stanch.screening import Index, ListInfo, Query
from stanch.screening.backtest import NOT_LISTED, NOT_SCREENED, SWEEP, Backtest, backtest
from stanch.screening.references import References
from stanch.sources.alerts import Alert, Verdict

LISTED = [
    Entity("un-KPi.024", "Person", {"name": ("KIM YONG CHOL",), "birthDate": ("1962-02-18",)}, ("un",)),
    Entity("ofac-17614", "Person", {"name": ("KIM, Yong Chol",), "birthDate": ("1962-02-18",)}, ("ofac",)),
    Entity("un-KPi.076", "Person", {"name": ("RI PYONG CHUL",), "birthDate": ("1948",)}, ("un",)),
]
INDEX = Index.build(LISTED, (ListInfo("un", "2026-01-01", "a" * 64), ListInfo("ofac", "2026-01-01", "b" * 64)))


def alert(id_: str, name: str, born: str, listed: str, verdict: Verdict, listed_id: str = "", row: int = 2) -> Alert:
    properties = {"name": (name,) if name else (), "birthDate": (born,) if born else ()}
    customer = Entity(id_, "Person", properties, source=Source("a.csv", f"line {row}", "c" * 64))
    return Alert(f"line {row}", customer, listed_id, listed, verdict, str(verdict), "")


def judge(*alerts: Alert, customers: Iterable[Query] | None = None, sweep: tuple[float, ...] = ()) -> Backtest:
    return backtest(alerts, INDEX, LISTED, 0.0005, customers=customers, sweep=sweep, workers=1)


def outcomes(result: Backtest) -> list[str]:
    return [item.outcome for item in result.judged]


def customer(row: int, id_: str, name: str, born: str = "") -> Query:
    properties = {"name": (name,), "birthDate": (born,) if born else ()}
    return Query.of_entities(
        Entity(id_, "Person", properties, source=Source("c.csv", f"line {row + 1}", "d" * 64)), row=row
    )


def test_alert_is_found_missed_kept_or_saved_by_its_disposition() -> None:
    result = judge(
        alert("1", "Kim Yong Chol", "1962-02-18", "KIM YONG CHOL", Verdict.TRUE),
        alert("2", "Kim Yong Chol", "1999-01-01", "KIM YONG CHOL", Verdict.TRUE),
        alert("3", "Kim Yong Chol", "", "KIM YONG CHOL", Verdict.FALSE),
        alert("4", "Kim Young Sam", "1927-12-20", "KIM YONG CHOL", Verdict.FALSE),
        alert("5", "Ri Pyong Chol", "1948", "", Verdict.OPEN),
    )
    assert outcomes(result) == ["found", "missed", "kept", "saved", "raised"]
    tally = result.tally(0.0005)
    assert (tally.found.found, tally.found.total) == (1, 2)
    assert (tally.saved.found, tally.saved.total) == (1, 2)


def test_missed_match_says_why_with_the_evidence_that_adds_up() -> None:
    contradicted, unlike = judge(
        alert("1", "Kim Yong Chol", "1999-01-01", "KIM YONG CHOL", Verdict.TRUE),
        alert("2", "Hans Meier", "1962-02-18", "KIM YONG CHOL", Verdict.TRUE),
    ).judged
    assert contradicted.why.startswith("the evidence contradicts: another")
    *steps, (last, total) = contradicted.waterfall
    assert last == "sum"
    assert sum(bits for _, bits in steps) == pytest.approx(total)
    assert unlike.why.startswith("name not alike: Hans Meier ~ KIM")
    assert unlike.waterfall == ()


def test_alert_on_an_entry_of_another_list_is_counted_apart() -> None:
    result = judge(
        alert("1", "Osama", "", "Usama bin Ladin", Verdict.TRUE),
        alert("2", "Kim Yong Chol", "", "", Verdict.FALSE, listed_id="KPi.999"),
        alert("3", "", "", "KIM YONG CHOL", Verdict.TRUE),
    )
    assert outcomes(result) == [NOT_LISTED, NOT_LISTED, NOT_SCREENED]
    assert result.tally(0.0005).found.total == 0
    assert result.apart(NOT_LISTED) == {"true match": 1, "false positive": 1, "undecided": 0}


@pytest.mark.parametrize(("id_", "name"), [("un-KPi.024", ""), ("kpi.024", ""), ("17614", ""), ("", "Yong Chol KIM")])
def test_reference_is_found_by_id_or_name_with_the_same_subject_on_other_lists(id_: str, name: str) -> None:
    assert References(INDEX).find(id_, name) == {"un-KPi.024", "ofac-17614"}


def test_reference_by_a_name_in_another_script_or_by_nothing() -> None:
    assert References(INDEX).find("", "리병철") == {"un-KPi.076"}
    assert References(INDEX).find("", "Anna Schmidt") == frozenset()
    assert References(INDEX).find("", "") is None


def test_new_alerts_are_only_those_that_the_incumbent_did_not_raise() -> None:
    everybody = [
        customer(1, "1", "Kim Yong Chol"),
        customer(2, "2", "Ri Pyong Chol", "1948"),
        customer(3, "3", "Anna Schmidt"),
    ]
    known = alert("1", "", "", "KIM YONG CHOL", Verdict.FALSE)
    result = judge(known, customers=everybody)
    assert outcomes(result) == ["kept"], "screened with the customer's record, since the alert has no name"
    assert [(item.customer_id, item.entity_id) for item in result.new] == [("2", "un-KPi.076")]
    assert result.whole_file
    assert result.records == 3


def test_without_customers_new_alerts_are_on_alerted_customers_only() -> None:
    result = judge(alert("2", "Ri Pyong Chol", "1948", "KIM YONG CHOL", Verdict.FALSE))
    assert [item.entity_id for item in result.new] == ["un-KPi.076"]
    assert not result.whole_file
    assert result.records == 1


def test_alert_without_a_listed_party_stands_for_any() -> None:
    result = judge(alert("2", "Ri Pyong Chol", "1948", "", Verdict.TRUE))
    assert outcomes(result) == ["found"]
    assert result.new == ()


def test_sweep_finds_less_and_saves_more_as_the_threshold_rises() -> None:
    result = judge(
        alert("1", "Kim Yong Chol", "1962-02-18", "KIM YONG CHOL", Verdict.TRUE),
        alert("2", "Kim Yong Chol", "", "KIM YONG CHOL", Verdict.FALSE),
        alert("3", "Ri Pyong Chol", "1948", "KIM YONG CHOL", Verdict.FALSE),
        sweep=SWEEP,
    )
    tallies = [result.tally(step) for step in SWEEP]
    found, saved, new = (
        [t.found.found for t in tallies],
        [t.saved.found for t in tallies],
        [t.new for t in tallies],
    )
    assert found == sorted(found, reverse=True)
    assert saved == sorted(saved)
    assert new == sorted(new, reverse=True)
    assert saved[0] < saved[-1]


def test_every_alert_has_one_outcome_on_real_names(shared_dir: Path) -> None:
    """An incumbent built from token_sort ≥ 58 on the DPRK names of the UN: generated people are false positives, the
    names of the UN's DPRK persons as Japan prints them are true matches."""
    from stanch.screening.lists import packaged_lists

    entities, lists = packaged_lists()
    index = Index.build(entities, lists)
    listed = [(entity.id, name) for entity in entities if entity.id.startswith("un-KPi") for name in entity.names]
    folded = [name.lower() for _, name in listed]
    alerts, everybody = [], []
    with gzip.open(shared_dir / "names/yente_negatives_global_50k.csv.gz", "rt", encoding="utf-8") as stream:
        for row, person in zip(range(1_500), csv.DictReader(stream), strict=False):
            name, born = person["full_name"], person["date_of_birth"]
            everybody.append(customer(row, f"n{row}", name, born))
            hit = process.extractOne(name.lower(), folded, scorer=fuzz.token_sort_ratio, score_cutoff=58)
            if hit is not None:
                alerts.append(alert(f"n{row}", name, born, "", Verdict.FALSE, listed[hit[2]][0], row))
    with (shared_dir / "lists/jp_mof_dprk_individuals_katakana.csv").open(encoding="utf-8") as stream:
        for row, person in enumerate(csv.DictReader(stream), 2_000):
            everybody.append(customer(row, f"t{row}", person["name_en"]))
            alerts.append(alert(f"t{row}", person["name_en"], "", person["name_en"], Verdict.TRUE, row=row))
    result = backtest(alerts, index, entities, 0.0005, customers=everybody, workers=1)
    tally = result.tally(0.0005)
    assert tally.found.total == 80
    assert tally.found.found >= 78
    assert tally.saved.total >= 10
    assert tally.saved.found >= 0.9 * tally.saved.total
    assert len(result.judged) == tally.found.total + tally.saved.total
