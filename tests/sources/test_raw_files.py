"""The door for bytes: what it refuses, how it decodes, and that hostile files stay within bounds."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.exc import InputError
from stanch.sources import raw as raw_module
from stanch.sources.raw import RawFile
from stanch.sources.rows import Header, csv_rows, file_format, read_header, read_rows


def opened(tmp_path: Path, content: bytes, name: str = "file.csv") -> RawFile:
    path = tmp_path / name
    path.write_bytes(content)
    return RawFile.open(path)


def test_a_file_is_named_hashed_and_measured(tmp_path: Path) -> None:
    raw = opened(tmp_path, b"a,b\n")
    assert (raw.name, raw.size) == ("file.csv", 4)
    assert raw.sha256 == hashlib.sha256(b"a,b\n").hexdigest()


def test_what_cannot_be_opened_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    for path, problem in (
        (tmp_path / "absent.csv", "absent.csv: no such file"),
        (tmp_path, "not a regular file"),
        (tmp_path / "empty.csv", "empty.csv: the file is empty"),
        (tmp_path / ("x" * 5000), "cannot be read"),
    ):
        with pytest.raises(InputError) as caught:
            RawFile.open(path)
        assert problem in str(caught.value)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("encoded", "encoding"),
    [
        ("이름\n".encode(), "utf-8"),
        ("이름\n".encode("utf-8-sig"), "utf-8-sig"),
        ("이름\n".encode("utf-16"), "utf-16"),
        ("이름\n".encode("utf-16-be").join([b"\xfe\xff", b""]), "utf-16"),
        ("이름\n".encode("utf-32"), "utf-32"),
        ("이름\n".encode("cp949"), "cp949"),
        ("이름과 성명\n".encode() + b"\xff\n", "utf-8"),
    ],
)
def test_the_encoding_is_found(tmp_path: Path, encoded: bytes, encoding: str) -> None:
    raw = opened(tmp_path, encoded)
    assert raw.encoding() == encoding
    assert next(raw.lines())[1].startswith("이름")


def test_bytes_of_no_encoding_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="neither UTF-8, UTF-16 with a mark, nor CP949"):
        opened(tmp_path, b"caf\xe9 cr\xe8me\xff\n").encoding()


def test_a_damaged_byte_shows_and_its_neighbours_stay(tmp_path: Path) -> None:
    raw = opened(tmp_path, "가나다라\n".encode() + b"x\xffy\n" + "마바사\n".encode())
    assert list(raw.lines()) == [(1, "가나다라"), (2, "x\ufffdy"), (3, "마바사")]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\n\r\ufeff")), max_size=20),
    st.integers(1, 50),
)
def test_blocks_hold_the_lines_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], size: int
) -> None:
    content = "\n".join(["head", *lines]).encode()
    raw = opened(tmp_path_factory.getbasetemp(), content, "blocks.csv")
    blocks = list(raw.blocks(size))
    assert b"".join(block for _, block in blocks) == content
    assert [first for first, _ in blocks] == [
        1 + content[: sum(len(block) for _, block in blocks[:i])].count(b"\n") for i in range(len(blocks))
    ]
    numbered = list(raw.lines())
    assert [number for number, _ in numbered] == list(range(1, len(numbered) + 1))
    assert [text for _, text in numbered] == "\n".join(["head", *lines]).removesuffix("\n").split("\n")


def test_a_bomb_is_refused_without_unpacking_it_whole(tmp_path: Path) -> None:
    # 256 MiB of zeros pack to a quarter of a MiB; the bound stops it after 4.
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb") as stream:
        for _ in range(32):
            stream.write(bytes(8 << 20))
    raw = RawFile.open(path)
    assert raw.size < 1 << 20
    chunks = raw.chunks(4 << 20)
    assert sum(len(next(chunks)) for _ in range(4)) == 4 << 20
    with pytest.raises(InputError, match="unpacks to more than 4 MiB"):
        next(chunks)


def test_the_usual_bound_holds_for_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_module, "MAX_BYTES", 1 << 20)
    raw = opened(tmp_path, gzip.compress(b"a,b\n" * (1 << 19)), "bomb.csv.gz")
    with pytest.raises(InputError, match=r"bomb\.csv\.gz: unpacks to more than 1 MiB"):
        list(raw.lines())


def test_a_plain_file_longer_than_the_bound_is_streamed_but_not_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_module, "MAX_BYTES", 10)
    raw = opened(tmp_path, b"0123456789\n" * 3)
    assert len(list(raw.lines())) == 3
    with pytest.raises(InputError, match="holds more than"):
        raw.read()


def test_cut_off_gzip_is_refused(tmp_path: Path) -> None:
    raw = opened(tmp_path, gzip.compress(b"a,b\n" * 100_000)[:-20])
    with pytest.raises(InputError, match="the gzip data is broken"):
        list(raw.lines())


def test_a_line_without_end_is_cut_and_the_next_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_module, "MAX_LINE", 1000)
    raw = opened(tmp_path, b"first\n" + b"x" * (12 << 20) + b"\nlast\n")
    lines = list(raw.lines())
    assert [len(text) for _, text in lines] == [5, 1001, 4]
    assert [number for number, _ in lines] == [1, 2, 3]


@pytest.mark.parametrize(
    ("content", "kind"), [(b'{"a": 1}\n', "jsonl"), (b"\n  {\n", "jsonl"), (b"a,b\n", "csv"), (b"PAR1", "parquet")]
)
def test_the_format_is_told_by_content(tmp_path: Path, content: bytes, kind: str) -> None:
    assert file_format(opened(tmp_path, content)) == kind


@pytest.mark.parametrize(
    ("content", "columns", "delimiter"),
    [
        (b"a,b\n", ("a", "b"), ","),
        (b'sep=;\r\n"a;x";b,c\r\n', ("a;x", "b,c"), ";"),
        (b"\n\xef\xbb\xbfa\tb\n", ("\ufeffa", "b"), "\t"),
        (b"name\n", ("name",), ","),
    ],
)
def test_the_header_is_found(tmp_path: Path, content: bytes, columns: tuple[str, ...], delimiter: str) -> None:
    header = read_header(opened(tmp_path, content))
    assert (header.columns, header.delimiter) == (columns, delimiter)


def test_a_broken_parquet_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="broken Parquet"):
        read_rows(opened(tmp_path, b"PAR1"))


def test_an_unclosed_quote_costs_one_line_even_before_many(tmp_path: Path) -> None:
    lines = ["a,b", '"open,1', *(f"x{i},{i}" for i in range(1000)), 'y,"2']
    rows = list(csv_rows(iter(enumerate(lines, 1)), Header(("a", "b"), ",", 0)))
    assert [row[0] for row in rows if isinstance(row, tuple)] == [1, *range(3, 1003)]
    assert [row.line for row in rows if not isinstance(row, tuple)] == [2, 1003]
