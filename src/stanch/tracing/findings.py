"""Findings of tracing: who holds stolen value, with the rows that brought it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from stanch.model import (
    Account,
    AmountBand,
    Evidence,
    Finding,
    Label,
    Source,
    Subject,
    format_decimal,
    format_time,
)
from stanch.tracing.amounts import text_of
from stanch.tracing.asset import HELD, AssetTrace, Holder
from stanch.tracing.flow import moment_of
from stanch.tracing.policies import REFERENCE
from stanch.tracing.trace import Trace

DETECTOR = "tracing.stolen-funds"
VERSION = 1
CLAIM = "stolen-funds"

#: An account that is no service is reported from this share of what was stolen. Below it lie thousands of small ones.
HOLDER_SHARE = Decimal("0.005")
#: A watched account is reported from these shares of what was stolen and of its own inflow: anybody can send dust to
#: anybody, and a speck of tainted value says nothing about who received it.
WATCHED_SHARE_OF_STOLEN = Decimal("0.0000001")
WATCHED_SHARE_OF_INFLOW = 0.001
_ROWS_SHOWN = 10


def findings(
    trace: Trace,
    theft_id: str,
    theft_name: str = "",
    *,
    watch: Mapping[Account, Subject] | None = None,
    holder_share: Decimal = HOLDER_SHARE,
) -> list[Finding]:
    """What a trace of one theft found, one finding for each account and asset, in the order of the trace's holders.

    Reported are services where stolen value stopped and accounts that hold at least `holder_share` of it; and every
    account of `watch` (a customer's wallets, say), about the subject given there, that received more than dust, whether
    or not it still holds it.
    """
    watch = {} if watch is None else watch
    name = theft_name or theft_id
    found = []
    for asset in trace.assets:
        limit = holder_share * asset.amount(asset.stolen)
        for holder in asset.holders():
            large = holder.value > 0 and (holder.reason != HELD or asset.amount(holder.value) >= limit)
            if large and holder.account not in watch:
                found.append(_about_holder(asset, holder, theft_id, name))
        found += _about_watched(asset, theft_id, name, watch)
    return found


def _about_holder(asset: AssetTrace, holder: Holder, theft_id: str, name: str) -> Finding:
    amount = AmountBand(
        asset.amount(holder.value), asset.ledger.asset, asset.amount(holder.low), asset.amount(holder.high)
    )
    # Behind a service coins are pooled: that they arrived there is all a trace can say.
    at_rest = holder.reason == HELD
    notes = [part for part in ("" if at_rest else holder.reason, holder.account.address if holder.name else "") if part]
    who = (holder.name or holder.account.address) + (f" ({', '.join(notes)})" if notes else "")
    what = "holds" if at_rest else "received"
    headline = f"{who} {what} {_round(amount.value)} {_unit(asset)} stolen in {name}"
    schema = "BankAccount" if holder.account.chain.startswith("bank:") else "CryptoWallet"
    subject = Subject(schema, str(holder.account), holder.name or holder.account.address)
    return _finding(asset, holder.number, holder.labels, subject, theft_id, headline, amount)


def _about_watched(asset: AssetTrace, theft_id: str, name: str, watch: Mapping[Account, Subject]) -> Iterator[Finding]:
    stolen = asset.amount(asset.stolen)
    for account in sorted(watch):
        reach = asset.reach(account, theft_id)
        number = asset.number_of(account)
        if reach is None or number is None:
            continue
        if reach.amount < WATCHED_SHARE_OF_STOLEN * stolen or reach.share < WATCHED_SHARE_OF_INFLOW:
            continue
        amount = AmountBand(reach.amount, asset.ledger.asset, reach.low, reach.high)
        headline = (
            f"{account.address} received {_round(reach.amount)} {_unit(asset)} stolen in {name}, "
            f"{reach.share:.1%} of its inflow, {reach.hops} transfer{'' if reach.hops == 1 else 's'} from the theft"
        )
        labels = asset.boundary.labels_of(account)
        yield _finding(asset, number, labels, watch[account], theft_id, headline, amount)


def _finding(
    asset: AssetTrace,
    number: int,
    labels: tuple[Label, ...],
    subject: Subject,
    theft_id: str,
    headline: str,
    amount: AmountBand,
) -> Finding:
    return Finding(
        detector=DETECTOR,
        version=VERSION,
        subject=subject,
        claim=CLAIM,
        # The asset is part of the object: amounts of two assets are two claims.
        object=f"{theft_id}/{asset.ledger.asset}",
        headline=headline,
        probability=None,
        amount=amount,
        evidence=tuple(_evidence(asset, number, labels)),
        as_of=asset.as_of,
    )


def _evidence(asset: AssetTrace, number: int, labels: tuple[Label, ...]) -> Iterator[Evidence]:
    ledger = asset.ledger
    rows = asset.rows_into(number, _ROWS_SHOWN)
    for row, units in rows:
        position = int(asset.flow.position[row])
        text = {
            name: column[0] for name, column in ledger.text_rows(asset.flow.position[row : row + 1]).to_pydict().items()
        }
        tx = f", transaction {text['tx']}" if text["tx"] else ""
        amount = text_of(int(asset.flow.amount[row]), asset.scale)
        yield Evidence(
            f"{format_time(moment_of(int(ledger.time_us[position])))}: {text['sender']} sent {amount} {_unit(asset)} "
            f"to {text['receiver']}{tx}; {text_of(units, asset.scale)} of it is stolen",
            ledger.place(position),
        )
    for label in labels:
        if label.sha256:
            place = Source(label.source, label.locator, label.sha256)
            yield Evidence(f'{label.account.address} is labelled "{label.label}" ({label.category})', place)
    books = asset.totals(REFERENCE)
    reference = asset.outcomes[REFERENCE]
    text_units = {
        name: text_of(units, asset.scale)
        for name, units in (
            ("stolen", asset.stolen), ("seen", reference.observed), ("assumed", reference.inferred),
            ("held", books.held), ("stopped", books.stopped), ("fees", books.fees),
            ("unobserved", int(asset.unobserved.sum())),
        )
    }  # fmt: skip
    source = ledger.place(int(asset.flow.position[rows[0][0]])) if rows else ledger.place(0)
    yield Evidence(
        "The books of the trace under haircut: {stolen} stolen ({seen} seen to arrive at the seeds, {assumed} assumed "
        "because they spent it) = {held} held + {stopped} stopped at services + {fees} fees; inflow that the ledger "
        "does not show: {unobserved}".format(**text_units)
        + (f"; lost to rounding: {format_decimal(ledger.quantisation)}" if ledger.quantisation else ""),
        Source(source.name, "whole file", source.sha256),
    )


def _unit(asset: AssetTrace) -> str:
    return asset.ledger.asset


def _round(amount: Decimal) -> str:
    """For headlines: two decimals, or three significant digits below 1."""
    return f"{amount:,.2f}" if amount >= 1 else format_decimal(Decimal(f"{amount:.3g}"))
