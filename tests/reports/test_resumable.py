from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from stanch.exc import InputError
from stanch.reports import resumable as module
from stanch.reports.resumable import resumable

FACTS = {"input": "ab", "threshold": 0.5, "day": "2026-01-01"}


class KilledError(Exception):
    """Stands for the end of the process."""


@pytest.fixture(autouse=True)
def save_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EVERY", 0.0)


def interrupted(out: Path, facts: dict[str, object] = FACTS) -> None:
    def run() -> None:
        with resumable(out, facts, False) as file:
            file.write(2, "one\ntwo\n")
            raise KilledError

    with pytest.raises(KilledError):
        run()


def test_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    with resumable(out, FACTS, False) as file:
        file.write(1, "a\n")
        assert not out.exists()
    assert out.read_text() == "a\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_interrupted_file_goes_on_where_it_was_safe(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    interrupted(out)
    with Path(f"{out}.part").open("a") as stream:
        stream.write("half a li")  # written, but not known to be whole
    with resumable(out, FACTS, True) as file:
        assert file.rows == 2
        file.write(1, "three\n")
    assert out.read_text() == "one\ntwo\nthree\n"


def test_run_without_resume_starts_anew(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    interrupted(out)
    with resumable(out, FACTS, False) as file:
        assert (file.rows, file.is_empty) == (0, True)
        file.write(1, "x\n")
    assert out.read_text() == "x\n"


def test_resume_without_an_interrupted_run_starts_anew(tmp_path: Path) -> None:
    with resumable(tmp_path / "out.csv", FACTS, True) as file:
        assert file.rows == 0


def test_resume_is_refused_under_other_facts(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    interrupted(out)
    with (
        pytest.raises(InputError, match=r"threshold was 0\.5, now 0\.6"),
        resumable(out, FACTS | {"threshold": 0.6}, True),
    ):
        pass
    assert Path(f"{out}.part").read_text() == "one\ntwo\n"


def test_facts_that_may_differ_are_those_of_the_interrupted_run(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    interrupted(out)
    with resumable(out, FACTS | {"day": "2026-01-02"}, True, frozenset({"day"})) as file:
        assert file.facts["day"] == "2026-01-01"


@pytest.mark.parametrize("state", ["", "[]", '{"facts": {}}', '{"facts": {}, "rows": 1, "bytes": 1000}'])
def test_damaged_state_is_told(tmp_path: Path, state: str) -> None:
    out = tmp_path / "out.csv"
    interrupted(out)
    Path(f"{out}.part.json").write_text(state)
    with pytest.raises(InputError, match="does not fit"), resumable(out, FACTS, True):
        pass


def test_second_run_on_one_file_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    out = tmp_path / "out.csv"
    other = (
        "import pathlib, sys; from stanch.reports.resumable import resumable\n"
        f"with resumable(pathlib.Path({str(out)!r}), {{}}, False): pass"
    )
    with resumable(out, FACTS, False) as first:
        first.write(1, "a\n")
        second = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, check=False)
    assert "another run is writing it" in second.stderr
    assert out.read_text() == "a\n"


def test_state_tells_what_is_safe(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    interrupted(out)
    state = json.loads(Path(f"{out}.part.json").read_text())
    assert (state["rows"], state["bytes"], state["facts"]) == (2, 8, FACTS)


def test_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"), resumable(tmp_path / "no" / "out", FACTS, False):
        pass
