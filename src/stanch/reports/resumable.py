"""An output file that a later run can continue after this one was killed.

Beside OUT stand OUT.part, what is written so far, and OUT.part.json, how far it can be trusted: of how many input rows
the answers are safely on the disk, and in how many bytes. A run that continues cuts OUT.part there and goes on, so OUT
ends as if nothing had happened. OUT appears only when all of it is written.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from stanch.exc import InputError

#: Seconds of work that a kill may cost.
EVERY = 2.0


class ResumableFile:
    """OUT while it is written. Make it with `resumable`."""

    def __init__(self, target: Path, facts: Mapping[str, Any]) -> None:
        self._target, self._part = target, Path(f"{target}.part")
        self._state = Path(f"{target}.part.json")
        self._facts = dict(facts)
        self._stream: BinaryIO | None = None
        self._bytes = 0
        self._saved = time.monotonic()
        #: Input rows whose answers are written.
        self.rows = 0
        #: The facts of the run that is continued, or of this one.
        self.facts: Mapping[str, Any] = self._facts

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written yet."""
        return self._bytes == 0

    def begin(self, resume: bool, kept: frozenset[str]) -> None:
        """Open the part: where an interrupted run left it, or empty."""
        state = self._interrupted() if resume else None
        if state is not None:
            self._check(state["facts"], kept)
            self.facts = state["facts"]
            self.rows, self._bytes = state["rows"], state["bytes"]
        self._part.touch()
        self._stream = self._part.open("r+b")
        # Only who holds the lock may cut it.
        _lock(self._stream, self._target)
        self._stream.truncate(self._bytes)
        self._stream.seek(self._bytes)
        self._save()

    def write(self, rows: int, text: str) -> None:
        """Write the answers of the next so many input rows."""
        if self._stream is None:
            raise RuntimeError("not begun")
        data = text.encode("utf-8", "backslashreplace")
        with _told(self._target):
            self._stream.write(data)
            self._bytes += len(data)
            self.rows += rows
            if time.monotonic() - self._saved >= EVERY:
                self._save()

    def finish(self) -> None:
        """Let OUT appear, whole."""
        if self._stream is None:
            raise RuntimeError("not begun")
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._part.replace(self._target)
        self._state.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave the part as it is, to be continued."""
        if self._stream is not None:
            self._stream.close()

    def _save(self) -> None:
        # First the answers, then the word that they are there: a power cut between the two costs work, not truth.
        if self._stream is None:
            raise RuntimeError("not begun")
        self._stream.flush()
        os.fsync(self._stream.fileno())
        aside = Path(f"{self._state}.new")
        with aside.open("w", encoding="utf-8") as stream:
            json.dump({"facts": self.facts, "rows": self.rows, "bytes": self._bytes}, stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(self._state)
        self._saved = time.monotonic()

    def _interrupted(self) -> dict[str, Any] | None:
        """The state of an interrupted run, None when there is none to continue."""
        if not self._state.exists() or not self._part.exists():
            return None
        try:
            state: dict[str, Any] = json.loads(self._state.read_text(encoding="utf-8"))
            whole = isinstance(state["facts"], dict) and state["rows"] >= 0 <= state["bytes"]
            if whole and self._part.stat().st_size >= state["bytes"]:
                return state
        except (ValueError, KeyError, TypeError, RecursionError):
            pass
        raise InputError("does not fit its part", file=self._state.name, remedy="run again without --resume")

    def _check(self, then: Mapping[str, Any], kept: frozenset[str]) -> None:
        """Refuse to continue a run that would have given other answers."""
        now: Mapping[str, Any] = json.loads(json.dumps(self._facts))
        for name in sorted((then.keys() | now.keys()) - kept):
            if then.get(name) != now.get(name):
                raise InputError(
                    f"cannot be continued: {name} was {_short(then.get(name))}, now {_short(now.get(name))}",
                    file=str(self._target),
                    remedy="give what the interrupted run was given, or start anew without --resume",
                )


@contextmanager
def resumable(
    target: Path, facts: Mapping[str, Any], resume: bool, kept: frozenset[str] = frozenset()
) -> Iterator[ResumableFile]:
    """Write a file that can be continued; an error or a kill leaves its part behind.

    Args:
        facts: all that the content follows from (JSON); a run under other facts is not continued.
        resume: continue an interrupted run, if there is one.
        kept: facts that need not be equal: those of the interrupted run count.

    Raises:
        InputError: not writable, being written by another run, or not to be continued.
    """
    file = ResumableFile(target, facts)
    try:
        with _told(target):
            file.begin(resume, kept)
        yield file
        with _told(target):
            file.finish()
    finally:
        file.close()


@contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as err:
        problem = f"cannot be written ({err.strerror})"
        raise InputError(problem, file=str(target), remedy="name another file with --output") from err


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
    return text if len(text) <= 60 else f"{text[:60]}…"


def _lock(stream: BinaryIO, target: Path) -> None:
    """Refuse to write beside another run; the lock ends with the process. Only where the system has such locks."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        # Not flock: forked workers would hold that for a while after this process was killed.
        fcntl.lockf(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise InputError(
            "another run is writing it", file=str(target), remedy="wait for it, or name another file with --output"
        ) from None
