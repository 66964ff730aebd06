"""The shapes of the match API, as yente documents them; what stanch adds stands in keys of its own."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class EntityExample(BaseModel):
    """A record to screen: FollowTheMoney schema and properties, each one text or a list of texts."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    id: str | None = None
    schema_: str = Field(alias="schema", examples=["Person"])
    properties: dict[str, Any] = Field(examples=[{"name": ["Ri Pyong Chol"], "birthDate": ["1948"]}])


class EntityMatchQuery(BaseModel):
    """Records by keys of the client's choice. `weights` and `config` are taken and not used: weights are fixed."""

    model_config = ConfigDict(extra="ignore")

    queries: dict[str, EntityExample]
    weights: dict[str, Any] = Field(default_factory=dict)
    config: dict[str, Any] = Field(default_factory=dict)


class Total(BaseModel):
    """How many results there are in all."""

    value: int
    relation: str = "eq"


class Explanation(BaseModel):
    """One part of the evidence. `score` is its weight in bits: the parts of a result add up to its `bits`."""

    score: float
    detail: str
    query: str | None = None
    candidate: str | None = None
    weight: float | None = None


class EntityResponse(BaseModel):
    """A listed entity. `last_seen` is the date of its list."""

    model_config = ConfigDict(populate_by_name=True)

    id: str
    caption: str
    schema_: str = Field(alias="schema")
    properties: dict[str, list[str]]
    datasets: list[str]
    referents: list[str]
    target: bool
    first_seen: str | None
    last_seen: str | None
    last_change: str | None


class ScoredEntityResponse(EntityResponse):
    """A listed entity that the record may be. `score` rises with `probability`; 0.7 is stanch's own threshold.
    `match_kind` is listed, owned, controlled or linked; `chain` shows the links of the last three."""

    score: float
    match: bool
    features: dict[str, float]
    explanations: dict[str, Explanation]
    probability: float
    bits: float
    match_kind: str
    chain: list[dict[str, Any]] = Field(default_factory=list)
    evidence: list[dict[str, Any]]


class EntityMatches(BaseModel):
    """The answer for one record. `notes` says what of it was not used, `status` is 400 when nothing could be."""

    status: int
    results: list[ScoredEntityResponse]
    total: Total
    query: EntityExample
    notes: list[str]


class EntityMatchResponse(BaseModel):
    """The answers, by the keys of the request. `lists` says against what, with dates and hashes; `screening_threshold`
    is the probability that a score of 0.7 stands for."""

    responses: dict[str, EntityMatches]
    matcher: dict[str, dict[str, Any]]
    limit: int
    lists: list[dict[str, str]]
    screening_threshold: float


class FacetItem(BaseModel):
    """One value and how many results have it."""

    name: str
    label: str
    count: int


class Facet(BaseModel):
    """The commonest values of a field in all results."""

    label: str
    values: list[FacetItem]


class SearchResponse(BaseModel):
    """Listed entities that a text finds."""

    results: list[EntityResponse]
    facets: dict[str, Facet]
    total: Total
    limit: int
    offset: int


class Status(BaseModel):
    """That the service answers."""

    status: str


class Problem(BaseModel):
    """What was wrong with a request."""

    detail: str
