"""Where did the money go? Taint policies in time order, exact and conserving, stopped at services.

Method, rules and doubts: ``docs/methods/tracing.md``.
"""

from stanch.tracing.asset import AssetTrace, Holder, Reach
from stanch.tracing.boundary import Boundary
from stanch.tracing.conservation import ConservationError
from stanch.tracing.findings import findings
from stanch.tracing.ledger import Ledger, LedgerSource, SourceTable, build_ledgers
from stanch.tracing.policies import POLICIES
from stanch.tracing.seeds import Seed, SeedText, place_seeds, seeds_of_theft
from stanch.tracing.trace import Trace, trace

__all__ = [
    "POLICIES",
    "AssetTrace",
    "Boundary",
    "ConservationError",
    "Holder",
    "Ledger",
    "LedgerSource",
    "Reach",
    "Seed",
    "SeedText",
    "SourceTable",
    "Trace",
    "build_ledgers",
    "findings",
    "place_seeds",
    "seeds_of_theft",
    "trace",
]
