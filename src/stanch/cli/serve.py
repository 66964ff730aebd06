"""`stanch serve`: the workspace and the match API on this machine's loopback address."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from stanch.cli.output import note
from stanch.exc import NotFoundError

if TYPE_CHECKING:
    from stanch.workspace import Workspace


@click.command(
    epilog="\b\nExamples:\n  stanch serve\n  stanch serve --port 9000 --workspace casework\n"
    "  stanch serve --max-batch 1000"
)
@click.option("--port", type=click.IntRange(1, 65535), default=8350, show_default=True, help="Port on 127.0.0.1.")
@click.option(
    "--max-batch",
    type=click.IntRange(1, 10_000),
    default=100,
    show_default=True,
    help="Most records in one request to POST /match.",
)
@click.pass_obj
def serve(given: str | None, port: int, max_batch: int) -> None:
    """Serve the workspace to a browser, and POST /match/{dataset} to programs, on this machine only (127.0.0.1).

    Programs written for yente or the OpenSanctions API change only their address. Without a workspace the match API
    answers from the packaged lists. Ctrl-C stops it.
    """
    import uvicorn

    from stanch.web import create_app
    from stanch.web.app import LOOPBACK_NAMES

    with ExitStack() as stack:
        workspace = _workspace(given, stack)
        place = f"http://127.0.0.1:{port}"
        if workspace is None:
            note(f"no workspace here: serving the match API alone, over the packaged lists, on {place}/match/default")
        else:
            note(f"serving {workspace.folder.root} on {place}/ (match API: {place}/match/default; Ctrl-C stops)")
        app = create_app(workspace, max_batch=max_batch, hosts=LOOPBACK_NAMES)
        try:
            uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
        except SystemExit as err:  # the port is taken, say; uvicorn has told it
            raise click.exceptions.Exit(1 if err.code else 0) from err


def _workspace(given: str | None, stack: ExitStack) -> Workspace | None:
    """The workspace that is named or found; None when none is named and none is there."""
    from stanch.workspace import Workspace

    try:
        return stack.enter_context(Workspace.find(given))
    except NotFoundError:
        if given is not None:
            raise
        return None
