"""An incumbent's alerts, with what analysts made of them, against stanch: what it would save, miss and raise anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from stanch import names
from stanch.model import Entity
from stanch.screening.batch import screen_many
from stanch.screening.index import Index
from stanch.screening.match import Match, Screened
from stanch.screening.query import KINDS, Query
from stanch.screening.rates import Rate
from stanch.screening.references import References
from stanch.screening.weights import log_odds, prior_of
from stanch.sources.alerts import Alert, Verdict

#: Thresholds of the sweep, beside the one in force.
SWEEP = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.9)
#: What a disposition and an answer make together: verdict → (outcome when raised, outcome when not).
_OUTCOMES = {
    Verdict.TRUE: ("found", "missed"),
    Verdict.FALSE: ("kept", "saved"),
    Verdict.OPEN: ("raised", "not raised"),
}
NOT_LISTED, NOT_SCREENED = "not on these lists", "not screened"

#: The steps of a match: (what, bits), from the prior to the sum.
Waterfall = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """One alert of the incumbent beside stanch's answer.

    `outcome`: found, missed (true matches); saved, kept (false positives); raised, not raised (undecided); or "not on
    these lists", "not screened". `probability` is the best P of the subject alerted on, 0 when it is no candidate.
    """

    alert: Alert
    outcome: str
    probability: float
    entity_id: str
    why: str
    waterfall: Waterfall

    def to_json(self) -> dict[str, Any]:
        """As printed; every key always present."""
        return {
            "outcome": self.outcome,
            "locator": self.alert.locator,
            "customer_id": self.alert.customer_id,
            "customer": ", ".join(self.alert.customer.get("name")),
            "listed_id": self.alert.listed_id,
            "listed_name": self.alert.listed_name,
            "disposition": self.alert.word,
            "verdict": str(self.alert.verdict),
            "date": self.alert.date,
            "probability": round(self.probability, 6),
            "entity_id": self.entity_id,
            "why": self.why,
            "waterfall": [{"what": what, "bits": round(bits, 3)} for what, bits in self.waterfall],
        }


@dataclass(frozen=True, slots=True)
class New:
    """A match that stanch shows and the incumbent did not alert on."""

    locator: str
    customer_id: str
    customer: str
    entity_id: str
    listed_name: str
    probability: float
    waterfall: Waterfall

    def to_json(self) -> dict[str, Any]:
        """As printed, with the keys of `Judged`."""
        return {
            "outcome": "new",
            "locator": self.locator,
            "customer_id": self.customer_id,
            "customer": self.customer,
            "listed_id": "",
            "listed_name": self.listed_name,
            "disposition": "",
            "verdict": "",
            "date": "",
            "probability": round(self.probability, 6),
            "entity_id": self.entity_id,
            "why": "",
            "waterfall": [{"what": what, "bits": round(bits, 3)} for what, bits in self.waterfall],
        }


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts at one threshold."""

    threshold: float
    found: Rate
    saved: Rate
    raised: Rate
    new: int
    new_records: int

    def to_json(self) -> dict[str, Any]:
        """One row of the sweep. The rates are shares of the true matches, of the false positives, of the undecided."""
        return {
            "threshold": self.threshold,
            "found": self.found.found,
            "missed": self.found.total - self.found.found,
            "found_rate": self.found.to_json(),
            "saved": self.saved.found,
            "kept": self.saved.total - self.saved.found,
            "saved_rate": self.saved.to_json(),
            "undecided_raised": self.raised.found,
            "new": self.new,
            "new_records": self.new_records,
        }


@dataclass(frozen=True, slots=True)
class Backtest:
    """The answer: every alert judged, what is new (down to the lowest threshold of the sweep), and over how much.

    `records` counts what was screened; `whole_file` says whether that is all that the incumbent screened.
    """

    threshold: float
    judged: tuple[Judged, ...]
    lower_new: tuple[New, ...] = field(repr=False)
    records: int
    whole_file: bool

    @property
    def new(self) -> tuple[New, ...]:
        """What is new at the threshold in force."""
        return tuple(item for item in self.lower_new if item.probability >= self.threshold)

    def tally(self, threshold: float) -> Tally:
        """The counts at a threshold."""

        def rate(verdict: Verdict, raised: bool) -> Rate:
            some = [
                item for item in self.judged if item.alert.verdict is verdict and item.outcome in _OUTCOMES[verdict]
            ]
            return Rate(sum((item.probability >= threshold) is raised for item in some), len(some))

        new = [item for item in self.lower_new if item.probability >= threshold]
        return Tally(
            threshold,
            found=rate(Verdict.TRUE, True),
            saved=rate(Verdict.FALSE, False),
            raised=rate(Verdict.OPEN, True),
            new=len(new),
            new_records=len({item.locator for item in new}),
        )

    def rows(self) -> list[dict[str, Any]]:
        """Every alert in file order, then what is new, as printed."""
        return [item.to_json() for item in self.judged] + [item.to_json() for item in self.new]

    def apart(self, outcome: str) -> dict[str, int]:
        """How many alerts of an outcome that does not count, by verdict."""
        return {
            str(verdict): sum(item.outcome == outcome and item.alert.verdict is verdict for item in self.judged)
            for verdict in Verdict
        }


