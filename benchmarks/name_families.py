"""Names as real files hold them: recall and false positives for each family of forms, made by construction.

Run:  python benchmarks/name_families.py [--names 400] [--pairs 100000] [--misses]

Names are drawn by surname and syllable frequency; each is written once as a list would (DPRK Latin and Hangul) and
once in the form of the family. False positives set the forms against the list spellings of other names, drawn by a
fixed seed; pairs whose spellings admit one Hangul name are left out. A constructed form shows what the reader can take,
not how often people write so.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from names import SEED, generated, interval, letters, ours, reduced, romanise, spelled
from stanch.names import kana as reader
from stanch.names.hangul import decompose, law
from stanch.names.hanja import mandarin

Form = Callable[[str, random.Random], str]

_MR = letters(
    "k kk n t tt r m p pp s ss _ ch tch ch' k' t' p' h",
    "a ae ya yae ŏ e yŏ ye o wa wae oe yo u wŏ we wi yu ŭ ŭi i",
)
_YALE = letters(
    "k kk n t tt l m p pp s ss _ c cc ch kh th ph h",
    "a ay ya yay e ey ye yey o wa way oy yo wu we wey wi yu u uy i",
)
_KANA = letters(
    "k k n t t r m p p s s _ ch ch ch k t p h",
    "a e ya ye o e yo e o wa we we yo u wo we wi yu u i i",
) | {"final": dict(zip("ㄱㄴㄷㄹㅁㅂㅅㅇ", ("ku", "N", "Q", "ru", "mu", "pu", "Q", "N"), strict=True))}
_KONTSEVICH = letters(
    "к кк н т тт р м п пп с сс _ ч чч чх кх тх пх х",
    "а э я йя о е ё йе о ва вэ ве ё у во ве ви ю ы ый и",
) | {"final": dict(zip("ㄱㄴㄷㄹㅁㅂㅅㅇ", ("к", "н", "т", "ль", "м", "п", "т", "н"), strict=True))}
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def dprk(name: str) -> str:
    """As the UN writes it: Kim Jong Un."""
    return spelled(name)["DPRK Latin"]


def parts(name: str) -> list[str]:
    """The romanised syllables."""
    return dprk(name).split()


def ordered(pattern: str) -> Form:
    """Family with surname {0}, given syllables {1} {2}; {3} is {2} in lower case."""

    def form(name: str, _: random.Random) -> str:
        one, two, three = parts(name)
        return pattern.format(one, two, three, three.lower(), one.upper(), two.upper(), three.upper())

    return form


def spelt(style: str) -> Form:
    """Family of one style of `names.spelled`."""
    return lambda name, _: spelled(name)[style]


def south(name: str) -> str:
    """The ROK form of the name in Hangul."""
    return law(name[0]) + name[1:]


def mccune(marks: str) -> Form:
    """McCune-Reischauer with the marks of a keyboard: breve, caron, circumflex, none, apostrophe."""

    def form(name: str, _: random.Random) -> str:
        text = romanise(name, _MR)
        if marks == "o'":
            return text.replace("ŏ", "o'").replace("ŭ", "u'")
        if marks == "":
            return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).replace(
                "'", ""
            )
        if marks == "diaeresis":
            return text.replace("ŏ", "ö").replace("ŭ", "ü")
        return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).replace("\u0306", marks))

    return form


def typo(kind: str) -> Form:
    """One typing error in the romanised name, anywhere but at its first letter."""

    def form(name: str, rng: random.Random) -> str:
        text = dprk(name)
        places = [i for i, c in enumerate(text) if i and c.isalpha()]
        i = rng.choice(places)
        if kind == "drop":
            return text[:i] + text[i + 1 :]
        if kind == "swap":
            swaps = [j for j in places if j + 1 in places and text[j] != text[j + 1]]
            if not swaps:
                return text
            i = rng.choice(swaps)
            return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
        if kind == "double":
            return text[:i] + text[i] + text[i:]
        row = next(row for row in _KEYS if text[i].lower() in row)
        at = row.index(text[i].lower())
        return text[:i] + rng.choice(row[max(0, at - 1) : at] + row[at + 1 : at + 2]) + text[i + 1 :]

    return form


def han(name: str) -> str:
    """Traditional characters."""
    return spelled(name)["Hanja"]


def pinyin(name: str) -> list[str]:
    """Mandarin readings of the characters."""
    return [mandarin(char).replace("v", "ü") or "?" for char in spelled(name)["Hanja"]]


def joined_pinyin(name: str) -> str:
    """Jin Zheng'en."""
    one, two, three = pinyin(name)
    return f"{one.capitalize()} {two.capitalize()}{chr(39) if three[:1] in 'aoeü' else ''}{three}"


