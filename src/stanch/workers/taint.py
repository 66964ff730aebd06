"""From a trace to what vetting needs of it: which payout accounts stolen value reached, and by which rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stanch.model import Account, Evidence, format_time
from stanch.tracing import AssetTrace, Reach, Trace
from stanch.tracing.amounts import text_of
from stanch.tracing.flow import moment_of
from stanch.workers.traces import TaintedWallet

_ROWS_SHOWN = 3


def taint_of(traces: Iterable[Trace], accounts: Sequence[Account]) -> dict[Account, tuple[TaintedWallet, ...]]:
    """What traces of thefts say about accounts, as `Context.wallets` wants it.

    An account on none of the traced ledgers is left out (nothing can be said of it); one that is on a ledger and was
    not reached has an empty answer.
    """
    found: dict[Account, tuple[TaintedWallet, ...]] = {}
    for trace in traces:
        for account in accounts:
            if any(ledger.holds(account) for ledger in trace.ledgers):
                reached = tuple(
                    _wallet(trace, asset, reach)
                    for asset in trace.assets
                    if (reach := asset.reach(account, trace.theft_id)) is not None
                )
                found[account] = (*found.get(account, ()), *reached)
    return found


def _wallet(trace: Trace, asset: AssetTrace, reach: Reach) -> TaintedWallet:
    # A service pools the coins of many: that taint arrived there says nothing about who is paid there.
    pooled = reach.passed_service or trace.boundary.stop_reason(reach.account) is not None
    return TaintedWallet(
        account=reach.account,
        theft_id=reach.theft_id or "the seeds of the trace",
        share=reach.share,
        amount=reach.amount,
        asset=reach.asset,
        hops=reach.hops,
        low=reach.low,
        high=reach.high,
        evidence=tuple(_rows(asset, reach.account)),
        through_service=pooled,
    )


def _rows(asset: AssetTrace, account: Account) -> Iterable[Evidence]:
    number = asset.number_of(account)
    if number is None:
        return
    for row, units in asset.rows_into(number, _ROWS_SHOWN):
        position = int(asset.flow.position[row])
        text = asset.ledger.text_rows(asset.flow.position[row : row + 1]).to_pylist()[0]
        amount = text_of(int(asset.flow.amount[row]), asset.scale)
        yield Evidence(
            f"{format_time(moment_of(int(asset.ledger.time_us[position])))}: {text['sender']} sent {amount} "
            f"{asset.ledger.asset} to {text['receiver']}; {text_of(units, asset.scale)} of it is stolen",
            asset.ledger.place(position),
        )
