"""Who is really being paid? Vetting of engagements by the traces that work leaves, never by who somebody is.

`vet` is the one entry; `findings` turns its answers into records for review. Likelihood ratios stand in `weights`, what
the score may see in `traces`; `docs/methods/workers.md` says what it can and cannot show.
"""

from stanch.workers.confirmed import Confirmed, read_confirmed
from stanch.workers.findings import CLAIM, DETECTOR, NOT_SHOWN, VERSION, band, findings, headline
from stanch.workers.registry import INDICATORS, Indicator
from stanch.workers.scoring import Group, Level, Score, Signal
from stanch.workers.sharing import Ring, Sharing, rings, share
from stanch.workers.traces import Relation, TaintedWallet, Traces
from stanch.workers.vetting import Context, Vetted, payout_wallets, vet
from stanch.workers.weights import BASE_RATE, WATCH_AT, WEIGHTS, Weight

__all__ = [
    "BASE_RATE",
    "CLAIM",
    "DETECTOR",
    "INDICATORS",
    "NOT_SHOWN",
    "VERSION",
    "WATCH_AT",
    "WEIGHTS",
    "Confirmed",
    "Context",
    "Group",
    "Indicator",
    "Level",
    "Relation",
    "Ring",
    "Score",
    "Sharing",
    "Signal",
    "TaintedWallet",
    "Traces",
    "Vetted",
    "Weight",
    "band",
    "findings",
    "headline",
    "payout_wallets",
    "read_confirmed",
    "rings",
    "share",
    "vet",
]
