"""Raw input files: opened once, bounded, hashed; decoded without guessing silently.

Every byte that enters stanch passes here, so the limits against hostile files stand in one place.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from stanch.exc import InputError

#: Largest file read whole, and largest size that a compressed file may unpack to.
MAX_BYTES = 2 * 1024**3
_CHUNK = 1 << 20
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file as received: its display name, its path on disk, and the SHA-256 and size of its bytes."""

    name: str
    path: Path
    sha256: str
    size: int

    @classmethod
    def open(cls, path: Path, name: str | None = None) -> RawFile:
        """Hash the file at `path`.

        Raises:
            InputError: missing, a folder, not readable, or empty.
        """
        shown = name or path.name
        if not path.exists():
            raise InputError("no such file", file=shown, remedy="check the path")
        if not path.is_file():
            raise InputError("not a regular file", file=shown, remedy="give a file, not a folder")
        digest, size = hashlib.sha256(), 0
        try:
            with path.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
        except OSError as err:
            raise InputError(f"cannot be read ({err.strerror})", file=shown, remedy="check its permissions") from err
        if size == 0:
            raise InputError("the file is empty", file=shown, remedy="export it again")
        return cls(shown, path, digest.hexdigest(), size)

    @property
    def is_gzip(self) -> bool:
        """Whether the bytes start as gzip does (the name is not trusted)."""
        with self.path.open("rb") as stream:
            return stream.read(2) == b"\x1f\x8b"

    def chunks(self, limit: int | None = None) -> Iterator[bytes]:
        """Yield the content, gunzipped when it is gzip.

        Raises:
            InputError: broken gzip, or more than `limit` bytes (MAX_BYTES) after unpacking.
        """
        bound, total = limit if limit is not None else MAX_BYTES, 0
        with self.path.open("rb") as plain:
            stream: BinaryIO = gzip.GzipFile(fileobj=plain) if self.is_gzip else plain  # type: ignore[assignment]
            while True:
                try:
                    chunk = stream.read(_CHUNK)
                except (EOFError, OSError, zlib.error) as err:
                    raise InputError(
                        f"the gzip data is broken ({err})", file=self.name, remedy="fetch it again"
                    ) from err
                if not chunk:
                    return
                total += len(chunk)
                if total > bound:
                    raise InputError(
                        f"unpacks to more than {bound / 1024**2:,.0f} MiB", file=self.name, remedy="split it into parts"
                    )
                yield chunk

    def read(self, limit: int | None = None) -> bytes:
        """The whole content, unpacked, within the bound."""
        return b"".join(self.chunks(limit))

    def encoding(self) -> str:
        """The text encoding: by byte order mark, else UTF-8, else CP949 (what Korean Excel writes).

        Raises:
            InputError: none of these decodes the whole file.
        """
        head = next(self.chunks(), b"")
        for bom, name in _BOMS:
            if head.startswith(bom):
                return name
        for name in ("utf-8", "cp949"):
            decoder = _decoder(name)
            try:
                for chunk in self.chunks():
                    decoder.decode(chunk)
                decoder.decode(b"", True)
            except UnicodeDecodeError:
                continue
            return name
        raise InputError("neither UTF-8, UTF-16 with a mark, nor CP949 text", file=self.name, remedy="save it as UTF-8")

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield (line number from 1, line without its end), decoded; an undecodable byte of a UTF-8 file with a mark
        is replaced so that the rows beside it are kept."""
        decoder = _decoder(self.encoding(), errors="replace")
        rest, number = "", 0
        for chunk in self.chunks():
            parts = (rest + decoder.decode(chunk)).split("\n")
            rest = parts.pop()
            for part in parts:
                number += 1
                yield number, part.removesuffix("\r")
        rest += decoder.decode(b"", True)
        if rest:
            yield number + 1, rest.removesuffix("\r")


def _decoder(encoding: str, errors: str = "strict") -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder(encoding)(errors)
