"""Documents, telephones and e-mail addresses of people; numbers of ships."""

from __future__ import annotations

import re
import unicodedata

#: What people type into a field that must not stay empty. Compared without spaces and signs, in capitals.
_PLACEHOLDERS = frozenset(
    {
        *("NA", "NONE", "NIL", "NULL", "NULO", "UNKNOWN", "UNKOWN", "UNDEFINED", "MISSING", "PENDING", "TBD", "TBA"),
        *("NOTAVAILABLE", "NOTAPPLICABLE", "NOTPROVIDED", "NOTKNOWN", "NONUMBER", "NOPASSPORT", "PASSPORT"),
        *("TEST", "DUMMY", "EXAMPLE", "SAMPLE", "없음", "미상", "해당없음", "모름", "无", "無", "不明", "未知", "НЕТ"),
    }
)  # fmt: skip
_RUN = "01234567890123456789"
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@(?:[^\s@<>,;:\"()\[\]\\.]{1,63}\.)+[^\s@<>,;:\"()\[\]\\.]{2,63}")


def is_placeholder(text: str) -> bool:
    """Whether a document number is no number: "N/A", "-", "000000000", "123456789", "none", "없음"."""
    compact = _compact(text)
    digits = compact.strip("0123456789") == ""
    return (
        len(set(compact)) <= 1
        or compact in _PLACEHOLDERS
        or (digits and len(compact) >= 5 and (compact in _RUN or compact in _RUN[::-1]))
    )


def _compact(text: str) -> str:
    if text.isascii():
        return text.upper() if text.isalnum() else "".join(filter(str.isalnum, text.upper()))
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).upper()))


def normalise_document(text: str, shortest: int = 5, longest: int = 30) -> str | None:
    """A passport or identity number in capitals, letters and digits only; None for a placeholder, without a digit, or
    of a length that no such number has."""
    compact = _compact(text)
    if not shortest <= len(compact) <= longest or not any(char.isdigit() for char in compact):
        return None
    return None if is_placeholder(text) else compact


def normalise_phone(text: str) -> str | None:
    """A telephone number as digits, with a leading + when the country code is given ("00…" counts as +).

    6 to 15 digits (E.164); a number without country code stays national and equals only itself.
    """
    text = unicodedata.normalize("NFKC", text).strip().lower().removeprefix("tel:").strip()
    plus = text.startswith("+")
    # "+44 (0)20 …": the zero in brackets is dialled only inside the country.
    digits = re.sub(r"[\s().\-/·‐-―]", "", text.replace("(0)", "", 1) if plus else text).removeprefix("+")
    if not re.fullmatch(r"[0-9]+", digits):
        return None
    if not plus and digits.startswith("00"):
        plus, digits = True, digits[2:]
    if not 6 <= len(digits) <= 15 or is_placeholder(digits):
        return None
    return "+" + digits if plus else digits


def normalise_email(text: str) -> str | None:
    """An e-mail address in lower case. Dots and "+tags" stay: only some providers ignore them."""
    text = unicodedata.normalize("NFKC", text).strip().removeprefix("mailto:").strip().lower()
    return text if len(text) <= 254 and _EMAIL.fullmatch(text) else None


def normalise_imo(text: str) -> str | None:
    """The seven digits of a ship's IMO number whose check digit matches (IMO resolution A.1117(30))."""
    match = re.fullmatch(r"(?:IMO)?(?:NO|NUMBER)?([0-9]{7})", _compact(text))
    if match is None or not match[1].isascii():
        return None
    digits = [int(char) for char in match[1]]
    matches = sum(digit * weight for digit, weight in zip(digits, range(7, 1, -1), strict=False)) % 10 == digits[6]
    return match[1] if matches and any(digits) else None


def normalise_mmsi(text: str) -> str | None:
    """The nine digits of a ship station's MMSI; ships' begin with 2 to 7 (ITU-R M.585)."""
    match = re.fullmatch(r"(?:MMSI)?([2-7][0-9]{8})", _compact(text))
    return match[1] if match is not None and not is_placeholder(match[1]) else None
