"""Every weight of screening, in one table: how often a feature is seen when two records are the same person, how
often when they are not, and where those two shares come from.

A weight in bits is log2(m / u): `m` the share among records of the same person, `u` the share among records of
different persons. Shares marked "estimate" are ours: read them as "about", not as measurements.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

from stanch.model import Source, canonical_json, sha256_hex

#: Two published lists compared, dates of birth of subjects with one name on both (docs/methods/screening.md).
LISTS = (
    "measured: dates of birth of subjects of one name on the UN list (2026-02-27) and on EU 2017/1509 (2025-12-17), "
    "Japan MOF (2026-08-28) or OFAC SDN (2024-05-03), 352 pairs of full dates and 122 with only a year on one side; "
    "lists copy each other, so the share that agrees is lowered by estimate"
)
SPREAD = (
    "measured: two subjects drawn from the OFAC, EU and Japan lists named above share a birth year with "
    "probability 0.0226 (6,677 dates)"
)
ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True)
class Weight:
    """One row of the table: `m` and `u` are probabilities in (0, 1]; the origins say where each comes from."""

    id: str
    meaning: str
    m: float
    u: float
    m_origin: str
    u_origin: str

    @property
    def bits(self) -> float:
        """log2(m / u): positive speaks for the same person, negative against."""
        return math.log2(self.m / self.u)


#: Chance that two different persons were born in one year; all `u` of dates follow from it.
SAME_YEAR = 0.0226
_SAME_DAY = SAME_YEAR / 365.25
_EVERY_DAY = 1 / 365.25

_ROWS = (
    Weight("birth.exact", "the same full date of birth", 0.90, _SAME_DAY, LISTS, SPREAD),
    Weight("birth.swapped", "the same date with day and month swapped", 0.01, 0.39 * _SAME_DAY, LISTS, SPREAD),
    Weight("birth.year-slip", "the same day and month, one year off", 0.015, 2 * _SAME_DAY, LISTS, SPREAD),
    Weight("birth.day-month", "the same day and month, another year", 0.01, 0.93 * _EVERY_DAY, LISTS, SPREAD),
    Weight("birth.same-year", "the same year, another day or month", 0.04, SAME_YEAR, LISTS, SPREAD),
    Weight("birth.contradicts", "another date of birth", 0.025, 0.97, LISTS, SPREAD),
    Weight("birth.month", "the same month and year, no day given", 0.92, SAME_YEAR / 12, ESTIMATE, SPREAD),
    Weight("birth.year", "the same year, no more given on one side", 0.93, SAME_YEAR, LISTS, SPREAD),
    Weight("birth.year-near", "one year apart, no more given on one side", 0.04, 2 * SAME_YEAR, LISTS, SPREAD),
    Weight("birth.year-contradicts", "another year of birth", 0.03, 0.93, LISTS, SPREAD),
    Weight("gender.same", "the same gender", 0.98, 0.70, ESTIMATE, ESTIMATE),
    Weight("gender.contradicts", "another gender", 0.02, 0.30, ESTIMATE, ESTIMATE),
    Weight("name.differs", "no name is alike, though an identifier is shared", 0.15, 1.0, ESTIMATE, ESTIMATE),
    Weight("name.weak", "the name is one that the list calls a weak alias", 0.125, 1.0, ESTIMATE, ESTIMATE),
    Weight("id.document", "the same passport or identity document number", 0.5, 5e-7, ESTIMATE, ESTIMATE),
    Weight("id.imo", "the same IMO ship number", 0.9, 1e-7, ESTIMATE, ESTIMATE),
    Weight("id.mmsi", "the same MMSI of a ship's station", 0.5, 1e-6, ESTIMATE, ESTIMATE),
    Weight("id.bic", "the same BIC", 0.5, 1e-6, ESTIMATE, ESTIMATE),
    Weight("id.iban", "the same IBAN", 0.5, 1e-8, ESTIMATE, ESTIMATE),
    Weight("id.wallet", "the same wallet address", 0.5, 1e-9, ESTIMATE, ESTIMATE),
    Weight("id.email", "the same e-mail address", 0.5, 1e-6, ESTIMATE, ESTIMATE),
    Weight("id.phone", "the same telephone number", 0.3, 1e-5, ESTIMATE, ESTIMATE),
)  # fmt: skip

WEIGHTS = {row.id: row for row in _ROWS}

#: Probability, before any evidence, that a record is one given listed subject, by the subject's schema. ESTIMATES, and
#: on purpose too high for an ordinary customer file: a look too many costs minutes, a designated person let through
#: costs more. Names of firms and ships are chosen to differ, and fewer of them stand in a file than names of people.
PRIORS = {"Person": 1e-5, "Organization": 1e-4, "Company": 1e-4, "PublicBody": 1e-4, "Vessel": 1e-4, "Airplane": 1e-4}
DEFAULT_PRIOR = 1e-5

#: A name is compared as evidence when its similarity reaches this: the point that `names` promises to mean "match".
NAME_SIMILARITY = 0.7
#: The same where a name that reads as a person's is compared with firms and ships because nobody said what it is:
#: equal but for spaces, signs and letters that transliterations exchange (estimate).
PERSON_NAME_SIMILARITY = 0.9

#: No name weighs more than this: relatives, and aliases taken from real people, repeat even rare names (estimate). With
#: the prior it keeps a person's name alone under one half: a name alone is never "more likely than not".
NAME_BITS_CAP = {"person": 16.0, "organization": 20.0, "vessel": 14.0, "any": 16.0}

#: Matches less probable than this are not shown (`--threshold`). One in two thousand: so low that the name of any
#: listed subject, typed alone, is shown, also one that many bear (Kim Chol); with another birth date it is not.
DEFAULT_THRESHOLD = 0.0005

#: The table as a source that evidence can point to: its hash changes when any weight does.
SOURCE = Source(
    "stanch screening weights",
    "prior",
    sha256_hex(canonical_json([[repr(astuple(row)) for row in _ROWS], repr(PRIORS), repr(NAME_BITS_CAP)])),
)


def prior_of(schema: str) -> float:
    """The prior for a listed subject of this schema."""
    return PRIORS.get(schema, DEFAULT_PRIOR)


def log_odds(prior: float) -> float:
    """A probability strictly between 0 and 1 as log2 of its odds."""
    return math.log2(prior / (1 - prior))


def probability(bits: float, prior: float = DEFAULT_PRIOR) -> float:
    """P(same subject) from the sum of evidence in bits, on top of a prior."""
    return 1.0 / (1.0 + math.exp2(-min(max(log_odds(prior) + bits, -60.0), 60.0)))
