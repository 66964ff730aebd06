"""Engagements: applicants, contractors and employees with the traces of their work, from JSON lines or flat CSV."""

from stanch.sources.engagements.read import read_engagements
from stanch.sources.engagements.shape import ENGAGEMENT_SCHEMA, EXAMPLE

__all__ = ["ENGAGEMENT_SCHEMA", "EXAMPLE", "read_engagements"]
