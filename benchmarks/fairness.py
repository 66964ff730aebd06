"""Who is alerted wrongly: ordinary people by kind of name, and by Korean surname. Prints one JSON document.

Usage: python benchmarks/fairness.py [--names N] [--shared DIR] [--docs docs/methods/fairness.md]

Nobody in these populations is a listed person but for a few deputies, so every alert is a false one. Each person is
screened by name alone and with a drawn date of birth, against the DPRK parts of the UN and OFAC lists that come with
stanch, and (where the reference material is beside the project, ``../shared`` or STANCH_SHARED) against whole lists.
Names are drawn with a fixed seed from tables: the project's own for Korean, those of Faker (MIT; the `bench` extra) for
the others. About two minutes.
"""

from __future__ import annotations

import argparse
import bisect
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path
from typing import Any

from names import SEED, generated, interval, spelled, write_section
from screening import deputies, rows, shared_folder
from stanch.model import Entity
from stanch.names import explain
from stanch.names.frequencies import given_syllables, surnames
from stanch.names.hangul import law
from stanch.names.hanja import mandarin
from stanch.names.translit import to_latin
from stanch.screening import DEFAULT_THRESHOLD, Index, Query, load_lists
from stanch.workspace.settings import Settings

#: `stanch screen` shows from the first on; findings of a workspace begin at the second.
THRESHOLDS = (DEFAULT_THRESHOLD, Settings().screening_threshold)
LISTS = ("un", "ofac", "either")
#: Birth dates of adults, drawn evenly.
FIRST_BIRTH, LAST_BIRTH = date(1940, 1, 1), date(2007, 12, 31)
PER_SURNAME, TOP = 2_000, 20
PER_RARE_SURNAME = 400
_BATCH = 500

Weighted = Mapping[str, float] | Sequence[str]


@dataclass(frozen=True, slots=True)
class Population:
    """People of one kind: where their names come from, and each one's name, with a date of birth where one is known."""

    label: str
    source: str
    people: list[tuple[str, str]]


class Draw:
    """Draws from a table of values with weights, or evenly from a plain list; the same at every run."""

    def __init__(self, table: Weighted) -> None:
        values = table if isinstance(table, Mapping) else dict.fromkeys(table, 1.0)
        self._values = list(values)
        self._sums = list(accumulate(values.values()))

    def __call__(self, rng: random.Random) -> str:
        return self._values[bisect.bisect(self._sums, rng.random() * self._sums[-1], hi=len(self._values) - 1)]


def korean(count: int, style: str) -> list[str]:
    """Names by the project's own frequencies: census surnames, syllables of given names."""
    return [spelled(name)[style] for name in generated(count)]


def faker_names(locale: str, count: int, order: str = "given surname") -> list[str]:
    """Names of a locale from Faker's tables, men and women in equal parts; without titles."""
    from importlib import import_module

    provider = import_module(f"faker.providers.person.{locale}").Provider
    rng = random.Random(f"{SEED}{locale}{order}")
    made = []
    for number in range(count):
        sex = "male" if number % 2 else "female"
        parts = {
            "given": table_of(provider, f"first_names_{sex}", "first_names")(rng),
            "surname": table_of(provider, f"last_names_{sex}", "last_names")(rng),
        }
        if "father" in order:
            parts["father"] = table_of(provider, f"middle_names_{sex}", "middle_names")(rng)
        pieces = [parts[name] for name in order.replace("+", " ").split()]
        made.append(("" if "+" in order else " ").join(pieces))
    return made


_DRAWS: dict[tuple[str, str], Draw] = {}


def table_of(provider: Any, *names: str) -> Draw:
    """The table of a provider under the first of these names that it has."""
    name = next(name for name in names if getattr(provider, name, None))
    return _DRAWS.setdefault((provider.__module__, name), Draw(getattr(provider, name)))


