"""Yente's score, 0 to 1 with 0.7 for "match", from P(same subject): one rising function, the same for every answer."""

from __future__ import annotations

import math
from bisect import bisect_right

from stanch.screening.weights import log_odds

#: What clients of yente take for a match, and below what its server drops a candidate.
MATCH_SCORE = 0.7
CUTOFF_SCORE = 0.5

#: P → score above the threshold; between two of them straight in log odds.
ANCHORS = ((0.5, 0.85), (0.99, 0.95), (0.9999, 0.99))
#: Below the threshold each bit costs this much, so the score is 0.5 ten bits below it and 0 from 35 bits on.
PER_BIT = 0.02
#: Log odds beyond which a probability is as good as 0 or 1 (`weights.probability` cuts there too).
_END = 60.0


def score_of(probability: float, threshold: float) -> float:
    """The score of a probability: at least 0.7 exactly when the probability is at least the threshold.

    Args:
        probability: P(same subject), 0..1.
        threshold: the P (above 0, below 1) from which stanch screens: what a score of 0.7 stands for.
    """
    bar, here = _log_odds(threshold), _log_odds(probability)
    if probability < threshold:
        return min(max(0.0, MATCH_SCORE - PER_BIT * (bar - here)), math.nextafter(MATCH_SCORE, 0.0))
    points = [(bar, MATCH_SCORE), *((_log_odds(p), score) for p, score in ANCHORS if p > threshold), (_END, 1.0)]
    place = min(bisect_right(points, here, key=lambda point: point[0]), len(points) - 1)
    (x0, y0), (x1, y1) = points[place - 1], points[place]
    share = (here - x0) / (x1 - x0) if x1 > x0 else 1.0
    return min(1.0, max(MATCH_SCORE, y0 + share * (y1 - y0)))


def _log_odds(probability: float) -> float:
    if probability <= 0.0:
        return -_END
    return _END if probability >= 1.0 else min(max(log_odds(probability), -_END), _END)
