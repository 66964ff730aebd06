from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from tracing_oracle import CHAIN, START, account, address, ledger_of, table_of

from stanch.exc import InputError
from stanch.model import Label
from stanch.tracing import Boundary, Seed, SeedText, build_ledgers, place_seeds, seeds_of_theft, trace

RFC3339 = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{6})?Z$")
PLAIN = re.compile(r"^-?\d+(\.\d+)?$")


def label(name: str, category: str, *, chain: str = CHAIN, text: str = "", source: str = "s", **more) -> Label:
    return Label(account(name, chain), text or f"{name} {category}", category, source, **more)


def asset_of(rows, *, seeds=("a",), labels=(), policies=("haircut", "poison"), hub=None, **options):
    """The JSON of the only asset."""
    ledger = ledger_of(rows, **options)
    result = trace([ledger], [Seed(account(name)) for name in seeds], Boundary.of(labels, hub), policies)
    (asset,) = result.to_json()["assets"]
    return asset


def holder(asset, name):
    return next((one for one in asset["holders"] if one["address"] == address(name)), None)


def haircuts(asset) -> dict[str, str]:
    return {one["address"]: one["by_policy"]["haircut"] for one in asset["holders"]}


# -- seeds ----------------------------------------------------------------------------------------------------------


def test_spending_of_a_seed_beyond_its_inflow_is_inferred_and_stolen() -> None:
    asset = asset_of([("v", "a", 10), ("a", "b", 25)])
    assert (asset["stolen"], asset["stolen_observed"], asset["stolen_inferred"]) == ("25", "10", "15")
    assert asset["assumed"] is True
    assert asset["unobserved_inflow"] == "15"


def test_transfers_between_seeds_count_once() -> None:
    asset = asset_of([("v", "a", 10), ("a", "b", 10), ("b", "c", 10)], seeds=("a", "b"))
    assert (asset["stolen"], asset["stolen_inferred"]) == ("10", "0")
    assert haircuts(asset) == {address("c"): "10"}


def test_stolen_value_that_returns_to_a_seed_counts_once() -> None:
    asset = asset_of([("a", "b", 10), ("b", "a", 10), ("a", "c", 10)])
    assert asset["stolen"] == "10"
    assert haircuts(asset) == {address("c"): "10"}


def test_clean_value_that_comes_back_with_stolen_is_stolen_at_the_seed() -> None:
    asset = asset_of([("a", "b", 10), ("x", "b", 10), ("b", "a", 20)])
    assert (asset["stolen"], asset["totals"]["haircut"]["remainder"]) == ("20", "0")
    assert asset["totals"]["poison"] == {
        "stolen": "20", "held": "20", "stopped": "0", "fees": "0", "remainder": "0",
    }  # fmt: skip


def test_a_declared_seed_taints_its_amount_only() -> None:
    seed = Seed(account("a"), "ETH", Decimal(5), START + timedelta(minutes=0))
    (asset,) = trace([ledger_of([("v", "a", 20), ("a", "b", 10)])], [seed]).to_json()["assets"]
    assert (asset["stolen"], asset["stolen_observed"]) == ("5", "5")
    assert haircuts(asset) == {address("a"): "2.5", address("b"): "2.5"}


def test_a_declared_seed_infers_what_the_account_is_not_seen_to_hold() -> None:
    seed = Seed(account("a"), "ETH", Decimal(30), START)
    (asset,) = trace([ledger_of([("v", "a", 20), ("a", "b", 10)])], [seed]).to_json()["assets"]
    assert (asset["stolen_observed"], asset["stolen_inferred"], asset["unobserved_inflow"]) == ("20", "10", "10")


def test_a_declared_amount_beyond_all_measure_is_refused() -> None:
    seed = Seed(account("a"), "ETH", Decimal(10**30), START)
    with pytest.raises(InputError, match="can count"):
        trace([ledger_of([("v", "a", 20)])], [seed])


def test_a_seed_that_is_not_in_the_ledger_is_an_error() -> None:
    with pytest.raises(InputError, match=f"not in the ledger: {CHAIN}:{address('q')}"):
        trace([ledger_of([("a", "b", 1)])], [Seed(account("a")), Seed(account("q"))])


