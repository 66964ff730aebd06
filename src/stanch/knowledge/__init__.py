"""Curated facts with their citations: resolutions, thefts, laundering, indicators, and the law behind claims.

The files under ``facts/`` are the source of truth, one table a file: a card that says what the table is, then the rows.
Loaders are typed, refuse what they do not know, and keep what they have read.
"""

from stanch.knowledge.catalogue import TableInfo, as_row, table, tables
from stanch.knowledge.indicators import FairnessClass, Indicator, load_indicators
from stanch.knowledge.laundering import LaunderingPhase, load_laundering
from stanch.knowledge.law import (
    Basis,
    Instrument,
    Provision,
    Resolution,
    instrument,
    load_instruments,
    load_legal_basis,
    load_provisions,
    load_resolutions,
    provision,
)
from stanch.knowledge.ownership import OwnershipRule, load_ownership, regimes_of, rules_in_force
from stanch.knowledge.table import Card, Fact, Table
from stanch.knowledge.thefts import AttributionLevel, Theft, load_thefts, theft

__all__ = [
    "AttributionLevel",
    "Basis",
    "Card",
    "Fact",
    "FairnessClass",
    "Indicator",
    "Instrument",
    "LaunderingPhase",
    "OwnershipRule",
    "Provision",
    "Resolution",
    "Table",
    "TableInfo",
    "Theft",
    "as_row",
    "instrument",
    "load_indicators",
    "load_instruments",
    "load_laundering",
    "load_legal_basis",
    "load_ownership",
    "load_provisions",
    "load_resolutions",
    "load_thefts",
    "provision",
    "regimes_of",
    "rules_in_force",
    "table",
    "tables",
    "theft",
]
