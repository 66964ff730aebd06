"""Entry point: finds the command without importing the others, and turns errors into exit codes."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from stanch import __version__
from stanch.exc import StanchError

#: Command → (module:attribute, help line). Help is printed from here, so that `stanch --help` imports no command.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("stanch.cli.demo:demo", "The whole job on packaged real data, in under a minute."),
    "init": ("stanch.cli.workspace:init", "Make a workspace folder."),
    "add": ("stanch.cli.workspace:add", "Import customers, transfers, labels, engagements or entities."),
    "update": ("stanch.cli.update:update", "Fetch the official lists, or read them from files."),
    "check": ("stanch.cli.check:check", "Run every detector on what is new in the workspace."),
    "findings": ("stanch.cli.check:findings", "List findings."),
    "finding": ("stanch.cli.check:finding", "Show one finding with its evidence."),
    "report": ("stanch.cli.check:report", "Write the findings as one self-contained HTML page."),
    "quarantine": ("stanch.cli.workspace:quarantine", "Show rows that could not be used, with line and reason."),
    "status": ("stanch.cli.workspace:status", "What the workspace holds, and how old its lists are."),
    "screen": ("stanch.cli.screen:screen", "Screen names or a file against the designations: who is this?"),
    "trace": ("stanch.cli.trace:trace", "Follow stolen money through a ledger: where did it go?"),
    "vet": ("stanch.cli.vet:vet", "Look for signs of disguised work in engagement records."),
    "names": ("stanch.cli.names:names", "Explain, compare and key personal names across scripts."),
    "facts": ("stanch.cli.facts:facts", "The curated facts: tables, rows, dates, how far verified."),
    "serve": ("stanch.cli.serve:serve", "Serve the workspace on this machine."),
    "completion": ("stanch.cli.completion:completion", "Print a shell completion script."),
}

EPILOG = """\b
Examples:
  stanch demo                                   the whole job on packaged real data
  stanch screen "Kim Jong Un" 김정은             who is this?
  stanch trace --theft ronin-2022 --ledger FILE  where did the money go?
  stanch vet engagements.jsonl                  who is really being paid?

\b
Exit codes: 0 ok, 1 error (or findings, with --fail-on-findings), 2 wrong usage, 75 workspace busy.
"""


class LazyGroup(click.Group):
    """A group whose commands are imported when they run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All command names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help lines of the table."""
        if not COMMANDS:
            return
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--workspace",
    metavar="DIR",
    envvar="STANCH_WORKSPACE",
    help="The workspace folder; may stand before or after the command. Else STANCH_WORKSPACE, else the nearest one "
    "upwards from the current folder.",
)
@click.version_option(__version__, prog_name="stanch")
@click.pass_context
def cli(ctx: click.Context, workspace: str | None) -> None:
    """Find the money and labour that pay for North Korea's weapons, as evidence that others can act on."""
    ctx.obj = workspace


def workspace_first(argv: Sequence[str]) -> list[str]:
    """Move `--workspace DIR` to the front, so that it may stand anywhere before a `--`."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(argv)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == "--workspace":
            front += [word, *([value] if (value := next(words, None)) is not None else [])]
        elif word.startswith("--workspace="):
            front.append(word)
        else:
            rest.append(word)
    return front + rest


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    args = workspace_first(sys.argv[1:] if argv is None else argv)
    try:
        code = cli.main(args=args, prog_name="stanch", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as err:
        code = err.exit_code
    except click.ClickException as err:
        err.show()
        code = err.exit_code
    except StanchError as err:
        click.echo(f"stanch: {err}", err=True)
        code = err.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("stanch: interrupted", err=True)
        code = 130
    except BrokenPipeError:
        # The reader went away (`| head`): a clean end. Point stdout elsewhere so that the flush at exit is silent.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