def test_seeds_of_a_registry_may_be_absent_when_one_is_there() -> None:
    seeds = [Seed(account("a")), Seed(account("q"))]
    manifest = trace([ledger_of([("a", "b", 1)])], seeds, all_seeds=False).to_json()["manifest"]
    assert [seed["in_ledger"] for seed in manifest["seeds"]] == [True, False]


def test_seeds_of_a_theft_are_its_theft_labels() -> None:
    labels = [label("b", "theft", case="x"), label("a", "theft", case="x"), label("c", "laundering", case="x")]
    assert seeds_of_theft("x", [*labels, label("d", "theft", case="y")]) == (Seed(account("a")), Seed(account("b")))


def test_a_bare_seed_is_placed_on_the_chain_where_the_ledger_has_it() -> None:
    ledger = ledger_of([("a", "b", 1)], chain="eip155:56")
    assert place_seeds([SeedText.parse(address("a"))], None, [ledger]) == (Seed(account("a", "eip155:56")),)


def test_a_seed_with_four_fields_is_read() -> None:
    (seed,) = place_seeds([SeedText.parse(f"eth:{address('a')}, eth, 1.5, 2022-03-23")], None, [])
    assert seed == Seed(account("a"), "ETH", Decimal("1.5"), START)


@pytest.mark.parametrize("text", ["", "a,b", "0x0,ETH,x,2022-01-01", "0x0,ETH,1,yesterday", "0x0,ETH,0,2022-01-01"])
def test_a_seed_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        SeedText.parse(text)


# -- boundary -------------------------------------------------------------------------------------------------------


def test_taint_stops_at_a_service() -> None:
    asset = asset_of([("a", "x", 10), ("x", "b", 10)], labels=[label("x", "exchange")])
    assert haircuts(asset) == {address("x"): "10"}
    assert (holder(asset, "x")["reason"], holder(asset, "x")["category"]) == ("exchange", "exchange")
    assert asset["totals"]["haircut"]["stopped"] == "10"


def test_a_label_on_another_chain_stops_nothing() -> None:
    asset = asset_of([("a", "x", 10), ("x", "b", 10)], labels=[label("x", "exchange", chain="eip155:56")])
    assert haircuts(asset) == {address("b"): "10"}


def test_a_label_that_is_no_service_names_but_does_not_stop() -> None:
    asset = asset_of([("a", "x", 10), ("x", "b", 4)], labels=[label("x", "laundering")])
    assert haircuts(asset) == {address("x"): "6", address("b"): "4"}
    assert (holder(asset, "x")["reason"], holder(asset, "x")["category"]) == ("held", "laundering")


def test_conflicting_labels_are_kept_and_the_service_stops() -> None:
    labels = [label("x", "laundering", source="p"), label("x", "mixer", source="q"), label("x", "mixer", source="q")]
    one = holder(asset_of([("a", "x", 10)], labels=labels), "x")
    assert one["reason"] == "mixer"
    assert [found["source"] for found in one["labels"]] == ["q", "p"]


def test_the_order_of_labels_changes_nothing() -> None:
    labels = [label("x", "mixer", source="p"), label("x", "exchange", source="q", confidence=0.5), label("y", "other")]
    one, other = Boundary.of(labels), Boundary.of(reversed(labels))
    assert one == other
    assert one.version == other.version


def test_a_seed_never_stops_the_trace_though_it_is_labelled_as_a_service() -> None:
    asset = asset_of([("a", "b", 10)], labels=[label("a", "exchange")])
    assert haircuts(asset) == {address("b"): "10"}


def test_taint_paid_as_a_fee_counts_as_fees() -> None:
    asset = asset_of([("a", "x", 10), ("a", "b", 5)], labels=[label("x", "miner", role="fee")])
    assert asset["totals"]["haircut"] == {
        "stolen": "15", "held": "5", "stopped": "0", "fees": "10", "remainder": "0",
    }  # fmt: skip
    assert asset["accounted"] == "15"


