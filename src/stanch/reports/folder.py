"""A folder of tables and texts with a manifest of hashes, for an auditor. It appears whole or not at all."""

from __future__ import annotations

import io
import secrets
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stanch.exc import InputError
from stanch.model import sha256_hex
from stanch.reports import tabular

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to be written as CSV: its columns and its rows."""

    columns: Sequence[str]
    rows: Iterable[Mapping[str, Any]]


def write_folder(target: Path, files: Mapping[str, Sheet | str], about: Mapping[str, Any]) -> None:
    """Write files and a manifest into a new folder. The same content always gives the same bytes.

    Args:
        files: name → table (CSV, safe for spreadsheets) or text.
        about: goes into the manifest, before the SHA-256 and size of each file.

    Raises:
        InputError: the folder is there already and holds something, or cannot be written.
    """
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise InputError(
                "is there already and is not an empty folder", file=str(target), remedy="name a new folder"
            )
        contents = {name: _bytes(value) for name, value in files.items()}
        listed = [{"file": name, "sha256": sha256_hex(data), "bytes": len(data)} for name, data in contents.items()]
        manifest = io.StringIO()
        tabular.write_json({**about, "files": listed}, manifest)
        contents[MANIFEST] = manifest.getvalue().encode()
        target = target.resolve()
        part = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
        part.mkdir(parents=True)
        try:
            for name, data in contents.items():
                (part / name).write_bytes(data)
            part.replace(target)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as err:
        raise InputError(f"cannot be written ({err.strerror})", file=str(target), remedy="name another folder") from err


def _bytes(value: Sheet | str) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace")
    stream = io.StringIO()
    tabular.write_csv(value.rows, value.columns, stream)
    return stream.getvalue().encode("utf-8", "backslashreplace")