def kana(name: str, mark: str = "・") -> str:
    """Katakana by the plain rule."""
    table = {reader.letters(k): k for k in map(chr, range(0x30A1, 0x30F4))} | {"N": "ン", "Q": "ッ"}
    out: list[str] = []
    for syllable in name:
        i, m, f = decompose(syllable)
        start, vowel = _KANA["initial"][i].strip("_"), _KANA["medial"][m]
        final = table[_KANA["final"].get(f, "Q")] if f else ""
        start, vowel = ("j" if start == "z" else start), (vowel[1:] if start == "ch" and vowel[0] == "y" else vowel)
        if vowel[0] == "w":
            text = {"k": "ク", "h": "フ", "ch": "チュ", "t": "トゥ", "p": "プ", "s": "ス", "": "ウ"}.get(start, "ウ")
            text = (
                "ワ" if vowel == "wa" and not start else text + {"a": "ァ", "e": "ェ", "o": "ォ", "i": "ィ"}[vowel[1]]
            )
            text = {"チュェ": "チェ", "スィ": "シ"}.get(text, text)
        else:
            plain = {"si": "shi", "ti": "chi", "hu": "fu"}.get(start + vowel, start + vowel)
            i_row = table.get({"ch": "chi", "": "i"}.get(start, start + "i"), "シ")
            text = (
                table.get(plain)
                or {"tu": "トゥ", "e": "エ", "ye": "イェ"}.get(plain)
                or (i_row + {"yo": "ョ", "ya": "ャ", "yu": "ュ", "o": "ョ", "a": "ャ", "u": "ュ"}.get(vowel, "ェ"))
            )
        out.append(text + final)
    return out[0] + mark + "".join(out[1:])


def half(text: str) -> str:
    """Half-width katakana."""
    wide = {unicodedata.normalize("NFKC", chr(c)): chr(c) for c in range(0xFF66, 0xFF9E)}
    return "".join(
        "".join(wide.get(c, {"\u3099": "ﾞ", "\u309a": "ﾟ"}.get(c, c)) for c in unicodedata.normalize("NFD", char))
        for char in text
    )


def kontsevich(name: str, between: str) -> str:
    """Kontsevich's system with its sound changes inside the given name: Ким Чонъын, Ли Бёнчхоль → Ли Бён Чхоль."""
    table = _KONTSEVICH
    out: list[str] = []
    previous = ""
    for at, syllable in enumerate(name):
        initial, medial, final = decompose(syllable)
        start, vowel = table["initial"][initial].strip("_"), table["medial"][medial]
        if medial == "ㅖ" and start:
            vowel = "е"
        if medial == "ㅢ" and start:
            vowel = "и"
        if at == 2 or (at == 1 and between == " "):
            if initial in "ㄱㄷㅂㅈ" and previous in ("", *"ㄴㄹㅁㅇ"):
                start = {"к": "г", "т": "д", "п": "б", "ч": "дж"}[start]
            if at == 2 and between == "":
                if initial == "ㅇ" and previous == "ㅇ":
                    out[-1] += "ъ"
                elif initial == "ㅇ" and previous == "ㄹ":
                    out[-1] = out[-1].removesuffix("ль") + "р"
                elif initial == "ㅇ" and previous == "ㄱ":
                    out[-1] = out[-1][:-1] + "г"
                elif previous == "ㄱ" and initial in "ㄴㅁㄹ":
                    out[-1] = out[-1][:-1] + "н"
                    start = "н" if initial == "ㄹ" else start
                elif previous in "ㄴㄹ" and previous and initial in "ㄴㄹ" and previous + initial != "ㄴㄴ":
                    out[-1] = out[-1].removesuffix("ль").removesuffix("н") + "л"
                    start = "л"
        elif at == 0 and initial == "ㄹ":
            start = "л" if medial == "ㅣ" else "р"
        out.append(start + vowel + (table["final"].get(final, "т") if final else ""))
        previous = final
    given = between.join(part.capitalize() if between else part for part in out[1:])
    return f"{out[0].capitalize()} {given[:1].upper()}{given[1:]}"