def backtest(
    alerts: Sequence[Alert],
    index: Index,
    entities: Sequence[Entity],
    threshold: float,
    *,
    customers: Iterable[Query] | None = None,
    sweep: Sequence[float] = (),
    workers: int | None = None,
    progress: Callable[[int], None] = lambda _count: None,
) -> Backtest:
    """Judge an incumbent's alerts.

    Args:
        index: of the lists, built from `entities`.
        threshold: the least P at which stanch shows a match.
        customers: all records that the incumbent screened. Without them only the alerted ones are screened, so that
            what is new can only be on those. An alert is screened with the customer's record from here (by id, else by
            name and date of birth), else with what stands in the alert.
        sweep: other thresholds to count at.
    """
    references = References(index)
    floor = min((threshold, *sweep))
    own = {_key(query): query for query in (Query.of_entities(alert.customer) for alert in alerts) if query.names}
    wanted = {alert.customer_id for alert in alerts} - {""}
    held: dict[str, Query] = {}
    records = 0

    def passing(queries: Iterable[Query]) -> Iterator[Query]:
        nonlocal records
        for query in queries:
            records += 1
            if query.input_id in wanted:
                held[f"id {query.input_id}"] = query
            if (key := _key(query)) in own:
                held.setdefault(key, query)
            yield query

    screened = passing(own.values() if customers is None else customers)
    rows = list(screen_many(screened, index, entities, floor, _hits, workers=workers, progress=progress))

    known: dict[str, set[str] | None] = {}
    judged = []
    for alert in alerts:
        key = _key_of(alert.customer)
        query = held.get(f"id {alert.customer_id}") if customers is not None else None
        query = query or held.get(key) or own.get(key)
        listed = references.find(alert.listed_id, alert.listed_name)
        judged.append(_judge(alert, query, listed, index, references, threshold))
        for name in _keys(alert, query):
            before = known.setdefault(name, set())
            known[name] = None if listed is None or before is None else before | listed
    new = tuple(
        item
        for row in rows
        for item in row["matches"]
        if all((seen := known.get(key, set())) is not None and item.entity_id not in seen for key in row["keys"])
    )
    return Backtest(threshold, tuple(judged), new, records, customers is not None)


def _judge(
    alert: Alert,
    query: Query | None,
    listed: frozenset[str] | None,
    index: Index,
    references: References,
    threshold: float,
) -> Judged:
    if listed is not None and not listed:
        return Judged(alert, NOT_LISTED, 0.0, "", "no entry of these lists has this id or a name like it", ())
    if query is None or not (query.names or query.identifiers):
        return Judged(alert, NOT_SCREENED, 0.0, "", "neither a name nor an identifier of the customer is known", ())
    matches = index.screen(query, 0.0).matches
    match = max(
        (item for item in matches if listed is None or item.entity_id in listed),
        key=lambda item: (item.probability, item.entity_id),
        default=None,
    )
    raised = match is not None and match.probability >= threshold
    outcome = _OUTCOMES[alert.verdict][0 if raised else 1]
    if match is None:
        return Judged(alert, outcome, 0.0, "", _not_alike(query, listed, references), ())
    why = "" if raised else _below(match)
    return Judged(alert, outcome, match.probability, match.entity_id, why, waterfall(match))


def waterfall(match: Match) -> Waterfall:
    """The steps of a match: before any evidence, each piece of evidence, the sum (log2 of the odds)."""
    prior = log_odds(prior_of(match.listed.entity.schema))
    parts = tuple((item.statement, item.bits) for item in match.evidence if item.bits is not None)
    return (("before any evidence", prior), *parts, ("sum", prior + match.bits))


def _below(match: Match) -> str:
    """Why a candidate stays under the threshold."""
    against = [item.statement for item in match.evidence if item.bits is not None and item.bits < 0]
    if against:
        return f"the evidence contradicts: {'; '.join(against)}"
    return "too little evidence: many people may have this name"


def _not_alike(query: Query, listed: frozenset[str] | None, references: References) -> str:
    if listed is None:
        return "no listed name is alike"
    scored = [
        (names.compare(ours, theirs, kind).similarity, ours, theirs)
        for entity in (references.entity(item) for item in sorted(listed))
        for kind in KINDS.get(entity.schema, ())
        for theirs in entity.names[:20]
        for ours in query.names[:5]
    ]
    if not scored:
        return "no name to compare, and no identifier in common"
    similarity, ours, theirs = max(scored, key=lambda item: item[0])
    return f"name not alike: {ours} ~ {theirs}, similarity {similarity:.2f}"


def _key(query: Query) -> str:
    dates = " ".join(str(day) for day in query.birth_dates)
    return f"name {' '.join(query.names[0].casefold().split())} {dates}" if query.names else ""


def _key_of(customer: Entity) -> str:
    return _key(Query.of_entities(customer))


def _keys(alert: Alert, query: Query | None) -> set[str]:
    """What the records of this alert's customer are found under among the answers."""
    keys = {_key_of(alert.customer), _key(query) if query is not None else ""}
    if alert.customer_id:
        keys.add(f"id {alert.customer_id}")
    return keys - {""}


def _hits(answer: Screened) -> Iterator[dict[str, Any]]:
    """A `Render`: the matches of a record, when it has any."""
    query = answer.query
    if answer.matches:
        keys = [f"id {query.input_id}", _key(query)]
        found = [
            New(
                query.place.locator,
                query.input_id,
                query.text[:200],
                match.entity_id,
                match.name,
                match.probability,
                waterfall(match),
            )
            for match in answer.matches
        ]
        yield {"keys": [key for key in keys if key not in ("", "id ")], "matches": found}
