"""A file of labels, whichever kind it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stanch.model import Label
from stanch.sources.base import Record, Rejected
from stanch.sources.columns import USUAL, Columns
from stanch.sources.labels.read import read_labels
from stanch.sources.raw import RawFile
from stanch.sources.tagpack.read import read_tagpack

_YAML_NAME = re.compile(r"\.ya?ml(\.gz)?$", re.IGNORECASE)
#: The key that every TagPack has, on a line of its own.
_TAGS = re.compile(rb"^tags[ \t]*:[ \t\r]*$", re.MULTILINE)


def read_label_file(raw: RawFile, columns: Columns = USUAL) -> Iterator[Record[Label] | Rejected]:
    """Read a TagPack, told by its name or its `tags:`, or else CSV or JSON lines. `columns` is for the latter.

    Raises:
        InputError: none of these.
    """
    if _YAML_NAME.search(raw.name) or _TAGS.search(raw.head()):
        return read_tagpack(raw)
    return read_labels(raw, columns)
