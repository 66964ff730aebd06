"""Reads engagement records: JSON lines in full, CSV for flat fields."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from stanch.model import Engagement, Login, Payout, Source, check_event_time, now_utc, parse_time
from stanch.sources.base import Record, Rejected
from stanch.sources.engagements.shape import EngagementShape, LoginShape, PayoutShape
from stanch.sources.raw import RawFile
from stanch.sources.records import Fields, read_fields
from stanch.sources.rows import file_format, reject, reject_field
from stanch.sources.transfers.fields import read_time

ALIASES: Mapping[str, Sequence[str]] = {
    "id": ("id", "engagement_id", "worker_id", "applicant_id", "contractor_id", "employee_id"),
    "name": ("name", "full_name"),
    "employer": ("employer", "client", "company"),
    "role": ("role", "job_title", "position"),
    "status": ("status",),
    "start": ("start", "start_date", "hired_at"),
    "country": ("country", "location"),
    "timezone": ("timezone", "time_zone", "tz"),
    "nationality": ("nationality",),
    "birth_date": ("birth_date", "date_of_birth", "dob"),
    "emails": ("emails", "email"),
    "phones": ("phones", "phone"),
    "addresses": ("addresses", "address"),
    "documents": ("documents", "document", "passport"),
    "devices": ("devices", "device"),
    "handles": ("handles", "handle"),
    "logins": ("logins", "login", "sign_ins"),
    "payouts": ("payouts", "payout"),
}
#: Flat columns (of CSV; JSON may use them too) for one payout and one sign-in.
_FLAT_PAYOUT = {
    "holder": ("payout_holder", "holder"),
    "iban": ("payout_iban", "iban"),
    "wallet": ("payout_wallet", "wallet"),
    "chain": ("payout_chain", "chain"),
    "platform": ("payout_platform", "platform"),
    "account": ("payout_account", "account"),
    "since": ("payout_since",),
}
_FLAT_LOGIN = {"time": ("login_time",), "ip": ("login_ip", "ip"), "device": ("login_device",)}
_LISTS = ("emails", "phones", "addresses", "documents", "devices", "handles")
_KNOWN = {"logins": frozenset(LoginShape.__struct_fields__), "payouts": frozenset(PayoutShape.__struct_fields__)}
#: How deep the values of a record may nest.
MAX_DEPTH = 32
#: How far ahead an engagement may begin.
_AHEAD = timedelta(days=366)


def read_engagements(
    raw: RawFile, columns: Mapping[str, str] | None = None, *, now: datetime | None = None
) -> Iterator[Record[Engagement] | Rejected]:
    """Read engagements in file order.

    A record of the wrong shape (a number for an address, a text for the sign-ins), nested deeper than MAX_DEPTH, or
    with an id that the file had before, is rejected. A time or IP address that cannot be is dropped alone, with a
    `RejectedField` after the record. Keys that are not of the schema are kept in `extra`.

    Args:
        columns: field (a key of ALIASES) → column or key of the file, where it has no usual name.
        now: bounds the times; the clock's time when not given.

    Raises:
        InputError: not JSON lines or CSV.
    """
    moment = now if now is not None else now_utc()
    first_seen: dict[str, int] = {}
    separator = ";" if file_format(raw) == "csv" else ""
    for fields in read_fields(raw, ALIASES, columns or {}, ()):
        if isinstance(fields, Rejected):
            yield fields
            continue
        try:
            if _too_deep((fields.values, fields.other), MAX_DEPTH + 1):
                raise ValueError("nested too deeply")
            values, extra = _gather(fields)
            shape = msgspec.convert(values, EngagementShape)
            identity = _line(shape.id) or f"row-{fields.number}"
            if identity in first_seen:
                raise ValueError(f"id: {identity[:60]!r} is already on line {first_seen[identity]}")
        except ValueError as err:
            reason = str(err).replace("`", "").replace("$.", "")
            yield reject(fields.line, fields.raw, reason, "see `stanch vet --schema` for the shape of a record")
            continue
        first_seen[identity] = fields.line
        builder = _Builder(fields, moment, separator)
        source = Source(raw.name, f"line {fields.line}", raw.sha256)
        yield Record(f"line {fields.line}", builder.build(shape, identity, extra, source))
        yield from builder.dropped


def _gather(fields: Fields) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values by field of the schema, and what it does not know; flat payout and sign-in columns become objects."""
    values = {name: value for name, value in fields.values.items() if value not in (None, "")}
    extra = {name: value for name, value in fields.other.items() if value not in (None, "")}
    if "payouts" not in values and (payout := _take(extra, _FLAT_PAYOUT)):
        values["payouts"] = payout
    # An IP address without a time is no sign-in; it stays in `extra`.
    if "logins" not in values and "login_time" in extra:
        values["logins"] = _take(extra, _FLAT_LOGIN)
    for name, known in _KNOWN.items():
        items = values.get(name)
        parts = items if isinstance(items, list) else [items]
        if any(isinstance(part, dict) and not known.issuperset(part) for part in parts):
            extra[name] = items
    return values, extra


