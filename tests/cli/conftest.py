"""The command line run inside the test process, and a workspace that is made once and copied."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from stanch.cli.main import main


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def problems(self) -> list[str]:
        """The lines that say what is wrong."""
        return [line for line in self.err.splitlines() if line.startswith("stanch: ")]


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run `stanch ARGS…` in the test's own folder; `stdin` is what standard input holds."""
    monkeypatch.delenv("STANCH_WORKSPACE", raising=False)
    monkeypatch.chdir(tmp_path)

    def command(*args: str | Path, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(arg) for arg in args])
        assert isinstance(ended.value.code, int)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Done(ended.value.code, out, err)

    return command


@pytest.fixture(scope="session")
def empty_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace without lists or labels; copy it, do not write to it."""
    from stanch.workspace import Workspace

    root = tmp_path_factory.mktemp("template") / "ws"
    Workspace.init(root).close()
    return root


@pytest.fixture
def ws(tmp_path: Path, empty_workspace: Path) -> Path:
    """An empty workspace of the test's own."""
    return Path(shutil.copytree(empty_workspace, tmp_path / "ws"))
