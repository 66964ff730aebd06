from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from stanch.model import Account, Engagement, Evidence, Login, Payout, Source
from stanch.workers import BASE_RATE, INDICATORS, Context, Level, TaintedWallet, Vetted, payout_wallets, vet
from stanch.workers.confirmed import Confirmed

Make = Callable[..., Engagement]

WALLET = "0x08723392ed15743cc38513c4925f5e6be5c17243"
ACCOUNT = Account("eip155:1", WALLET)
SOURCE = Source("cases.csv", "line 2", "cd" * 32)


def ids(answer: Vetted) -> list[str]:
    return [signal.id for signal in answer.score.signals]


def tainted(**changes: object) -> TaintedWallet:
    wallet = TaintedWallet(
        ACCOUNT,
        "ronin-2022",
        0.9,
        Decimal("12000"),
        "ETH",
        1,
        Decimal("11000"),
        Decimal("12595"),
        (Evidence("12,595 ETH from 0x098b…", Source("ledger.parquet", "row 7", "ef" * 32)),),
    )
    return replace(wallet, **changes)  # type: ignore[arg-type]


def paid_to_wallet(make: Make, number: int = 1) -> Engagement:
    return make(
        number, payouts=(Payout(holder="Mateusz Nowak", wallet=WALLET, chain="eip155:1"),), name="Mateusz Nowak"
    )


def test_level_when_nothing_is_shared(make: Make) -> None:
    answers = vet([make(number) for number in range(8)])
    assert {answer.level for answer in answers} == {Level.NONE}


def test_probability_is_the_base_rate_when_nothing_is_raised(make: Make) -> None:
    (answer,) = vet([make(1)])
    assert answer.score.probability == pytest.approx(BASE_RATE)
    assert answer.score.low == answer.score.high == answer.score.probability


def test_ring_is_found_by_two_strong_kinds(make: Make) -> None:
    ring = [make(n, payouts=(Payout(iban="RING000123"),), devices=("fp-ring-1",)) for n in range(3)]
    answers = vet([*ring, make(9)])
    assert [answer.level for answer in answers] == [Level.FINDING] * 3 + [Level.NONE]
    assert ids(answers[0]) == ["I17", "I29"]


def test_one_strong_kind_is_a_watch_note_only(make: Make) -> None:
    answers = vet([make(n, devices=("fp-shared-1",)) for n in range(2)])
    assert [answer.level for answer in answers] == [Level.WATCH] * 2


def test_two_strong_signs_of_one_group_are_no_finding(make: Make) -> None:
    rows = [make(n, documents=("DOC-555-0001",), phones=("+447700900999",)) for n in range(2)]
    assert vet(rows)[0].level is Level.WATCH


def test_evidence_names_both_rows(make: Make) -> None:
    answer = vet([make(1, devices=("fp-shared-1",)), make(2, devices=("fp-shared-1",))])[0]
    evidence = answer.score.signals[0].evidence
    assert [item.source.locator for item in evidence] == ["line 1", "line 2"]
    assert "e2" in evidence[0].statement
    assert evidence[0].bits == answer.score.signals[0].bits
    assert evidence[1].bits is None


def test_placeholders_are_never_links(make: Make) -> None:
    rows = [
        make(
            n,
            documents=("N/A", "000000000"),
            devices=("unknown",),
            phones=("000000000",),
            payouts=(Payout(iban="N/A"),),
        )
        for n in range(4)
    ]
    assert all(not answer.score.signals for answer in vet(rows))


def test_placeholder_document_could_not_be_checked(make: Make) -> None:
    (answer,) = vet([make(1, documents=("N/A",))])
    assert "I01" in answer.could_not_check


def test_empty_record_lists_every_indicator_and_scores_the_base_rate() -> None:
    (answer,) = vet([Engagement("bare")])
    assert list(answer.could_not_check) == list(INDICATORS)
    assert answer.score.probability == pytest.approx(BASE_RATE)


def test_missing_data_does_not_move_the_probability(make: Make) -> None:
    full = vet([make(1, devices=("fp-shared-1",)), make(2, devices=("fp-shared-1",))])[0]
    bare = vet([Engagement("x", devices=("fp-shared-1",)), make(2, devices=("fp-shared-1",))])[0]
    assert bare.score.probability == full.score.probability


def test_same_person_at_two_employers_is_no_ring(make: Make) -> None:
    first = make(1)
    second = replace(
        first, id="e1b", employer="Another employer", source=Source("engagements.jsonl", "line 2", "ab" * 32)
    )
    assert all(not answer.score.signals for answer in vet([first, second]))


