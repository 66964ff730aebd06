"""What dispositions mean: true match, false positive, undecided. A word that is not known is told, never guessed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from stanch.sources.columns import plain_name


class Verdict(StrEnum):
    """What the analysts made of an alert."""

    TRUE = "true match"
    FALSE = "false positive"
    OPEN = "undecided"


_WORDS = {
    Verdict.TRUE: (
        "tp", "true", "true positive", "true match", "true hit", "match", "matched", "positive", "positive match",
        "hit", "confirmed", "confirmed match", "confirmed hit", "exact match", "escalated", "escalate", "escalation",
        "blocked", "frozen", "rejected payment", "reported", "sar", "sar filed", "str filed", "yes", "y", "1",
        "정탐", "일치", "命中", "真实匹配",
    ),
    Verdict.FALSE: (
        "fp", "false", "false positive", "false match", "false hit", "false alert", "no match", "non match",
        "not a match", "not matched", "nomatch", "no hit", "negative", "different person", "not the same person",
        "name only", "closed", "close", "cleared", "clear", "discounted", "dismissed", "released", "release",
        "ruled out", "excluded", "no", "n", "0", "오탐", "불일치", "동명이인", "误报", "误中",
    ),
    Verdict.OPEN: (
        "", "open", "new", "pending", "in review", "under review", "in progress", "on hold", "undecided",
        "undetermined", "unresolved", "inconclusive", "unknown", "possible match", "potential match", "n a",
        "미결", "보류",
    ),
}  # fmt: skip
_BY_WORD = {plain_name(word): verdict for verdict, words in _WORDS.items() for word in words}
#: Words that decide inside a longer text ("Closed - False Positive"), in either direction. "closed" alone does not: an
#: alert is closed with either result.
_INSIDE = {
    Verdict.FALSE: (
        "false",
        "no_match",
        "non_match",
        "not_a_match",
        "not_match",
        "no_hit",
        "not_the_same",
        "different",
    ),
    Verdict.TRUE: ("true", "confirmed", "escalated", "positive_match"),
}


@dataclass(slots=True)
class Verdicts:
    """Reads dispositions, and counts the texts that mean nothing known; those are taken as undecided.

    `own` gives the user's own words a meaning, and comes first.
    """

    own: dict[str, Verdict] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, true_words: Iterable[str] = (), false_words: Iterable[str] = ()) -> Verdicts:
        """With the user's own words for true matches and false positives."""
        own = {plain_name(word): Verdict.FALSE for word in false_words}
        return cls(own | {plain_name(word): Verdict.TRUE for word in true_words})

    def read(self, text: str) -> Verdict:
        """The meaning of a disposition in any usual spelling."""
        word = plain_name(text)
        known = self.own.get(word) or _BY_WORD.get(word)
        if known is not None:
            return known
        inside = [verdict for verdict, words in _INSIDE.items() if any(f"_{item}_" in f"_{word}_" for item in words)]
        if Verdict.FALSE in inside and word.endswith("false_positive"):
            return Verdict.FALSE
        if len(inside) == 1:
            return inside[0]
        if text in self.unknown or len(self.unknown) < 1_000:
            self.unknown[text] = self.unknown.get(text, 0) + 1
        return Verdict.OPEN
