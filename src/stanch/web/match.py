"""The match API: `POST /match/{dataset}` and what clients of yente call beside it, over the lists held here.

Handlers are plain functions, so they run in worker threads and never hold up the event loop; the index is immutable.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, HTTPException, Path, Query, Response

from stanch.exc import StanchError
from stanch.web import match_answer as answer
from stanch.web import match_schemas as shapes
from stanch.web.match_lists import ALL, OPENSANCTIONS, Held, HeldLists
from stanch.web.match_query import Example, clean, read_example
from stanch.web.match_score import CUTOFF_SCORE, MATCH_SCORE
from stanch.web.match_search import search as search_text

#: Queries in one request, results of one query: yente's defaults.
MAX_BATCH = 100
MAX_LIMIT = 500
_MAX_OFFSET = 9_499
_MOMENT = r"^\d{4}-\d{2}-\d{2}([T ][0-9:.+Z-]{0,30})?$"

Many = Annotated[list[str], Query(max_length=MAX_LIMIT)]
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": shapes.Problem} for status in (400, 404, 413, 503)
}  # fmt: skip


def match_router(lists: HeldLists, max_batch: int = MAX_BATCH) -> APIRouter:
    """The routes, over some lists. `max_batch` bounds the queries of one request."""
    router = APIRouter(responses=_PROBLEMS)
    matcher = msgspec.Raw(msgspec.json.encode(answer.matcher_json()))

    @router.post("/match/{dataset}", response_model=shapes.EntityMatchResponse, tags=["Matching"])
    def match(
        body: shapes.EntityMatchQuery,
        dataset: Annotated[str, Path(max_length=100)],
        limit: Annotated[int, Query(ge=0, le=MAX_LIMIT)] = 5,
        threshold: Annotated[float, Query(ge=0, le=1)] = MATCH_SCORE,
        cutoff: Annotated[float, Query(ge=0, le=1)] = CUTOFF_SCORE,
        algorithm: Annotated[str, Query(max_length=60)] = answer.ALGORITHM,
        include_schema: Many = [],  # noqa: B006 - FastAPI copies defaults
        exclude_schema: Many = [],  # noqa: B006
        include_dataset: Many = [],  # noqa: B006
        exclude_dataset: Many = [],  # noqa: B006
        topics: Many = [],  # noqa: B006
        exclude_entity_ids: Many = [],  # noqa: B006
        changed_since: Annotated[str, Query(pattern=_MOMENT)] | None = None,
    ) -> Response:
        """Who may these records be? Every query is a record with a schema and properties; every answer has listed
        entities with a score, and with the evidence behind it."""
        if algorithm not in answer.TAKEN_ALGORITHMS:
            raise HTTPException(400, f"no algorithm {clean(algorithm)!r}; there is {answer.ALGORITHM!r}")
        if not body.queries:
            raise HTTPException(400, "no queries given")
        if len(body.queries) > max_batch:
            raise HTTPException(400, f"too many queries in one batch: {len(body.queries):,} (limit: {max_batch:,})")
        held = _held(lists)
        filters = answer.Filters(
            lists=_lists(held, dataset, include_dataset, exclude_dataset),
            schemas=_schemata(include_schema),
            without_schemas=frozenset(exclude_schema),
            topics=frozenset(topics),
            without_ids=frozenset(exclude_entity_ids),
            changed_since=(changed_since or "")[:10],
        )
        examples = {key: _example(key, item) for key, item in body.queries.items()}
        # From P 0 on: what the client wants to see is decided by its own cut-off.
        screened = held.index.screen_all([example.query for example in examples.values()], 0.0)
        responses = {
            clean(key): answer.matches_json(
                example,
                [item for item in found.matches if filters.admits(item.listed.entity, held)],
                held,
                threshold=threshold,
                cutoff=min(cutoff, threshold),
                limit=limit,
            )
            for (key, example), found in zip(examples.items(), screened, strict=True)
        }
        whole = {
            "responses": responses,
            "matcher": matcher,
            "limit": limit,
            "lists": [
                {**item.to_json(), "title": held.titles[item.name]} for item in held.lists if item.name in filters.lists
            ],
            "screening_threshold": held.threshold,
        }
        return _json(whole, {"x-batch-size": str(len(responses)), "x-stanch-algorithm": answer.ALGORITHM})

    @router.get("/search/{dataset}", response_model=shapes.SearchResponse, tags=["Matching"])
    def search(
        dataset: Annotated[str, Path(max_length=100)],
        q: Annotated[str, Query(max_length=2_000)] = "",
        schema: Annotated[str, Query(max_length=60)] = "Thing",
        limit: Annotated[int, Query(ge=0, le=MAX_LIMIT)] = 10,
        offset: Annotated[int, Query(ge=0, le=_MAX_OFFSET)] = 0,
        exclude_schema: Many = [],  # noqa: B006
        include_dataset: Many = [],  # noqa: B006
        exclude_dataset: Many = [],  # noqa: B006
        datasets: Many = [],  # noqa: B006
        topics: Many = [],  # noqa: B006
        countries: Many = [],  # noqa: B006
        facets: Many = ["countries", "topics", "datasets"],  # noqa: B006
        changed_since: Annotated[str, Query(pattern=_MOMENT)] | None = None,
    ) -> Response:
        """Listed entities by name, for a person at a search box. To check a record, use /match."""
        held = _held(lists)
        filters = answer.Filters(
            lists=_lists(held, dataset, (*include_dataset, *datasets), exclude_dataset),
            schemas=_schemata((schema,)),
            without_schemas=frozenset(exclude_schema),
            topics=frozenset(topics),
            countries=frozenset(code.lower() for code in countries),
            changed_since=(changed_since or "")[:10],
        )
        found = search_text(held, clean(q), filters)
        return _json(
            {
                "results": [answer.entity_json(entity, held) for entity in found[offset : offset + limit]],
                "facets": answer.facets_json(found, facets, held),
                "total": {"value": len(found), "relation": "eq"},
                "limit": limit,
                "offset": offset,
            }
        )

    @router.get("/entities/{entity_id}", response_model=shapes.EntityResponse, tags=["Data access"])
    def entity(entity_id: Annotated[str, Path(max_length=255)]) -> Response:
        """One listed entity by its id, as the list has it."""
        held = _held(lists)
        found = held.entities.get(entity_id)
        if found is None:
            raise HTTPException(404, "no such entity on the lists held")
        return _json(answer.entity_json(found, held))

    @router.get("/catalog", tags=["Data access"])
    def catalog() -> Response:
        """The lists held, with their dates, under our names and OpenSanctions'."""
        return _json(_catalog(_held(lists), lists.stale))

    @router.get("/algorithms", tags=["System information"])
    def algorithms() -> Response:
        """The one method of matching, and its features."""
        return _json(answer.algorithms_json())

    @router.get("/healthz", response_model=shapes.Status, tags=["System information"])
    def healthz() -> dict[str, str]:
        """Answers while the process serves."""
        return {"status": "ok"}

    @router.get("/readyz", response_model=shapes.Status, tags=["System information"])
    def readyz() -> dict[str, str]:
        """Answers 503 until the lists are indexed."""
        if not lists.ready:
            lists.warm()
            raise HTTPException(503, "the lists are being indexed; ask again in a few seconds")
        return {"status": "ok"}

    return router


