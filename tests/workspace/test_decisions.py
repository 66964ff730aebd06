"""Decisions survive list updates that do not concern them, and reopen when one of their two records changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from stanch.exc import InputError, NotFoundError, StanchError
from stanch.model.decision import Ruling, Standing
from stanch.pipeline import check
from stanch.pipeline.reference import user_list
from stanch.sources.raw import RawFile
from stanch.workspace import Workspace, schema
from stanch.workspace.deciding import Decided, Draft, decide, history, revoke
from stanch.workspace.decisions import is_decided

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOW.date()
RULING = Ruling("other birth date, passport seen", "A. Kim", date(2027, 6, 30))
LISTED = {"name": ["Ri Pyong Chol"], "birthDate": ["1948"]}
OTHER = {"id": "w-2", "schema": "Person", "properties": {"name": ["Pak Thae Song"]}}


def entry(id_: str = "w-1", **change: Any) -> dict[str, Any]:
    return {"id": id_, "schema": "Person", "properties": LISTED | change}


class Office:
    """A workspace with one list of the user's own and one customer file."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self.workspace, self.folder, self.files = workspace, folder, 0

    def publish(self, *entities: Mapping[str, Any], name: str = "watch", check_it: bool = True) -> None:
        """A new edition of a list; a day later than the one before."""
        self.files += 1
        path = self.folder / f"{name}-{self.files}.ftm.jsonl"
        path.write_text("".join(json.dumps(item) + "\n" for item in entities), encoding="utf-8")
        self.workspace.add_list(user_list(RawFile.open(path), name, f"2026-10-{self.files:02d}"))
        if check_it:
            check(self.workspace)

    def customers(self, *rows: str, check_it: bool = True) -> None:
        self.files += 1
        path = self.folder / f"customers-{self.files}.csv"
        path.write_text("\n".join(("id,name,birth_date", *rows, "")), encoding="utf-8")
        self.workspace.add("customers", RawFile.open(path))
        if check_it:
            check(self.workspace)

    def decide(self, ruling: Ruling = RULING, **how: Any) -> Standing:
        (answer,) = decide(self.workspace, [Draft(self.workspace.findings()[0]["id"], ruling)], now=NOW, **how)
        assert isinstance(answer, Decided)
        return answer.standing

    def standing(self, today: date = TODAY) -> Standing:
        return self.workspace.decisions(today)[-1]

    def shown(self, today: date = TODAY) -> list[str]:
        """Headlines of the findings that a reviewer sees."""
        judged = self.workspace.with_decisions(self.workspace.findings(), today)
        return [item["headline"] for item in judged if not is_decided(item)]


@pytest.fixture
def office(workspace: Workspace, tmp_path: Path) -> Office:
    made = Office(workspace, tmp_path)
    made.publish(entry(), OTHER, check_it=False)
    made.customers("c-1,Ri Pyong Chol,1948")
    assert len(made.shown()) == 1
    return made


def test_decided_finding_is_not_shown_and_stays_readable(office: Office) -> None:
    made = office.decide()
    assert made.state == "in-force"
    assert office.shown() == []
    assert office.workspace.finding(made.decision.key)["id"] == made.decision.finding_id
    assert office.workspace.counts()["findings"] == 0
    assert office.workspace.counts()["decided not the same person"] == 1


def test_decision_survives_an_update_that_leaves_the_entry_as_it_was(office: Office) -> None:
    office.decide()
    office.publish(OTHER, entry(), {"id": "w-3", "schema": "Person", "properties": {"name": ["Kim Ki Nam"]}})
    assert (office.standing().state, office.shown()) == ("in-force", [])


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (entry(birthDate=["1948-01-05"]), "birthDate + 1948-01-05"),
        (entry(alias=["Lee Byung Chul"]), "alias + Lee Byung Chul"),
        ({**entry(), "schema": "Organization"}, "schema + Organization"),
    ],
)
def test_decision_reopens_when_the_entry_changes(office: Office, after: dict[str, Any], told: str) -> None:
    office.decide()
    office.publish(after, OTHER, check_it=False)
    assert office.standing().state == "reopened"
    assert any("listed entry w-1 changed" in why and told in why for why in office.standing().why)
    assert len(office.shown()) == 1


def test_decision_reopens_when_the_entry_gets_a_wallet(office: Office) -> None:
    office.decide()
    wallet = {"id": "w-9", "schema": "CryptoWallet", "properties": {"publicKey": ["0xabc"], "holder": ["w-1"]}}
    office.publish(entry(), OTHER, wallet)
    assert office.standing().why == ("the listed entry w-1 changed: publicKey + 0xabc",)
    assert len(office.shown()) == 1


