"""What the law required on a given day: provisions behind the claims of findings."""

from stanch.knowledge import Provision, provision
from stanch.regime.basis import BasisNote, basis_notes, claims, legal_basis

__all__ = ["BasisNote", "Provision", "basis_notes", "claims", "legal_basis", "provision"]
