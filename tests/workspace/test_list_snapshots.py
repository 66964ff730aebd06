"""Since when an entry stands as it does, what fingerprints look at, and workspaces of before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from stanch.model import Entity, Source
from stanch.sources.ftm.read import read_ftm
from stanch.sources.raw import RawFile
from stanch.workspace import NewSnapshot, Workspace, store
from stanch.workspace.lists import fingerprint

ANN = {"id": "a", "schema": "Person", "properties": {"name": ["Ann Poe"]}}
BO = {"id": "b", "schema": "Person", "properties": {"name": ["Bo Roe"]}}
BOB = {"id": "b", "schema": "Person", "properties": {"name": ["Bo Roe", "Bob Roe"]}}


def put(workspace: Workspace, folder: Path, date: str, entities: Sequence[dict[str, Any]]) -> RawFile:
    path = folder / f"{date}.jsonl"
    path.write_text("".join(json.dumps(entity) + "\n" for entity in entities), encoding="utf-8")
    raw = RawFile.open(path)
    workspace.add_list(NewSnapshot("house", date, [raw], lambda: read_ftm(raw), lambda _counts: None))
    return raw


def since(workspace: Workspace) -> dict[str, str]:
    return {entity.id: entity.since for entity in workspace.listed_entities()}


def places(workspace: Workspace) -> dict[str, str]:
    return {entity.id: entity.source.sha256 for entity in workspace.listed_entities() if entity.source}


def test_an_unchanged_entry_keeps_its_date_and_place(workspace: Workspace, tmp_path: Path) -> None:
    first = put(workspace, tmp_path, "2026-01-01", [ANN, BO])
    second = put(workspace, tmp_path, "2026-02-01", [BOB, ANN])
    assert since(workspace) == {"a": "2026-01-01", "b": "2026-02-01"}
    assert places(workspace) == {"a": first.sha256, "b": second.sha256}


def test_a_list_older_than_the_one_before_is_the_earlier_witness(workspace: Workspace, tmp_path: Path) -> None:
    put(workspace, tmp_path, "2026-02-01", [ANN, BO])
    put(workspace, tmp_path, "2026-01-01", [ANN])
    assert since(workspace) == {"a": "2026-01-01"}


def test_each_snapshot_knows_which_it_replaced(workspace: Workspace, tmp_path: Path) -> None:
    put(workspace, tmp_path, "2026-01-01", [ANN])
    put(workspace, tmp_path, "2026-02-01", [BO])
    current = workspace.list_snapshot("house")
    assert current is not None
    replaced = current.replaces
    put(workspace, tmp_path, "2026-01-01", [ANN])
    back = workspace.list_snapshot("house")
    assert back is not None
    assert (replaced, back.replaces) == (back.id, current.id)


def test_a_fingerprint_hangs_on_what_is_said_and_not_on_where() -> None:
    entity = Entity("a", "Person", {"name": ("Ann",), "country": ("kp",)}, ("un",), Source("f", "1", "0" * 64), "2026")
    elsewhere = Entity("a", "Person", {"country": ("kp",), "name": ("Ann",)}, ("un",), Source("g", "2", "1" * 64))
    papers = [Entity(id_, "Passport", {"number": (id_,), "holder": ("a",)}) for id_ in "pq"]
    assert fingerprint(entity) == fingerprint(elsewhere)
    assert fingerprint(entity, papers) == fingerprint(elsewhere, papers[::-1]) != fingerprint(entity)
    assert fingerprint(entity) != fingerprint(Entity("a", "Person", {"name": ("Ann",)}, ("un",)))


def test_lists_of_an_older_stanch_get_their_own_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import command

    upgrade = command.upgrade
    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", lambda config, _revision: upgrade(config, "0001"))
        old = Workspace.init(tmp_path / "ws")
    assert store.schema_version(old.engine) == "0001"
    rows = (
        "INSERT INTO list_snapshot (id, source_id, list_date, sha256, url, etag, last_modified, imported_at,"
        " checked_at, entities, is_current)"
        " VALUES ({0}, 'house', '2026-0{0}-01', '{0}', '', '', '', '2026-01-01', '2026-01-01', 1, {1})",
        "INSERT INTO listed_entity (snapshot_id, entity_id, schema, properties, datasets, source) VALUES ({0}, 'a',"
        " 'Person', '{{\"name\": [\"Ann Poe\"]}}', '[\"house\"]', 'null')",
    )
    with old.writing() as connection:
        for number, current in ((1, 0), (2, 1)):
            for row in rows:
                connection.execute(text(row.format(number, current).replace(":", "\\:")))
    old.close()
    with Workspace.find(tmp_path / "ws") as workspace:
        assert since(workspace) == {"a": "2026-02-01"}
        assert [item.replaces for item in workspace.list_snapshots()] == [1]
        old_entry = {**ANN, "datasets": ["house"]}
        put(workspace, tmp_path, "2026-03-01", [old_entry])
        assert since(workspace) == {"a": "2026-02-01"}
