"""Screening: who is this? Names, dates of birth and identifiers weighed to P(same person), with evidence in bits."""

from stanch.screening.findings import DETECTOR, VERSION, findings
from stanch.screening.identify import Identifier
from stanch.screening.index import Index
from stanch.screening.listed import Listed, ListInfo
from stanch.screening.lists import load_index, load_lists
from stanch.screening.match import Match, Screened
from stanch.screening.query import Query
from stanch.screening.records import read_queries
from stanch.screening.weights import DEFAULT_PRIOR, DEFAULT_THRESHOLD, PRIORS, WEIGHTS, Weight, prior_of, probability

__all__ = [
    "DEFAULT_PRIOR",
    "DEFAULT_THRESHOLD",
    "DETECTOR",
    "PRIORS",
    "VERSION",
    "WEIGHTS",
    "Identifier",
    "Index",
    "ListInfo",
    "Listed",
    "Match",
    "Query",
    "Screened",
    "Weight",
    "findings",
    "load_index",
    "load_lists",
    "prior_of",
    "probability",
    "read_queries",
]
