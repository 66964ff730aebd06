"""Names: recall and false positives per set, peers beside it in the same run, and speed, as one JSON document.

Run:  python benchmarks/names.py [--shared DIR] [--generated 100000] [--misses] [--docs docs/methods/names.md]

Peers: rapidfuzz Jaro-Winkler, token_sort_ratio and WRatio; nomenklatura logic-v1, logic-v2 where it is installed (the
`bench` extra). Each gets its own threshold: the least score that at most 0.05 % of every negative set in Latin letters
exceeds. `--docs` writes the table between the markers of that page. The reference material is read where it lies
(STANCH_SHARED, else ../shared) and never copied.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import random
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.fuzz import WRatio, token_sort_ratio

from stanch.names import compare, prepare, score
from stanch.names.frequencies import given_syllables, surnames
from stanch.names.hangul import INITIALS, MEDIALS, decompose, law
from stanch.names.hanja import characters, mandarin

ROOT = Path(__file__).resolve().parents[1]
THRESHOLD = 0.7
FP_RATE = 0.0005
SEED = 20161130  # UNSCR 2321
Pair = tuple[str, str]
Side = list[tuple[str, str]]  # (as written, rule-reduced)


def positives(shared: Path) -> dict[str, list[Pair]]:
    """True pairs by set."""
    sets: dict[str, list[Pair]] = {}
    with (shared / "names/crossscript_pairs_dev.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            sets.setdefault(row["set"], []).append((row["latin"], row["other"]))
    with (shared / "names/un_dprk_alias_pairs_labelled.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["kind"] != "pseudonym":
                sets.setdefault(f"UN aliases ({row['kind']})", []).append((row["name"], row["alias"]))
    with (ROOT / "tests/names/data/cyrillic_pinyin_pairs.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            made = row["basis"] == "read from the Han form"
            label = f"cited, {row['script']}{' read from the Han form' if made else ''}"
            sets.setdefault(label, []).append((row["name"], row["other"]))
    return sets


def un_names(shared: Path) -> list[str]:
    """The names of the persons listed by the UN for the DPRK, as far as the alias and katakana files hold them."""
    with (shared / "lists/jp_mof_dprk_individuals_katakana.csv").open(encoding="utf-8") as stream:
        return list(dict.fromkeys(row["name_en"] for row in csv.DictReader(stream)))


def katakana(shared: Path) -> Side:
    """The listed persons in katakana, with the reduced spelling of their Latin names."""
    with (shared / "lists/jp_mof_dprk_individuals_katakana.csv").open(encoding="utf-8") as stream:
        return [(row["katakana"], reduced(row["name_en"])) for row in csv.DictReader(stream)]


def deputies(shared: Path) -> list[str]:
    """Deputies of the Supreme People's Assembly."""
    with (shared / "names/dprk_assembly_13.csv").open(encoding="utf-8") as stream:
        return list(dict.fromkeys(row["name"] for row in csv.DictReader(stream)))


# A spelling reduced by rules that know nothing of the method under test: names equal after it can be the same Hangul,
# so such pairs are no negatives. Voicing and marks are dropped, the initial-sound law is undone for its commonest case.
_VOICE = str.maketrans("gdbj", "ktpc")
_FINALS = dict(zip("ㄱㄴㄷㄹㅁㅂㅅㅇ", ("k", "n", "t", "l", "m", "p", "t", "ng"), strict=True))


def letters(initials: str, medials: str) -> dict[str, dict[str, str]]:
    """A table of letters; `_` is no letter."""
    return {
        "initial": dict(zip(INITIALS, initials.split(), strict=True)),
        "medial": dict(zip(MEDIALS, medials.split(), strict=True)),
        "final": _FINALS,
    }


_LATIN = letters(
    "k kk n t tt r m p pp s ss _ j jj ch k t p h",
    "a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i",
)
_REVISED = letters(
    "g kk n d tt r m b pp s ss _ j jj ch k t p h",
    "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i",
)
_CYRILLIC = letters(
    "к кк н т тт р м п пп с сс _ ч чч чх кх тх пх х",
    "а э я йя о е ё е о ва вэ ве ё у во ве ви ю ы ый и",
) | {"final": dict(zip("ㄱㄴㄷㄹㅁㅂㅅㅇ", ("к", "н", "т", "ль", "м", "п", "т", "н"), strict=True))}
_PRESS = {
    "김": "Kim", "이": "Lee", "박": "Park", "최": "Choi", "정": "Jung", "강": "Kang", "조": "Cho", "윤": "Yoon",
    "임": "Lim", "신": "Shin", "유": "Yoo", "오": "Oh", "안": "Ahn", "문": "Moon", "노": "Noh", "우": "Woo",
    "구": "Koo", "서": "Suh",
}  # fmt: skip


