"""Which column of a ledger holds which field, and what stands in for columns that are not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from stanch.exc import InputError
from stanch.names.identifiers import guess_chain, normalise_chain
from stanch.sources.columns import Columns, plain_name, require, resolve_columns

#: Field of `Transfer` → column names that ledgers use for it, most telling first.
ALIASES: Mapping[str, Sequence[str]] = {
    "time": ("time", "timestamp", "block_time", "block_timestamp", "datetime", "date_time", "unixtimestamp", "date"),
    "sender": ("sender", "from", "from_address", "source", "payer", "sender_address"),
    "receiver": ("receiver", "to", "to_address", "recipient", "target", "payee", "receiver_address"),
    "amount": ("amount", "value", "total_eth", "quantity", "value_in_usd", "amount_usd"),
    "tx": ("tx", "tx_hash", "txhash", "transaction_hash", "txid", "tx_id", "transaction_id", "hash", "reference"),
    "index": ("index", "log_index", "trace_index", "tx_index"),
    "asset": ("asset", "token", "token_address", "contract", "contract_address", "currency"),
    "chain": ("chain", "network", "blockchain", "chain_id"),
    "usd": ("usd", "value_usd", "value_in_usd", "amount_usd", "usd_value"),
}
REQUIRED = ("time", "sender", "receiver", "amount")
_IN_DOLLARS = {"value_in_usd", "amount_usd", "value_usd", "usd", "usd_value"}


#: Fields that may be given once for all rows, in any spelling that `normalise_chain` and `read_asset` take.
CONSTANTS = ("chain", "asset")


@dataclass(frozen=True, slots=True)
class Plan:
    """The mapping settled for one file: field → position of its column, the constants, and what to tell the user."""

    positions: Mapping[str, int]
    chain: str
    asset: str
    notes: tuple[str, ...]


def settle(header: Sequence[str], wanted: Columns, *, file: str, line: int | None) -> Plan:
    """Find the columns of a ledger.

    Raises:
        InputError: a needed column is missing, or a constant is not a chain.
    """
    if unknown := sorted(set(wanted.constants) - set(CONSTANTS)):
        raise InputError(
            f"{unknown[0][:40]!r} cannot be one value for all rows", file=file, remedy=f"use {' or '.join(CONSTANTS)}"
        )
    found = resolve_columns(header, ALIASES, wanted.names, file=file, line=line)
    require(found, REQUIRED, header, file=file, line=line)
    chain, asset, notes = wanted.constants.get("chain", ""), wanted.constants.get("asset", ""), list[str]()
    if chain:
        try:
            chain = normalise_chain(chain)
        except ValueError as err:
            raise InputError(str(err), file=file, remedy="give a CAIP-2 id such as eip155:1, or bank:ID") from err
    if "asset" not in found and not asset:
        if plain_name(header[found["amount"]]) in _IN_DOLLARS:
            asset = "USD"
            notes.append(f"no asset column: amounts are US dollars by the name of column {header[found['amount']]!r}")
        else:
            notes.append("no asset column: amounts are taken as the chain's native unit")
    if "tx" not in found:
        notes.append("no transaction column: each row is its own transaction, named row-LINE-FILE")
    elif "index" not in found:
        notes.append("no index column: movements of one transaction are numbered in file order")
    return Plan(found, chain, asset, tuple(notes))


def with_guessed_chain(plan: Plan, addresses: Iterable[str], *, file: str) -> Plan:
    """The plan with the chain told by the first address that has a chain's shape.

    Raises:
        InputError: none has (a bank ledger, say).
    """
    for address in addresses:
        if (chain := guess_chain(address)) is not None:
            note = f"no chain column: {chain} by the form of the addresses; give the chain if it is another"
            return replace(plan, chain=chain, notes=(*plan.notes, note))
    raise InputError(
        "no chain column, and the addresses do not tell the chain",
        file=file,
        remedy="give the chain (eip155:1, bitcoin, tron, bank:ID), or pass --map chain=COLUMN",
    )
