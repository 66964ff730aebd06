"""The same again: the lists that a recorded run was screened against, and the records of its input."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stanch.exc import InputError
from stanch.model import Entity
from stanch.screening.index import Index
from stanch.screening.listed import ListInfo
from stanch.screening.lists import packaged_lists, read_list_file
from stanch.screening.query import Query
from stanch.screening.recording import engine, keep, record_hash
from stanch.screening.records import read_queries
from stanch.sources.raw import RawFile
from stanch.workspace import lists as held_lists
from stanch.workspace.screenings import KeptRecord, Run

if TYPE_CHECKING:
    from stanch.workspace import Workspace


@dataclass(frozen=True, slots=True)
class RunLists:
    """The index of a run's lists, and where each list (by name) was found: "workspace", "packaged" or a file."""

    index: Index
    origins: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A record screened again: its text, the evidence by listed entity and match kind (statements with their bits,
    which add up), and whether all matches came out with the probability recorded."""

    text: str
    evidence: Mapping[tuple[str, str], str]
    agrees: bool


def check_engine(run: Run) -> None:
    """Make sure that this program is the one that made the run: another would give other answers.

    Raises:
        InputError: version or tables differ.
    """
    now = engine()
    differ = [name for name in sorted({*now, *run.facts.engine}) if now.get(name) != run.facts.engine.get(name)]
    if differ:
        made = run.facts.engine.get("stanch", "?")
        raise InputError(
            f"run {run.id[:10]} was made by another engine (stanch {made}; other {', '.join(differ)})",
            remedy="make the pack with that version, or record the screening again",
        )


def lists_of(workspace: Workspace, run: Run, files: Sequence[Path] = ()) -> RunLists:
    """Find the lists of a run by their SHA-256: among `files`, in the workspace (older snapshots too), as packaged.

    Raises:
        InputError: one is not at hand, or a file is none of the run's lists.
    """
    found: dict[str, tuple[list[Entity], str]] = {}
    wanted = {(item["name"], item["sha256"]): item for item in run.facts.lists}
    for path in files:
        entities, infos = read_list_file(path)
        hits = [info for info in infos if (info.name, info.sha256) in wanted]
        if not hits:
            raise InputError("is no list of this run", file=path.name, remedy="stanch screenings show names them")
        for info in hits:
            found[info.name] = ([item for item in entities if info.name in item.datasets], path.name)
    with workspace.reading() as connection:
        for snapshot in held_lists.held(connection):
            if (snapshot.source_id, snapshot.sha256) in wanted and snapshot.source_id not in found:
                found[snapshot.source_id] = (held_lists.entities_of(connection, snapshot.id), "workspace")
    if any(name not in found for name, _ in wanted):
        entities, packaged = packaged_lists()
        for info in packaged:
            if (info.name, info.sha256) in wanted and info.name not in found:
                found[info.name] = ([item for item in entities if info.name in item.datasets], "packaged")
    missing = [f"{name} (SHA-256 {sha256[:12]}…)" for name, sha256 in wanted if name not in found]
    if missing:
        raise InputError(f"not at hand: list {', '.join(missing)}", remedy="give the file with --list")
    lists = tuple(ListInfo(item["name"], item["date"], item["sha256"]) for item in run.facts.lists)
    entities = [entity for item in lists for entity in found[item.name][0]]
    unique = {entity.id: entity for entity in entities}  # an entity may stand on two lists of one file
    return RunLists(
        Index.build(unique.values(), lists, run.facts.links), {name: origin for name, (_, origin) in found.items()}
    )


def repeat(run: Run, raw: RawFile, index: Index, wanted: Collection[KeptRecord]) -> dict[int, Repeat]:
    """Screen some records of a run again from its input file, by row.

    Raises:
        InputError: this is not the file of the run.
    """
    if raw.sha256 != run.facts.input_sha256:
        raise InputError(
            f"is not the input of run {run.id[:10]}", file=raw.name, remedy=f"its SHA-256 is {run.facts.input_sha256}"
        )
    of_row = {record.row: record for record in wanted}
    repeats: dict[int, Repeat] = {}
    for query in read_queries(raw, run.facts.columns):
        if (record := of_row.get(query.row)) is not None:
            repeats[query.row] = _repeat(run, query, record, index)
            if len(repeats) == len(of_row):
                break
    return repeats


def _repeat(run: Run, query: Query, record: KeptRecord, index: Index) -> Repeat:
    answer = index.screen(query, run.facts.floor)
    again = keep(answer, run.facts.threshold)
    same = [(match.entity_id, round(match.probability, 9)) for match in again.matches] == [
        (match.entity_id, round(match.probability, 9)) for match in record.matches
    ]
    evidence = {
        (match.entity_id, match.match_kind): "; ".join(
            f"{item.statement} ({item.bits:+.2f})" for item in match.evidence if item.bits is not None
        )
        for match in answer.matches
    }
    return Repeat(query.text, evidence, same and record_hash(query) == record.record)
