"""The indicators that stanch computes today. Each reads `Traces` and nothing else; weights stand in `weights`.

A shared value is weighed once per indicator, by its heaviest instance: two phone numbers shared with the same person
have one cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import islice, pairwise

from stanch.model import Evidence, format_decimal
from stanch.workers.registry import indicator
from stanch.workers.scoring import Group, Signal
from stanch.workers.sharing import HUB_FACTOR
from stanch.workers.traces import ConfirmedLink, Link, PayoutTrace, Place, Relation, TaintedWallet, Traces
from stanch.workers.weights import WEIGHTS, Weight

#: Taint that makes a payout wallet a hard link, under haircut: at least this share of what the wallet received, at
#: least this much (about 100 US dollars of the day; assets not named here cannot be judged), within this many transfers
#: of the theft, and on a way that passes no service. Less is dust, which ties every exchange user to some theft.
MIN_SHARE = 0.05
MIN_AMOUNT = {
    "ETH": Decimal("0.05"),
    "BTC": Decimal("0.002"),
    "BNB": Decimal("0.2"),
    "TRX": Decimal("400"),
    "SOL": Decimal("1"),
    "eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7": Decimal("100"),
    "eip155:1/erc20:0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48": Decimal("100"),
}
MAX_HOPS = 3

#: This many changes of the payout account within so many days are "often". Estimate.
CHANGES, CHANGES_WITHIN = 2, timedelta(days=90)

#: A hard link with a confirmed case is a document, a payee or a device, never a contact or a place.
_HARD = frozenset({"document", "iban", "wallet", "account", "device"})
_WEAK = frozenset({"address", "ip"})
_WORDS = {
    "document": "document number",
    "iban": "bank account",
    "wallet": "payout wallet",
    "account": "payout account",
    "device": "device",
    "email": "e-mail address",
    "phone": "phone number",
    "address": "postal address",
    "ip": "log-in IP address",
}
#: Shared values of one indicator, and other records of one value, that are named in evidence.
_SHOWN_VALUES, _SHOWN_OTHERS = 5, 3


@indicator(
    "I01",
    version=1,
    group=Group.IDENTITY,
    needs=("documents",),
    weights=("document", "household", "confirmed-hard"),
    means="One identity document, by number or image hash, stands in the records of several people.",
    false_positive="A typing error, a scan filed under the wrong person, a number reissued by the authority.",
    hard_when="the document belongs to a confirmed case",
)
def shared_document(traces: Traces) -> Signal | None:
    """One document behind several people."""
    return _shared("I01", Group.IDENTITY, traces, ("document",))


@indicator(
    "I03",
    version=1,
    group=Group.IDENTITY,
    needs=("contacts",),
    weights=("email", "phone", "address", "household", "confirmed-contact", "confirmed-weak"),
    means="Several people give the same phone number, e-mail address or postal address.",
    false_positive="Couples, flatmates, families, agencies that file for their workers, coworking spaces, dormitories, "
    "recycled numbers. A postal address alone weighs next to nothing.",
)
def shared_contact(traces: Traces) -> Signal | None:
    """Same phone, e-mail or address on several people."""
    return _shared("I03", Group.IDENTITY, traces, ("email", "phone", "address"))


@indicator(
    "I15",
    version=1,
    group=Group.PAYMENT,
    needs=("payouts",),
    weights=("crypto-payout", "payout-changes"),
    means="Pay goes to a crypto wallet, or the payout account changed at least twice within 90 days.",
    false_positive="Freelancers where banks fail them, people who move country or change banks, crypto companies that "
    "pay everybody so.",
)
def crypto_or_changing_payout(traces: Traces) -> Signal | None:
    """Crypto payout, or frequent change of the payout account."""
    place = traces.place
    if (changes := _most_changes(traces.payouts)) >= CHANGES:
        text = f"the payout account changed {changes} times within {CHANGES_WITHIN.days} days"
        return Signal.of("I15", Group.PAYMENT, WEIGHTS["payout-changes"], [Evidence(text, place.source)])
    if any(payout.kind == "wallet" for payout in traces.payouts):
        text = "pay goes to a crypto wallet"
        return Signal.of("I15", Group.PAYMENT, WEIGHTS["crypto-payout"], [Evidence(text, place.source)])
    return None


@indicator(
    "I16",
    version=1,
    group=Group.PAYMENT,
    needs=("holders",),
    weights=("payee-differs",),
    means="The payout account is held by somebody else. Whether it is, was decided outside the score as yes, no or "
    "unclear; another spelling of the name is unclear and counts neither way.",
    false_positive="People paid through a spouse, parent or agent, married and professional names.",
)
def payee_differs(traces: Traces) -> Signal | None:
    """Payout account held by another person."""
    if traces.payee_differs is not Relation.YES:
        return None
    text = "the holder of the payout account is not the person engaged"
    return Signal.of("I16", Group.PAYMENT, WEIGHTS["payee-differs"], [Evidence(text, traces.place.source)])


@indicator(
    "I17",
    version=1,
    group=Group.PAYMENT,
    needs=("payouts",),
    weights=("iban", "wallet", "account", "household", "confirmed-hard"),
    means="Several people are paid to one bank account, wallet or platform account.",
    false_positive="Couples with one account, agencies and payroll providers (many payees: weighted down as a hub).",
    hard_when="the account belongs to a confirmed case",
)
def shared_payee(traces: Traces) -> Signal | None:
    """One payee behind several people."""
    return _shared("I17", Group.PAYMENT, traces, ("iban", "wallet", "account"))


@indicator(
    "I19",
    version=1,
    group=Group.PAYMENT,
    needs=("traced-wallets",),
    weights=("tainted-wallet",),
    means="Stolen coins reached the payout wallet within three transfers, without passing a service, as at least 5 % "
    "of what it received and about 100 US dollars, under haircut.",
    false_positive="Somebody who bought coins over the counter from a launderer. Less is dust and not counted.",
    hard_when="always: the thresholds are part of the indicator",
)
def tainted_wallet(traces: Traces) -> Signal | None:
    """Payout wallet that tracing ties to a theft."""
    reached = [wallet for wallet in traces.tainted if ties_to_theft(wallet)]
    if not reached:
        return None
    best = max(reached, key=lambda wallet: (wallet.share, wallet.amount, wallet.theft_id))
    text = (
        f"payout wallet {_shown(best.account.address)}: {format_decimal(best.amount)} {best.asset} of the theft "
        f"{best.theft_id} arrived under haircut ({format_decimal(best.low)} to {format_decimal(best.high)} over all "
        f"policies), {best.share:.1%} of what it received, {_hops(best.hops)}, passing no service"
    )
    evidence = [Evidence(text, traces.place.source), *(Evidence(e.statement, e.source) for e in best.evidence)]
    return Signal.of("I19", Group.PAYMENT, WEIGHTS["tainted-wallet"], evidence, hard=True)


@indicator(
    "I23",
    version=1,
    group=Group.NETWORK,
    needs=("ips",),
    weights=("ip", "household", "confirmed-weak"),
    means="Several people sign in from one public IP address.",
    false_positive="Nearly everybody at some time: carriers, VPN exits, offices, households, coworking spaces. Weak by "
    "design, and nothing once more than a few share it.",
)
def shared_ip(traces: Traces) -> Signal | None:
    """Log-ins of several people from one IP address."""
    return _shared("I23", Group.NETWORK, traces, ("ip",))


@indicator(
    "I29",
    version=1,
    group=Group.DEVICE,
    needs=("devices",),
    weights=("device", "household", "confirmed-hard"),
    means="One device or browser fingerprint signs in for several people.",
    false_positive="A family computer, a resold or lent machine, a company's pool of devices. Careful teams keep one "
    "device for each account, so its absence proves nothing.",
    hard_when="the device belongs to a confirmed case",
)
def shared_device(traces: Traces) -> Signal | None:
    """One device behind several people."""
    return _shared("I29", Group.DEVICE, traces, ("device",))


def ties_to_theft(wallet: TaintedWallet) -> bool:
    """Whether taint on a payout wallet is a hard link and not dust; see MIN_SHARE, MIN_AMOUNT, MAX_HOPS."""
    least = MIN_AMOUNT.get(wallet.asset)
    return (
        least is not None
        and wallet.amount >= least
        and wallet.share >= MIN_SHARE
        and wallet.hops <= MAX_HOPS
        and not wallet.through_service
    )


def link_weight(link: Link) -> Weight:
    """What sharing one value weighs: by kind, number of people, and whether a household explains it.

    An identity document is personal even between spouses, so a household does not explain it.
    """
    if link.household and link.identifier.kind != "document":
        return WEIGHTS["household"]
    return _weight_of(link.identifier.kind, link.people)


@lru_cache(maxsize=4096)
def _weight_of(row: str, people: int) -> Weight:
    return WEIGHTS[row].shared_by(people)


def confirmed_weight(link: ConfirmedLink) -> tuple[Weight, bool]:
    """What sharing a value with a confirmed case weighs, and whether it is a hard link (not through a hub)."""
    kind = link.identifier.kind
    row = "confirmed-hard" if kind in _HARD else "confirmed-weak" if kind in _WEAK else "confirmed-contact"
    hub = link.people > HUB_FACTOR * WEIGHTS[row].typical
    return _weight_of(row, link.people), kind in _HARD and not hub


def _shared(id: str, group: Group, traces: Traces, kinds: Sequence[str]) -> Signal | None:
    """The heaviest shared value of some kinds, with the next ones as evidence without further weight."""
    cases = [
        (weight, hard, case)
        for case in traces.confirmed
        if case.identifier.kind in kinds
        for weight, hard in [confirmed_weight(case)]
        if weight.ratio > 1
    ]
    links = [
        (weight, link)
        for link in traces.links
        if link.identifier.kind in kinds and (weight := link_weight(link)).ratio > 1
    ]
    if not cases and not links:
        return None
    # A hard link first, whatever it weighs: it is the reason for the level.
    cases.sort(key=lambda item: (not item[1], -item[0].ratio, item[2].identifier, item[2].case))
    links.sort(key=lambda item: (-item[0].ratio, item[1].identifier))
    evidence = [item for _, _, case in cases[:_SHOWN_VALUES] for item in _case_evidence(case, traces.place)]
    evidence += [item for _, link in links[:_SHOWN_VALUES] for item in _link_evidence(link, traces.place)]
    if (rest := len(cases[_SHOWN_VALUES:]) + len(links[_SHOWN_VALUES:])) > 0:
        evidence.append(Evidence(f"and {rest} more shared values of these kinds", traces.place.source))
    heaviest = max([weight for weight, *_ in cases] + [weight for weight, _ in links], key=lambda one: one.ratio)
    return Signal.of(id, group, heaviest, evidence, hard=any(hard for _, hard, _ in cases))


def _link_evidence(link: Link, own: Place) -> list[Evidence]:
    others = list(islice((place for place in link.places if place.person != own.person), _SHOWN_OTHERS))
    named = ", ".join(_shown(place.engagement_id) for place in others)
    what = f"{_WORDS[link.identifier.kind]} {_shown(link.identifier.value)}"
    rest = f", among {link.people} people in all" if link.people > len(others) + 1 else ""
    home = "; the two give one postal address" if link.household else ""
    first = Evidence(f"{what} is also used by {named}{rest}{home}", own.source)
    rows = [Evidence(f"{what} in the record {_shown(place.engagement_id)}", place.source) for place in others]
    return [first, *rows]


def _case_evidence(link: ConfirmedLink, own: Place) -> list[Evidence]:
    what = f"{_WORDS[link.identifier.kind]} {_shown(link.identifier.value)}"
    return [
        Evidence(f"{what} belongs to a confirmed case: {_shown(link.case)}", own.source),
        Evidence(f"{what} in the list of confirmed cases", link.source),
    ]


def _most_changes(payouts: Sequence[PayoutTrace]) -> int:
    """The most changes of account within the window; the first account is no change. Undated payouts do not count."""
    dated = sorted((payout.since, payout.kind, payout.value) for payout in payouts if payout.since is not None)
    times = [now[0] for before, now in pairwise(dated) if before[1:] != now[1:]]
    most = start = 0
    for end, time in enumerate(times):
        while time - times[start] > CHANGES_WITHIN:
            start += 1
        most = max(most, end - start + 1)
    return most


def _hops(hops: int) -> str:
    if hops == 0:
        return "being itself an address of the theft"
    return f"{hops} transfer{'s' if hops > 1 else ''} from the theft"


def _shown(text: str) -> str:
    """A value of the record for a statement: one line, at most 80 characters, nothing that repaints a terminal."""
    clean = text if text.isprintable() else "".join(char if char.isprintable() else "�" for char in text)
    return clean if len(clean) <= 80 else clean[:79] + "…"
