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
#: Longest line kept, in bytes. Of a longer one only this much (and one byte, so that it shows) is handed on.
MAX_LINE = 32 * 1024**2
_CHUNK = 1 << 20
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


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
        shown = name or path.name or str(path)
        digest, size = hashlib.sha256(), 0
        try:
            if not path.exists():
                raise InputError("no such file", file=shown, remedy="check the path")
            if not path.is_file():
                raise InputError(
                    "not a regular file", file=shown, remedy='give a file, not a folder; a pipe is given as "-"'
                )
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
            InputError: broken gzip, or more than `limit` bytes. Without a limit gzip may unpack to MAX_BYTES; a plain
                file has its own size for a bound and may be longer.
        """
        packed = self.is_gzip
        bound, total = limit if limit is not None else (MAX_BYTES if packed else None), 0
        with self.path.open("rb") as plain:
            stream: BinaryIO = gzip.GzipFile(fileobj=plain) if packed else plain  # type: ignore[assignment]
            while True:
                try:
                    chunk = stream.read(_CHUNK)
                except (EOFError, OSError, zlib.error) as err:
                    raise InputError(
                        f"the gzip data is broken ({err})" if packed else f"cannot be read ({err})",
                        file=self.name,
                        remedy="fetch it again",
                    ) from err
                if not chunk:
                    return
                total += len(chunk)
                if bound is not None and total > bound:
                    raise InputError(
                        f"{'unpacks to' if packed else 'holds'} more than {bound / 1024**2:,.0f} MiB",
                        file=self.name,
                        remedy="split it into parts",
                    )
                yield chunk

    def head(self, size: int = 1 << 16) -> bytes:
        """The first bytes of the (unpacked) content."""
        return next(self.chunks(), b"")[:size]

    def read(self, limit: int | None = None) -> bytes:
        """The whole content, unpacked, within the bound (MAX_BYTES)."""
        return b"".join(self.chunks(MAX_BYTES if limit is None else limit))

    def encoding(self) -> str:
        """The text encoding: by byte order mark, else UTF-8, else CP949 (what Korean Excel writes).

        A file where more characters are UTF-8 than not is damaged UTF-8, not CP949: its broken bytes come out of
        `lines` as U+FFFD, so that one bad byte does not cost the whole file.

        Raises:
            InputError: none of these.
        """
        head = self.head()
        for bom, name in _BOMS:
            if head.startswith(bom):
                return name
        good, broken = self._count_utf8()
        if broken == 0 or good > broken:
            return "utf-8"
        decoder = _decoder("cp949")
        try:
            for chunk in self.chunks():
                decoder.decode(chunk)
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            raise InputError(
                "neither UTF-8, UTF-16 with a mark, nor CP949 text", file=self.name, remedy="save it as UTF-8"
            ) from None
        return "cp949"

    def _count_utf8(self) -> tuple[int, int]:
        """How many characters beyond ASCII decode as UTF-8, and how many broken places there are."""
        decoder, good, broken = _decoder("utf-8", "replace"), 0, 0
        pending = False
        for chunk in self.chunks():
            if not pending and chunk.isascii():
                continue
            text = decoder.decode(chunk)
            pending = bool(decoder.getstate()[0])
            marks = text.count("\ufffd")
            broken += max(marks - chunk.count(b"\xef\xbf\xbd"), 0)  # one that is written out is no damage
            good += len(text) - len(text.encode("ascii", "ignore")) - marks
        return good, broken + decoder.decode(b"", True).count("\ufffd")

    def utf8_chunks(self) -> Iterator[bytes]:
        """The content as UTF-8 without a mark; bytes that a UTF-8 file has wrong pass through unchanged."""
        encoding = self.encoding()
        if encoding == "utf-8":
            yield from self.chunks()
        elif encoding == "utf-8-sig":
            chunks = self.chunks()
            yield next(chunks, b"")[3:]
            yield from chunks
        else:
            decoder = _decoder(encoding, "replace")
            for chunk in self.chunks():
                yield decoder.decode(chunk).encode("utf-8", "replace")
            yield decoder.decode(b"", True).encode("utf-8", "replace")

    def blocks(self, size: int = 4 << 20) -> Iterator[tuple[int, bytes]]:
        """Yield (number of the first line from 1, some whole lines as UTF-8) in pieces of about `size` bytes.

        Every line ends in a line feed but perhaps the last. Lines longer than MAX_LINE are cut.
        """
        number, parts, held = 1, list[bytes](), 0
        for chunk in self.utf8_chunks():
            cut = chunk.rfind(b"\n") + 1
            if cut and held + cut >= size:
                block = b"".join((*parts, chunk[:cut]))
                yield number, block
                number += block.count(b"\n")
                parts, held = [chunk[cut:]], len(chunk) - cut
            elif cut or held <= size + MAX_LINE:
                parts.append(chunk)
                held += len(chunk)
            # else: inside a line far too long; what comes before its end is dropped.
        if held:
            yield number, b"".join(parts)

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield (line number from 1, line without its end), decoded; an undecodable byte comes as U+FFFD so that the
        rows beside it are kept. Of a line longer than MAX_LINE bytes only the beginning comes."""
        for first, block in self.blocks():
            for number, line in enumerate(block.removesuffix(b"\n").split(b"\n"), start=first):
                yield number, line[: MAX_LINE + 1].decode("utf-8", "replace").removesuffix("\r")


def _decoder(encoding: str, errors: str = "strict") -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder(encoding)(errors)
