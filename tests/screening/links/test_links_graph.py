"""Links read from FollowTheMoney entities: ends, shares, dates, control."""

from __future__ import annotations

from datetime import date

import pytest

from stanch.knowledge.ownership import Control
from stanch.model import Entity
from stanch.screening.links.graph import MAX_ENDS, Graph, Link, LinkKind, control_in, read_links
from stanch.screening.links.share import parse_share

DAY = date(2020, 6, 1)


def ownership(owner: str = "x", asset: str = "a", schema: str = "Ownership", **values: str) -> Entity:
    properties = {"owner": (owner,), "asset": (asset,)} | {name: (text,) for name, text in values.items()}
    return Entity("link", schema, properties)


def one(entity: Entity, day: date | None = None) -> Link | None:
    links, _ = read_links([entity], day)
    return links[0] if links else None


@pytest.mark.parametrize(
    ("schema", "ends", "kind"),
    [
        ("Ownership", ("owner", "asset"), LinkKind.OWNERSHIP),
        ("Directorship", ("director", "organization"), LinkKind.DIRECTORSHIP),
        ("Family", ("person", "relative"), LinkKind.FAMILY),
        ("UnknownLink", ("subject", "object"), LinkKind.UNKNOWN),
        ("Representation", ("agent", "client"), LinkKind.UNKNOWN),
    ],
)
def test_link_goes_from_its_source_to_its_target(schema: str, ends: tuple[str, str], kind: LinkKind) -> None:
    link = one(Entity("l", schema, {ends[0]: ("x",), ends[1]: ("a",)}))
    assert link is not None
    assert (link.kind, link.start, link.end) == (kind, "x", "a")
    assert (link.share is not None) == (schema == "Ownership")


@pytest.mark.parametrize(
    ("dates", "day", "certain"),
    [
        ({}, None, True),
        ({"endDate": "2019"}, None, None),
        ({"startDate": "2030"}, None, True),
        ({"startDate": "2019-01-01", "endDate": "2021"}, DAY, True),
        ({"startDate": "2020-06-02"}, DAY, None),
        ({"endDate": "2020-05-31"}, DAY, None),
        ({"endDate": "2020-06-01"}, DAY, True),
        ({"startDate": "2020"}, DAY, False),
        ({"startDate": "2020-06"}, DAY, False),
        ({"endDate": "2020-06"}, DAY, True),
        ({"endDate": "2020"}, DAY, False),
        ({"startDate": "soon"}, DAY, False),
        ({"startDate": "2020-02-31"}, DAY, False),
        ({"startDate": "0000"}, DAY, False),
        ({"startDate": "9999-12"}, DAY, None),
        ({"endDate": "9999"}, DAY, True),
    ],
)
def test_link_holds_by_its_dates(dates: dict[str, str], day: date | None, certain: bool | None) -> None:
    link = one(ownership(**dates), day)
    assert (None if link is None else link.certain) == certain


def test_percentage_that_cannot_be_read_is_unknown_and_told() -> None:
    (link,), problems = read_links([ownership(percentage="a lot")])
    assert link.share is not None
    assert link.share.is_unknown
    assert problems == ("link: not a percentage: 'a lot', taken as unknown",)
    assert "a lot" in link.note


def test_link_without_an_end_is_told() -> None:
    links, problems = read_links([Entity("l", "Ownership", {"owner": ("x",)})])
    assert (links, problems) == ((), ("l: Ownership without both ends",))


def test_several_owners_in_one_record_may_share_as_they_like() -> None:
    links, problems = read_links(
        [Entity("l", "Ownership", {"owner": ("x", "y"), "asset": ("a",), "percentage": ("60",)})]
    )
    assert [(link.start, str(link.share)) for link in links] == [("x", "at most 60 %"), ("y", "at most 60 %")]
    assert "several owners" in problems[0]


def test_link_of_thousands_of_parties_is_bounded() -> None:
    ends = tuple(f"p{number}" for number in range(5_000))
    links, problems = read_links([Entity("l", "UnknownLink", {"subject": ends, "object": ends})])
    assert len(links) == MAX_ENDS**2
    assert problems


@pytest.mark.parametrize(
    ("role", "control"),
    [
        ("right-to-appoint-and-remove-directors", {Control.BOARD}),
        ("right to appoint or remove a majority of the board", {Control.BOARD}),
        ("Appoints a majority of its board", {Control.BOARD}),
        ("majority of the voting rights", {Control.VOTES}),
        ("voting-rights-50-to-75-percent", {Control.VOTES}),
        ("voting-rights-25-to-50-percent", set()),
        ("significant-influence-or-control", {Control.INFLUENCE}),
        ("exercises dominant influence", {Control.INFLUENCE}),
        ("Controlled by", {Control.STATED}),
        ("controlling shareholder with a majority of votes", {Control.VOTES}),
        ("former controlling shareholder", set()),
        ("no right to appoint or remove directors", set()),
        ("controller of accounts", set()),
        ("director", set()),
        ("", set()),
    ],
)
def test_control_is_read_from_what_is_stated(role: str, control: set[Control]) -> None:
    assert control_in(role) == control


def test_same_statement_twice_is_one_holding() -> None:
    links, _ = read_links([ownership(percentage="30"), ownership(percentage="30 %")])
    graph = Graph.of(links)
    assert graph.holdings["a"]["x"].share == parse_share("30")
    assert graph.problems == {}


def test_statements_that_do_not_agree_are_told() -> None:
    links, _ = read_links([ownership(percentage="30"), ownership(percentage="40")])
    graph = Graph.of(links)
    assert str(graph.holdings["a"]["x"].share) == "30 to 70 %"
    assert "do not agree" in graph.problems["a"][0]


def test_a_statement_that_may_not_hold_only_raises_the_share() -> None:
    links, _ = read_links([ownership(percentage="60"), ownership(percentage="20", startDate="2020")], DAY)
    assert str(Graph.of(links).holdings["a"]["x"].share) == "60 to 80 %"


def test_shares_beyond_a_hundred_are_told() -> None:
    links, _ = read_links([ownership("x", percentage="60"), ownership("y", percentage="60")])
    assert Graph.of(links).problems == {"a": ("the stated shares add up to more than 100 percent",)}


def test_what_a_party_holds_of_itself_makes_no_owner() -> None:
    links, _ = read_links([ownership("a", percentage="60")])
    graph = Graph.of(links)
    assert graph.holdings == {}
    assert graph.own["a"] == parse_share("60")