def test_same_person_spelled_in_two_ways_is_no_ring(make: Make) -> None:
    first = make(1, name="Kim Min-jun")
    second = replace(first, id="e1b", name="KIM Min Joon", employer="Another employer")
    assert not {"I01", "I17", "I29"} & {id for answer in vet([first, second]) for id in ids(answer)}


def test_same_engagement_listed_twice_is_no_ring(make: Make) -> None:
    row = make(1)
    assert all(not answer.score.signals for answer in vet([row, row]))


def test_one_name_with_two_documents_is_two_people(make: Make) -> None:
    rows = [
        make(n, name="Claire Moreau", documents=(f"DOC-900{n}",), phones=("+447700900777",), devices=("fp-one-1",))
        for n in range(2)
    ]
    assert {answer.level for answer in vet(rows)} == {Level.FINDING}


def test_couple_with_one_account_is_not_flagged(make: Make) -> None:
    home = {
        "addresses": ("Voorbeeldlaan 40, Utrecht",),
        "logins": (Login(datetime(2026, 5, 4, tzinfo=UTC), "198.51.100.7"),),
    }
    account = (Payout(holder="Sanne de Boer", iban="NL91ABNA0417164300"),)
    rows = [
        make(1, name="Sanne de Boer", payouts=account, **home),
        make(2, name="Kwame Mensah", payouts=account, **home),
    ]
    assert [answer.level for answer in vet(rows)] == [Level.NONE] * 2


def test_flatmates_are_not_flagged(make: Make) -> None:
    login = (Login(datetime(2026, 5, 4, tzinfo=UTC), "198.51.100.7"),)
    rows = [make(n, addresses=("Flat 3, 9 Sample Street",), logins=login) for n in range(4)]
    assert {answer.level for answer in vet(rows)} == {Level.NONE}


def test_shared_ip_alone_is_never_more_than_nothing(make: Make) -> None:
    login = (Login(datetime(2026, 5, 4, tzinfo=UTC), "203.0.113.50"),)
    for count in (2, 3, 40):
        assert {a.level for a in vet([make(n, logins=login) for n in range(count)])} == {Level.NONE}


def test_private_ip_is_no_link(make: Make) -> None:
    login = (Login(datetime(2026, 5, 4, tzinfo=UTC), "192.168.1.20"),)
    assert all(
        "I23" in a.could_not_check and "I23" not in ids(a) for a in vet([make(n, logins=login) for n in range(2)])
    )


def test_hub_account_weighs_less_the_more_people_it_pays(make: Make) -> None:
    def bits(count: int) -> float:
        return vet([make(n, payouts=(Payout(iban="HUB0001234"),), logins=()) for n in range(count)])[0].score.bits

    assert bits(2) == bits(10) > bits(40) > bits(200) > bits(400) == 0


def test_payee_of_another_name_counts_and_spelling_does_not(make: Make) -> None:
    other = vet([make(1, name="Claire Moreau", payouts=(Payout("Anton Lindqvist", iban="ACCT991234"),))])[0]
    initial = vet([make(1, name="Claire Moreau", payouts=(Payout("C. Moreau", iban="ACCT991234"),))])[0]
    assert ids(other) == ["I16"]
    assert ids(initial) == []
    assert "I16" in initial.could_not_check
    assert "I16" not in other.could_not_check


def test_crypto_payout_and_changes_are_weak(make: Make) -> None:
    since = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3)]
    rows = [
        make(1, payouts=(Payout(wallet=WALLET, chain="eip155:1"),)),
        make(2, payouts=tuple(Payout(iban=f"ACCT88123{n}", since=at) for n, at in enumerate(since))),
    ]
    assert [ids(answer) for answer in vet(rows)] == [["I15"], ["I15"]]
    assert {answer.level for answer in vet(rows)} == {Level.NONE}


def test_tainted_payout_wallet_is_a_hard_link(make: Make) -> None:
    (answer,) = vet([paid_to_wallet(make)], Context(wallets={ACCOUNT: (tainted(),)}))
    assert answer.level is Level.FINDING
    assert any("ronin-2022" in item.statement for item in answer.score.signals[-1].evidence)
    assert any(item.source.name == "ledger.parquet" for item in answer.score.signals[-1].evidence)


