"""What is kept of an answer, so that an auditor can ask later who was screened against what, with which result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from stanch import __version__
from stanch.model import canonical_json, sha256_hex
from stanch.screening.batch import Render
from stanch.screening.findings import DETECTOR, VERSION
from stanch.screening.links.relation import rules_source
from stanch.screening.match import Match, Screened
from stanch.screening.query import Query
from stanch.screening.weights import SOURCE
from stanch.workspace.screenings import KeptMatch, KeptRecord

#: Most matches kept of one record: at or above the threshold, and below it.
MAX_ALERTS, MAX_BELOW = 20, 5


@cache
def engine() -> Mapping[str, str]:
    """The program that answers: its version, the detector's, and hashes of the tables that its answers rest on."""
    tables = sorted(
        (item.name, sha256_hex(item.read_bytes())) for item in files("stanch.names").joinpath("data").iterdir()
    )
    return {
        "stanch": __version__,
        "detector": f"{DETECTOR}/{VERSION}",
        "weights_sha256": SOURCE.sha256,
        "ownership_rules_sha256": rules_source().sha256,
        "name_tables_sha256": sha256_hex(canonical_json(tables)),
    }


def record_hash(query: Query) -> str:
    """Names what was compared, 32 hex digits: kind, names, birth dates, genders, identifiers; of a record with none of
    these, its text. The same customer has the same hash until one of these changes.

    It stands for the data and does not hide it from somebody who can guess it: treat it as personal data.
    """
    parts = [
        query.schema,
        *(f"name {name}" for name in query.names),
        *(f"born {day}" for day in query.birth_dates),
        *(f"gender {value}" for value in query.genders),
        *(f"{weight} {value}" for weight, value in (item.key for item in query.identifiers)),
    ]
    if query.related is not None:
        parts += [f"link {link.kind} {link.start} {link.end} {link.share}" for link in query.related.links]
        parts += [f"related {id_} {record_hash(other)}" for id_, other in query.related.queries]
    if not query.names and not query.identifiers:
        parts.append(f"text {query.text}")
    # Typed text may hold a lone surrogate.
    return sha256_hex("\x1f".join(parts).encode("utf-8", "surrogatepass"))[:32]


def parts_of(match: Match) -> tuple[tuple[str, float], ...]:
    """The evidence of a match as (what kind of evidence, bits), without the values that were compared."""
    return tuple((item.statement.split(": ")[0], item.bits) for item in match.evidence if item.bits is not None)


def keep(answer: Screened, threshold: float) -> KeptRecord:
    """What is kept of an answer that was computed down to a lower floor than the threshold."""
    query = answer.query
    alerts = [match for match in answer.matches if match.probability >= threshold]
    below = [match for match in answer.matches if match.probability < threshold]
    screened = bool(query.names or query.identifiers)
    return KeptRecord(
        row=query.row,
        locator=query.place.locator,
        input_id=query.input_id,
        record=record_hash(query),
        outcome="alert" if alerts else "clear" if screened else "error",
        partial=screened and query.error is not None,
        alerts=len(alerts),
        matches=tuple(_kept(match, True) for match in alerts[:MAX_ALERTS])
        + tuple(_kept(match, False) for match in below[:MAX_BELOW]),
    )


def _kept(match: Match, alert: bool) -> KeptMatch:
    return KeptMatch(match.entity_id, match.match_kind, alert, match.probability, match.bits, parts_of(match))


@dataclass(frozen=True, slots=True)
class Recording:
    """A `Render` for `screen_many` that gives what is printed and what is kept in one.

    Screen down to the floor with it: what is printed is cut at the threshold, as without a record.
    """

    render: Render
    threshold: float

    def __call__(self, answer: Screened) -> Iterable[dict[str, Any]]:
        """One mapping an answer: `kept` and `rows`."""
        shown = tuple(match for match in answer.matches if match.probability >= self.threshold)
        cut = replace(answer, threshold=self.threshold, matches=shown)
        return ({"kept": keep(answer, self.threshold), "rows": list(self.render(cut))},)