def romanise(name: str, table: dict[str, dict[str, str]]) -> str:
    """Hangul in the letters of a table, syllables separated by spaces."""
    return " ".join(
        (
            table["initial"][i].strip("_")
            + table["medial"][m]
            + (table["final"].get(f, table["final"]["ㄷ"]) if f else "")
        ).capitalize()
        for i, m, f in map(decompose, name)
    )


def reduced(name: str) -> str:
    """The rule-reduced spelling of a Latin or Hangul name."""
    if "가" <= name[0] <= "힣":
        name = romanise(name, _LATIN)
    plain = "".join(c for c in unicodedata.normalize("NFD", name.lower()) if c.isalpha())
    plain = plain.replace("eo", "o").replace("eu", "u").replace("ch", "c").translate(_VOICE)
    return re.sub(r"^(ri|yi|lee)", "i", plain).replace("h", "")


def generated(count: int) -> list[str]:
    """Korean names in underlying Hangul, drawn by surname and syllable frequency."""
    rng = random.Random(SEED)
    families, weights = zip(*((k, v) for k, v in surnames().items() if len(k) == 1), strict=True)
    syllables, shares = zip(*given_syllables().items(), strict=True)
    heads = rng.choices(families, weights, k=count)
    tails = rng.choices(syllables, shares, k=2 * count)
    return [head + "".join(tails[2 * i : 2 * i + 2]) for i, head in enumerate(heads)]


@cache
def hanja_of(syllable: str, surname: bool) -> tuple[str, ...]:
    """The eight likeliest Han characters of a syllable, likeliest first; the syllable itself when there is none."""
    shares = {char: table[syllable] for char, table in characters(surname).items() if syllable in table}
    return tuple(sorted(shares, key=lambda char: (-shares[char], char))[: 1 if surname else 8]) or (syllable,)


def spelled(name: str) -> dict[str, str]:
    """One underlying Hangul name as different writers put it."""
    rng = random.Random(name)
    han = hanja_of(name[0], True)[0] + "".join(rng.choice(hanja_of(syllable, False)) for syllable in name[1:])
    south = law(name[0]) + name[1:]
    press = romanise(south[1:], _REVISED).replace("eo", "u").replace("Eo", "U").replace("eu", "u").replace("Eu", "Eu")
    return {
        "Hangul (ROK)": south,
        "DPRK Latin": romanise(name, _LATIN),
        "Revised": romanise(south, _REVISED),
        "press": f"{_PRESS.get(south[0], romanise(south[0], _REVISED))} {press}",
        "Cyrillic": romanise(name, _CYRILLIC),
        "Hanja": han,
        "pinyin": " ".join(mandarin(char).capitalize() for char in han),
    }


def jaro_winkler(a: str, b: str) -> float:
    """The peer: Jaro-Winkler on folded names, words sorted as usual."""
    return JaroWinkler.similarity(folded(a), folded(b))


def folded(name: str) -> str:
    """Lower case without marks, hyphens and apostrophes."""
    plain = unicodedata.normalize("NFD", name.lower().replace("-", " "))
    return "".join(c for c in plain if not unicodedata.combining(c) and (c.isalnum() or c == " "))


def token_sort(a: str, b: str) -> float:
    """rapidfuzz token_sort_ratio on folded names, 0 to 1."""
    return token_sort_ratio(folded(a), folded(b)) / 100


def w_ratio(a: str, b: str) -> float:
    """rapidfuzz WRatio on folded names, 0 to 1."""
    return WRatio(folded(a), folded(b)) / 100


def nomenklatura(algorithm: str) -> Callable[[str, str], float] | None:
    """One of nomenklatura's matchers on two persons with only a name, or None where it is not installed."""
    try:
        from followthemoney import model
        from nomenklatura.matching import get_algorithm
    except ImportError:
        return None
    chosen = get_algorithm(algorithm)
    if chosen is None:
        return None
    settings = chosen.default_config()

    @cache
    def person(name: str) -> Any:
        # Names are remembered by entity id: each text has its own id.
        entity = model.make_entity("Person")
        entity.id = f"name-{name}"
        entity.add("name", name)
        return entity

    return lambda a, b: float(chosen.compare(person(a), person(b), settings).score)


#: Most negative pairs of one set that a peer is run on; the slower one fewer. Drawn by a fixed seed.
PEER_PAIRS = {
    "jaro_winkler": 200_000,
    "token_sort": 200_000,
    "WRatio": 200_000,
    "logic-v1": 100_000,
    "logic-v2": 12_000,
}


def scorers() -> dict[str, Callable[[str, str], float]]:
    """Ours first, then the peers that are installed."""
    found: dict[str, Callable[[str, str], float]] = {
        "stanch": ours,
        "jaro_winkler": jaro_winkler,
        "token_sort": token_sort,
        "WRatio": w_ratio,
    }
    for name in ("logic-v1", "logic-v2"):
        if (scorer := nomenklatura(name)) is not None:
            found[name] = scorer
    return found


