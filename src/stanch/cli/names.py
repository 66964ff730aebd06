"""`stanch names`: what a name may say, how alike two names are, and the keys it is found by."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stanch.cli.files import FILE, opened
from stanch.cli.output import Column, Output, note, output_options
from stanch.exc import InputError

if TYPE_CHECKING:
    from stanch.names import Kind

KINDS = ("person", "organization", "vessel", "any")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def names() -> None:
    """Explain, compare and key personal names across scripts.

    \b
    Examples:
      stanch names explain "Ri Pyong Chol"
      stanch names compare pairs.csv            columns a,b[,kind]
      printf 'a,b\\nKim Jong Un,김정은\\n' | stanch names compare -
      stanch names keys 金正恩
    """


@names.command()
@click.argument("name")
@output_options
def explain(name: str, out: Output) -> None:
    """Show how NAME can be read: writing systems, Hangul syllables, probabilities.

    \b
    Examples:
      stanch names explain "Kim Jong Un"
      stanch names explain 李炳哲 --format json
    """
    from stanch.names import explain as explain_name

    told = explain_name(name)
    if out.format in ("json", "jsonl"):
        document = {
            "name": told.name,
            "korean": told.korean,
            "rarity_bits": told.rarity_bits,
            "common": told.common,
            "readings": [
                {
                    "probability": reading.probability,
                    "pieces": reading.pieces,
                    "systems": [{"system": title, "probability": share} for title, share in reading.systems],
                    "hangul": [{"hangul": text, "probability": share} for text, share in reading.hangul],
                }
                for reading in told.readings
            ],
            "notes": told.notes,
        }
        if out.format == "json":
            out.document(document)
        else:
            out.rows([document], [])
        return
    columns = [
        Column("hangul", "Hangul", wrap=False),
        Column("probability", "probability", right=True),
        Column("pieces", "read as", wrap=False),
        Column("system", "most likely written in"),
    ]
    rows = [
        {
            "hangul": text,
            "probability": f"{share * reading.probability:.3f}",
            "pieces": " ".join(reading.pieces),
            "system": ", ".join(f"{title} {part:.2f}" for title, part in reading.systems[:2]),
        }
        for reading in told.readings
        for text, share in reading.hangul
    ]
    out.rows(rows, columns, empty="no reading as a Korean name")
    standing = "common" if told.common else "not common"
    note(f"Korean with probability {told.korean:.3f}; {told.rarity_bits:.1f} bits ({standing})")
    for line in told.notes:
        note(line)


@names.command("compare")
@click.argument("file", type=FILE)
@click.option("--kind", type=click.Choice(KINDS), default="person", help="For rows without a kind of their own.")
@click.option(
    "--output",
    "output_path",
    type=click.Path(path_type=Path, readable=False),
    help="Write to a file instead of stdout.",
)
def compare_file(file: Path, kind: Kind, output_path: Path | None) -> None:
    """Compare the names of each row of FILE (CSV with columns a,b[,kind]; - is stdin).

    Writes one JSON line a row, in order: a, b, similarity (0 to 1; a match from 0.7), bits, alignment, note.
    What cannot be scored gets 0 and a note.

    \b
    Examples:
      stanch names compare pairs.csv > scores.jsonl
      printf 'a,b\\nKim Jong Un,김정은\\n' | stanch names compare -
    """
    Output("jsonl", output_path).rows(_compared(file, kind), [])


def _compared(file: Path, kind: Kind) -> Iterator[dict[str, Any]]:
    from stanch.names import compare

    for a, b, own, problem in _pairs(file):
        chosen: Any = own or kind
        if chosen not in KINDS:
            problem, chosen = f"unknown kind {own[:40]!r}, read as {kind}", kind
        result = compare(a, b, chosen)
        notes = "; ".join(text for text in (problem, result.note) if text)
        yield {
            "a": a,
            "b": b,
            "similarity": result.similarity,
            "bits": result.bits,
            "alignment": result.alignment,
            "note": notes or None,
        }


def _pairs(file: Path) -> Iterator[tuple[str, str, str, str | None]]:
    """(a, b, kind, problem) of each row; a short row is kept with empty names and its problem."""
    with opened(file) as raw:
        reader = csv.reader((line + "\n" for _, line in raw.lines()), strict=False)
        csv.field_size_limit(16 * 1024**2)
        try:
            header = [cell.strip().lower() for cell in next(reader, [])]
        except csv.Error as err:
            raise InputError(f"not a CSV header ({err})", file=raw.name, line=1, remedy="save it as CSV UTF-8") from err
        yield from _rows(reader, header, raw.name)


def _rows(reader: Any, header: list[str], shown: str) -> Iterator[tuple[str, str, str, str | None]]:
    for column in ("a", "b"):
        if column not in header:
            raise InputError(f'no column "{column}"', file=shown, line=1, remedy="the columns are a,b and perhaps kind")
    places = {column: header.index(column) for column in ("a", "b", "kind") if column in header}
    while True:
        try:
            row = next(reader, None)
        except csv.Error as err:
            yield "", "", "", f"line {reader.line_num}: {err}"
            continue
        if row is None:
            return
        if not row:
            continue
        cells = {column: row[index] if index < len(row) else "" for column, index in places.items()}
        problem = None if max(places["a"], places["b"]) < len(row) else f"line {reader.line_num}: too few columns"
        yield cells["a"], cells["b"], cells.get("kind", "").strip().lower(), problem


@names.command("keys")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), default="person", help="What the name is of.")
@output_options
def keys_of(name: str, kind: Kind, out: Output) -> None:
    """Print the keys by which NAME is looked up; two spellings of one name share at least one.

    \b
    Examples:
      stanch names keys "Kim Jong Un"
      stanch names keys "Korea Mining Development Trading Corporation" --kind organization
    """
    from stanch.names import keys

    out.rows([{"key": key} for key in keys(name, kind)], [Column("key", "key", wrap=False)], empty="no keys")
