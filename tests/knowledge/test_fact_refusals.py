"""What a loader refuses, shown on small broken tables."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.exc import InputError
from stanch.knowledge import yamltext
from stanch.knowledge.indicators import read_indicators
from stanch.knowledge.laundering import read_laundering
from stanch.knowledge.law import read_instruments, read_legal_basis, read_provisions, read_resolutions
from stanch.knowledge.table import Table
from stanch.knowledge.thefts import read_thefts

FACTS = Path(__file__).resolve().parents[2] / "src/stanch/knowledge/facts"


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """A copy of the packaged facts to break."""
    return Path(shutil.copytree(FACTS, tmp_path / "facts"))


def change(facts: Path, name: str, old: str, new: str) -> int:
    """Replace the first occurrence in a table; gives its line number."""
    path = facts / f"{name}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


Reader = Callable[[Path], Table[Any]]


@pytest.mark.parametrize(
    ("read", "name", "old", "new", "problem"),
    [
        (read_thefts, "thefts", "    victim: Coinis\n", "    victm: Coinis\n", 'unknown column "victm"'),
        (read_thefts, "thefts", "\n  about:", "\n  abuot:", 'unknown key "abuot"'),
        (read_thefts, "thefts", "    vector: how", "    vektor: how", 'unknown key "vektor"'),
        (read_thefts, "thefts", "    date: 2017-04-22", "    date: 2017-02-30", "not a possible date"),
        (read_thefts, "thefts", "    date: 2017-04-22", "    date: 2017-W16-6", "not a date as YYYY-MM-DD"),
        (read_thefts, "thefts", "    date: 2017-04-22", "    date: 22/04/2017", "not a date as YYYY-MM-DD"),
        (read_thefts, "thefts", "    date: 2017-04-22", "    date: 0017-04-22", "outside 1900..2100"),
        (read_thefts, "thefts", "    date: 2017-04-22", "    date: 2027-04-22", "after the table's date 2026-11-23"),
        (read_thefts, "thefts", "    amount_usd: 5300000", "    amount_usd: -5", "not an amount above zero"),
        (read_thefts, "thefts", "    amount_usd: 5300000", "    amount_usd: 5,300,000", "not a plain decimal number"),
        (read_thefts, "thefts", "    attribution_level: B", "    attribution_level: E", "none of A, B, C, D, X"),
        (read_thefts, "thefts", "    victim: Coinis\n", "    victim: null\n", "null"),
        (read_thefts, "thefts", "    victim: Coinis\n", "    victim: [Coinis]\n", "not a text"),
        (read_thefts, "thefts", "    chains: [BTC]\n", "    chains: BTC\n", "not a list of texts"),
        (read_thefts, "thefts", "    victim: Coinis\n", "    victim: Coi\u202enis\n", "direction-changing"),
        (read_thefts, "thefts", "    victim: Coinis\n", f"    victim: {'x' * 5000}\n", "5,000 characters"),
        (read_thefts, "thefts", "  - id: coinis-2017\n", "  - id: youbit-2017a\n", "stands in line"),
        (read_indicators, "indicators", "    verified: excerpt\n", "", "I01: no verified"),
        (read_indicators, "indicators", "    verified: excerpt\n", "    verified: sure\n", "none of excerpt, partial"),
        (read_indicators, "indicators", "    weight_hint: never\n", "    weight_hint: high\n", "I49: forbidden"),
        (read_laundering, "laundering", "    day_to: 5\n", "    day_to: -1\n", "day 0 to -1"),
        (read_laundering, "laundering", "    day_to: 5\n", "", "only one of day_from and day_to"),
        (read_laundering, "laundering", "    day_to: 5\n", "    day_to: five\n", "not a whole number"),
        (read_resolutions, "resolutions", "    adopted: 2006-07-15", "    adopted: 2106-07-15", "outside 1900..2100"),
        (read_provisions, "provisions", "[2094-11]", "[2094-99]", "superseded_by names 2094-99"),
        (read_provisions, "provisions", "    resolution: 1718\n", "    resolution: 1719\n", "unknown resolution 1719"),
        (read_provisions, "provisions", "deadline: 2006-11-13", "deadline: 2006-10-13", "before the adoption"),
        (read_instruments, "instruments", "    kind: un-veto\n", "    kind: veto\n", "none of un-resolution"),
        (read_legal_basis, "legal_basis", "    provision: 1718-8d\n", "    provision: 1718-8z\n", "unknown provision"),
        (read_legal_basis, "legal_basis", "    schema: Person\n", "    schema: person\n", "unknown schema person"),
        (read_legal_basis, "legal_basis", "    provision: 1718-8e\n", "    provision: 1718-8d\n", "provision already"),
    ],
)
def test_a_broken_row_is_refused_with_its_place(
    facts: Path, read: Reader, name: str, old: str, new: str, problem: str
) -> None:
    change(facts, name, old, new)
    with pytest.raises(InputError) as caught:
        read(facts)
    assert problem in str(caught.value)
    assert caught.value.file == f"{name}.yml"
    assert caught.value.line is not None
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


def test_the_line_of_a_wrong_value_is_named(facts: Path) -> None:
    line = change(facts, "thefts", "    date: 2018-01-26", "    date: 2018-01-32")
    with pytest.raises(InputError) as caught:
        read_thefts(facts)
    assert caught.value.line == line


def test_a_repeated_key_is_refused(facts: Path) -> None:
    change(facts, "thefts", "    victim: Coinis\n", "    victim: Coinis\n    victim: Other\n")
    with pytest.raises(InputError, match="stands twice"):
        read_thefts(facts)


def uncited_card(facts: Path) -> Path:
    """The laundering table with an empty citation on its card."""
    path = facts / "laundering.yml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  citation: tayvano"), text.index("  licence:")
    path.write_text(text[:start] + '  citation: ""\n' + text[end:], encoding="utf-8")
    return path


def test_a_row_without_citation_is_refused_when_the_card_has_none(facts: Path) -> None:
    uncited_card(facts)
    with pytest.raises(InputError, match="P4: no citation"):
        read_laundering(facts)


def test_rows_with_their_own_citation_need_none_on_the_card(facts: Path) -> None:
    path = uncited_card(facts)
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("  - id: P4")] + text[text.index("  - id: P5") :], encoding="utf-8")
    assert not any(row.inherits_citation for row in read_laundering(facts).rows)


def test_no_and_dates_stay_text() -> None:
    content = yamltext.read(b"a: no\nb: 2017-04-22\nc: 010\n", "x.yml")
    assert [value.text for value in content.fields.values() if isinstance(value, yamltext.Text)] == [
        "no",
        "2017-04-22",
        "010",
    ]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"a: &x [1]\nb: *x\n", "an alias"),
        (b"a: {b: {c: {d: {e: {f: {g: {h: 1}}}}}}}\n", "nested too deep"),
        (b"\xff\xfea\x00", "not UTF-8"),
        (b"a: [1\n", "not YAML"),
        (b"a: 'x\x00y'\n", "not YAML"),
        (b"", "holds no mapping"),
        (b"- a\n", "holds no mapping"),
        (b"? [a]\n: b\n", "a key that is not text"),
        (b"a: b\n--- \nc: d\n", "a second document"),
        (b"a: " + b"[" * 300_000 + b"]" * 300_000, "nested too deep"),
        (b"#" * (yamltext.MAX_BYTES + 1), "larger than"),
    ],
)
def test_hostile_yaml_is_refused(data: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        yamltext.read(data, "x.yml")


@given(st.binary(max_size=200) | st.text(alphabet="ab:- \n[]{}&*!|>?'\"#%@,~\t", max_size=80).map(str.encode))
def test_any_bytes_are_a_mapping_or_refused(data: bytes) -> None:
    try:
        content = yamltext.read(data, "x.yml")
    except InputError:
        return
    assert isinstance(content, yamltext.Fields)


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"thefts\.yml: the fact file cannot be read"):
        read_thefts(tmp_path)
