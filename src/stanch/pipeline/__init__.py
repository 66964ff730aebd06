"""Runs detectors on what is new in a workspace, attaches the legal basis, and stores what they find."""

from stanch.pipeline.check import CheckReport, DetectorReport, check
from stanch.pipeline.detector import Detector, Outcome

__all__ = ["CheckReport", "Detector", "DetectorReport", "Outcome", "check"]
