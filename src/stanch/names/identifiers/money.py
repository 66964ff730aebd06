"""Bank identifiers: IBAN and BIC."""

from __future__ import annotations

import re

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


def normalise_iban(text: str) -> str | None:
    """An IBAN in capitals without spaces, or None: wrong shape, or check digits that do not match (ISO 13616, mod 97).

    The length that each country sets is not checked: the check digits catch all but one typing error in a hundred.
    """
    compact = re.sub(r"[\s-]", "", text).upper().removeprefix("IBAN").lstrip(":")
    if not _IBAN.fullmatch(compact):
        return None
    # Letters count as 10…35; the first four characters move to the end.
    number = int("".join(str(int(char, 36)) for char in compact[4:] + compact[:4]))
    return compact if number % 97 == 1 else None


def normalise_bic(text: str) -> str | None:
    """A BIC (SWIFT code, ISO 9362) in capitals; the primary office's "XXX" is dropped, so both lengths compare."""
    compact = re.sub(r"[\s-]", "", text).upper()
    if not _BIC.fullmatch(compact):
        return None
    return compact.removesuffix("XXX") if len(compact) == 11 else compact