def test_a_hub_stops_only_when_asked_for() -> None:
    rows = [("a", "h", 10), ("c", "h", 1), ("d", "h", 1), ("h", "b", 12)]
    assert address("b") in haircuts(asset_of(rows))
    assert holder(asset_of(rows, hub=4), "h")["reason"] == "hub"
    assert address("b") in haircuts(asset_of(rows, hub=5))


# -- policies -------------------------------------------------------------------------------------------------------


def test_haircut_spreads_in_proportion_and_poison_takes_all() -> None:
    asset = asset_of([("a", "m", 10), ("x", "m", 30), ("m", "b", 20)])
    assert holder(asset, "b")["by_policy"] == {"haircut": "5", "poison": "20"}
    assert (holder(asset, "b")["low"], holder(asset, "b")["high"]) == ("5", "10")
    assert asset["totals"]["poison"]["remainder"] == "-30"


def test_inflow_that_is_not_seen_dilutes_and_is_reported() -> None:
    asset = asset_of([("a", "m", 10), ("m", "b", 40)])
    assert holder(asset, "b")["by_policy"] == {"haircut": "10", "poison": "40"}
    assert (asset["unobserved_inflow"], asset["unobserved_inflow_clean"]) == ("40", "30")


def test_value_sent_before_taint_arrives_is_clean() -> None:
    asset = asset_of([("m", "b", 10), ("a", "m", 10)])
    assert haircuts(asset) == {address("m"): "10"}


def test_shares_of_whole_amounts_are_floored_at_a_millionth() -> None:
    asset = asset_of([("a", "m", 1), ("x", "m", 2), ("m", "b", 1)])
    assert haircuts(asset) == {address("m"): "0.666667", address("b"): "0.333333"}


def test_self_transfers_and_zero_amounts_move_nothing() -> None:
    asset = asset_of([("a", "b", 10), ("b", "b", 10), ("b", "c", 0)])
    assert haircuts(asset) == {address("b"): "10"}
    assert [edge["receiver"] for edge in asset["edges"]] == [address("b")]


def test_a_cycle_in_one_block_goes_round_in_the_stated_order() -> None:
    rows = [("a", "b", 10), ("b", "c", 10), ("c", "b", 10), ("b", "d", 10)]
    asset = asset_of(rows, times=[START] * 4)
    assert haircuts(asset) == {address("d"): "10"}
    assert [edge["tx"][-1] for edge in asset["edges"]] == ["0", "1", "2", "3"]


def test_haircut_alone_gives_a_band_of_one_point() -> None:
    asset = asset_of([("a", "m", 10), ("x", "m", 30), ("m", "b", 20)], policies=("haircut",))
    one = holder(asset, "b")
    assert (list(one["by_policy"]), one["low"], one["high"]) == (["haircut"], "5", "5")


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(InputError, match="unknown policy"):
        trace([ledger_of([("a", "b", 1)])], [Seed(account("a"))], policies=["fifo?"])


def test_only_assets_that_the_seeds_moved_are_traced() -> None:
    ledgers = build_ledgers([table_of([("a", "b", 1)]), table_of([("c", "d", 1)], asset="DAI")])
    result = trace(ledgers, [Seed(account("a"))])
    assert [asset.ledger.asset for asset in result.assets] == ["ETH"]
    assert len(result.to_json()["manifest"]["ledgers"]) == 2


# -- output ---------------------------------------------------------------------------------------------------------


