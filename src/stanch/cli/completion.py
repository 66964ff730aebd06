"""`stanch completion`: a script that completes commands and options in the shell."""

from __future__ import annotations

import click


@click.command(
    epilog="\b\nExamples:\n  stanch completion bash > ~/.local/share/bash-completion/completions/stanch\n"
    "  stanch completion zsh > ~/.zfunc/_stanch"
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print a completion script for SHELL."""
    from click.shell_completion import get_completion_class

    from stanch.cli.main import cli

    found = get_completion_class(shell)
    if found is None:  # the choice above holds click's own three
        raise click.UsageError(f"no completion for {shell}")
    click.echo(found(cli, {}, "stanch", "_STANCH_COMPLETE").source())