def _json(value: Any, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json", headers=headers)


def _held(lists: HeldLists) -> Held:
    try:
        return lists.current()
    except StanchError as err:
        raise HTTPException(err.status, str(err)) from err


def _lists(held: Held, dataset: str, included: Sequence[str], excluded: Iterable[str]) -> frozenset[str]:
    """The lists that a request asks for: of those in the path, the included, without the excluded, as yente does it.

    To screen against nothing, or against a list that is not held, would look like a clear answer: both are refused.
    """
    for name in (dataset, *included):
        if name not in held.datasets:
            raise HTTPException(404, f"no data set {clean(name)[:60]!r}; there are: {', '.join(sorted(held.datasets))}")
    lists = held.datasets[dataset]
    if included:
        lists &= frozenset(name for given in included for name in held.datasets[given])
    lists -= frozenset(name for given in excluded for name in held.datasets.get(given, ()))
    if not lists:
        raise HTTPException(400, "these data sets, taken together, leave no list to screen against")
    return lists


def _schemata(names: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(names)
    if unknown := sorted(wanted - answer.SCHEMATA):
        raise HTTPException(
            400, f"no schema {clean(unknown[0])[:60]!r}; there are: {', '.join(sorted(answer.SCHEMATA))}"
        )
    return wanted


def _example(key: str, item: shapes.EntityExample) -> Example:
    try:
        return read_example(item.id, item.schema_, item.properties)
    except ValueError as err:
        raise HTTPException(400, f"Cannot parse example entity {clean(key)[:60]!r}: {err}") from err


def _catalog(held: Held, stale: bool) -> dict[str, Any]:
    versions = {item.name: (item.date, item.sha256) for item in held.lists}
    rows = []
    for name, ours in held.datasets.items():
        collection = name in ALL
        newest = max((versions[item][0] for item in ours), default="")
        rows.append(
            {
                "name": name,
                "title": "All lists held" if collection else held.titles[OPENSANCTIONS.get(name, name)],
                "load": name == ALL[0],
                "version": newest.replace("-", ""),
                "index_version": newest.replace("-", ""),
                "index_current": not stale,
                "updated_at": f"{newest[:10]}T00:00:00" if newest else None,
                "children": sorted(ours) if collection else [],
                "checksum": None if collection or name not in versions else versions[name][1],
                "entity_count": sum(not ours.isdisjoint(item.entity.datasets) for item in held.index.subjects),
            }
        )
    names = sorted(held.datasets)
    return {
        "datasets": sorted(rows, key=lambda row: (row["name"] not in ALL, row["name"])),
        "current": [] if stale else names,
        "outdated": names if stale else [],
        "index_stale": stale,
    }
