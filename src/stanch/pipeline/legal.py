"""The law behind a finding, attached before it is stored."""

from __future__ import annotations

from dataclasses import replace

from stanch.model import Finding
from stanch.regime import legal_basis


def with_legal_basis(finding: Finding) -> Finding:
    """The finding with the provisions that forbid what it claims, as of its date."""
    return replace(finding, legal_basis=legal_basis(finding.claim, finding.as_of.date(), finding.subject.schema))
