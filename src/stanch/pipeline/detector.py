"""What a detector is to the pipeline: a name, a version, what its answer rests on, and outcomes about subjects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from stanch.model import Finding, Subject
from stanch.workspace import Workspace
from stanch.workspace.rescreening import Rescreening


@dataclass(frozen=True, slots=True)
class Outcome:
    """One subject, checked: its findings, or none (a clear). `content` is a hash of the subject's own record, `keys`
    what it was looked up by, where the detector looks subjects up."""

    subject: Subject
    content: str
    findings: tuple[Finding, ...]
    as_of: datetime | None
    keys: tuple[str, ...] | None = None


#: Says whether a subject with this id and content was checked already against the same inputs.
Done = Callable[[str, str], bool]


class Detector(Protocol):
    """One detector of the pipeline.

    `inputs` is a hash of everything the answers rest on beside the subjects themselves: lists, ledger, labels,
    settings. While it stays the same, a subject that did not change is not checked again. When `whole` is true the
    subjects depend on each other, so that any change means checking all of them.
    """

    @property
    def name(self) -> str:
        """Stable slug, as printed in findings."""
        ...

    @property
    def version(self) -> int:
        """Raised when the same data would give another answer."""
        ...

    @property
    def whole(self) -> bool:
        """Whether subjects depend on each other."""
        ...

    def inputs(self, workspace: Workspace) -> str:
        """The hash of what the answers rest on."""
        ...

    def catch_up(self, workspace: Workspace) -> tuple[Rescreening, ...]:
        """Before a run: bring subjects up to changed inputs where less than a whole check will do, and log it."""
        ...

    def outcomes(self, workspace: Workspace, done: Done) -> Iterator[Outcome]:
        """Check subjects, leaving out those that are done."""
        ...
