"""Where a trace stops, and why: behind a service, coins are pooled and proportions mean nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from stanch.model import SERVICE_CATEGORIES, Account, Label, content_hash

#: A label with this role marks an account that collects fees: taint paid to it counts as fees, not as stopped.
FEE_ROLE = "fee"


@dataclass(frozen=True, slots=True)
class Boundary:
    """Labels by account, and the degree from which an unlabelled account counts as a hub (None: never).

    A label holds on its own chain only. All labels of an account are kept, service labels first, then by confidence;
    the first one names the holder. One service label is enough to stop.
    """

    labels: Mapping[Account, tuple[Label, ...]] = field(default_factory=dict)
    hub_degree: int | None = None

    @classmethod
    def of(cls, labels: Iterable[Label], hub_degree: int | None = None) -> Boundary:
        """Collect labels; the order in which they come makes no difference, and repeats count once."""
        by_account: dict[Account, dict[tuple[object, ...], Label]] = {}
        for label in labels:
            by_account.setdefault(label.account, {})[_rank(label)] = label
        ordered = {account: tuple(found[rank] for rank in sorted(found)) for account, found in by_account.items()}
        return cls({account: ordered[account] for account in sorted(ordered)}, hub_degree)

    def labels_of(self, account: Account) -> tuple[Label, ...]:
        """All labels of an account, the one to show first."""
        return self.labels.get(account, ())

    def stop_reason(self, account: Account) -> str | None:
        """The category of service at which taint stops there ("fee" for fee collectors), or None."""
        labels = self.labels_of(account)
        if not labels:
            return None
        if any(label.role == FEE_ROLE for label in labels):
            return FEE_ROLE
        return labels[0].category if labels[0].category in SERVICE_CATEGORIES else None

    @property
    def version(self) -> str:
        """A hash of every label held, so that a trace can be repeated with the same ones."""
        return content_hash([_rank(label) for labels in self.labels.values() for label in labels])


def _rank(label: Label) -> tuple[object, ...]:
    """Sort key of an account's labels; also what makes two labels the same."""
    return (
        label.category not in SERVICE_CATEGORIES,
        -1.0 if label.confidence is None else -label.confidence - 1.0,
        label.category,
        label.label,
        label.source,
        label.actor,
        label.case,
        label.role,
        label.date,
        label.sha256,
        label.locator,
        *(label.account.chain, label.account.address),
    )
