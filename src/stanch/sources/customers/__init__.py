"""Customers, counterparties and other people of the user's own records, from CSV or JSON lines."""

from stanch.sources.customers.columns import ALIASES
from stanch.sources.customers.read import read_customers

__all__ = ["ALIASES", "read_customers"]
