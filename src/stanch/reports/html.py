"""The findings of a workspace as one self-contained HTML page: no script, no font, no picture from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from stanch.model import format_time
from stanch.reports.flow import LEGEND, flow_svg, short, thousands

#: First word of a claim ("designated" also stands for "designated-by-us"), the chapter of its findings, its anchor.
CHAPTERS = (
    ("designated", "Who is designated", "who"),
    ("stolen-funds", "Where the money went", "money"),
    ("disguised-work", "Who is really being paid", "work"),
)

#: Claims that stand in the chapter of another one.
_BESIDE = {"designated": ("owned-by-designated", "linked-to-designated")}

#: Findings of a chapter that stand open to the eye; the rest is one click away.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class TracedTheft:
    """One theft followed through a ledger: its facts, and the trace as `stanch trace --format json` prints it."""

    id: str
    title: str
    facts: str
    citation: str
    verified: str
    trace: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LegalText:
    """A provision as the report shows it."""

    id: str
    heading: str
    duty: str
    citation: str
    verified: str


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything a report is made of, gathered by `summary`, so that a page is a pure function of it.

    `findings` are those to look at, `decided` those with a decision in force ("not the same person"); where a finding
    has a decision, it stands under its key `decision`. `claims` and `objects` are what each finding claims about what,
    by its id; `checked` is detector → (subjects checked, of these clear).
    """

    title: str
    made_at: datetime
    code_version: str
    findings: Sequence[Mapping[str, Any]]
    claims: Mapping[str, str]
    objects: Mapping[str, str]
    checked: Mapping[str, tuple[int, int]]
    thefts: Sequence[TracedTheft]
    lists: Sequence[Mapping[str, Any]]
    legal: Sequence[LegalText]
    counts: Mapping[str, int]
    notes: Sequence[str] = ()
    decided: Sequence[Mapping[str, Any]] = ()


def render(data: ReportData) -> str:
    """The page as text."""
    environment = Environment(
        loader=PackageLoader("stanch.reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "short": short,
        "percent": percent,
        "amount": lambda text: thousands(Decimal(text)),
        "day": lambda text: str(text)[:10],
        "bar": bar,
        "time": format_time,
    }
    css = resources.files("stanch.reports").joinpath("templates", "report.css").read_text(encoding="utf-8")
    return environment.get_template("report.html").render(
        data=data,
        css=Markup(css),  # noqa: S704 - our own file
        chapters=[(claim, title, anchor, _of_claim(data, claim)) for claim, title, anchor in CHAPTERS],
        pictures={theft.id: _pictures(theft.trace) for theft in data.thefts},
        categories={theft.id: [_by_category(asset) for asset in theft.trace["assets"]] for theft in data.thefts},
        found_of={theft.id: _of_theft(data, theft.id) for theft in data.thefts},
        legend=LEGEND,
        shown=SHOWN,
    )


def percent(value: float | None) -> str:
    """A probability for people: no false precision, and never 0 % or 100 %."""
    if value is None:
        return "–"
    if value >= 0.995:
        return "> 99 %"
    return "< 1 %" if value < 0.01 else f"{value * 100:.0f} %"


def bar(bits: float | None, widest: float = 24.0) -> float:
    """Length of an evidence bar in percent of half the row; both directions have the same scale."""
    return 0.0 if bits is None else min(abs(bits) / widest, 1.0) * 100


def _of_claim(data: ReportData, claim: str) -> list[Mapping[str, Any]]:
    prefixes = (claim, *_BESIDE.get(claim, ()))
    found = [finding for finding in data.findings if data.claims[finding["id"]].startswith(prefixes)]

    def weight(finding: Mapping[str, Any]) -> tuple[bool, float, Decimal]:
        amount = Decimal(finding["amount"]["value"]) if finding["amount"] else Decimal(0)
        # A mere link is no ground for any prohibition: it comes after all else.
        linked = data.claims[finding["id"]] == "linked-to-designated"
        return (linked, -(finding["probability"] or 0.0), -amount)

    return sorted(found, key=weight)


def _of_theft(data: ReportData, theft_id: str) -> list[Mapping[str, Any]]:
    # The object of such a finding is the theft and the asset: "ronin-2022/ETH".
    return [item for item in _of_claim(data, "stolen-funds") if data.objects[item["id"]].split("/")[0] == theft_id]


def _pictures(trace: Mapping[str, Any]) -> list[Markup]:
    # flow_svg escapes every text it puts in.
    return [Markup(flow_svg(asset)) for asset in trace["assets"]]  # noqa: S704


def _by_category(asset: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where the value is now, by what the holder is: sums of haircut with the band, largest first."""
    groups: dict[str, dict[str, Any]] = {}
    for holder in asset["holders"]:
        name = holder["category"] or "unlabelled"
        group = groups.setdefault(
            name, {"category": name, "accounts": 0, **dict.fromkeys(("value", "low", "high"), Decimal(0))}
        )
        group["accounts"] += 1
        group["value"] += Decimal(holder["by_policy"]["haircut"])
        group["low"] += Decimal(holder["low"])
        group["high"] += Decimal(holder["high"])
    rows = sorted(groups.values(), key=lambda group: -group["value"])
    total = sum((row["value"] for row in rows), Decimal(0))
    for row in rows:
        row["share"] = float(row["value"] / total) if total else 0.0
    return rows
