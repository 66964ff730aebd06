"""Fixture strategy: use the smallest real data packaged with the project; build odd cases inline in the test.

Reference material kept beside the project (`STANCH_SHARED`, else ``../shared``) is optional: tests that need it ask for
`shared_dir` and skip with a reason where it is absent.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The reference material, or a skip."""
    folder = Path(os.environ.get("STANCH_SHARED", ROOT.parent / "shared"))
    if not (folder / "DATA.md").is_file():
        pytest.skip("reference material is not beside the project (set STANCH_SHARED)")
    return folder
