"""The slow way to say who counts as owned: from the definition, by going through all sets and all possible worlds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, combinations, product

#: asset → owner → percent
World = Mapping[str, Mapping[str, int]]
#: asset → owner → least and greatest percent
Ranges = Mapping[str, Mapping[str, tuple[int, int]]]


def passes(percent: int, threshold: int, at_least: bool) -> bool:
    return percent >= threshold if at_least else percent > threshold


def owned(world: World, seeds: frozenset[str], threshold: int, at_least: bool) -> frozenset[str]:
    """The least set that holds the seeds and every asset in which its members' shares reach the threshold: the
    intersection of all sets that are closed in this way."""
    parties = sorted(set(world) | {owner for owners in world.values() for owner in owners} | seeds)
    every = chain.from_iterable(combinations(parties, size) for size in range(len(parties) + 1))
    closed = [set(some) for some in every if seeds <= set(some) and _is_closed(world, set(some), threshold, at_least)]
    return frozenset(set.intersection(*closed))


def _is_closed(world: World, members: set[str], threshold: int, at_least: bool) -> bool:
    return all(
        asset in members
        or not passes(
            sum(percent for owner, percent in owners.items() if owner in members and owner != asset),
            threshold,
            at_least,
        )
        for asset, owners in world.items()
    )


def worlds(ranges: Ranges, step: int) -> Iterator[World]:
    """Every way to fill in the shares, in steps, such that no asset is owned by more than 100 percent."""
    pairs = [(asset, owner) for asset, owners in ranges.items() for owner in owners]
    choices = [range(ranges[asset][owner][0], ranges[asset][owner][1] + 1, step) for asset, owner in pairs]
    for values in product(*choices):
        world: dict[str, dict[str, int]] = {}
        for (asset, owner), value in zip(pairs, values, strict=True):
            world.setdefault(asset, {})[owner] = value
        if all(sum(owners.values()) <= 100 for owners in world.values()):
            yield world