def test_decision_holds_again_when_the_change_is_taken_back(office: Office) -> None:
    office.decide()
    office.publish(entry(birthDate=["1950"]), OTHER)
    assert office.standing().state == "reopened"
    office.publish(entry(), OTHER)
    assert (office.standing().state, office.shown()) == ("in-force", [])


def test_decision_reopens_when_the_customer_changes(office: Office) -> None:
    office.decide()
    office.customers("c-1,Ri Pyong Chol,1948-01-05", check_it=False)
    assert office.standing().state == "reopened"
    (why,) = office.standing().why
    assert why.startswith("the record of c-1 changed: birthDate + 1948-01-05")
    assert len(office.shown()) == 1


def test_decision_survives_the_same_customers_in_a_new_export(office: Office) -> None:
    office.decide()
    office.customers("c-7,Someone Else,1970", "c-1,Ri Pyong Chol,1948")
    assert (office.standing().state, office.shown()) == ("in-force", [])


def test_entry_that_leaves_the_list_and_comes_back_as_it_was_stays_decided(office: Office) -> None:
    office.decide()
    office.publish(OTHER)
    assert office.workspace.findings() == []
    assert office.standing().state == "in-force"
    assert office.standing().why == ("w-1 stands on no current list",)
    office.publish(entry(), OTHER)
    assert len(office.workspace.findings()) == 1
    assert office.shown() == []


def test_entry_that_comes_back_changed_reopens(office: Office) -> None:
    office.decide()
    office.publish(OTHER)
    office.publish(entry(alias=["Lee Byung Chul"]), OTHER)
    assert (office.standing().state, len(office.shown())) == ("reopened", 1)


def test_same_person_under_another_id_is_shown(office: Office) -> None:
    office.decide()
    office.publish(entry("n-1"), name="news")
    assert office.standing().state == "in-force"
    (headline,) = office.shown()
    assert "n-1" in headline


def test_same_id_on_a_second_list_reopens(office: Office) -> None:
    office.decide()
    office.publish(entry(), name="news")
    assert office.standing().why == ("the listed entry w-1 changed: 1 records then, 2 now",)


def test_decision_expires_after_its_last_day(office: Office) -> None:
    office.decide()
    assert office.standing(date(2027, 6, 30)).state == "in-force"
    gone = office.standing(date(2027, 7, 1))
    assert (gone.state, gone.why) == ("expired", ("expired on 2027-06-30",))
    assert len(office.shown(date(2027, 7, 1))) == 1


def test_decision_without_a_date_holds_as_long_as_the_settings_say(office: Office) -> None:
    made = office.decide(Ruling("seen", "A. Kim"))
    assert made.decision.expires == TODAY + timedelta(days=365)


def test_past_date_is_refused(office: Office) -> None:
    with pytest.raises(InputError, match="is past"):
        office.decide(Ruling("seen", "A. Kim", date(2026, 11, 22)))
    assert office.workspace.decisions() == []


def test_revoked_decision_shows_the_finding_again_and_stays_on_record(office: Office) -> None:
    made = office.decide()
    (gone,) = revoke(office.workspace, [made.decision.key[:8]], Ruling("the passport was forged", "B. Lee"))
    assert gone.state == "revoked"
    assert len(office.shown()) == 1
    (kept,) = history(office.workspace, made.decision.finding_id[:10])
    assert kept.decision == made.decision
    assert kept.revocation is not None
    assert (kept.revocation.reviewer, kept.revocation.reason) == ("B. Lee", "the passport was forged")


def test_revoking_twice_or_nothing_is_an_error(office: Office) -> None:
    finding = office.workspace.findings()[0]["id"]
    why = Ruling("forged", "B. Lee")
    with pytest.raises(InputError, match="no decision on finding"):
        revoke(office.workspace, [finding], why)
    office.decide()
    revoke(office.workspace, [finding], why)
    with pytest.raises(InputError, match="taken back by B"):
        revoke(office.workspace, [finding], why)


def test_decision_can_be_made_anew_after_revocation_and_the_old_one_stays_revoked(office: Office) -> None:
    made = office.decide()
    revoke(office.workspace, [made.decision.key], Ruling("forged", "B. Lee"))
    office.decide()
    assert [item.state for item in office.workspace.decisions(TODAY)] == ["revoked", "in-force"]
    assert office.shown() == []