def test_json_has_every_key_and_the_stated_forms() -> None:
    ledger = ledger_of([("v", "a", "1.5"), ("a", "b", "2.25")])
    result = trace([ledger], [Seed(account("a"))], theft_id="t").to_json()
    assert set(result) == {"manifest", "assets"}
    assert set(result["manifest"]) >= {"inputs", "policies", "labels_version", "code_version", "seeds", "theft"}
    assert result["manifest"]["inputs"] == [{"name": "ledger.csv", "sha256": "ab" * 32}]
    (asset,) = result["assets"]
    assert set(asset) >= {"asset", "stolen", "accounted", "unobserved_inflow", "totals", "holders", "edges", "chain"}
    assert set(asset["totals"]) == {"haircut", "poison"}
    assert all(set(books) == {"stolen", "held", "stopped", "fees", "remainder"} for books in asset["totals"].values())
    (one,) = asset["holders"]
    assert set(one) >= {
        "chain",
        "address",
        "label",
        "category",
        "reason",
        "by_policy",
        "low",
        "high",
        "first_at",
        "last_at",
    }
    assert one["label"] is None
    assert RFC3339.match(one["first_at"])
    (edge,) = asset["edges"]
    assert set(edge) >= {"tx", "index", "time", "sender", "receiver", "amount", "by_policy"}
    assert RFC3339.match(edge["time"])
    assert edge["amount"] == "2.25"
    for text in (
        asset["stolen"],
        asset["quantisation"],
        *asset["totals"]["poison"].values(),
        *one["by_policy"].values(),
    ):
        assert PLAIN.match(text)


def test_holders_are_sorted_by_haircut_then_address_and_edges_by_time() -> None:
    asset = asset_of([("a", "d", 3), ("a", "c", 3), ("a", "b", 9)])
    assert [one["address"] for one in asset["holders"]] == [address("b"), address("c"), address("d")]
    assert [edge["time"] for edge in asset["edges"]] == sorted(edge["time"] for edge in asset["edges"])


def test_the_same_input_gives_the_same_bytes() -> None:
    rows = [("a", "b", 7), ("x", "b", 5), ("b", "c", 4), ("c", "a", 2), ("a", "d", 3)]
    texts = {json.dumps(asset_of(rows, labels=[label("d", "mixer"), label("b", "other")])) for _ in range(3)}
    assert len(texts) == 1


def test_amounts_of_edges_are_exact_though_units_are_rounded() -> None:
    asset = asset_of([("a", "b", "123456.123456789012345678")])
    assert asset["edges"][0]["amount"] == "123456.123456789012345678"
    assert asset["scale"] == 13
    assert Decimal(asset["stolen"]) + Decimal(asset["quantisation"]) == Decimal("123456.123456789012345678")


def test_places_add_up_to_what_is_accounted() -> None:
    asset = asset_of([("a", "x", 10), ("a", "b", 5)], labels=[label("x", "mixer")])
    assert [(place["reason"], place["value"]) for place in asset["where"]] == [("mixer", "10"), ("held", "5")]


# -- reach ----------------------------------------------------------------------------------------------------------


def reach_of(rows, name, **options):
    return trace([ledger_of(rows)], [Seed(account("a"))], theft_id="t", **options).reach(account(name))


def test_reach_says_how_much_how_far_and_since_when() -> None:
    found = reach_of([("a", "m", 10), ("x", "m", 30), ("m", "b", 20), ("b", "c", 20)], "b")
    assert (found.amount, found.low, found.high, found.share, found.hops) == (5, 5, 20, 0.25, 2)
    assert found.first_at == START + timedelta(minutes=2)
    assert (found.theft_id, found.passed_service) == ("t", False)


def test_reach_counts_the_fewest_hops_in_time() -> None:
    rows = [("b", "c", 5), ("a", "m", 10), ("m", "b", 5), ("a", "b", 5), ("b", "c", 1)]
    assert reach_of(rows, "c").hops == 2


def test_reach_is_none_where_nothing_arrived() -> None:
    rows = [("a", "b", 1), ("x", "y", 1), ("x", "b", 1)]
    assert reach_of(rows, "y") is None
    assert reach_of(rows, "x") is None
    assert reach_of(rows, "q") is None


def test_reach_of_a_seed_is_all_it_had() -> None:
    found = reach_of([("v", "a", 10), ("a", "b", 25)], "a")
    assert (found.amount, found.share, found.hops) == (25, 1.0, 0)


def test_reach_does_not_pass_a_service() -> None:
    rows = [("a", "x", 10), ("x", "b", 10)]
    assert reach_of(rows, "b", boundary=Boundary.of([label("x", "exchange")])) is None
