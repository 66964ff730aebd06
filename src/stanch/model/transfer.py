"""Transfers and accounts: one row of a chain's or a bank's ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

#: Everyday names of chains that inputs use, to the CAIP-2 ids that stanch keeps.
CHAIN_ALIASES = {
    "eth": "eip155:1",
    "ethereum": "eip155:1",
    "erc20": "eip155:1",
    "bsc": "eip155:56",
    "bep20": "eip155:56",
    "polygon": "eip155:137",
    "matic": "eip155:137",
    "arbitrum": "eip155:42161",
    "arb": "eip155:42161",
    "optimism": "eip155:10",
    "base": "eip155:8453",
    "avax": "eip155:43114",
    "etc": "eip155:61",
    "btc": "bip122:000000000019d6689c085ae165831e93",
    "xbt": "bip122:000000000019d6689c085ae165831e93",
    "bitcoin": "bip122:000000000019d6689c085ae165831e93",
    "ltc": "bip122:12a765e31ffd4059bada1e25190f6e98",
    "bch": "bip122:000000000000000000651ef99cb9fcbe",
    "trx": "tron:0x2b6653dc",
    "tron": "tron:0x2b6653dc",
    "sol": "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp",
    "solana": "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp",
}

#: The unit that a chain itself counts in; the asset id of everything else on a chain is its contract.
NATIVE_ASSET = {
    "eip155:1": "ETH",
    "eip155:10": "ETH",
    "eip155:56": "BNB",
    "eip155:61": "ETC",
    "eip155:137": "POL",
    "eip155:8453": "ETH",
    "eip155:42161": "ETH",
    "eip155:43114": "AVAX",
    "bip122:000000000019d6689c085ae165831e93": "BTC",
    "bip122:12a765e31ffd4059bada1e25190f6e98": "LTC",
    "bip122:000000000000000000651ef99cb9fcbe": "BCH",
    "tron:0x2b6653dc": "TRX",
    "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp": "SOL",
}


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """A chain (CAIP-2, or ``bank:ID``) and an address on it: the same text on another chain is another account."""

    chain: str
    address: str

    def __str__(self) -> str:
        return f"{self.chain}:{self.address}"


@dataclass(frozen=True, slots=True)
class Transfer:
    """One movement of one asset. `amount` is exact, in whole units; `time` is aware UTC.

    `asset` is the chain's native unit ("ETH"), a token as CAIP-19 (``eip155:1/erc20:0x…``), or an ISO 4217 code; a
    ticker that a token gives itself is never an identity. `index` orders the movements of one transaction. `usd` is the
    value at that time where the ledger gives one.
    """

    chain: str
    time: datetime
    tx: str
    index: int
    sender: str
    receiver: str
    asset: str
    amount: Decimal
    usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """What somebody says an account is: an exchange, a mixer, a thief. Carries who says so and since when.

    `category` is one of `LABEL_CATEGORIES`; `case` a theft registry id; `role` the account's part in that case;
    `confidence` is 0..1 where the publisher states one; `date` is ISO or "". A label of category ``theft`` with a
    `case` is a place where that theft's loot first arrived: a seed.
    """

    account: Account
    label: str
    category: str
    source: str
    actor: str = ""
    case: str = ""
    role: str = ""
    date: str = ""
    confidence: float | None = None
    sha256: str = ""
    locator: str = ""


#: Closed list of label categories. `SERVICE_CATEGORIES` end a trace: behind them coins are pooled.
LABEL_CATEGORIES = (
    "exchange", "mixer", "bridge", "dex", "defi", "gambling", "market", "payment", "issuer", "miner", "wallet-service",
    "sanctioned", "theft", "laundering", "victim", "blocked", "ransomware", "scam", "other",
)  # fmt: skip
SERVICE_CATEGORIES = frozenset(
    {"exchange", "mixer", "bridge", "dex", "defi", "gambling", "market", "payment", "miner", "wallet-service"}
)
