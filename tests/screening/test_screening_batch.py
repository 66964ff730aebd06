"""Several processes answer as one does: the same rows in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner

from stanch.cli.main import cli
from stanch.model import Entity
from stanch.screening import Index, Query, Screened, batch, load_lists

NAMES = ("Kim Jong Un", "김정은", "Maria Lopez", "Ri Pyong Chol", "李炳哲", "John Smith", "", "Кім Чен Ин")


def queries(count: int) -> Iterator[Query]:
    return (Query.of_name(NAMES[number % len(NAMES)], number + 1) for number in range(count))


def render(answer: Screened) -> list[dict[str, object]]:
    return [answer.to_json()]


@pytest.fixture(scope="module")
def lists() -> tuple[list[Entity], Index]:
    entities, infos = load_lists()
    return entities, Index.build(entities, infos)


def test_pool_gives_the_same_rows_in_order(lists: tuple[list[Entity], Index], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", 16)
    monkeypatch.setattr(batch, "LEAST_PARALLEL", 40)
    entities, index = lists
    done: list[int] = []
    several = list(batch.screen_many(queries(100), index, entities, 0.0005, render, workers=2, progress=done.append))
    assert several == list(batch.screen_many(queries(100), index, entities, 0.0005, render, workers=1))
    assert done[-1] == 100


def test_short_input_starts_no_process(lists: tuple[list[Entity], Index], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_named: object) -> None:
        raise AssertionError("a pool for a short input")

    monkeypatch.setattr(batch, "ProcessPoolExecutor", refuse)
    entities, index = lists
    assert len(list(batch.screen_many(queries(50), index, entities, 0.0005, render, workers=4))) == 50


def test_pool_reads_only_a_bounded_part_ahead(
    lists: tuple[list[Entity], Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "CHUNK", 10)
    monkeypatch.setattr(batch, "LEAST_PARALLEL", 20)
    read = 0

    def counted() -> Iterator[Query]:
        nonlocal read
        for query in queries(1_000):
            read += 1
            yield query

    entities, index = lists
    rows = batch.screen_many(counted(), index, entities, 0.0005, render, workers=2)
    list(islice(rows, 5))
    rows.close()  # type: ignore[attr-defined]
    assert read <= 60


def test_command_writes_the_same_bytes_with_one_process_and_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "CHUNK", 16)
    monkeypatch.setattr(batch, "LEAST_PARALLEL", 40)
    file = tmp_path / "customers.csv"
    file.write_text("name\n" + "".join(f"{NAMES[n % 6]}\n" for n in range(90)), encoding="utf-8")
    written = []
    for workers in ("1", "2"):
        out = tmp_path / f"out{workers}.csv"
        command = ["screen", str(file), "--format", "csv", "--workers", workers, "--output", str(out)]
        result = CliRunner().invoke(cli, command)
        assert result.exit_code == 0, result.output
        written.append(out.read_bytes())
    assert written[0] == written[1]
    assert b"Jong Un" in written[0] or b"JONG UN" in written[0].upper()
