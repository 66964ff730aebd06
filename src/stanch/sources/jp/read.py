"""Reads the asset freeze list of Japan's Ministry of Finance (CSV), and a short table keyed from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stanch.exc import InputError
from stanch.model import Entity, EntityBuilder
from stanch.sources.base import Record, Rejected
from stanch.sources.listed import (
    Entries,
    check_name,
    find_dates,
    find_numbers,
    list_rows,
    native_and_latin,
    split_outside,
    without_brackets,
)
from stanch.sources.raw import RawFile
from stanch.sources.rows import reject

_SCHEMA = {"個人": "Person", "団体": "Organization"}
#: Categories (区分) with entries about the DPRK.
_DPRK = frozenset({"13", "14", "15", "16", "17"})
_NONE = frozenset({"-", "‐", "―", "なし", "不明"})
#: Property → columns of the official file, Japanese then English.
_NAMES = {
    "alias": ("別名・別称（日本語）", "別名・別称（英語）"),
    "previousName": ("旧称（日本語）", "旧称（英語）"),
    "weakAlias": ("確定に十分でない別名（日本語）", "確定に十分でない別名（英語）"),
}
_OFFICIAL, _KEYED = "番号", "mof_no"


def layout(head: str) -> str | None:
    """ "official" or "keyed" by the beginning of a file, None when it is neither."""
    line = next((line for line in head.splitlines() if line.strip()), "").lstrip("\ufeff")
    if line.startswith("区分,番号,"):
        return "official"
    return "keyed" if line.startswith("mof_no,name_en,katakana,") else None


def read_jp(raw: RawFile, head: str) -> Iterator[Record[Entity] | Rejected]:
    """Yield Person and Organization entities, id ``jp-`` and the list's number ("jp-015-000001").

    The English name comes first, the Japanese one (katakana) beside it; descriptions in brackets are dropped. A UN
    reference goes to `notes`. `program` is the category ("MOF 2"; for 13 to 17 "DPRK (MOF 15)").

    Raises:
        InputError: neither layout, or without any entry.
    """
    found = layout(head)
    if found is None:
        raise InputError("is not the list of Japan's Ministry of Finance", file=raw.name, remedy="give its CSV")
    read = _official if found == "official" else _keyed
    entries = Entries(raw, "jp")
    for row in list_rows(raw, _OFFICIAL if found == "official" else _KEYED):
        if isinstance(row, Rejected):
            yield row
            continue
        try:
            read(entries, {name: str(text).strip() for name, text in row.values.items()}, f"line {row.line}")
        except ValueError as err:
            yield reject(row.line, row.raw, str(err), "compare with the published list")
    yield from entries.records()


def _official(entries: Entries, row: Mapping[str, str], locator: str) -> None:
    kind = row.get("個人・団体", "")
    if kind not in _SCHEMA:
        raise ValueError(f"an unknown kind of entry ({kind[:20]!r})")
    entry = _new(entries, row[_OFFICIAL], _SCHEMA[kind], locator)
    entry.add("name", _names(row.get("氏名（英語）", "")) + _names(row.get("氏名（日本語）", "")))
    for prop, columns in _NAMES.items():
        for column in columns:
            entry.add(prop, _names(row.get(column, "")))
    entry.add("birthDate", find_dates(row.get("生年月日", "")))
    entry.add("birthPlace", row.get("出生地（英語）"))
    entry.add("nationality", row.get("国籍（英語）"))
    entry.add("passportNumber", find_numbers(row.get("旅券番号", "")))
    entry.add("idNumber", find_numbers(row.get("身分証番号", "")))
    entry.add("title", row.get("称号（英語）"))
    entry.add("position", row.get("役職（英語）"))
    entry.add("address", row.get("住所・所在地（都市その他の情報）（英語）"))
    entry.add("country", row.get("住所・所在地（国）（英語）"))
    entry.add("createdAt", next(iter(find_dates(row.get("告示日付", ""))), None))
    _programme(entry, row.get("区分", ""))
    if un := row.get("国連参照番号", ""):
        entry.add("notes", f"UN reference {un}")


def _keyed(entries: Entries, row: Mapping[str, str], locator: str) -> None:
    number = row[_KEYED]
    entry = _new(entries, number, "Person", locator)
    entry.add("name", [check_name(row.get("name_en", "")), check_name(row.get("katakana", ""))])
    entry.add("alias", _names(row.get("alias_katakana", "")))
    entry.add("birthDate", find_dates(row.get("birth", "")))
    entry.add("passportNumber", find_numbers(row.get("passport", "")))
    _programme(entry, number.partition("-")[0].lstrip("0"))


def _new(entries: Entries, number: str, schema: str, locator: str) -> EntityBuilder:
    if number in entries.builders:
        raise ValueError(f"the number {number[:20]} repeats")
    return entries.entry(number, schema, locator)


def _programme(entry: EntityBuilder, category: str) -> None:
    if re.fullmatch(r"\d{1,3}", category):
        entry.add("program", f"DPRK (MOF {category})" if category in _DPRK else f"MOF {category}")


def _names(text: str) -> list[str]:
    """The names of a field, without descriptions in brackets: "サイフ（生年月日1963/4/11；…）； ムハマド"."""
    parts = [without_brackets(part) for part in split_outside(check_name(text), ";；")]
    return [name for part in parts if part not in _NONE for name in native_and_latin(part)]
