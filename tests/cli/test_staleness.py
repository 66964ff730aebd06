from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from stanch.cli.staleness import too_old

TODAY = date(2026, 11, 23)
OWN = '{"id":"x-1","schema":"Person","datasets":["own"],"properties":{"name":["Kim Jong Un"]}}\n'


@pytest.mark.parametrize(
    ("day", "old"), [("2026-10-24", False), ("2026-10-23", True), ("", False), ("2027-01-01", False)]
)
def test_list_is_old_when_it_is_older_than_the_limit(day: str, old: bool) -> None:
    assert (too_old("un", day, 30, today=TODAY) is not None) == old


def test_old_official_list_names_the_command_and_others_do_not() -> None:
    assert too_old("un", "2026-01-01", 30, today=TODAY) == "326 days old: stanch update un"
    assert too_old("own", "2026-01-01", 30, today=TODAY) == "326 days old: give a newer one"


def test_old_list_whose_publisher_has_no_newer_one_says_so() -> None:
    asked = datetime(2026, 11, 20, tzinfo=UTC)
    text = too_old("un", "2026-01-01", 30, asked, TODAY)
    assert text == "326 days old; its publisher had none newer on 2026-11-20"
    long_ago = datetime(2026, 3, 1, tzinfo=UTC)
    assert too_old("un", "2026-01-01", 30, long_ago, TODAY) == "326 days old: stanch update un"


def test_every_run_warns_by_the_setting_of_the_workspace(run: Any, ws: Path, tmp_path: Path) -> None:
    (tmp_path / "own.jsonl").write_text(OWN, encoding="utf-8")
    done = run("add", "entities", "own.jsonl", "--list", "own", "--date", "2020-01-01", "--workspace", ws)
    assert done.code == 0
    commands = (["screen", "Kim Jong Un"], ["check"])
    for command in commands:
        assert "warning: list own is of 2020-01-01" in run(*command, "--workspace", ws).err, command
    assert "days old: give a newer one" in run("status", "--workspace", ws).out
    (ws / "stanch.toml").write_text("list_max_age_days = 100000\n", encoding="utf-8")
    for command in commands:
        assert "warning" not in run(*command, "--workspace", ws).err, command
    assert "days old" not in run("status", "--workspace", ws).out
