"""Entry point: finds the command without importing the others, and turns errors into exit codes."""

from __future__ import annotations

import errno
import importlib
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

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
    "decisions": ("stanch.cli.decisions:decisions", "Say that a finding is not this person: with reason and expiry."),
    "report": ("stanch.cli.check:report", "Write the findings as one self-contained HTML page."),
    "quarantine": ("stanch.cli.workspace:quarantine", "Show rows that could not be used, with line and reason."),
    "status": ("stanch.cli.workspace:status", "What the workspace holds, and how old its lists are."),
    "screen": ("stanch.cli.screen:screen", "Screen names or a file against the designations: who is this?"),
    "payments": ("stanch.cli.payments:payments", "Screen payment messages: ISO 20022 and MT103."),
    "screenings": ("stanch.cli.screenings:screenings", "Recorded screenings, and a validation pack for an auditor."),
    "backtest": ("stanch.cli.backtest:backtest", "An incumbent's alerts against stanch: saved, missed and new."),
    "trace": ("stanch.cli.trace:trace", "Follow stolen money through a ledger: where did it go?"),
    "vet": ("stanch.cli.vet:vet", "Look for signs of disguised work in engagement records."),
    "names": ("stanch.cli.names:names", "Explain, compare and key personal names across scripts."),
    "lists": ("stanch.cli.lists:lists", "Lists in use, their ages, and where they disagree."),
    "facts": ("stanch.cli.facts:facts", "The curated facts: tables, rows, dates, how far verified."),
    "serve": ("stanch.cli.serve:serve", "Serve the workspace on this machine."),
    "completion": ("stanch.cli.completion:completion", "Print a shell completion script."),
}

#: What to do about an error of the operating system, by its number.
_REMEDIES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "make room and run it again"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "check its permissions"),
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


class _ReaderGoneError(Exception):
    """Standard output is a pipe that nobody reads any more."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they run."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. A broken pipe gets past click, which would end with 1: it is a clean end (see `main`)."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as err:
            raise _ReaderGoneError from err

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
            if (value := next(words, None)) is None:
                return [word]  # alone, so that the message is about the missing folder
            front += [word, value]
        elif word.startswith("--workspace="):
            front.append(word)
        else:
            rest.append(word)
    return front + rest


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    _open_streams()
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
        _tell(str(err))
        code = err.exit_code
    except (KeyboardInterrupt, click.Abort):
        _tell("interrupted")
        code = 130
    except (BrokenPipeError, _ReaderGoneError):
        # The reader went away (`| head`): a clean end.
        _drop_output()
        code = 0
    except OSError as err:
        # The machine, not the program: a full disk, a folder that may not be written to.
        place = f"{err.filename}: " if err.filename is not None else ""
        _tell(f"{place}{err.strerror or err}; {_REMEDIES.get(err.errno or 0, 'check the path')}")
        _drop_output()
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _open_streams() -> None:
    """Make the standard streams take any text, whatever the locale; a closed one swallows it."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for the whole run
        elif isinstance(stream, io.TextIOWrapper):
            # A name that is no Unicode text (a lone surrogate) comes as \\udcff, which is also how JSON writes it.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _tell(problem: str) -> None:
    from stanch.cli.output import note

    note(f"stanch: {' '.join(problem.splitlines())}")


def _drop_output() -> None:
    """Point stdout elsewhere, so that the flush at exit is silent."""
    with suppress(io.UnsupportedOperation):  # a stream without a file, as tests put there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
