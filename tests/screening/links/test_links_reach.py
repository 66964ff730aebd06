"""Who counts as owned or controlled, against the definition and against worked examples."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ownership_oracle import Ranges, owned, worlds

from stanch.knowledge import rules_in_force
from stanch.knowledge.ownership import Control, OwnershipRule
from stanch.screening.links.assess import Assessment, assess
from stanch.screening.links.graph import Graph, Link, LinkKind
from stanch.screening.links.reach import Answer, Threshold, possibly, surely
from stanch.screening.links.share import Share, parse_share

RULES = {rule.regime: rule for rule in rules_in_force()}
US, EU, UK, UN = (RULES[name] for name in ("us", "eu", "uk", "un"))


def owns(owner: str, asset: str, percent: str = "", role: str = "", certain: bool = True) -> Link:
    control = frozenset({Control(role)}) if role else frozenset[Control]()
    return Link(LinkKind.OWNERSHIP, owner, asset, parse_share(percent), control, role, certain)


def controls(owner: str, asset: str, how: Control) -> Link:
    return Link(LinkKind.UNKNOWN, owner, asset, None, frozenset({how}), how.value)


def answers(rule: OwnershipRule, seeds: str, *links: Link) -> dict[str, Answer]:
    return {party: item.answer for party, item in assess(Graph.of(links), seeds.split(), rule).items()}


def one(rule: OwnershipRule, seeds: str, party: str, *links: Link) -> Assessment:
    return assess(Graph.of(links), seeds.split(), rule)[party]


YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

# -- the scenarios of OFAC's question 401, in our own words ---------------------------------------------------------


def test_half_of_half_is_owned_tier_by_tier() -> None:
    found = answers(US, "x", owns("x", "a", "50"), owns("a", "b", "50"))
    assert found == {"a": YES, "b": YES}


def test_two_quarters_through_two_owned_firms_add_up() -> None:
    links = [owns("x", "a", "50"), owns("x", "b", "50"), owns("a", "c", "25"), owns("b", "c", "25")]
    assert answers(US, "x", *links) == {"a": YES, "b": YES, "c": YES}


def test_direct_and_indirect_interests_add_up() -> None:
    assert answers(US, "x", owns("x", "a", "50"), owns("x", "b", "10"), owns("a", "b", "40"))["b"] is YES


def test_interest_through_a_firm_that_is_not_owned_does_not_count() -> None:
    links = [owns("x", "a", "50"), owns("x", "b", "25"), owns("a", "c", "25"), owns("b", "c", "25")]
    assert answers(US, "x", *links) == {"a": YES, "b": NO, "c": NO}


def test_quarter_of_a_parent_that_owns_all_of_a_daughter_does_not_count() -> None:
    assert answers(US, "x", owns("x", "a", "25"), owns("a", "b", "100")) == {"a": NO}


def test_two_blocked_persons_with_a_quarter_each_own() -> None:
    assert answers(US, "x y", owns("x", "a", "25"), owns("y", "a", "25")) == {"a": YES}


def test_owned_through_a_pair_of_blocked_persons_goes_on_downwards() -> None:
    links = [owns("x", "a", "25"), owns("y", "a", "25"), owns("a", "b", "50")]
    assert answers(US, "x y", *links) == {"a": YES, "b": YES}


def test_shares_are_not_multiplied_through_tiers() -> None:
    links = [owns("x", "a", "50"), owns("a", "b", "50"), owns("b", "c", "50"), owns("c", "d", "50")]
    assert answers(US, "x", *links)["d"] is YES


def test_just_below_half_is_not_owned() -> None:
    assert answers(US, "x", owns("x", "a", "49.999999999999999")) == {"a": NO}


def test_control_alone_does_not_block_under_us_rules() -> None:
    assert answers(US, "x", controls("x", "a", Control.BOARD)) == {"a": NO}


# -- the other regimes ----------------------------------------------------------------------------------------------


def test_exactly_half_is_owned_for_us_and_eu_and_not_for_uk() -> None:
    link = owns("x", "a", "50")
    assert [answers(rule, "x", link)["a"] for rule in (US, EU, UK)] == [YES, YES, NO]


def test_eu_adds_up_and_uk_does_not() -> None:
    links = [owns("x", "a", "30"), owns("y", "a", "25")]
    assert [answers(rule, "x y", *links)["a"] for rule in (EU, UK)] == [YES, NO]


def test_uk_adds_up_what_one_person_holds_in_several_ways() -> None:
    links = [owns("x", "a", "60"), owns("a", "b", "30"), owns("x", "b", "21")]
    assert answers(UK, "x", *links)["b"] is YES


@pytest.mark.parametrize(
    ("rule", "how", "answer"),
    [
        (EU, Control.BOARD, YES),
        (EU, Control.VOTES, YES),
        (EU, Control.INFLUENCE, YES),
        (EU, Control.STATED, UNKNOWN),
        (UK, Control.BOARD, YES),
        (UK, Control.INFLUENCE, UNKNOWN),
        (UN, Control.STATED, YES),
        (US, Control.VOTES, NO),
    ],
)
def test_control_counts_by_the_test_of_the_rule(rule: OwnershipRule, how: Control, answer: Answer) -> None:
    found = one(rule, "x", "a", controls("x", "a", how))
    assert (found.answer, found.owned, found.share) == (answer, False, None)


def test_what_a_controlled_firm_owns_is_controlled_too() -> None:
    links = [controls("x", "a", Control.BOARD), owns("a", "b", "80")]
    found = one(EU, "x", "b", *links)
    assert (found.answer, found.owned) == (YES, False)


def test_un_text_has_no_share_so_a_minority_is_unknown() -> None:
    assert answers(UN, "x", owns("x", "a", "30")) == {"a": UNKNOWN}
    assert answers(UN, "x", owns("x", "a", "50.1")) == {"a": YES}


# -- what is not stated ---------------------------------------------------------------------------------------------


def test_missing_percentage_is_unknown_not_zero() -> None:
    found = one(US, "x", "a", owns("x", "a"))
    assert (found.answer, str(found.share)) == (UNKNOWN, "an unknown share")


def test_missing_percentage_is_no_when_others_hold_too_much() -> None:
    found = one(US, "x", "a", owns("x", "a"), owns("y", "a", "60"))
    assert (found.answer, str(found.share)) == (NO, "at most 40 %")


def test_missing_percentage_may_settle_nothing_that_is_settled() -> None:
    found = one(US, "x y", "a", owns("x", "a", "50"), owns("y", "a"))
    assert (found.answer, str(found.share)) == (YES, "at least 50 %")


def test_band_says_the_least_and_the_most() -> None:
    found = one(US, "x", "a", owns("x", "a", "25-50%"), owns("y", "a", "40"))
    assert (found.answer, found.share) == (UNKNOWN, Share(Fraction(25), Fraction(50)))


def test_more_than_half_is_owned_for_the_uk() -> None:
    assert answers(UK, "x", owns("x", "a", ">50")) == {"a": YES}


def test_less_than_half_is_not_owned_for_us() -> None:
    assert answers(US, "x", owns("x", "a", "less than 50")) == {"a": NO}


def test_others_with_more_than_half_leave_less_than_half() -> None:
    assert answers(US, "x", owns("x", "a"), owns("y", "a", ">50")) == {"a": NO}


def test_unknown_goes_down_the_tiers() -> None:
    assert answers(US, "x", owns("x", "a"), owns("a", "b", "100")) == {"a": UNKNOWN, "b": UNKNOWN}


def test_interest_that_may_have_ended_gives_no_yes() -> None:
    assert answers(US, "x", owns("x", "a", "80", certain=False)) == {"a": UNKNOWN}


def test_stated_zero_is_no_interest() -> None:
    assert answers(US, "x", owns("x", "a", "0")) == {}


def test_more_than_a_hundred_percent_is_told_and_bounds_nothing() -> None:
    graph = Graph.of([owns("x", "a", "60"), owns("y", "a", "60")])
    assert graph.problems["a"]
    assert assess(graph, ["x"], US)["a"].answer is YES


def test_a_hundred_percent_and_a_little_is_impossible_too() -> None:
    graph = Graph.of([owns("x", "a", "50"), owns("y", "a", ">50")])
    assert graph.problems["a"]
    assert assess(graph, ["x"], US)["a"].answer is YES


# -- circles --------------------------------------------------------------------------------------------------------


def test_circle_does_not_pull_itself_up() -> None:
    links = [owns("a", "b", "60"), owns("b", "a", "60"), owns("x", "a", "10")]
    assert answers(US, "x", *links) == {"a": NO}


def test_circle_is_owned_once_one_of_it_is() -> None:
    links = [owns("a", "b", "60"), owns("b", "a", "40"), owns("x", "a", "50")]
    assert answers(US, "x", *links) == {"a": YES, "b": YES}


def test_shares_held_of_itself_make_no_owner() -> None:
    assert answers(US, "x", owns("a", "a", "30"), owns("x", "a", "30")) == {"a": NO}


def test_shares_held_of_itself_may_be_without_rights() -> None:
    found = one(US, "x", "a", owns("a", "a", "40"), owns("x", "a", "30"))
    assert (found.answer, found.share) == (UNKNOWN, Share(Fraction(30), Fraction(50)))


def test_listed_owner_of_a_listed_firm_is_not_answered_for() -> None:
    assert answers(US, "x a", owns("x", "a", "100")) == {}


# -- what an answer rests on ----------------------------------------------------------------------------------------


def test_support_has_every_link_of_the_chain_from_the_listed_party_down() -> None:
    links = [
        owns("a", "c", "25"),
        owns("x", "a", "50"),
        owns("b", "c", "25"),
        owns("x", "b", "50"),
        owns("z", "c", "50"),
    ]
    found = one(US, "x", "c", *links)
    assert [(link.start, link.end) for link in found.support] == [("x", "a"), ("x", "b"), ("a", "c"), ("b", "c")]
    assert found.seeds == ("x",)


def test_words_say_rule_share_and_answer() -> None:
    words = one(US, "x", "a", owns("x", "a", "60")).words
    assert words == "rule us-2014 (at least 50 %): listed parties hold 60 %, counts as owned"


# -- against the definition -----------------------------------------------------------------------------------------

_NODES = ("x", "y", "a", "b", "c")
_STEP = 25
_range = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda pair: (min(pair) * _STEP, max(pair) * _STEP))


def ranges(most_open: int) -> st.SearchStrategy[Ranges]:
    """Up to six holdings, of which up to `most_open` are ranges."""
    pairs = st.tuples(st.sampled_from("abc"), st.sampled_from(_NODES)).filter(lambda pair: pair[0] != pair[1])

    def build(drawn: list[tuple[tuple[str, str], tuple[int, int]]]) -> Ranges:
        found: dict[str, dict[str, tuple[int, int]]] = {}
        for number, ((asset, owner), (low, high)) in enumerate(drawn):
            found.setdefault(asset, {})[owner] = (low, high if number < most_open else low)
        return found

    return st.lists(st.tuples(pairs, _range), max_size=6, unique_by=lambda item: item[0]).map(build)


def links_of(found: Ranges) -> list[Link]:
    return [
        Link(LinkKind.OWNERSHIP, owner, asset, Share(Fraction(low), Fraction(high)))
        for asset, owners in found.items()
        for owner, (low, high) in owners.items()
    ]


@settings(max_examples=150, deadline=None)
@given(ranges(4), st.sets(st.sampled_from("xyc"), min_size=1), st.booleans())
def test_answers_are_those_of_all_possible_worlds(found: Ranges, seeds: set[str], at_least: bool) -> None:
    assume(all(sum(low for low, _ in owners.values()) <= 100 for owners in found.values()))
    given_ = frozenset(seeds)
    results = [owned(world, given_, 50, at_least) for world in worlds(found, _STEP)]
    graph, threshold = Graph.of(links_of(found)), Threshold(Fraction(50), at_least)
    assert frozenset(surely(graph, given_, threshold).order) == frozenset.intersection(*results)
    assert frozenset(possibly(graph, given_, threshold).order) == frozenset.union(*results)


@settings(max_examples=60, deadline=None)
@given(ranges(2), st.sets(st.sampled_from("xyc"), min_size=1), st.randoms(use_true_random=False))
def test_order_of_links_does_not_matter(found: Ranges, seeds: set[str], random: object) -> None:
    links = links_of(found)
    shuffled = list(links)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert assess(Graph.of(links), seeds, US) == assess(Graph.of(shuffled), seeds, US)


@settings(max_examples=60, deadline=None)
@given(ranges(2), st.sampled_from("xy"), st.sampled_from("xyabc"))
def test_another_listed_party_never_frees_anybody(found: Ranges, first: str, second: str) -> None:
    graph, threshold = Graph.of(links_of(found)), Threshold(Fraction(50), True)
    for fixpoint in (surely, possibly):
        fewer, more = (set(fixpoint(graph, seeds, threshold).order) for seeds in ([first], [first, second]))
        assert fewer <= more


@settings(max_examples=60, deadline=None)
@given(ranges(3), st.sampled_from([US, EU, UK]))
def test_a_yes_stands_on_its_support_alone(found: Ranges, rule: OwnershipRule) -> None:
    assume(all(sum(low for low, _ in owners.values()) <= 100 for owners in found.values()))
    for party, item in assess(Graph.of(links_of(found)), ["x", "y"], rule).items():
        if item.answer is Answer.YES:
            assert assess(Graph.of(item.support), ["x", "y"], rule)[party].answer is Answer.YES


def test_a_star_of_many_owners_and_a_long_chain_take_no_time() -> None:
    star = [owns(f"s{number}", "a", "0.001 %") for number in range(3_000)]
    tiers = [owns(f"t{number}", f"t{number + 1}", "50") for number in range(3_000)]
    graph = Graph.of([*star, *tiers])
    found = assess(graph, [f"s{number}" for number in range(3_000)], US)
    assert str(found["a"].share) == "3 %"
    assert len(surely(graph, ["t0"], Threshold(Fraction(50), True)).order) == 3_001
