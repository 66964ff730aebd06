"""Vet engagements: which of them carry the signs of disguised work, how likely that makes it, and why."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from stanch.model import Account, Engagement
from stanch.names.identifiers import normalise_chain, read_account
from stanch.workers import indicators as _registered  # noqa: F401  (importing it fills the registry)
from stanch.workers.confirmed import Confirmed, confirmed_links
from stanch.workers.identifiers import payouts_of
from stanch.workers.registry import INDICATORS
from stanch.workers.relations import payee_differs
from stanch.workers.scoring import Level, Score, Signal, score
from stanch.workers.sharing import Sharing, share
from stanch.workers.traces import ConfirmedLink, Relation, TaintedWallet, Traces
from stanch.workers.weights import BASE_RATE, WATCH_AT

#: On what `Traces.observed` says of identifiers.
_OBSERVED_AS = {
    "document": "documents",
    "iban": "payouts",
    "wallet": "payouts",
    "account": "payouts",
    "device": "devices",
    "email": "contacts",
    "phone": "contacts",
    "address": "contacts",
    "ip": "ips",
}


@dataclass(frozen=True, slots=True)
class Context:
    """What is known besides the records.

    `base_rate` is the share of disguised workers expected before anything is seen (0..1); `watch_at` the probability
    from which a watch note is given. `wallets` says what tracing found on payout accounts: an account with () was on a
    traced ledger and is clean, one that is absent was not seen, None means that nothing was traced.
    """

    base_rate: float = BASE_RATE
    watch_at: float = WATCH_AT
    confirmed: tuple[Confirmed, ...] = ()
    wallets: Mapping[Account, Sequence[TaintedWallet]] | None = None


@dataclass(frozen=True, slots=True)
class Vetted:
    """The answer about one engagement. `could_not_check` holds ids of indicators whose data the record lacks."""

    engagement: Engagement
    traces: Traces = field(repr=False)
    score: Score
    could_not_check: tuple[str, ...]

    @property
    def level(self) -> Level:
        """finding, watch or none."""
        return self.score.level

    def to_json(self) -> dict[str, Any]:
        """As printed by `stanch vet`; every key is always present. Bits are log2 of likelihood ratios."""
        return {
            "engagement_id": self.engagement.id,
            "probability": round(self.score.probability, 6),
            "low": round(self.score.low, 6),
            "high": round(self.score.high, 6),
            "bits": round(self.score.bits, 3),
            "level": self.level.value,
            "indicators": [
                {
                    "id": signal.id,
                    "bits": round(signal.bits, 3),
                    "evidence": [item.to_json() for item in signal.evidence],
                }
                for signal in self.score.signals
            ],
            "could_not_check": list(self.could_not_check),
        }


def vet(engagements: Iterable[Engagement], context: Context | None = None) -> list[Vetted]:
    """Vet all engagements of one set of records together, in their order; sharing is seen only within the set."""
    context = context or Context()
    with _collector_paused():
        sharing = share(engagements)
        cases = confirmed_links(sharing, context.confirmed)
        return [_vetted(sharing, index, cases[index], context) for index in range(len(sharing.engagements))]


def _vetted(sharing: Sharing, index: int, cases: tuple[ConfirmedLink, ...], context: Context) -> Vetted:
    traces = traces_of(sharing, index, cases, context)
    signals, missing = raised(traces)
    return Vetted(
        sharing.engagements[index], traces, score(signals, context.base_rate, context.watch_at), tuple(missing)
    )


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Hold off the garbage collector: nothing here is cyclic, and its walks over millions of new objects were 40 % of
    the time at 100,000 engagements."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def raised(traces: Traces) -> tuple[list[Signal], list[str]]:
    """The signals that the registered indicators raise, and the ids of those that could not be checked, by id."""
    signals, missing = [], []
    for item in INDICATORS.values():
        if not item.could_check(traces):
            missing.append(item.id)
        elif (signal := item.check(traces)) is not None:
            signals.append(signal)
    return signals, missing


def payout_wallets(engagements: Iterable[Engagement]) -> tuple[Account, ...]:
    """The wallets that pay goes to, as accounts to trace: in normal form, without repeats, in order."""
    return tuple(dict.fromkeys(account for row in engagements for account in _wallets(row)))


def traces_of(sharing: Sharing, index: int, cases: tuple[ConfirmedLink, ...], context: Context) -> Traces:
    """What the score may see of one engagement. The only place where a record's names are at hand."""
    engagement = sharing.engagements[index]
    differs = payee_differs(engagement)
    observed = {_OBSERVED_AS[item.kind] for item in sharing.identifiers[index]}
    if differs in (Relation.YES, Relation.NO):
        observed.add("holders")
    tainted: list[TaintedWallet] = []
    for account in _wallets(engagement):
        if context.wallets is not None and account in context.wallets:
            observed.add("traced-wallets")
            tainted += context.wallets[account]
    return Traces(
        sharing.places[index],
        frozenset(observed),
        sharing.links_of(index),
        cases,
        payouts_of(engagement),
        differs,
        tuple(tainted),
    )


def _wallets(engagement: Engagement) -> tuple[Account, ...]:
    accounts = []
    for payout in engagement.payouts:
        if payout.wallet:
            try:
                accounts.append(
                    Account(*read_account(payout.wallet, normalise_chain(payout.chain) if payout.chain else None))
                )
            except ValueError:
                continue  # An address of no chain we know: it is still joined on as text, but cannot be traced.
    return tuple(dict.fromkeys(accounts))
