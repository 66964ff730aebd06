"""The folder on disk: where things lie, who may write, and how a file gets there whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from stanch.exc import BusyError, InputError, NotFoundError
from stanch.sources.raw import RawFile
from stanch.workspace import settings

DATABASE = "stanch.db"
_CHUNK = 1 << 20
#: What a file of the ledger is called.
SEGMENT_NAME = re.compile(r"(addresses|transfers)-[0-9a-f]+\.parquet")
#: What the records of screenings are called.
SCREENING_NAME = re.compile(r"records-[0-9a-f]{32}\.parquet")
#: Where our own files lie, and their names; those under way end in ".part".
_OWN_NAMES = {"raw/*/*": re.compile(r"[0-9a-f]{64}"), "ledger/*": SEGMENT_NAME, "screenings/*": SCREENING_NAME}


@dataclass(frozen=True, slots=True)
class Folder:
    """The layout of a workspace: `stanch.toml`, `stanch.db`, `raw/` (bytes as received), `ledger/` (Parquet)."""

    root: Path

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.root / DATABASE

    @property
    def settings_file(self) -> Path:
        """The settings."""
        return self.root / settings.FILE_NAME

    def raw_path(self, sha256: str) -> Path:
        """Where the bytes with this hash are kept."""
        return self.root / "raw" / sha256[:2] / sha256

    @property
    def ledger(self) -> Path:
        """The folder of Parquet segments."""
        return self.root / "ledger"

    @property
    def screenings(self) -> Path:
        """The folder of recorded screenings; made with the first."""
        return self.root / "screenings"

    def create(self) -> None:
        """Make the folders and the settings file.

        Raises:
            InputError: the path is a file, a workspace already, or a folder that holds something else.
        """
        if self.database.is_file():
            raise InputError("is a workspace already", file=str(self.root), remedy="choose a new folder")
        # What an init that was killed left behind is no obstacle to the next.
        ours = {"raw", "ledger", ".lock", settings.FILE_NAME}
        if self.root.exists() and (not self.root.is_dir() or {path.name for path in self.root.iterdir()} - ours):
            raise InputError("is not an empty folder", file=str(self.root), remedy="choose a new folder")
        for path in (self.root, self.root / "raw", self.ledger):
            path.mkdir(parents=True, exist_ok=True)
        self.settings_file.write_text(settings.default_text(), encoding="utf-8")

    @contextmanager
    def writing(self, timeout_s: float) -> Iterator[None]:
        """Hold the right to write. The lock belongs to the process: kill -9 releases it.

        Raises:
            BusyError: another process held it for longer than `timeout_s`.
        """
        lock = FileLock(self.root / ".lock")
        try:
            lock.acquire(timeout=timeout_s)
        except Timeout as err:
            raise BusyError(f"{self.root.name} is being written to by another process; try again") from err
        try:
            yield
        finally:
            lock.release()

    def keep_raw(self, raw: RawFile) -> RawFile:
        """Copy a file into raw/ under its hash, durable before it returns, and return the kept copy.

        Raises:
            InputError: the file changed since it was hashed.
        """
        target = self.raw_path(raw.sha256)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(target.name + ".part")
            digest = hashlib.sha256()
            with raw.path.open("rb") as source, part.open("wb") as copy:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    copy.write(chunk)
                copy.flush()
                os.fsync(copy.fileno())
            if digest.hexdigest() != raw.sha256:
                part.unlink()
                raise InputError("the file changed while it was read", file=raw.name, remedy="try again")
            put_in_place(part, target)
        return RawFile(raw.name, target, raw.sha256, raw.size)

    def sweep(self, registered: set[Path]) -> list[Path]:
        """Remove files of ours (raw/, ledger/, screenings/) that no committed transaction knows. Needs the right to
        write.

        A file that a person put there stays: its name is none that we give.
        """
        strays = [
            path
            for pattern, name in _OWN_NAMES.items()
            for path in self.root.glob(pattern)
            if path.is_file() and path not in registered and name.fullmatch(path.name.removesuffix(".part"))
        ]
        for path in strays:
            path.unlink()
        return strays


def put_in_place(part: Path, target: Path) -> None:
    """Rename a finished, fsynced file to its name and make the rename itself durable."""
    part.replace(target)
    if os.name == "posix":
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def find_folder(given: str | Path | None) -> Folder:
    """The workspace named by a flag or the environment, else the nearest one upwards from the current folder.

    Raises:
        NotFoundError: none there.
    """
    if given is not None:
        folder = Folder(Path(given).expanduser().resolve())
        if not folder.database.is_file():
            raise NotFoundError(f"{given} is not a workspace; make one with: stanch init {given}")
        return folder
    here = Path.cwd().resolve()
    for candidate in (here, *here.parents):
        if (candidate / DATABASE).is_file():
            return Folder(candidate)
    raise NotFoundError("no workspace here or above; make one with: stanch init DIR, or name it with --workspace DIR")
