"""Ownership, control and other links between parties: who counts as owned or controlled by listed ones, and by what."""

from stanch.screening.links.assess import Assessment, assess
from stanch.screening.links.graph import Graph, Link, LinkKind, read_links
from stanch.screening.links.reach import Answer, Threshold
from stanch.screening.links.relation import Hop, Relation, relations
from stanch.screening.links.share import Share, parse_share

__all__ = [
    "Answer",
    "Assessment",
    "Graph",
    "Hop",
    "Link",
    "LinkKind",
    "Relation",
    "Share",
    "Threshold",
    "assess",
    "parse_share",
    "read_links",
    "relations",
]
