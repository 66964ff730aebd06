"""Write the reference pages that come from code: commands, settings. `--check` fails when a page is out of date."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click

from stanch.cli.main import cli
from stanch.workspace.settings import Settings

DOCS = Path(__file__).resolve().parents[1] / "docs" / "reference"


def commands(command: click.Command, path: str, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    """(name, help text) of a command and those below it."""
    context = click.Context(
        command, info_name=path.split()[-1], parent=parent, terminal_width=100, max_content_width=100
    )
    yield path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None, name
            yield from commands(below, f"{path} {name}", context)


def cli_page() -> str:
    """Every command with its help."""
    parts = ["# Commands\n\nMade from the code by `scripts/reference_docs.py`.\n"]
    for name, text in commands(cli, "stanch", None):
        parts.append(f"## {name}\n\n```text\n{text.rstrip()}\n```\n")
    return "\n".join(parts)


def settings_page() -> str:
    """Every setting of `stanch.toml`."""
    rows = [f"| `{item.name}` | {item.default!r} | {item.metadata['meaning']} |" for item in fields(Settings)]
    head = "# Settings\n\nOf a workspace, in its `stanch.toml`. Made from the code by `scripts/reference_docs.py`."
    return "\n".join([head, "", "| setting | default | meaning |", "|---|---|---|", *rows, ""])


def main() -> int:
    """Write the pages, or say which are out of date."""
    stale = []
    for name, text in (("cli.md", cli_page()), ("settings.md", settings_page())):
        path = DOCS / name
        if "--check" in sys.argv:
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"out of date: {', '.join(stale)}; run: python scripts/reference_docs.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
