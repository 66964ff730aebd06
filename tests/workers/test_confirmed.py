from __future__ import annotations

from pathlib import Path

import pytest

from stanch.exc import InputError
from stanch.sources.base import Record, Rejected
from stanch.sources.raw import RawFile
from stanch.workers.confirmed import read_confirmed


def raw(tmp_path: Path, text: str) -> RawFile:
    path = tmp_path / "cases.csv"
    path.write_text(text, encoding="utf-8")
    return RawFile.open(path)


def test_identifiers_are_read_in_normal_form_with_their_line(tmp_path: Path) -> None:
    file = raw(tmp_path, "kind,value,source\nphone,+44 7700 900001,Case 7\nengagement,e1,Case 8\n")
    rows = [row.value for row in read_confirmed(file) if isinstance(row, Record)]
    assert [(row.kind, row.value, row.case, row.source.locator) for row in rows] == [
        ("phone", "+447700900001", "Case 7", "line 2"),
        ("engagement", "e1", "Case 8", "line 3"),
    ]


@pytest.mark.parametrize("row", ["shoe,42,Case 7", "document,N/A,Case 7", "device,fp-123,", "phone,hello,Case 7", "ip"])
def test_unusable_row_is_rejected_and_the_others_kept(tmp_path: Path, row: str) -> None:
    file = raw(tmp_path, f"kind,value,source\n{row}\ndevice,fp-123,Case 7\n")
    bad, good = read_confirmed(file)
    assert not isinstance(bad, Record)
    assert isinstance(bad, Rejected)
    assert bad.line == 2
    assert bad.reason
    assert bad.remedy
    assert isinstance(good, Record)


def test_missing_column_names_file_line_and_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cases.csv, line 1: no column for source"):
        list(read_confirmed(raw(tmp_path, "kind,value\nip,198.51.100.1\n")))


def test_huge_field_does_not_break_the_reader(tmp_path: Path) -> None:
    file = raw(tmp_path, f"kind,value,source\ndevice,{'9' * 3_000_000},Case 7\ndevice,fp-123,Case 7\n")
    assert [type(row) for row in read_confirmed(file)] == [Rejected, Record]