_BY_EAR = {
    "ch": "ч", "kh": "к", "yo": "йо", "ya": "я", "yu": "ю", "ye": "е", "ae": "э", "oe": "ое", "ng": "нг", "j": "дж",
}  # fmt: skip


def from_english(name: str) -> str:
    """The DPRK spelling put into Russian letters by ear, as translators of English news do."""
    text = dprk(name).lower()
    for latin, cyrillic in _BY_EAR.items():
        text = text.replace(latin, cyrillic)
    return text.translate(str.maketrans("abdeghiklmnoprstuw", "абдегхиклмнопрстув")).title()


_SHINJI = str.maketrans("國學澤廣壽榮龍德鐵圓權惠劍淺眞澈變寶", "国学沢広寿栄竜徳鉄円権恵剣浅真徹変宝")


def families() -> dict[str, Form]:
    """Every family, by name; the other side is DPRK Latin, or Hangul where the name says so."""
    titles = ("Mr {}", "General {}", "Dr. {}", "Comrade {}", "Mr. {}", "Marshal {}", "Ambassador {}", "{}, Gen.")
    hangul_titles = ("{} 동지", "{} 위원장", "{}동지", "{} 대장", "{} 선생님", "{}위원장")
    return {
        "order KIM Jong Un": ordered("{4} {1} {2}"),
        "order Jong Un Kim": ordered("{1} {2} {0}"),
        "order KIM, Jong Un": ordered("{4}, {1} {2}"),
        "order Kim Jong-un": ordered("{0} {1}-{3}"),
        "order Jong-un Kim": ordered("{1}-{3} {0}"),
        "order Jongun Kim": ordered("{1}{3} {0}"),
        "order KimJongUn": ordered("{0}{1}{2}"),
        "order kimjongun": lambda name, _: dprk(name).replace(" ", "").lower(),
        "order Kim Jongun": ordered("{0} {1}{3}"),
        "order JONGUN KIM": ordered("{5}{6} {4}"),
        "order Kim-Jong-Un": ordered("{0}-{1}-{2}"),
        "order Kim_Jong_Un": ordered("{0}_{1}_{2}"),
        "order Kim.Jong.Un": ordered("{0}.{1}.{2}"),
        "order Kim, J. Un": ordered("{0}, {1} {2}"),
        "titles": lambda name, rng: rng.choice(titles).format(dprk(name)),
        "titles, Hangul": lambda name, rng: rng.choice(hangul_titles).format(name),
        "titles, Han": lambda name, rng: rng.choice(("{}同志", "{} 同志", "{} 先生", "{}先生", "{}氏")).format(
            han(name)
        ),
        "second script in brackets": lambda name, _: f"{dprk(name)} ({south(name)})",
        "Hangul, Latin in brackets": lambda name, _: f"{name} ({dprk(name)})",
        "Hangul, Hanja in brackets": lambda name, _: f"{south(name)}({han(name)})",
        "Latin / Hanja": lambda name, _: f"{dprk(name)} / {han(name)}",
        "Latin Hangul Hanja": lambda name, _: f"{dprk(name)} {south(name)} {han(name)}",
        "Hangul": lambda name, _: south(name),
        "Hangul, spaced": lambda name, _: f"{south(name)[0]} {south(name)[1:]}",
        "Hangul, every syllable apart": lambda name, _: " ".join(south(name)),
        "Hangul, NFD": lambda name, _: unicodedata.normalize("NFD", south(name)),
        "Hanja": lambda name, _: han(name),
        "Hanja, spaced": lambda name, _: " ".join(han(name)),
        "Hanja, shinjitai": lambda name, _: han(name).translate(_SHINJI),
        "katakana ・": lambda name, _: kana(name),
        "katakana =": lambda name, _: kana(name, "＝"),
        "katakana space": lambda name, _: kana(name, " "),
        "katakana joined": lambda name, _: kana(name, ""),
        "katakana half-width": lambda name, _: half(kana(name, "･")),
        "Cyrillic": spelt("Cyrillic"),
        "Cyrillic, joined": lambda name, _: "{} {}{}".format(*spelled(name)["Cyrillic"].split()).title(),
        "Cyrillic, е for ё": lambda name, _: spelled(name)["Cyrillic"].replace("ё", "е").replace("Ё", "Е"),
        "Kontsevich": lambda name, _: kontsevich(name, " "),
        "Kontsevich, joined": lambda name, _: kontsevich(name, ""),
        "Kontsevich, е for ё": lambda name, _: kontsevich(name, " ").replace("ё", "е").replace("Ё", "Е"),
        "Cyrillic, from English": lambda name, _: from_english(name),
        "Cyrillic, hyphen": lambda name, _: "{} {}-{}".format(*spelled(name)["Cyrillic"].split()),
        "pinyin apart": lambda name, _: " ".join(pinyin(name)).title(),
        "pinyin joined": lambda name, _: joined_pinyin(name),
        "pinyin JIN ZHENGEN": lambda name, _: joined_pinyin(name).replace("'", "").upper(),
        "pinyin, v": lambda name, _: joined_pinyin(name).replace("ü", "v"),
        "MR breve": mccune("\u0306"),
        "MR caron": mccune("\u030c"),
        "MR circumflex": mccune("\u0302"),
        "MR without marks": mccune(""),
        "MR o'": mccune("o'"),
        "MR diaeresis": mccune("diaeresis"),
        "Revised": spelt("Revised"),
        "press": spelt("press"),
        "Yale": lambda name, _: romanise(name, _YALE),
        "full width": lambda name, _: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in dprk(name)),
        "look-alike letters": lambda name, _: dprk(name).translate(str.maketrans("aoeKc", "аоеКс")),
        "typing error: drop": typo("drop"),
        "typing error: swap": typo("swap"),
        "typing error: double": typo("double"),
        "typing error: neighbour key": typo("key"),
        "one initial": ordered("{0} {1[0]}. {2}"),
        "initials Kim J. U.": ordered("{0} {1[0]}. {2[0]}."),
        "initials J.U. Kim": ordered("{1[0]}.{2[0]}. {0}"),
    }


