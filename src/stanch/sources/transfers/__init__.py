"""Ledgers of transfers: chain exports and bank payments, from CSV, JSON lines or Parquet."""

from stanch.sources.transfers.columns import ALIASES
from stanch.sources.transfers.read import read_transfers

__all__ = ["ALIASES", "read_transfers"]