def test_later_decision_replaces_the_earlier_one(office: Office) -> None:
    office.decide()
    office.decide(Ruling("ROK minister", "B. Lee"))
    assert [item.state for item in office.workspace.decisions(TODAY)] == ["replaced", "in-force"]


def test_same_decision_twice_adds_nothing(office: Office) -> None:
    first = office.decide()
    (again,) = decide(office.workspace, [Draft(first.decision.key, RULING)], now=NOW)
    assert isinstance(again, Decided)
    assert again.already
    assert len(office.workspace.decisions()) == 1


def test_reopened_decision_can_be_made_again_by_hand(office: Office) -> None:
    office.decide()
    office.publish(entry(birthDate=["1948-01-05"]), OTHER)
    office.decide()
    assert (office.standing().state, office.shown()) == ("in-force", [])


def test_file_does_not_repeat_a_reopened_decision(office: Office) -> None:
    made = office.decide()
    office.publish(entry(birthDate=["1948-01-05"]), OTHER)
    for expires in (RULING.expires, None):
        draft = Draft(made.decision.key, Ruling(RULING.reason, RULING.reviewer, expires), ("d.csv", 2))
        (answer,) = decide(office.workspace, [draft], by_hand=False, now=NOW)
        assert isinstance(answer, StanchError)
        assert "d.csv, line 2: this decision was made before and is reopened" in str(answer)
    assert office.standing().state == "reopened"


def test_finding_made_before_the_list_changed_cannot_be_decided_on(office: Office) -> None:
    office.publish(entry(birthDate=["1950"]), OTHER, check_it=False)
    with pytest.raises(InputError, match="the listed entry changed since"):
        office.decide()


def test_finding_made_before_the_customer_changed_cannot_be_decided_on(office: Office) -> None:
    office.customers("c-1,Ri Pyong Chol,1948-01-05", check_it=False)
    with pytest.raises(InputError, match="the customer's record changed since"):
        office.decide()


def test_update_that_leaves_the_entry_alone_does_not_stop_a_decision(office: Office) -> None:
    office.publish(OTHER, entry(), check_it=False)
    assert office.decide().state == "in-force"


def test_superseded_and_withdrawn_findings_are_refused(office: Office) -> None:
    old = office.workspace.findings()[0]["id"]
    office.publish(entry(birthDate=["1948-01-05"]), OTHER)
    with pytest.raises(InputError, match="superseded by"):
        decide(office.workspace, [Draft(old, RULING)])
    new = office.workspace.findings()[0]["id"]
    office.publish(OTHER)
    with pytest.raises(InputError, match="withdrawn"):
        decide(office.workspace, [Draft(new, RULING)])


@pytest.mark.parametrize("text", ["", "zz", "ffffffffffff", "%", "x" * 5_000_000, "한"])
def test_unknown_finding_is_refused_in_one_short_line(office: Office, text: str) -> None:
    for act in (
        lambda: decide(office.workspace, [Draft(text, RULING)]),
        lambda: revoke(office.workspace, [text], RULING),
    ):
        with pytest.raises(NotFoundError) as told:
            act()
        assert len(str(told.value)) < 300


def test_by_hand_all_are_decided_or_none(office: Office) -> None:
    good = office.workspace.findings()[0]["id"]
    with pytest.raises(NotFoundError):
        decide(office.workspace, [Draft(good, RULING), Draft("ffffffff", RULING)])
    assert office.workspace.decisions() == []


def test_rows_are_only_ever_added(office: Office) -> None:
    office.decide()
    for statement in (schema.decision.delete(), schema.decision.update().values(reason="other")):
        with pytest.raises(IntegrityError, match="only added"), office.workspace.writing() as connection:
            connection.execute(statement)


def test_workspace_without_lists_reopens_by_the_packaged_ones(workspace: Workspace, tmp_path: Path) -> None:
    office = Office(workspace, tmp_path)
    office.customers("c-1,Ri Pyong Chol,1948")
    made = office.decide()
    assert (office.standing().state, made.decision.listed[0].id) == ("in-force", made.decision.object)
    # A list of its own takes the place of the packaged ones: the entry is gone with them.
    office.publish(OTHER)
    assert office.standing().why == (f"{made.decision.object} stands on no current list",)


def test_decisions_are_the_same_after_opening_again(office: Office) -> None:
    made = office.decide()
    with Workspace.find(office.workspace.folder.root) as again:
        assert again.decisions(TODAY) == [made]