def _take(extra: dict[str, Any], flat: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    taken = {}
    for field, columns in flat.items():
        for column in columns:
            if column in extra:
                taken[field] = extra.pop(column)
                break
    return taken


def _too_deep(value: Any, left: int) -> bool:
    if left < 0:
        return True
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    return any(_too_deep(item, left - 1) for item in items)


def _line(value: str | int | None) -> str:
    return "" if value is None else " ".join(str(value).split())


class _Builder:
    """One record on its way to an Engagement; `dropped` collects the values that could not be used."""

    def __init__(self, fields: Fields, now: datetime, separator: str) -> None:
        self._fields, self._now, self._separator = fields, now, separator
        self.dropped: list[Rejected] = []

    def build(self, shape: EngagementShape, identity: str, extra: Mapping[str, Any], source: Source) -> Engagement:
        """The engagement with every value that could be used."""
        lists = {name: self._texts(getattr(shape, name)) for name in _LISTS}
        logins = shape.logins if isinstance(shape.logins, list) else [shape.logins] if shape.logins else []
        payouts = shape.payouts if isinstance(shape.payouts, list) else [shape.payouts] if shape.payouts else []
        return Engagement(
            id=identity,
            name=_line(shape.name),
            employer=_line(shape.employer),
            role=_line(shape.role),
            status=_line(shape.status),
            start=self._start(shape.start),
            country=_line(shape.country),
            timezone=_line(shape.timezone),
            nationality=_line(shape.nationality),
            birth_date=_line(shape.birth_date),
            logins=tuple(login for i, item in enumerate(logins) if (login := self._login(item, i)) is not None),
            payouts=tuple(self._payout(item, i) for i, item in enumerate(payouts)),
            extra=extra,
            source=source,
            **lists,
        )

    def _texts(self, value: str | int | list[str | int] | None) -> tuple[str, ...]:
        items = value if isinstance(value, list) else [] if value is None else [value]
        parts = [part for item in items for part in (str(item).split(self._separator) if self._separator else [item])]
        return tuple(dict.fromkeys(text for part in parts if (text := _line(part))))

    def _start(self, value: str | int | None) -> datetime | None:
        if value is None:
            return None
        try:
            return check_event_time(parse_time(str(value)), self._now + _AHEAD)
        except (ValueError, OverflowError) as err:
            self._drop(f"start: {err}", "write YYYY-MM-DD")
            return None

    def _login(self, item: LoginShape, place: int) -> Login | None:
        try:
            time = read_time(str(item.time), self._now)
        except ValueError as err:
            self._drop(f"logins[{place}].time: {err}", "write ISO 8601 (2025-03-03T09:12:00Z)")
            return None
        ip = _line(item.ip)
        try:
            ip = str(ipaddress.ip_address(ip)) if ip else ""
        except ValueError:
            self._drop(f"logins[{place}].ip: not an IP address: {ip[:40]!r}", "write an IPv4 or IPv6 address")
            ip = ""
        return Login(time, ip, _line(item.device))

    def _payout(self, item: PayoutShape, place: int) -> Payout:
        since = None
        try:
            since = read_time(str(item.since), self._now) if item.since is not None else None
        except ValueError as err:
            self._drop(f"payouts[{place}].since: {err}", "write YYYY-MM-DD")
        return Payout(
            holder=_line(item.holder),
            iban=_line(item.iban),
            wallet=_line(item.wallet),
            chain=_line(item.chain),
            platform=_line(item.platform),
            account=_line(item.account),
            since=since,
        )

    def _drop(self, reason: str, remedy: str) -> None:
        self.dropped.append(reject_field(self._fields.line, self._fields.raw, reason, remedy))
