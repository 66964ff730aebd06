"""Findings of disguised work, for review; and clears for the engagements that were checked without one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from stanch.model import Clear, Engagement, Evidence, Finding, Subject, content_hash
from stanch.workers.registry import INDICATORS
from stanch.workers.scoring import Level
from stanch.workers.vetting import Context, Vetted
from stanch.workers.weights import WEIGHTS

DETECTOR = "workers.disguised-work"
VERSION = 1
CLAIM = "disguised-work"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: Printed with every finding and below every table.
NOT_SHOWN = (
    "What this does not show: that the person is North Korean, or knows of any of it. Sharing has innocent reasons, "
    "the likelihood ratios are estimates, and name, nationality and origin were not weighed. A person must review it, "
    "and the worker must be able to answer."
)


def findings(
    vetted: Sequence[Vetted], context: Context | None = None, received: datetime = EPOCH
) -> list[Finding | Clear]:
    """One record an engagement, in order: a Finding where the level is one, else a Clear.

    A watch note gives a Clear too: it is a reason to look again, not a claim; `stanch vet` prints it. Duplicate ids
    give the record of the higher probability. A record without any date counts as of the newest date among the others,
    else as of `received`, when the records came in.
    """
    context = context or Context()
    inputs = inputs_hash(vetted, context)
    best: dict[str, Vetted] = {}
    for item in vetted:
        known = best.get(item.engagement.id)
        if known is None or item.score.probability > known.score.probability:
            best[item.engagement.id] = item
    newest = max((moment for item in best.values() if (moment := latest(item.engagement))), default=received)
    return [
        _finding(item, newest) if item.level is Level.FINDING else _clear(item, inputs, newest)
        for item in best.values()
    ]


def latest(engagement: Engagement) -> datetime | None:
    """The date of a record: its latest log-in or payout change, else its start."""
    times = [login.time for login in engagement.logins]
    times += [payout.since for payout in engagement.payouts if payout.since is not None]
    return max(times, default=engagement.start)


def inputs_hash(vetted: Sequence[Vetted], context: Context) -> str:
    """A hash of everything the answers rest on: records, confirmed cases, traced wallets, weights, versions."""
    wallets = context.wallets or {}
    return content_hash(
        [
            [[item.engagement.id, item.traces.place.source.to_json()] for item in vetted],
            [[entry.kind, entry.value, entry.case] for entry in context.confirmed],
            sorted([str(account), [str(wallet) for wallet in found]] for account, found in wallets.items()),
            [[name, weight.ratio, weight.low, weight.high, weight.typical] for name, weight in WEIGHTS.items()],
            [[item.id, item.version] for item in INDICATORS.values()],
            [context.base_rate, context.watch_at, VERSION],
        ]
    )


def _subject(item: Vetted) -> Subject:
    return Subject("Person", item.engagement.id, item.engagement.name)


def _finding(item: Vetted, newest: datetime) -> Finding:
    evidence = [statement for signal in item.score.signals for statement in signal.evidence]
    source = item.traces.place.source
    if item.could_not_check:
        missing = f"Could not be checked, for lack of data: {', '.join(item.could_not_check)}"
        evidence.append(Evidence(missing, source))
    evidence.append(Evidence(NOT_SHOWN, source))
    return Finding(
        detector=DETECTOR,
        version=VERSION,
        subject=_subject(item),
        claim=CLAIM,
        object="",
        headline=headline(item),
        probability=item.score.probability,
        amount=None,
        evidence=tuple(evidence),
        as_of=latest(item.engagement) or newest,
    )


def headline(item: Vetted) -> str:
    """The reasons in one line, heaviest first, with the probability and its band."""
    signals = sorted(item.score.signals, key=lambda signal: (not signal.hard, -signal.bits, signal.id))
    reasons = "; ".join(signal.evidence[0].statement for signal in signals[:2]) or "no indicator raised"
    return f"Signs of disguised work, {band(item)}: {reasons}"


def band(item: Vetted) -> str:
    """The probability with its band, for people; never "100 %", which no sum of estimates can give."""
    shown = [
        ">99.9%" if value > 0.999 else "<0.1%" if value < 0.001 else f"{value:.1%}"
        for value in (item.score.probability, item.score.low, item.score.high)
    ]
    return f"{shown[0]} ({shown[1]}–{shown[2]})"


def _clear(item: Vetted, inputs: str, newest: datetime) -> Clear:
    return Clear(DETECTOR, VERSION, _subject(item), inputs, latest(item.engagement) or newest)
