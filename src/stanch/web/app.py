"""App factory: the report as a page, findings as JSON, and the match API. Every route but the match API, which has
yente's error shape, answers errors in one JSON shape. Nothing is written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware

from stanch import __version__
from stanch.exc import StanchError
from stanch.web.limits import BodyLimit, Headers
from stanch.web.match import MAX_BATCH, match_router
from stanch.web.match_lists import HeldLists
from stanch.web.match_query import clean
from stanch.workspace.decisions import is_decided

if TYPE_CHECKING:
    from stanch.workspace import Workspace

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
#: Names by which a browser on this machine may ask: a page elsewhere that had its own name lead here is refused.
LOOPBACK_NAMES = ("127.0.0.1", "localhost")


def create_app(workspace: Workspace | None, *, max_batch: int = MAX_BATCH, hosts: Sequence[str] = ("*",)) -> FastAPI:
    """An application over one open workspace. Handlers run in worker threads; the workspace is safe for that.

    Args:
        workspace: None serves the match API alone, over the packaged lists.
        max_batch: most records in one request to the match API.
        hosts: host names that requests may use.
    """
    lists = HeldLists(workspace)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        lists.warm()
        yield

    app = FastAPI(title="stanch", version=__version__, docs_url=None, redoc_url=None, lifespan=lifespan)
    app.add_middleware(BodyLimit)

    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    app.add_middleware(Headers, headers=_HEADERS)  # last, so outermost: on every answer

    @app.exception_handler(StanchError)
    def failed(_request: Request, err: StanchError) -> JSONResponse:
        return JSONResponse({"error": {"status": err.status, "message": str(err)}}, status_code=err.status)

    @app.exception_handler(RequestValidationError)
    def refused(_request: Request, err: RequestValidationError) -> JSONResponse:
        # Without the input, which may be anything and of any length.
        detail = [
            {"type": item["type"], "loc": [clean(str(part))[:100] for part in item["loc"]], "msg": clean(item["msg"])}
            for item in err.errors()[:20]
        ]
        return JSONResponse({"detail": detail}, status_code=422)

    app.include_router(match_router(lists, max_batch))
    if workspace is not None:
        _add_workspace_routes(app, workspace)

    @app.get("/health")
    def health() -> dict[str, str]:
        """Answers while the process serves."""
        return {"status": "ok", "version": __version__}

    return app


def _add_workspace_routes(app: FastAPI, workspace: Workspace) -> None:
    # Reports bring in tracing, which takes seconds to load: the match API alone does without.
    from stanch.reports.html import render
    from stanch.reports.summary import report_data

    @app.get("/", response_class=HTMLResponse)
    def page() -> str:
        """The open findings as one page."""
        return render(report_data(workspace))

    @app.get("/api/findings")
    def findings(
        detector: Annotated[str | None, Query(max_length=64)] = None,
        everything: Annotated[bool, Query(alias="all")] = False,
    ) -> list[dict[str, Any]]:
        """Open findings, optionally of one detector, in the order in which they were found. Those with a decision in
        force ("not the same person") only with `all`."""
        found = workspace.with_decisions(workspace.findings(detector))
        return [item for item in found if everything or not is_decided(item)]

    @app.get("/api/findings/{id_or_key}")
    def finding(id_or_key: Annotated[str, Path(max_length=64)]) -> dict[str, Any]:
        """One finding by id or key, or their unique first digits."""
        return workspace.with_decisions([workspace.finding(id_or_key)])[0]

    @app.get("/api/status")
    def status() -> dict[str, int]:
        """How many rows of each kind the workspace holds."""
        return workspace.counts()
