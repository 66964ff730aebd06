from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from stanch.exc import InputError
from stanch.workspace.settings import Settings, default_text


def test_written_defaults_are_the_defaults_when_uncommented(tmp_path: Path) -> None:
    lines = [
        line[2:] if line.startswith("# ") and "=" in line and line.split()[1] in names() else line
        for line in default_text().splitlines()
    ]
    path = tmp_path / "stanch.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert sum("=" in line and not line.startswith("#") for line in lines) == len(names())
    assert Settings.read(path) == Settings()


def names() -> set[str]:
    return {field.name for field in fields(Settings)}


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("screening_threshhold = 0.1", "unknown setting"),
        ("screening_threshold = 'high'", "must be a number"),
        ("screening_threshold = true", "must be a number"),
        ("screening_threshold = 2.0", "between 0 and 1"),
        ("list_max_age_days = 0", "at least 1"),
        ("= =", "not valid TOML"),
    ],
)
def test_bad_setting_is_refused_by_name(tmp_path: Path, text: str, match: str) -> None:
    path = tmp_path / "stanch.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=match):
        Settings.read(path)


def test_missing_file_gives_defaults(tmp_path: Path) -> None:
    assert Settings.read(tmp_path / "none.toml") == Settings()