def populations(count: int, shared: Path) -> list[Population]:
    """The groups of the report. Those that need the reference material are left out where it is absent."""
    own = "surnames: census of 2015; given-name syllables: the project's table, which has learned from DPRK deputies"
    faker = f"Faker {version('faker')} (MIT)"
    chinese = faker_names("zh_CN", count, "surname+given")
    russian = faker_names("ru_RU", count, "surname given father")
    west = [faker_names(locale, count // 4 + 1) for locale in ("en_GB", "de_DE", "fr_FR", "es_ES")]
    groups = {
        "South Korean, Hangul": (own, korean(count, "Hangul (ROK)")),
        "South Korean, Latin as in the press": (own, korean(count, "press")),
        "South Korean, Hangul, other table": (f"{faker} ko_KR", faker_names("ko_KR", count, "surname+given")),
        "Chinese, Han characters": (f"{faker} zh_CN", chinese),
        "Chinese, pinyin": (f"{faker} zh_CN, read by Unihan", [pinyin(name) for name in chinese]),
        "Japanese, Han characters": (f"{faker} ja_JP", faker_names("ja_JP", count, "surname given")),
        "Vietnamese": (f"{faker} vi_VN", faker_names("vi_VN", count, "surname given")),
        "Russian, Cyrillic": (f"{faker} ru_RU, with father's name", russian),
        "Russian, Latin, two names": (
            f"{faker} ru_RU, transliterated",
            [to_latin(name) for name in faker_names("ru_RU", count, "given surname")],
        ),
        "United States": (f"{faker} en_US, by frequency", faker_names("en_US", count)),
        "Western Europe": (
            f"{faker} en_GB, de_DE, fr_FR, es_ES",
            [n for four in zip(*west, strict=True) for n in four],
        ),
    }
    found = [
        Population(label, source, [(name, "") for name in names[:count]]) for label, (source, names) in groups.items()
    ]
    if (shared / "DATA.md").is_file():
        world = list(rows(shared / "names" / "yente_negatives_global_50k.csv.gz"))[:count]
        found += [
            Population(
                "the world", "yente's generated negatives", [(r["full_name"], r["date_of_birth"]) for r in world]
            ),
            Population(
                "members of the ROK assembly, in three spellings", "real", [(name, "") for name in members(shared)]
            ),
            Population(
                "deputies of the DPRK assembly", "real; a few are listed", [(name, "") for name in deputies(shared)]
            ),
        ]
    return found


def members(shared: Path) -> list[str]:
    """Members of the ROK assembly in the pairs at hand, each in Latin, Hangul and Hanja."""
    pairs = rows(shared / "names" / "crossscript_pairs_dev.csv")
    both = [(row["latin"], row["other"]) for row in pairs if row["set"].startswith("ROK Assembly")]
    return list(dict.fromkeys(name for pair in both for name in pair))


def pinyin(name: str) -> str:
    """A Chinese name in pinyin, surname first: 王小明 → Wang Xiaoming."""
    syllables = [mandarin(char) or char for char in name]
    return f"{syllables[0].capitalize()} {''.join(syllables[1:]).capitalize()}".strip()


def births(count: int) -> list[str]:
    """Dates of birth of adults."""
    rng = random.Random(SEED)
    days = (LAST_BIRTH - FIRST_BIRTH).days
    return [(FIRST_BIRTH + timedelta(rng.randint(0, days))).isoformat() for _ in range(count)]


@dataclass(slots=True)
class Tally:
    """Alerts among some people, by list and threshold."""

    people: int = 0
    alerts: dict[tuple[str, float], int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    def add(self, name: str, best: Mapping[str, float], matched: str) -> None:
        """Count one person, whose best P on each list is known."""
        self.people += 1
        for key in LISTS:
            for threshold in THRESHOLDS:
                hit = (max(best.values(), default=0.0) if key == "either" else best.get(key, 0.0)) >= threshold
                self.alerts[key, threshold] = self.alerts.get((key, threshold), 0) + hit
        if best and len(self.examples) < 8:
            self.examples.append(f"{name} ~ {matched}")

    def to_json(self) -> dict[str, Any]:
        """Counts, rates and Wilson intervals."""
        cells = {}
        for (key, threshold), hits in sorted(self.alerts.items()):
            low, high = interval(hits, self.people)
            cells[f"{key} P>={threshold:g}"] = {
                "alerted": hits,
                "rate": round(hits / max(1, self.people), 6),
                "interval_95": (max(0.0, low), high),
            }
        return {"people": self.people, **cells, "examples": self.examples}


def screened(index: Index, people: Iterable[tuple[str, str]]) -> Tally:
    """Screen people by name, and by date of birth where they have one."""
    tally, waiting = Tally(), list(people)
    for start in range(0, len(waiting), _BATCH):
        piece = waiting[start : start + _BATCH]
        queries = [
            Query.of_entities(Entity("p", "Person", {"name": (name,), **({"birthDate": (day,)} if day else {})}))
            for name, day in piece
        ]
        for (name, _), answer in zip(piece, index.screen_all(queries, min(THRESHOLDS)), strict=True):
            best: dict[str, float] = {}
            for match in answer.matches:
                for source in match.listed.lists:
                    best[source] = max(best.get(source, 0.0), match.probability)
            tally.add(name, best, answer.matches[0].name if answer.matches else "")
    return tally


def of_population(index: Index, group: Population) -> dict[str, Any]:
    """One row of the report: by name alone, and with dates of birth (their own where known, else drawn)."""
    drawn = births(len(group.people))
    dated = [(name, own or day) for (name, own), day in zip(group.people, drawn, strict=True)]
    return {
        "source": group.source,
        "different_names": len({name for name, _ in group.people}),
        "name": screened(index, [(name, "") for name, _ in group.people]).to_json(),
        "name_and_birth_date": screened(index, dated).to_json(),
    }


def by_surname(index: Index, per_top: int, per_rare: int) -> dict[str, Any]:
    """South Korean names in Hangul, as many for each surname, written as in the South: rate, its ratio to that of all,
    listed bearers."""
    shares: dict[str, float] = {}
    for name, part in surnames().items():
        if len(name) == 1:
            shares[law(name)] = shares.get(law(name), 0.0) + part
    order = sorted(shares, key=lambda name: (-shares[name], name))
    listed = listed_surnames(index)
    syllable = Draw(given_syllables())
    found: dict[str, Any] = {}
    for rank, surname in enumerate(order):
        rng = random.Random(f"{SEED}{surname}")
        count = per_top if rank < TOP else per_rare
        people = [(surname + syllable(rng) + syllable(rng), "") for _ in range(count)]
        days = births(count)
        found[surname] = {
            "share_of_people": round(shares[surname], 5),
            "listed_bearers": listed.get(surname, 0),
            "name": screened(index, people).to_json(),
            "name_and_birth_date": screened(
                index, [(name, day) for (name, _), day in zip(people, days, strict=True)]
            ).to_json(),
        }
    cell = f"either P>={THRESHOLDS[0]:g}"
    overall = sum(shares[name] * found[name]["name"][cell]["rate"] for name in order) / sum(shares.values())
    for item in found.values():
        item["ratio_to_all"] = round(item["name"][cell]["rate"] / overall, 2) if overall else None
    return {"overall_rate": round(overall, 6), "surnames": found}


def listed_surnames(index: Index) -> dict[str, int]:
    """How many listed persons have a main name that reads as Korean, by its likeliest surname."""
    counts: dict[str, int] = {}
    for subject in index.subjects:
        entity = subject.entity
        told = explain(entity.caption) if entity.schema == "Person" else None
        if told is not None and told.korean >= 0.5 and told.readings and told.readings[0].hangul:
            surname = law(told.readings[0].hangul[0][0][0])
            counts[surname] = counts.get(surname, 0) + 1
    return counts


def persons(index: Index) -> dict[str, dict[str, int]]:
    """Listed persons, how many of their main names read as Korean, and how many have no birth date, by list."""
    counts: dict[str, dict[str, int]] = {}
    for subject in index.subjects:
        if subject.entity.schema == "Person":
            for source in subject.lists:
                item = counts.setdefault(source, {"persons": 0, "korean_names": 0, "undated": 0})
                item["persons"] += 1
                item["undated"] += not subject.birth_dates
                item["korean_names"] += explain(subject.entity.caption).korean >= 0.5
    return counts


def run(count: int, shared: Path, per_top: int = PER_SURNAME, per_rare: int = PER_RARE_SURNAME) -> dict[str, Any]:
    """All measurements."""
    entities, lists = load_lists()
    indexes = {"DPRK parts": Index.build(entities, lists)}
    if (shared / "DATA.md").is_file():
        files = [shared / "lists" / "un_consolidated.xml", shared / "lists" / "ofac_sdn_2024-05-03.csv.gz"]
        indexes["whole lists"] = Index.build(*load_lists(files=files))
    groups = populations(count, shared)
    return {
        "thresholds": THRESHOLDS,
        "birth_dates": [FIRST_BIRTH.isoformat(), LAST_BIRTH.isoformat()],
        "lists": {name: [item.to_json() for item in index.lists] for name, index in indexes.items()},
        "listed_persons": {name: persons(index) for name, index in indexes.items()},
        "groups": {
            name: {group.label: of_population(index, group) for group in groups} for name, index in indexes.items()
        },
        "korean_surnames": by_surname(indexes["DPRK parts"], per_top, per_rare),
    }


# -- the page ----------------------------------------------------------------------------------------------------


def percent(cell: Mapping[str, Any], with_interval: bool = False) -> str:
    """A rate, as people read it."""
    low, high = cell["interval_95"]
    return f"{cell['rate']:.2%}" + (f" ({low:.2%}–{high:.2%})" if with_interval else "")


def group_table(groups: Mapping[str, Any]) -> str:
    """One row a group."""
    low, high = (f"P>={threshold:g}" for threshold in THRESHOLDS)
    lines = [
        "| | people | different names | UN | OFAC | either, 95 % interval | with birth date | findings | findings with "
        "birth date |",
        "|---|---:|---:|---:|---:|---|---:|---:|---:|",
    ]
    for label, item in groups.items():
        name, dated = item["name"], item["name_and_birth_date"]
        cells = [
            f"{name['people']:,}", f"{item['different_names']:,}", percent(name[f"un {low}"]),
            percent(name[f"ofac {low}"]), percent(name[f"either {low}"], True), percent(dated[f"either {low}"]),
            percent(name[f"either {high}"]), percent(dated[f"either {high}"]),
        ]  # fmt: skip
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return "\n".join(lines)


def surname_table(found: Mapping[str, Any]) -> str:
    """The commonest surnames, then the worst of the others."""
    low, high = (f"either P>={threshold:g}" for threshold in THRESHOLDS)
    head = ["surname", "share of people", "listed bearers", "alerted, 95 % interval", "times the rate of all",
            "findings with birth date"]  # fmt: skip
    names = list(found["surnames"])
    rest = sorted(names[TOP:], key=lambda name: (-found["surnames"][name]["name"][low]["rate"], name))[:5]
    lines = [f"| {' | '.join(head)} |", "|---|---:|---:|---|---:|---:|"]
    for name in [*names[:TOP], *rest]:
        item = found["surnames"][name]
        ratio = "" if item["ratio_to_all"] is None else f"{item['ratio_to_all']:.1f}"
        lines.append(
            f"| {name}{'' if name in names[:TOP] else ' *'} | {item['share_of_people']:.1%} "
            f"| {item['listed_bearers']} | {percent(item['name'][low], True)} | {ratio} "
            f"| {percent(item['name_and_birth_date'][high])} |"
        )
    return "\n".join(lines)


def times(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """How many times as often one group is alerted as another; a lower bound where the other never was."""
    if not one["alerted"]:
        return "never"
    if other["alerted"]:
        ratio = one["rate"] / other["rate"]
        return f"{ratio:,.0f} times" if ratio >= 9.5 else f"{ratio:,.1f} times"
    return f"at least {one['rate'] / other['interval_95'][1]:,.0f} times"


def ratios(result: Mapping[str, Any]) -> str:
    """The comparisons that matter, in words."""
    low, high = (f"either P>={threshold:g}" for threshold in THRESHOLDS)
    lines = []
    for title, groups in result["groups"].items():
        west = groups["United States"]["name"][low]
        listed = result["listed_persons"][title].values()
        every, own, undated = (sum(item[key] for item in listed) for key in ("persons", "korean_names", "undated"))
        counts = f"{every:,} listed persons, {own:,} with a Korean name, {undated:,} without a birth date"
        lines += [f"**Against the {title}**: {counts}.", ""]
        ofall = f"({west['alerted']} of {groups['United States']['name']['people']:,})"
        for label in ("South Korean, Hangul", "South Korean, Hangul, other table"):
            name, dated = groups[label]["name"], groups[label]["name_and_birth_date"]
            lines.append(
                f"- {label}: {percent(name[low])} are alerted by name alone, {times(name[low], west)} the rate of "
                f"names from the United States {ofall}. With a date of birth {percent(dated[low])} are still shown, "
                f"but findings fall from {percent(name[high])} to {percent(dated[high])}."
            )
        rest = [label for label in groups if label.startswith(("Chinese", "Vietnamese", "Russian", "Western"))]
        told = "; ".join(f"{label} {times(groups[label]['name'][low], west)}" for label in rest)
        lines.append(f"- Others, against names from the United States: {told}.")
        if assembly := groups.get("deputies of the DPRK assembly"):
            south = groups["South Korean, Hangul"]["name"][low]
            lines.append(
                f"- Deputies of the DPRK assembly: {percent(assembly['name'][low])}, "
                f"{times(assembly['name'][low], south)} the rate of South Koreans."
            )
        lines.append("")
    found = result["korean_surnames"]["surnames"]
    top = list(found)[:TOP]
    worst = sorted(top, key=lambda name: -found[name]["name"][low]["rate"])[:3]
    none = [name for name in top if not found[name]["name"][low]["alerted"]]
    told = ", ".join(f"{name} ({percent(found[name]['name'][low])})" for name in worst)
    lines.append(
        f"**By surname**, of the {TOP} commonest: worst are {told}; never alerted are {', '.join(none) or 'none'}. "
        f"All surnames, weighed by how common they are: {result['korean_surnames']['overall_rate']:.2%}."
    )
    return "\n".join(lines)


def write(page: Path, result: Mapping[str, Any]) -> None:
    """Rewrite the generated sections of the page."""
    write_section(page, "fairness-dprk", group_table(result["groups"]["DPRK parts"]))
    if "whole lists" in result["groups"]:
        write_section(page, "fairness-whole", group_table(result["groups"]["whole lists"]))
    write_section(page, "fairness-surnames", surname_table(result["korean_surnames"]))
    write_section(page, "fairness-ratios", ratios(result))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=10_000, help="people of each group")
    parser.add_argument("--shared", type=Path, default=shared_folder())
    parser.add_argument("--docs", type=Path, help="page whose generated sections are rewritten")
    given = parser.parse_args()
    share = min(1.0, given.names / 10_000)
    outcome = run(given.names, given.shared, max(50, int(PER_SURNAME * share)), max(20, int(PER_RARE_SURNAME * share)))
    print(json.dumps(outcome, ensure_ascii=False, indent=1))
    if given.docs is not None:
        write(given.docs, outcome)
