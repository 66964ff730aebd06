"""Comparison of two Korean readings, syllable by syllable.

For one place with spellings a and b, and h over syllables with frequency p(h):

    bits = log2( Σ_h P(h|a) P(h|b) / p(h) )

is the log likelihood ratio of "the same syllable written twice" against "two syllables of two people". What is lost
against the best that the more ambiguous of the two spellings could give (`own_bits`, its bits against itself) lowers
the similarity.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from stanch.names.parse import Parsed, Place, Reading, Spread
from stanch.names.systems import model

#: Results remembered at each spread; beyond that they are forgotten and found again, so that memory stays bounded.
MOST_MATES = 1024


@dataclass(frozen=True, slots=True)
class Aligned:
    """Two readings set side by side."""

    similarity: float
    bits: float
    left: Reading
    right: Reading


def place(a: Spread, b: Spread) -> Place:
    """Set two spellings of one place against each other. Bits are bounded below by the model's mismatch, the loss above
    by its cap."""
    known = a.mates.get(b)
    if known is None:
        known = _place(a, b)
        for one, two in ((a, b), (b, a)):
            if len(one.mates) >= MOST_MATES:
                one.mates.clear()
            one.mates[two] = known
    return known


def _place(a: Spread, b: Spread) -> Place:
    constants = model()
    # The order of the terms must not depend on the order of the arguments: sums of floats do.
    small, large = sorted((a, b), key=lambda spread: (len(spread.shares), spread.text, spread.own_bits))
    ratios = large.ratios
    joint = {syllable: share * ratios[syllable] for syllable, share in small.shares.items() if syllable in ratios}
    total = math.fsum(joint.values())
    full = min(a.own_bits, b.own_bits)
    bits = max(-constants.mismatch_bits, math.log2(total)) if total > 0 else -constants.mismatch_bits
    if a.form and b.form and a.form != b.form:
        bits = min(bits, full - constants.other_hanja_bits)
    elif a.strict and b.strict and a.best != b.best and _other_vowel(a.text, b.text):
        bits = min(bits, full - constants.other_vowel_bits)
    elif a.script == b.script == "latin" and _slipped(a.text, b.text):
        bits = max(bits, full - constants.slip_bits)
    if not joint and bits == -constants.mismatch_bits and full - bits >= constants.loss_cap_bits:
        return _mismatch()
    syllable = min(joint, key=lambda key: (-joint[key], key)) if joint else ""
    return Place(bits, min(constants.loss_cap_bits, max(0.0, full - bits)), syllable)


@cache
def _mismatch() -> Place:
    """The place of two spellings with nothing in common: one object, because most of what is remembered is this."""
    return Place(-model().mismatch_bits, model().loss_cap_bits, "")


_PLAIN = str.maketrans("ŏŭ", "ou", "'")


def _other_vowel(a: str, b: str) -> bool:
    """Whether the two differ only in an o that is a u in the other (Song, Sung)."""
    a, b = a.translate(_PLAIN), b.translate(_PLAIN)
    return a != b and "y" not in a and a.replace("o", "u") == b.replace("o", "u")


def _slipped(a: str, b: str) -> bool:
    """Whether one is the other with a w, or the e of ae, left out."""
    short, long = sorted((a.translate(_PLAIN), b.translate(_PLAIN)), key=len)
    return len(long) == len(short) + 1 and short in (long.replace("w", "", 1), long.replace("ae", "a", 1))


def align(a: Parsed, b: Parsed) -> Aligned | None:
    """The best pair of readings, or None when no two have the same number of syllables."""
    best: Aligned | None = None
    best_loss = math.inf
    for left in a.readings:
        for right in b.readings:
            if len(left.spreads) != len(right.spreads):
                continue
            loss = left.price + right.price
            if left.spreads == right.spreads and left is a.readings[0] and right is b.readings[0]:
                loss = 0.0  # written alike: an initial or an error is no difference then
            if loss >= best_loss:
                continue
            bits = -loss
            for one, two in zip(left.spreads, right.spreads, strict=True):
                known = one.mates.get(two) or place(one, two)
                bits += known.bits
                loss += known.loss
            if loss < best_loss:
                best_loss = loss
                best = Aligned(similarity_of(loss), bits, left, right)
    return best


def similarity_of(loss: float) -> float:
    """Similarity in (0, 1] of a loss in bits: 1 for none, 0.7 at the model's `loss_at_match`."""
    return float(0.7 ** (loss / model().loss_at_match))