def measure(names: list[str], form: Form, pairs: int) -> dict[str, object]:
    """Recall against both list spellings, and false positives against those of other names."""
    rng = random.Random(SEED)
    written = [(name, form(name, rng)) for name in names]
    written = [(name, text) for name, text in written if "?" not in text]  # a syllable without any Hanja has no pinyin
    missed: list[tuple[float, str, str]] = []
    found = 0
    for name, text in written:
        for other in (dprk(name), south(name)):
            value = ours(text, other)
            found += value >= 0.7
            if value < 0.7:
                missed.append((round(value, 3), text, other))
    alarms: list[tuple[float, str, str]] = []
    counted = 0
    for _ in range(pairs):
        (name, text), (other, _) = rng.choice(written), rng.choice(written)
        if reduced(name) == reduced(other):
            continue
        counted += 1
        value = ours(text, dprk(other))
        if value >= 0.7:
            alarms.append((round(value, 3), text, dprk(other)))
    total = 2 * len(written)
    return {
        "n": total,
        "found": found,
        "recall": round(found / total, 4),
        "interval_95": interval(found, total),
        "pairs": counted,
        "false_positives": len(alarms),
        "rate": len(alarms) / max(1, counted),
        "missed": missed[:12],
        "alarms": sorted(set(alarms), reverse=True)[:6],
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=400)
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--only", default="", help="families whose name has this in it")
    parser.add_argument("--misses", action="store_true", help="print some misses on stderr as well")
    args = parser.parse_args()
    names = list(dict.fromkeys(generated(args.names * 2)))[: args.names]
    result = {}
    for family, form in families().items():
        if args.only in family:
            result[family] = found = measure(names, form, args.pairs)
            line = f"{family:32} {found['recall']:.4f} of {found['n']}, false positives {found['rate']:.5%}"
            print(line, file=sys.stderr)
            if args.misses:
                print("    ", found["missed"][:6], found["alarms"][:3], file=sys.stderr)  # type: ignore[index]
    json.dump(result, sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
