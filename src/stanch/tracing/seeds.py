"""Where a trace starts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from stanch.exc import InputError
from stanch.model import NATIVE_ASSET, Account, Label, format_decimal, format_time, parse_amount, parse_time
from stanch.names.identifiers import read_account
from stanch.tracing.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Seed:
    """An account where stolen value first arrived.

    Bare: all that it sends, from its first seen transfer on, is tainted; what it receives from outside is stolen, and
    what it spends beyond that is stolen too, on the assumption that the ledger misses the inflow. With `asset`,
    `amount` and `time`: that much is tainted of what the account holds once the rows up to `time` are done; what it is
    seen to lack of it is taken as unobserved inflow, and the account is otherwise an ordinary one.
    """

    account: Account
    asset: str | None = None
    amount: Decimal | None = None
    time: datetime | None = None

    @property
    def is_bare(self) -> bool:
        """Whether the whole account counts as stolen."""
        return self.amount is None

    def to_json(self) -> dict[str, Any]:
        """As printed in the manifest of a trace."""
        return {
            "chain": self.account.chain,
            "address": self.account.address,
            "asset": self.asset,
            "amount": None if self.amount is None else format_decimal(self.amount),
            "time": None if self.time is None else format_time(self.time),
        }


@dataclass(frozen=True, slots=True)
class SeedText:
    """A seed as a person wrote it: the address still without a sure chain."""

    address: str
    asset: str | None = None
    amount: Decimal | None = None
    time: datetime | None = None

    @classmethod
    def parse(cls, text: str) -> SeedText:
        """Read ``ADDRESS`` or ``ADDRESS,ASSET,AMOUNT,TIME``; the address may carry its chain: ``eip155:1:0x…``.

        Raises:
            InputError: not one or four fields, or a field cannot be read.
        """
        fields = [field.strip() for field in text.split(",")]
        if len(fields) not in (1, 4) or not all(fields):
            raise InputError(f"not a seed: {text[:80]!r}", remedy="write ADDRESS or ADDRESS,ASSET,AMOUNT,TIME")
        if len(fields) == 1:
            return cls(fields[0])
        try:
            amount, time = parse_amount(fields[2]), parse_time(fields[3])
        except ValueError as err:
            raise InputError(f"seed {text[:80]!r}: {err}", remedy="write ADDRESS,ASSET,AMOUNT,TIME") from err
        if amount <= 0:
            raise InputError(f"seed {text[:80]!r}: the amount is not above 0", remedy="leave it out to taint all")
        return cls(fields[0], fields[1], amount, time)

    def on(self, chain: str | None) -> Seed:
        """The seed on a chain; None takes the chain written before the address, else the one its format tells.

        Raises:
            InputError: the chain cannot be told, or this is no address of it.
        """
        try:
            account = Account(*read_account(self.address, chain))
        except ValueError as err:
            raise InputError(str(err), remedy="check it, or name its chain with --chain") from err
        native = NATIVE_ASSET.get(account.chain)
        asset = native if self.asset is not None and self.asset.upper() == native else self.asset
        return Seed(account, asset, self.amount, self.time)


def place_seeds(texts: Iterable[SeedText], chain: str | None, ledgers: Sequence[Ledger]) -> tuple[Seed, ...]:
    """Settle the chains of seeds: `chain` when given; else every chain of the ledgers on which the address is seen;
    else what its format tells.

    Raises:
        InputError: the chain cannot be told, or the text is no address of it.
    """
    placed: dict[Seed, None] = {}
    chains = dict.fromkeys(ledger.chain for ledger in ledgers) if chain is None else {}
    for text in texts:
        seen = []
        for candidate in chains:
            with suppress(InputError):
                seed = text.on(candidate)
                if seed.account.chain == candidate and any(ledger.holds(seed.account) for ledger in ledgers):
                    seen.append(seed)
        placed.update(dict.fromkeys(seen or [text.on(chain)]))
    return tuple(placed)


def seeds_of_theft(theft_id: str, labels: Iterable[Label]) -> tuple[Seed, ...]:
    """The seeds of a theft: accounts that a label of category ``theft`` ties to that case."""
    found = {label.account for label in labels if label.category == "theft" and label.case == theft_id}
    return tuple(Seed(account) for account in sorted(found))
