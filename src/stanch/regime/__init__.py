"""What the law required on a given day: provisions behind the claims of findings."""

from stanch.knowledge import Provision, provision
from stanch.regime.basis import BasisNote, basis_notes, claims, heading, legal_basis, provision_or_instrument

__all__ = [
    "BasisNote",
    "Provision",
    "basis_notes",
    "claims",
    "heading",
    "legal_basis",
    "provision",
    "provision_or_instrument",
]
