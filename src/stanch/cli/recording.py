"""`--record`: keeps in the workspace who was screened, against what, with which result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from stanch.cli.output import note

if TYPE_CHECKING:
    from stanch.screening import ListInfo
    from stanch.screening.batch import Render
    from stanch.sources.raw import RawFile

#: Screens all queries: given the least probability and what to make of an answer.
Screen = Callable[[float, "Render"], Iterable[dict[str, Any]]]


@contextmanager
def recording(
    given: str | None,
    source: RawFile | Sequence[str],
    columns: Mapping[str, str],
    lists: Sequence[ListInfo],
    threshold: float,
    links: bool = False,
) -> Iterator[Callable[[Screen, Render], Iterator[dict[str, Any]]]]:
    """Give a function that screens and keeps; the run is registered when the block ends well.

    Args:
        given: the workspace named by flag or environment.
        source: the file that is screened, or the names typed.
        columns: field → column, as the user said.
        links: whether bare links are shown too.

    Raises:
        NotFoundError: there is no workspace to keep it in.
        BusyError: another process is writing when it is to be registered.
    """
    from stanch.model import now_utc, sha256_hex
    from stanch.screening.recording import Recording, engine
    from stanch.workspace import Workspace
    from stanch.workspace.screenings import TYPED, Recorder, RunFacts

    with Workspace.find(given) as workspace:
        if isinstance(source, Sequence):
            name, sha256 = TYPED, sha256_hex("\n".join(source).encode("utf-8", "surrogatepass"))
        else:
            name, sha256 = source.name, source.sha256
        facts = RunFacts(
            input_name=name,
            input_sha256=sha256,
            columns=dict(columns),
            lists=[item.to_json() for item in lists],
            engine=engine(),
            threshold=threshold,
            floor=threshold * workspace.settings.screening_record_share,
            links=links,
        )
        with Recorder(workspace, facts, now_utc()) as recorder:

            def screened(screen: Screen, render: Render) -> Iterator[dict[str, Any]]:
                for item in screen(facts.floor, Recording(render, threshold)):
                    recorder.add(item["kept"])
                    yield from item["rows"]

            yield screened
            run = recorder.commit(now_utc())
    note(
        f"recorded as run {run.id[:10]}: {run.records:,} records, {run.alerts:,} with alerts, {run.clear:,} clear, "
        f"{run.errors:,} not screened; see: stanch screenings show {run.id[:10]}"
    )
