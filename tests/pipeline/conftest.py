"""The demonstration workspace, checked once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stanch.pipeline import CheckReport, check
from stanch.pipeline.demo import make_demo
from stanch.workspace import Workspace


@pytest.fixture(scope="session")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, CheckReport]]:
    """The demo workspace and the report of its first check. Read-only."""
    with make_demo(tmp_path_factory.mktemp("demo") / "ws") as workspace:
        yield workspace, check(workspace)


@pytest.fixture
def lists(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with the packaged lists and labels only."""
    from stanch.pipeline.reference import load_reference

    with Workspace.init(tmp_path / "ws") as workspace:
        load_reference(workspace)
        yield workspace
