"""The validation pack of a recorded screening, for an auditor: what was done with which setting, what lies just above
and just below the line, and what the setting detects of names it ought to detect. In plain words."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stanch.model import format_time
from stanch.reports.folder import Sheet
from stanch.screening.challenge import Case, Detection, detections
from stanch.screening.rerun import Repeat, RunLists
from stanch.screening.survey import Survey
from stanch.screening.weights import DEFAULT_PRIOR, ESTIMATE, NAME_BITS_CAP, PRIORS, WEIGHTS, log_odds, prior_of
from stanch.workspace.screenings import TYPED, KeptMatch, KeptRecord, Run

_NEAR = (
    "row", "locator", "input_id", "record_text", "entity_id", "match_kind", "listed_name", "lists", "probability",
    "bits", "bits_from_threshold", "waterfall", "evidence", "screened_again",
)  # fmt: skip
_CLEAR = (
    "row", "locator", "input_id", "record_text", "partial", "nearest_entity_id", "nearest_listed_name",
    "nearest_probability", "screened_again",
)  # fmt: skip
_WEIGHTS = ("id", "meaning", "m", "u", "bits", "m_origin", "u_origin")
_BANDS = ("p_from", "p_below", "alert", "records", "share")
_CASES = ("entity_id", "listed_name", "way_of_writing", "written", "p_name", "found_by_name", "p_name_and_birth",
          "found_by_name_and_birth")  # fmt: skip
_RATES = ("way_of_writing", "with", "found", "of", "share", "low", "high")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a pack is made of. `repeats` is None when the input file was not given."""

    run: Run
    lists: RunLists
    survey: Survey
    cases: Sequence[Case]
    repeats: Mapping[int, Repeat] | None


def pack(parts: Parts) -> dict[str, Sheet | str]:
    """The files of the pack by name. The same parts give the same files."""
    rates = detections(parts.cases, parts.run.facts.threshold)
    return {
        "README.md": _readme(parts, rates),
        "alerts_above.csv": Sheet(_NEAR, list(_near(parts, parts.survey.above))),
        "alerts_below.csv": Sheet(_NEAR, list(_near(parts, parts.survey.below))),
        "sample_clear.csv": Sheet(_CLEAR, list(_clear(parts))),
        "counts.csv": Sheet(_BANDS, list(_bands(parts))),
        "challenge.csv": Sheet(_CASES, list(_challenge(parts))),
        "challenge_rates.csv": Sheet(_RATES, list(_rates(rates))),
        "weights.csv": Sheet(_WEIGHTS, list(_weights())),
    }


def command(run: Run, origins: Mapping[str, str]) -> str:
    """The command line that repeats a run. Lists that came from a file are named by `origins`."""
    source = {TYPED: "NAME…", "stdin": "-"}.get(run.facts.input_name, run.facts.input_name)
    words = ["stanch", "screen", source, "--threshold", f"{run.facts.threshold!r}"]
    for field, column in run.facts.columns.items():
        words += ["--map", f"{field}={column}"]
    for file in dict.fromkeys(origin for origin in origins.values() if origin not in ("workspace", "packaged")):
        words += ["--list", file]
    return shlex.join([*words, *(["--links"] if run.facts.links else []), "--record"])


def _near(parts: Parts, pairs: Sequence[tuple[KeptRecord, KeptMatch]]) -> Iterator[dict[str, Any]]:
    listed = {item.entity.id: item.entity for item in parts.lists.index.subjects}
    for record, match in pairs:
        entity = listed.get(match.entity_id)
        prior = prior_of(entity.schema) if entity is not None else DEFAULT_PRIOR
        again = (parts.repeats or {}).get(record.row)
        yield {
            "row": record.row,
            "locator": record.locator,
            "input_id": record.input_id,
            "record_text": again.text if again else "",
            "entity_id": match.entity_id,
            "match_kind": match.match_kind,
            "listed_name": entity.caption if entity is not None else "",
            "lists": ", ".join(entity.datasets) if entity is not None else "",
            "probability": f"{match.probability:.6f}",
            "bits": f"{match.bits:+.3f}",
            "bits_from_threshold": _from_threshold(match.probability, parts.run.facts.threshold),
            "waterfall": _waterfall(match, prior),
            "evidence": again.evidence.get((match.entity_id, match.match_kind), "") if again else "",
            "screened_again": _agrees(parts, record),
        }


