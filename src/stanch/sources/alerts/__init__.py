"""Alerts of another screening system, with what analysts made of them."""

from stanch.sources.alerts.read import Alert, read_alerts
from stanch.sources.alerts.words import Verdict, Verdicts

__all__ = ["Alert", "Verdict", "Verdicts", "read_alerts"]
