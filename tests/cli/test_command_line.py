"""Manners of the command line: help, exit codes, streams, one-line errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from stanch.cli.main import COMMANDS, cli, workspace_first

ROOT = Path(__file__).resolve().parents[2]


def stanch(*args: str, stdin: str | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "STANCH_WORKSPACE"}
    command = [sys.executable, "-m", "stanch", *args]
    return subprocess.run(
        command, capture_output=True, text=True, input=stdin, cwd=cwd, check=False, env=environment, timeout=120
    )


def walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from walk(below, f"{path} {name}")


@pytest.mark.parametrize(("path", "command"), list(walk(cli, "stanch")), ids=lambda value: str(value))
def test_every_command_has_help_with_examples(path: str, command: click.Command) -> None:
    assert command.help, path
    if not isinstance(command, click.Group) or path == "stanch":
        assert "Example" in f"{command.help}{command.epilog}", f"{path}: no example"
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            assert parameter.help, f"{path} {parameter.name}: no help"


def test_help_lines_name_every_command() -> None:
    done = stanch("--help")
    assert done.returncode == 0
    for name in COMMANDS:
        assert f"  {name} " in done.stdout


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["check", "--workspace", "w"], ["--workspace", "w", "check"]),
        (["--workspace=w", "check"], ["--workspace=w", "check"]),
        (["finding", "a", "--workspace=w", "--format", "json"], ["--workspace=w", "finding", "a", "--format", "json"]),
        (["screen", "--", "--workspace"], ["screen", "--", "--workspace"]),
    ],
)
def test_workspace_flag_may_stand_anywhere(given: list[str], expected: list[str]) -> None:
    assert workspace_first(given) == expected


def test_wrong_usage_exits_with_2() -> None:
    assert stanch("no-such-command").returncode == 2
    assert stanch("add", "customers").returncode == 2


def test_error_is_one_line_on_stderr_and_exits_with_1(tmp_path: Path) -> None:
    done = stanch("check", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "stanch init" in done.stderr


def test_busy_workspace_exits_with_75(tmp_path: Path) -> None:
    from filelock import FileLock

    root = tmp_path / "ws"
    assert stanch("init", str(root), "--empty").returncode == 0
    (root / "stanch.toml").write_text("busy_timeout_s = 0.1\n", encoding="utf-8")
    table = tmp_path / "c.csv"
    table.write_text("id,name\nc-1,Ann\n", encoding="utf-8")
    with FileLock(root / ".lock"):
        done = stanch("add", "customers", str(table), "--workspace", str(root))
    assert done.returncode == 75
    assert "try again" in done.stderr


def test_reader_that_goes_away_is_a_clean_end() -> None:
    command = f"{sys.executable} -m stanch facts show indicators --format jsonl | head -n 1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert json.loads(done.stdout)


def test_stdin_is_read_and_failures_in_one_file_do_not_stop_the_next(tmp_path: Path) -> None:
    root = tmp_path / "ws"
    stanch("init", str(root), "--empty")
    done = stanch("add", "customers", "-", "--workspace", str(root), "--format", "jsonl", stdin="id,name\nc-1,Ann\n")
    assert json.loads(done.stdout)["added"] == 1
    good = tmp_path / "good.csv"
    good.write_text("id,name\nc-2,Bea\n", encoding="utf-8")
    done = stanch(
        "add", "customers", str(tmp_path / "missing.csv"), str(good), "--workspace", str(root), "--format", "jsonl"
    )
    assert done.returncode == 1
    assert "missing.csv" in done.stderr
    assert json.loads(done.stdout)["added"] == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str) -> None:
    assert "_STANCH_COMPLETE" in stanch("completion", shell).stdout


def test_reference_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "reference_docs.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
