"""Write docs/reference/facts.md from the cards of the fact tables: `python scripts/build_facts_page.py`."""

from __future__ import annotations

from pathlib import Path

from stanch.knowledge import TableInfo, table, tables

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "facts.md"
INTRO = """# The curated facts

This page is written by `scripts/build_facts_page.py` from the cards of the tables in `src/stanch/knowledge/facts/`.

Every row says how far it was checked. **excerpt**: the figure or gist was read in a copy of a public page. **partial**:
part of the row was read; its note says which part was not. **recall**: written from knowledge, or from a page that was
not read again. Copies show the openings of pages, so `excerpt` never means that a whole document was read. A row
without a citation of its own has its table's. None of it is legal advice.

| table | rows | first | last | excerpt | partial | recall | own citation |
|---|---:|---|---|---:|---:|---:|---:|
"""


def page() -> str:
    """The whole page as Markdown."""
    infos = tables()
    return INTRO + "".join(map(_line, infos)) + "".join(map(_section, infos))


def _line(info: TableInfo) -> str:
    first, last = info.first_date or "", info.last_date or ""
    counts = f"{info.excerpt} | {info.partial} | {info.recall} | {info.cited}"
    return f"| [{info.name}](#{info.name}) | {info.rows} | {first} | {last} | {counts} |\n"


def _section(info: TableInfo) -> str:
    card = table(info.name).card
    lines = [
        f"\n## {info.name}",
        f"\n{card.title}. {card.about}",
        f"\nPublisher: {card.publisher}. Citation: {card.citation}. Terms: {card.licence}. As of {card.as_of}.\n",
        *(f"- {caution}" for caution in card.cautions),
        "\n| column | type | meaning |",
        "|---|---|---|",
        *(f"| {name} | {card.kinds[name]} | {meaning} |" for name, meaning in card.columns.items()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
