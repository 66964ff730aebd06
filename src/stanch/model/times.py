"""Times and dates as the rest of stanch uses them: aware, UTC, RFC 3339 with Z."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

_ISO = re.compile(
    r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?\s*(Z|z|UTC|[+-]\d{2}:?\d{2})?)?$", re.ASCII
)

#: No record that stanch reads is older than this or lies further ahead than a day: such a date is a typing error.
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


def parse_time(text: str) -> datetime:
    """Read an ISO 8601 date or time; a time without an offset is taken as UTC.

    Raises:
        ValueError: not ISO 8601, or an impossible date.
    """
    text = text.strip()
    if not _ISO.match(text):
        raise ValueError(f"not an ISO 8601 time: {text[:40]!r}")
    text = text.replace("UTC", "Z").replace("z", "Z").replace(",", ".").replace(" Z", "Z")
    fraction = re.search(r"\.(\d+)", text)
    if fraction and len(fraction[1]) > 6:
        text = text.replace(fraction[0], "." + fraction[1][:6])
    moment = datetime.fromisoformat(text)
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as err:
        raise ValueError(f"out of range: {text!r}") from err


def check_event_time(moment: datetime, now: datetime) -> datetime:
    """Return `moment` when it can be the time of something that happened (1900 to a day after `now`).

    Raises:
        ValueError: before 1900 or in the future.
    """
    if moment < EARLIEST:
        raise ValueError(f"{moment:%Y-%m-%d} is before 1900")
    if moment > now + timedelta(days=1):
        raise ValueError(f"{moment:%Y-%m-%d} is in the future")
    return moment


def format_time(moment: datetime) -> str:
    """Write a time as RFC 3339 in UTC with Z; microseconds only when there are any."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be written")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def start_of(day: date) -> datetime:
    """The first instant of `day` in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def now_utc() -> datetime:
    """The present time, aware. The one place that reads the clock for stored times."""
    return datetime.now(UTC)
