"""Names: recall and false positives per set, Jaro-Winkler beside it, and speed, as one JSON document.

Run:  python benchmarks/names.py [--shared DIR] [--generated 100000] [--misses]

The reference material is read where it lies (STANCH_SHARED, else ../shared) and never copied.
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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("STANCH_SHARED", ROOT.parent / "shared")))
    parser.add_argument("--generated", type=int, default=100_000)
    parser.add_argument(
        "--targets", type=int, default=80, help="how many listed names to set against the generated ones"
    )
    parser.add_argument("--misses", action="store_true", help="print misses on stderr as well")
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
    for label, scorer in (("stanch", ours), ("jaro_winkler", jaro_winkler)):
        bar = 0.0
        for name, (left, right, skip) in negatives.items():
            # The peer's bar needs fewer names: 5,000 are 100,000 pairs and more.
            counted = tally(negative_pairs(left, right if label == "stanch" else right[:5000], skip), scorer)
            result["negatives"].setdefault(name, {})[label] = counted
            if name in (
                "DPRK x DPRK",
                "UN x generated, DPRK Latin",
                "UN x generated, Revised",
                "UN x generated, press",
            ):
                bar = max(bar, counted["score_at_fp_rate"])
        bars[label] = bar
    for label, scorer in (("stanch", ours), ("jaro_winkler", jaro_winkler)):
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
    if args.misses:
        for name, counted in result["recall_at_0.7"].items():
            print(name, counted["recall"], counted["missed"], file=sys.stderr)


if __name__ == "__main__":
    main()