def _from_threshold(value: float, threshold: float) -> str:
    if not (0 < value < 1 and 0 < threshold < 1):
        return ""
    return f"{log_odds(value) - log_odds(threshold):+.3f}"


def _waterfall(match: KeptMatch, prior: float) -> str:
    """ "before any evidence -16.610 | name alike (similarity 1.00) +13.758 | sum -2.852"."""
    steps = (("before any evidence", log_odds(prior)), *match.parts, ("sum", log_odds(prior) + match.bits))
    return " | ".join(f"{label} {bits:+.3f}" for label, bits in steps)


def _agrees(parts: Parts, record: KeptRecord) -> str:
    if parts.repeats is None:
        return ""
    again = parts.repeats.get(record.row)
    return "same" if again is not None and again.agrees else "DIFFERS"


def _clear(parts: Parts) -> Iterator[dict[str, Any]]:
    listed = {item.entity.id: item.entity.caption for item in parts.lists.index.subjects}
    for record in parts.survey.sample:
        nearest = max(record.matches, key=lambda match: match.probability, default=None)
        again = (parts.repeats or {}).get(record.row)
        yield {
            "row": record.row,
            "locator": record.locator,
            "input_id": record.input_id,
            "record_text": again.text if again else "",
            "partial": record.partial,
            "nearest_entity_id": nearest.entity_id if nearest else "",
            "nearest_listed_name": listed.get(nearest.entity_id, "") if nearest else "",
            "nearest_probability": f"{nearest.probability:.6f}" if nearest else "",
            "screened_again": _agrees(parts, record),
        }


def _bands(parts: Parts) -> Iterator[dict[str, Any]]:
    total = sum(band.records for band in parts.survey.bands)
    for band in parts.survey.bands:
        yield {
            "p_from": f"{band.low:g}",
            "p_below": f"{band.high:g}",
            "alert": band.alert,
            "records": band.records,
            "share": f"{band.records / total:.6f}" if total else "",
        }


def _challenge(parts: Parts) -> Iterator[dict[str, Any]]:
    threshold = parts.run.facts.threshold
    for case in parts.cases:
        both = case.by_name_and_birth
        yield {
            "entity_id": case.entity_id,
            "listed_name": case.listed,
            "way_of_writing": case.habit,
            "written": case.written,
            "p_name": f"{case.by_name:.6f}",
            "found_by_name": case.by_name >= threshold,
            "p_name_and_birth": "" if both is None else f"{both:.6f}",
            "found_by_name_and_birth": "" if both is None else both >= threshold,
        }


def _rates(rates: Sequence[Detection]) -> Iterator[dict[str, Any]]:
    for rate in rates:
        for label, value in (("name", rate.by_name), ("name and birth date", rate.by_name_and_birth)):
            yield {"way_of_writing": rate.habit, "with": label, **value.to_json()}


def _weights() -> Iterator[dict[str, Any]]:
    for row in WEIGHTS.values():
        yield {
            "id": row.id, "meaning": row.meaning, "m": f"{row.m:.6g}", "u": f"{row.u:.6g}", "bits": f"{row.bits:+.3f}",
            "m_origin": row.m_origin, "u_origin": row.u_origin,
        }  # fmt: skip
    for schema, prior in PRIORS.items():
        meaning = f"before any evidence, P that a record is one given listed {schema}: 1 in {1 / prior:,.0f}"
        yield {"id": f"prior.{schema}", "meaning": meaning, "bits": f"{log_odds(prior):+.3f}", "m_origin": ESTIMATE}
    for kind, cap in NAME_BITS_CAP.items():
        meaning = f"most that a name of this kind ({kind}) can weigh"
        yield {"id": f"cap.{kind}", "meaning": meaning, "bits": f"{cap:+.3f}", "m_origin": ESTIMATE}


