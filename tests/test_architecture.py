"""The shape of the house: imports run one way, modules stay small, starting up stays cheap."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src" / "stanch"

#: Package → its layer. A module may import its own package and packages of a lower layer only.
LAYERS = {
    "exc": 0,
    "model": 1,
    "yamlevents": 1,
    "knowledge": 2,
    "names": 2,
    "sources": 3,
    "regime": 3,
    "workspace": 4,
    "screening": 5,
    "tracing": 5,
    "workers": 6,
    "weapons": 6,
    "revenue": 6,
    "pipeline": 7,
    "cases": 8,
    "reports": 9,
    "sharing": 10,
    "web": 11,
    "cli": 12,
}
#: Longest module; STYLE asks for a split at 400 lines.
MAX_LINES = 400


def modules() -> list[Path]:
    return sorted(SRC.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Top-level stanch packages that a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            if node.module == "stanch":
                names = [f"stanch.{alias.name}" for alias in node.names]
            elif node.module:
                names = [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("stanch.")}
    return found - {"__version__"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SRC)))
def test_imports_run_one_way(path: Path) -> None:
    package = path.relative_to(SRC).parts[0].removesuffix(".py")
    if package == "__main__":
        return
    if package == "__init__":
        assert imported(path) == set()
        return
    if package == "data":
        return
    for other in imported(path) - {package}:
        assert LAYERS[other] < LAYERS[package], f"{path.name}: {package} may not import {other}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SRC)))
def test_module_says_what_it_is_for_and_stays_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if text.strip() and "migrations" not in path.parts:
        assert ast.get_docstring(ast.parse(text)), f"{path}: no docstring"
    assert text.count("\n") <= MAX_LINES, f"{path}: is there a second idea inside?"


def test_every_package_has_a_layer() -> None:
    packages = {path.name for path in SRC.iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert packages - {"data"} <= set(LAYERS)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from stanch.cli.main import cli; cli.main(['--help'], standalone_mode=False);"
        "heavy = {'numpy', 'numba', 'pyarrow', 'sqlalchemy', 'lxml', 'fastapi', 'rich', 'httpx', 'jinja2'};"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"imported at start: {done.stderr}"


def test_no_machine_path_in_the_tree() -> None:
    for path in modules():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"[\"'](/root|/home|/tmp)/", text), path
