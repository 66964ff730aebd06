"""From a publisher's name of a currency or network to the chain it means."""

from __future__ import annotations

from stanch.model import CHAIN_ALIASES
from stanch.names.identifiers import guess_chain, normalise_address

#: Tokens that live on several chains: their name says nothing about the chain, the address does.
_TOKENS = frozenset({"USDT", "USDC", "DAI", "BUSD"})


def chain_of(symbol: str, address: str) -> str | None:
    """The CAIP-2 id for a ticker or network name ("XBT", "ETH", "USDT") of `address`; None when stanch knows no such
    chain."""
    if symbol.upper() in _TOKENS:
        return guess_chain(address)
    return CHAIN_ALIASES.get(symbol.lower())


def account_of(symbol: str, address: str) -> tuple[str, str]:
    """Chain and normal address of a ticker and an address.

    Lists err: OFAC prints a Tron address as XBT (entry 45404). An address that is not one of the named chain, but is
    one of the chain its shape belongs to, checksum included, is taken as that.

    Raises:
        ValueError: an unknown chain, or an address that is not one of that chain.
    """
    if (chain := chain_of(symbol, address)) is None:
        raise ValueError(f"unknown network {symbol[:20]!r}")
    try:
        return chain, normalise_address(chain, address)
    except ValueError:
        by_shape = guess_chain(address)
        if by_shape is None or by_shape == chain:
            raise
        return by_shape, normalise_address(by_shape, address)