@pytest.mark.parametrize(
    "change",
    [
        {"share": 0.01},
        {"amount": Decimal("0.001"), "low": Decimal(0)},
        {"hops": 4},
        {"through_service": True},
        {"asset": "eip155:1/erc20:0x0000000000000000000000000000000000000bad"},
    ],
)
def test_dust_and_pooled_taint_do_not_count(make: Make, change: dict[str, object]) -> None:
    (answer,) = vet([paid_to_wallet(make)], Context(wallets={ACCOUNT: (tainted(**change),)}))
    assert answer.level is Level.NONE
    assert "I19" not in ids(answer)


def test_wallet_could_not_be_checked_unless_a_traced_ledger_saw_it(make: Make) -> None:
    row = paid_to_wallet(make)
    for context, missing in (
        (Context(), True),
        (Context(wallets={}), True),
        (Context(wallets={ACCOUNT: ()}), False),
    ):
        assert ("I19" in vet([row], context)[0].could_not_check) is missing


def test_payout_wallets_are_in_normal_form(make: Make) -> None:
    row = make(1, payouts=(Payout(wallet=WALLET.upper().replace("0X", "0x"), chain="ETH"), Payout(wallet="nonsense")))
    assert payout_wallets([row]) == (ACCOUNT,)


@pytest.mark.parametrize(
    ("kind", "value", "level"),
    [
        ("device", "fp-9a00001", Level.FINDING),
        ("document", "DOC7700001", Level.FINDING),
        ("iban", "ACCT77000001", Level.FINDING),
        ("phone", "+447700900001", Level.WATCH),
        ("ip", "198.51.100.1", Level.NONE),
    ],
)
def test_link_with_a_confirmed_case(make: Make, kind: str, value: str, level: Level) -> None:
    context = Context(confirmed=(Confirmed(kind, value, "Case 7", SOURCE),))
    first, second = vet([make(1), make(2)], context)
    assert first.level is level
    assert second.level is Level.NONE


def test_confirmed_engagement_taints_others_not_itself(make: Make) -> None:
    rows = [make(1, devices=("fp-shared-1",)), make(2, devices=("fp-shared-1",))]
    answers = vet(rows, Context(confirmed=(Confirmed("engagement", "e1", "Case 7", SOURCE),)))
    assert [answer.level for answer in answers] == [Level.WATCH, Level.FINDING]


def test_hub_shared_with_a_confirmed_case_is_no_hard_link(make: Make) -> None:
    rows = [make(n, payouts=(Payout(iban="PAYROLL0001"),)) for n in range(150)]
    answers = vet(rows, Context(confirmed=(Confirmed("iban", "PAYROLL0001", "Case 7", SOURCE),)))
    assert Level.FINDING not in {answer.level for answer in answers}


def test_base_rate_moves_the_probability(make: Make) -> None:
    rows = [make(n, devices=("fp-shared-1",)) for n in range(2)]
    assert vet(rows, Context(base_rate=1 / 5000))[0].score.probability < vet(rows)[0].score.probability


def test_json_has_every_key_in_input_order(make: Make) -> None:
    rows = [make(n) for n in (5, 3, 4)]
    printed = [json.loads(json.dumps(answer.to_json())) for answer in vet(rows)]
    assert [row["engagement_id"] for row in printed] == ["e5", "e3", "e4"]
    keys = ["engagement_id", "probability", "low", "high", "bits", "level", "indicators", "could_not_check"]
    assert all(list(row) == keys for row in printed)


def test_bits_of_evidence_add_up_to_the_total(make: Make) -> None:
    rows = [
        make(
            n,
            documents=("DOC-1234567",),
            phones=("+447700900999",),
            devices=("fp-a-1",),
            payouts=(Payout(iban="RING01234"),),
        )
        for n in range(3)
    ]
    for answer in vet(rows):
        weighed = [e.bits for signal in answer.score.signals for e in signal.evidence if e.bits is not None]
        assert sum(weighed) == pytest.approx(answer.score.bits)


def test_hostile_values_are_cut_and_cleaned_in_statements(make: Make) -> None:
    rows = [make(n, devices=("fp\u202e\x1b[31m" + "9" * 400,)) for n in range(2)]
    statement = vet(rows)[0].score.signals[0].evidence[0].statement
    assert statement.isprintable()
    assert len(statement) < 250


def test_values_too_long_are_no_identifiers(make: Make) -> None:
    rows = [make(n, devices=("9" * 10_000_000,), documents=("7" * 10_000_000,)) for n in range(2)]
    assert all(not answer.score.signals for answer in vet(rows))
