"""Builders of engagements: ordinary people who share nothing, to which a test adds what it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from stanch.model import Engagement, Login, Payout, Source

NAMES = (
    "Amara Okafor", "Mateusz Nowak", "Lucía Fernández", "Henrik Lund", "Priya Raman", "Grace Whitford",
    "Claire Moreau", "Yusuf Haddad", "Rosa Delgado", "Anton Lindqvist", "Bianca Russo", "Sipho Dlamini",
)  # fmt: skip


def engagement(number: int, **changes: Any) -> Engagement:
    """Person `number`, with identifiers of their own; `changes` replace fields."""
    name = changes.get("name", NAMES[number % len(NAMES)])
    fields: dict[str, Any] = {
        "id": f"e{number}",
        "name": name,
        "employer": f"Employer {number}",
        "start": datetime(2025, 3, 1, tzinfo=UTC),
        "emails": (f"person{number}@example.com",),
        "phones": (f"+44770090{number:04d}",),
        "addresses": (f"{number} Sample Street, Leeds",),
        "documents": (f"DOC-77{number:05d}",),
        "logins": (Login(datetime(2026, 5, 4, 9, tzinfo=UTC), f"198.51.100.{number % 250}", f"fp-9a{number:05d}"),),
        "payouts": (Payout(holder=name, iban=f"ACCT77{number:06d}"),),
        "source": Source("engagements.jsonl", f"line {number}", "ab" * 32),
    }
    return Engagement(**(fields | changes))


@pytest.fixture
def make() -> Callable[..., Engagement]:
    """The builder, as a fixture."""
    return engagement
