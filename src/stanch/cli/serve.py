"""`stanch serve`: the workspace on this machine's loopback address."""

from __future__ import annotations

import click

from stanch.cli.output import note


@click.command(epilog="\b\nExamples:\n  stanch serve\n  stanch serve --port 9000 --workspace casework")
@click.option("--port", type=click.IntRange(1, 65535), default=8350, show_default=True, help="Port on 127.0.0.1.")
@click.pass_obj
def serve(given: str | None, port: int) -> None:
    """Serve the workspace to a browser on this machine only (127.0.0.1). Ctrl-C stops it."""
    import uvicorn

    from stanch.web import create_app
    from stanch.workspace import Workspace

    with Workspace.find(given) as workspace:
        note(f"serving {workspace.folder.root} on http://127.0.0.1:{port}/ (Ctrl-C stops)")
        try:
            uvicorn.run(create_app(workspace), host="127.0.0.1", port=port, log_level="warning")
        except SystemExit as err:  # the port is taken, say; uvicorn has told it
            raise click.exceptions.Exit(1 if err.code else 0) from err
