"""A fresh workspace in a temporary folder, and small files to import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stanch.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """An empty workspace."""
    with Workspace.init(tmp_path / "ws") as made:
        yield made


@pytest.fixture
def customers_csv(tmp_path: Path) -> Path:
    """Two good rows."""
    path = tmp_path / "customers.csv"
    path.write_text("id,name,birth_date\nc-1,Ri Pyong Chol,1948\nc-2,Jane Doe,1990-01-02\n", encoding="utf-8")
    return path
