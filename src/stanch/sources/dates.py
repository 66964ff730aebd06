"""Birth dates as lists print them, to the ISO prefixes that FtM uses ("1984-08-15", "1984-08", "1984")."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_TEXT = re.compile(r"^(?:(?:(\d{1,2}) )?([A-Za-z]{3})[a-z]*\.? )?(\d{4})$")

#: A range of years is written out up to this length; of a longer one only the ends are kept.
MAX_SPAN_YEARS = 10


def iso_date(text: str) -> str | None:
    """Read "2001-02-03", "15 Aug 1984", "Aug 1984", "August 1961" or "1984"; None when it is none of these."""
    text = text.strip().rstrip(".")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return text if _exists(int(text[:4]), int(text[5:7]), int(text[8:])) else None
    if not (match := _TEXT.match(text)):
        return None
    day, month_name, year = match.groups()
    if not 1850 <= int(year) <= 2100:
        return None
    if month_name is None:
        return year
    month = _MONTHS.get(month_name.lower())
    if month is None:
        return None
    if day is None:
        return f"{year}-{month:02d}"
    return f"{year}-{month:02d}-{int(day):02d}" if _exists(int(year), month, int(day)) else None


def years_between(first: int, last: int) -> list[str]:
    """Every year of a range, so that a birth date inside it does not look like a contradiction."""
    if last < first:
        first, last = last, first
    if last - first > MAX_SPAN_YEARS:
        return [str(first), str(last)]
    return [str(year) for year in range(first, last + 1)]


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