def drawn(pairs: Iterator[tuple[str, str, bool]], most: int, total: int) -> Iterator[tuple[str, str, bool]]:
    """About `most` of `total` pairs, drawn by a fixed seed."""
    rng = random.Random(SEED)
    share = min(1.0, most / max(1, total))
    return (pair for pair in pairs if rng.random() < share)


def ours(a: str, b: str) -> float:
    """The similarity under test, without the cost of writing the alignment."""
    return score(prepare(a), prepare(b))[0]


def side(names: Iterable[str]) -> Side:
    """Names with their reduced spellings."""
    return [(name, reduced(name)) for name in names]


def negative_pairs(left: Side, right: Side, skip_equal: bool) -> Iterator[tuple[str, str, bool]]:
    """All pairs, with whether the spellings admit one Hangul name (counted apart)."""
    for one, own in left:
        for two, other in right:
            if not (skip_equal and one >= two):
                yield one, two, own == other


def tally(pairs: Iterator[tuple[str, str, bool]], scorer: Callable[[str, str], float]) -> dict[str, Any]:
    """False positives at the threshold, and the score that only FP_RATE of negatives reach."""
    scores: list[float] = []
    apart = 0
    worst: list[tuple[float, str, str]] = []
    for one, two, same in pairs:
        if same:
            apart += 1
            continue
        value = scorer(one, two)
        scores.append(value)
        if value >= THRESHOLD:
            worst.append((round(value, 3), one, two))
    scores.sort(reverse=True)
    over = len(worst)
    worst.sort(key=lambda item: (-item[0], item[1:]))
    return {
        "pairs": len(scores),
        "admit_same_hangul_apart": apart,
        "false_positives_at_0.7": over,
        "rate_at_0.7": over / max(1, len(scores)),
        "score_at_fp_rate": round(scores[int(len(scores) * FP_RATE)], 4) if scores else None,
        "examples": worst[:: max(1, len(worst) // 12)][:12],
    }


def interval(found: int, total: int) -> tuple[float, float]:
    """Wilson 95 % interval of a share."""
    if not total:
        return 0.0, 1.0
    z, share = 1.96, found / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return round(middle - half, 4), round(middle + half, 4)


def recall(pairs: list[Pair], scorer: Callable[[str, str], float], threshold: float) -> dict[str, Any]:
    """Found share, its interval, and the misses."""
    scored = [(scorer(a, b), a, b) for a, b in pairs]
    missed = sorted((round(value, 3), a, b) for value, a, b in scored if value < threshold)
    found = len(pairs) - len(missed)
    return {
        "n": len(pairs),
        "found": found,
        "recall": round(found / len(pairs), 4),
        "interval_95": interval(found, len(pairs)),
        "missed": missed,
    }


def speed(names: list[str]) -> dict[str, float]:
    """Microseconds to prepare a name not seen before (pieces warm) and to compare two prepared ones."""
    from stanch.names.matching import _prepare

    for name in names[:2000]:
        prepare(name)
    _prepare.cache_clear()
    start = time.perf_counter()
    ready = [prepare(name) for name in names]
    prepare_us = (time.perf_counter() - start) / len(names) * 1e6
    pairs = [(ready[i], ready[(i * 7919 + 13) % len(ready)]) for i in range(len(ready))]
    start = time.perf_counter()
    for a, b in pairs:
        compare(a, b)
    compare_us = (time.perf_counter() - start) / len(pairs) * 1e6
    start = time.perf_counter()
    for a, b in pairs:
        score(a, b)
    score_us = (time.perf_counter() - start) / len(pairs) * 1e6
    return {
        "prepare_us": round(prepare_us, 1),
        "compare_with_alignment_us": round(compare_us, 2),
        "score_us": round(score_us, 2),
    }


def table(result: dict[str, Any]) -> str:
    """The generated section of the method page."""
    labels = list(result["bars"])
    head = f"| true pairs | n | stanch at 0.7 | interval | {' | '.join(labels)} |"
    lines = [head, "|---" * (4 + len(labels)) + "|"]
    for name, own in result["recall_at_0.7"].items():
        others = " | ".join(f"{result['recall_at_fp_rate'][name][label]['recall']:.3f}" for label in labels)
        low, high = own["interval_95"]
        lines.append(f"| {name} | {own['n']} | **{own['recall']:.3f}** | {low:.3f}–{high:.3f} | {others} |")
    bars = " | ".join(f"{result['bars'][label]:.3f}" for label in labels)
    lines.append(f"| *threshold* | | 0.7 | | {bars} |")
    lines += [
        "",
        "| pairs of different persons | pairs | stanch ≥ 0.7 | rate | same Hangul possible, apart |",
        "|---|---|---|---|---|",
    ]
    for name, by_label in result["negatives"].items():
        own = by_label["stanch"]
        lines.append(
            f"| {name} | {own['pairs']:,} | {own['false_positives_at_0.7']:,} | {own['rate_at_0.7']:.4%} "
            f"| {own['admit_same_hangul_apart']:,} |"
        )
    return "\n".join(lines)


def write_section(page: Path, name: str, text: str) -> None:
    """Put text between `<!-- generated: NAME -->` and `<!-- end: NAME -->` of a page.

    Raises:
        ValueError: the page has no such markers.
    """
    start, end = f"<!-- generated: {name} -->\n", f"<!-- end: {name} -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(start)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise ValueError(f"{page}: no section {name!r}")
    page.write_text(f"{before}{start}{text}\n{end}{after}", encoding="utf-8")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("STANCH_SHARED", ROOT.parent / "shared")))
    parser.add_argument("--generated", type=int, default=100_000)
    parser.add_argument(
        "--targets", type=int, default=80, help="how many listed names to set against the generated ones"
    )
    parser.add_argument("--misses", action="store_true", help="print misses on stderr as well")
    parser.add_argument("--docs", type=Path, help="page whose generated section is rewritten")
    args = parser.parse_args()
    sets = positives(args.shared)
    listed = un_names(args.shared)
    assembly = deputies(args.shared)
    south = [latin for latin, _ in sets["ROK Assembly Latin~Hangul"]]
    made = generated(args.generated)
    targets = side(listed)
    negatives: dict[str, tuple[Side, Side, bool]] = {
        "DPRK x DPRK": (side(assembly), side(assembly), True),
        "DPRK katakana x DPRK": (katakana(args.shared), side(assembly), False),
        "UN x ROK assembly Latin": (targets, side(south), False),
        "UN x ROK assembly Hangul": (targets, side(h for _, h in sets["ROK Assembly Latin~Hangul"]), False),
    }
    written = [(spelled(name), reduced(name)) for name in made]
    styles = ("Hangul (ROK)", "DPRK Latin", "Revised", "press", "Cyrillic", "Hanja", "pinyin")
    share = max(1, args.targets // len(styles))
    for index, style in enumerate(styles):
        # Each style meets its own part of the listed names, to keep the run short.
        part = targets[index * share : (index + 1) * share]
        negatives[f"UN x generated, {style}"] = (part, [(forms[style], own) for forms, own in written], False)
    result: dict[str, Any] = {"threshold": THRESHOLD, "negatives": {}, "recall_at_0.7": {}, "recall_at_fp_rate": {}}
    bars: dict[str, float] = {}
    chosen = scorers()
    # A peer that knows no script but one gives 0 to all others: its threshold comes from the sets in Latin letters.
    ruling = ("DPRK x DPRK", "UN x ROK assembly Latin", *(f"UN x generated, {name}" for name in styles[1:4]))
    for label, scorer in chosen.items():
        started, compared = time.perf_counter(), 0
        bar = 0.0
        for name, (left, right, skip) in negatives.items():
            if label != "stanch" and name not in ruling:
                continue
            total = len(left) * len(right) // (2 if skip else 1)
            pairs = negative_pairs(left, right, skip)
            counted = tally(pairs if label == "stanch" else drawn(pairs, PEER_PAIRS[label], total), scorer)
            result["negatives"].setdefault(name, {})[label] = counted
            compared += counted["pairs"]
            if name in ruling and counted["pairs"] >= 2 / FP_RATE:
                bar = max(bar, counted["score_at_fp_rate"])
        bars[label] = bar
        result.setdefault("pairs_per_s", {})[label] = round(compared / (time.perf_counter() - started))
        print(f"{label}: threshold {bar}, {compared:,} negative pairs", file=sys.stderr)
    for label, scorer in chosen.items():
        for name, pairs in sets.items():
            if label == "stanch":
                result["recall_at_0.7"][name] = recall(pairs, scorer, THRESHOLD)
            at_rate = recall(pairs, scorer, math.nextafter(bars[label], 2))
            if label != "stanch":
                at_rate.pop("missed")
            result["recall_at_fp_rate"].setdefault(name, {})[label] = at_rate
    result["bars"] = bars
    result["speed"] = speed([spelled(name)["DPRK Latin"] for name in made[:20_000]])
    json.dump(result, sys.stdout, ensure_ascii=False, indent=1)
    print()
    if args.docs is not None:
        write_section(args.docs, "peers", table(result))
    if args.misses:
        for name, counted in result["recall_at_0.7"].items():
            print(name, counted["recall"], counted["missed"], file=sys.stderr)


if __name__ == "__main__":
    main()
