"""App factory: the report as a page, findings as JSON. Read-only; every route answers errors in one JSON shape."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from stanch import __version__
from stanch.exc import StanchError
from stanch.reports.html import render
from stanch.reports.summary import report_data
from stanch.workspace import Workspace

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def create_app(workspace: Workspace) -> FastAPI:
    """An application over one open workspace. Handlers run in worker threads; the workspace is safe for that."""
    app = FastAPI(title="stanch", version=__version__, docs_url=None, redoc_url=None)

    @app.middleware("http")
    async def headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.update(_HEADERS)
        return response

    @app.exception_handler(StanchError)
    def failed(_request: Request, err: StanchError) -> JSONResponse:
        return JSONResponse({"error": {"status": err.status, "message": str(err)}}, status_code=err.status)

    @app.get("/", response_class=HTMLResponse)
    def page() -> str:
        """The open findings as one page."""
        return render(report_data(workspace))

    @app.get("/api/findings")
    def findings(detector: Annotated[str | None, Query(max_length=64)] = None) -> list[dict[str, Any]]:
        """Open findings, optionally of one detector, in the order in which they were found."""
        return workspace.findings(detector)

    @app.get("/api/findings/{id_or_key}")
    def finding(id_or_key: Annotated[str, Path(max_length=64)]) -> dict[str, Any]:
        """One finding by id or key, or their unique first digits."""
        return workspace.finding(id_or_key)

    @app.get("/api/status")
    def status() -> dict[str, int]:
        """How many rows of each kind the workspace holds."""
        return workspace.counts()

    @app.get("/health")
    def health() -> dict[str, str]:
        """Answers while the process serves."""
        return {"status": "ok", "version": __version__}

    return app
