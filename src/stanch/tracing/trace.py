"""The whole trace: every asset that the seeds moved, and the manifest that lets anybody repeat it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from stanch import __version__
from stanch.exc import InputError
from stanch.model import Account, format_decimal, format_time
from stanch.tracing.amounts import text_of
from stanch.tracing.asset import AssetTrace, Holder, Reach
from stanch.tracing.boundary import Boundary
from stanch.tracing.flow import seeds_in
from stanch.tracing.ledger import Ledger
from stanch.tracing.policies import POLICIES, REFERENCE
from stanch.tracing.seeds import Seed
from stanch.tracing.where import where_now


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Where stolen value went. Only assets in which a seed takes part are in it, in order of chain and asset."""

    assets: tuple[AssetTrace, ...]
    ledgers: tuple[Ledger, ...]
    seeds: tuple[Seed, ...]
    boundary: Boundary
    policies: tuple[str, ...]
    theft_id: str | None

    def reach(self, account: Account) -> Reach | None:
        """What of the theft arrived at an account: the asset in which it makes the largest share of the inflow."""
        found = self.reaches(account)
        return max(found, key=lambda reach: (reach.share, reach.amount, reach.asset)) if found else None

    def reaches(self, account: Account) -> tuple[Reach, ...]:
        """The same for every asset, in order of asset."""
        found = (asset.reach(account, self.theft_id) for asset in self.assets)
        return tuple(reach for reach in found if reach is not None)

    def manifest(self) -> dict[str, Any]:
        """Everything the answer rests on: the same manifest gives the same bytes."""
        inputs = dict.fromkeys(source for ledger in self.ledgers for source in ledger.sources)
        present = {seed for asset in self.assets for seed in asset.seeds}
        return {
            "inputs": [{"name": source.name, "sha256": source.sha256} for source in inputs],
            "policies": list(self.policies),
            "labels_version": self.boundary.version,
            "code_version": __version__,
            "theft": self.theft_id,
            "seeds": [{**seed.to_json(), "in_ledger": seed in present} for seed in self.seeds],
            "hub_degree": self.boundary.hub_degree,
            "ledgers": [
                {"chain": ledger.chain, "asset": ledger.asset, **ledger.counts.to_json()} for ledger in self.ledgers
            ],
        }

    def to_json(self) -> dict[str, Any]:
        """The output of ``stanch trace --format json``; every key is always present."""
        return {"manifest": self.manifest(), "assets": [_asset_json(asset) for asset in self.assets]}


def trace(
    ledgers: Iterable[Ledger],
    seeds: Sequence[Seed],
    boundary: Boundary | None = None,
    policies: Sequence[str] = ("haircut", "poison"),
    *,
    theft_id: str | None = None,
    all_seeds: bool = True,
    prune: bool = True,
) -> Trace:
    """Follow stolen value from its seeds through ledgers, under several policies.

    `all_seeds=False` accepts seeds that are in no ledger as long as one is (the registry knows more addresses of a
    theft than a ledger shows). `prune=False` is for checking the pruning: it costs time and changes nothing.

    Raises:
        InputError: no seed, an unknown policy, or a seed that is in no ledger.
        ConservationError: a fault of stanch.
    """
    ledgers, seeds = tuple(ledgers), tuple(dict.fromkeys(seeds))
    boundary = Boundary() if boundary is None else boundary
    if unknown := [name for name in policies if name not in POLICIES]:
        raise InputError(f"unknown policy: {unknown[0]!r}", remedy=f"choose from {', '.join(POLICIES)}")
    if not seeds:
        raise InputError("no seed to start from", remedy="give an address with --from, or a theft with --theft")
    chosen = tuple(dict.fromkeys(policies)) or (REFERENCE,)
    assets = []
    missing = dict.fromkeys(seeds)
    for ledger in ledgers:
        here = seeds_in(ledger, seeds)
        for seed in here:
            missing.pop(seed, None)
        if here:
            assets.append(AssetTrace.run(ledger, here, boundary, chosen, prune))
    shadowed = {seed.account for asset in assets for seed in asset.seeds}
    absent = [seed for seed in missing if seed.account not in shadowed]
    if absent and (all_seeds or not assets):
        named = ", ".join(str(seed.account) for seed in absent[:3]) + (" …" if len(absent) > 3 else "")
        raise InputError(f"not in the ledger: {named}", remedy="check the address, its chain, and the ledger file")
    return Trace(tuple(assets), ledgers, seeds, boundary, chosen, theft_id)


def _asset_json(asset: AssetTrace) -> dict[str, Any]:
    def text(units: int) -> str:
        return text_of(units, asset.scale)

    reference = asset.outcomes[REFERENCE]
    totals = {name: asset.totals(name) for name in asset.policies}
    books = asset.totals(REFERENCE)
    holders = asset.holders()
    unobserved = int(asset.unobserved.sum())
    return {
        "asset": asset.ledger.asset,
        "chain": asset.ledger.chain,
        "stolen": text(asset.stolen),
        "stolen_observed": text(reference.observed),
        "stolen_inferred": text(reference.inferred),
        "assumed": reference.inferred > 0,
        "accounted": text(books.held + books.stopped + books.fees),
        "unobserved_inflow": text(unobserved),
        "unobserved_inflow_clean": text(unobserved - reference.inferred),
        "scale": asset.scale,
        "quantisation": format_decimal(asset.ledger.quantisation),
        "as_of": format_time(asset.as_of),
        "totals": {
            name: {field: text(getattr(one, field)) for field in ("stolen", "held", "stopped", "fees", "remainder")}
            for name, one in totals.items()
        },
        "where": [place.to_json() for place in where_now(asset, holders)],
        "holders": [holder_json(asset, holder) for holder in holders],
        "edges": asset.edges(),
    }


def holder_json(asset: AssetTrace, holder: Holder) -> dict[str, Any]:
    """A holder as printed."""

    def text(units: int) -> str:
        return text_of(units, asset.scale)

    return {
        "chain": holder.account.chain,
        "address": holder.account.address,
        "label": holder.name,
        "category": holder.category,
        "reason": holder.reason,
        "by_policy": {name: text(holder.by_policy[name]) for name in asset.policies},
        "low": text(holder.low),
        "high": text(holder.high),
        "first_at": None if holder.first_at is None else format_time(holder.first_at),
        "last_at": None if holder.last_at is None else format_time(holder.last_at),
        "seed": holder.seed,
        "unobserved_inflow": text(holder.unobserved),
        "labels": [
            {"label": label.label, "category": label.category, "source": label.source, "role": label.role,
             "date": label.date, "confidence": label.confidence}
            for label in holder.labels
        ],
    }  # fmt: skip