def _readme(parts: Parts, rates: Sequence[Detection]) -> str:
    run, survey = parts.run, parts.survey
    lists = "\n".join(
        f"| {_cell(item['name'])} | {item['date'] or 'no date'} | {item['sha256']} "
        f"| {_cell(parts.lists.origins[item['name']])} |"
        for item in run.facts.lists
    )
    engine = "\n".join(f"| {name} | {value} |" for name, value in sorted(run.facts.engine.items()))
    whole = rates[-1]
    again = "The input file was not given, so that names and full evidence are left out; give it with --input."
    if parts.repeats is not None:
        same = sum(item.agrees for item in parts.repeats.values())
        again = (
            f"{len(parts.repeats)} records of these tables were screened again from the input file for this pack: "
            f"{same} gave the same result, {len(parts.repeats) - same} another."
        )
    return f"""# Validation pack of screening run {run.id}

Screening answers, for each record, how probable it is that the record is a listed party. Records with a match of
P ≥ {run.facts.threshold:g} (the threshold) are alerts; the others are clear. Nothing here decides; people do.

| what | |
|---|---|
| started, finished (UTC) | {format_time(run.started_at)}, {format_time(run.finished_at)} |
| input | {_cell(run.facts.input_name)}, SHA-256 {run.facts.input_sha256} |
| records | {run.records:,}: {run.alerts:,} with alerts, {run.clear:,} clear, {run.errors:,} not screened |
| threshold | P ≥ {run.facts.threshold:g}; matches down to P ≥ {run.facts.floor:g} were kept |
| hash of all inputs | {run.inputs} |

## Lists

| list | date | SHA-256 | found again in |
|---|---|---|---|
{lists}

## Engine

| what | |
|---|---|
{engine}

## How to repeat it

With the input and the lists named above, and this version of stanch:

```sh
{_cell(command(run, parts.lists.origins))}
stanch screenings
```

The new run has the same hash of all inputs, and the same number of alerts and clear records.
{again}

## Files

| file | content |
|---|---|
| alerts_above.csv | the {len(survey.above)} matches nearest above the threshold: are they worth an analyst's time? |
| alerts_below.csv | the {len(survey.below)} matches nearest below it: should one of them have been seen? |
| sample_clear.csv | {len(survey.sample)} clear records drawn at random, seed {_cell(survey.seed)} |
| counts.csv | records by the P of their most probable match |
| challenge.csv | listed names written in several ways, and the P that each gets |
| challenge_rates.csv | the share of these that reaches the threshold, with 95 % intervals (Wilson) |
| weights.csv | every weight, prior and cap, each with its origin: measured, or an estimate |
| manifest.json | SHA-256 of every file |

`waterfall` adds up: the bits before any evidence, then each piece of evidence, then the sum. P = 1 / (1 + 2^(−sum)).
`bits_from_threshold` says how far a match is from the line: one bit is a factor of two in the odds.

## What the setting detects

{len(parts.cases):,} spellings of listed names were screened, with and without the listed date of birth. Found at this
threshold: by the name alone {_told(whole.by_name)},
with the date of birth {_told(whole.by_name_and_birth)}.
The spellings are made by rule (letters left out or swapped, order, other scripts; Korean names by the likeliest
reading): they show what the engine can take, not how often people write so. What is missed stands in challenge.csv.

## Is P what it says?

The page "Screening: who is this?" (docs/methods/screening.md of this version, section Calibration) sets P against
the truth on pairs that no weight was learned from, with intervals, and names what is too thin to be measured.
Weights marked "estimate" in weights.csv are our own. The prior is one of them, and on purpose too high for an
ordinary customer file.
"""


def _told(rate: Any) -> str:
    low, high = rate.interval
    return "none" if rate.share is None else f"{rate.found:,} of {rate.total:,} ({low:.3f}–{high:.3f})"


def _cell(text: str) -> str:
    """Text of a stranger inside a Markdown table: one line, no bars, no control characters."""
    return "".join(char if char.isprintable() and char not in "|`<" else "�" for char in text[:400])
