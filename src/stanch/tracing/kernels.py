"""The loops over rows, compiled. Exact 64-bit integers; one pass in time order; each call continues a saved state.

Every kernel takes rows `first`..`last` (exclusive), so that a caller can stop at a row, change the state, and go on:
that is how declared seeds enter, and how new transfers can be added to a saved trace. Rules are stated once, in plain
words, in ``docs/methods/tracing.md``; ``tests/tracing`` holds the same rules in plain Python and compares.

Accounts are numbered so that their kind is read off the number and costs no memory access: below `seeds_from` ordinary
accounts, from `seeds_from` seeds, from `stops_from` stops. What limits the loops is reading two accounts at random per
row, so the state of an account lies in one 16-byte cell, and what can be had afterwards (unobserved inflow) is not kept
in the loop.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from stanch.tracing.prefetch import AHEAD, prefetch

#: Bits of `flags` in `reach`.
SEED, STOP = 1, 2

#: Places in the counters that the policies add up: inflow of seeds seen, inflow of seeds inferred, clean value dirtied.
OBSERVED, INFERRED, CONTAMINATED, COUNTERS = 0, 1, 2, 3

#: Hops of an account that taint never reached.
UNREACHED = np.int32(2**31 - 1)

_i4 = nb.int32[::1]
_i8 = nb.int64[::1]
_state = nb.int64[:, ::1]
_policy = nb.void(_i4, _i4, _i8, nb.int64, nb.int64, nb.int64, nb.int64, _state, _i8, _i8)
#: Below this, one correction of the quotient in doubles is enough.
_ONE_STEP = 1 << 50
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


@nb.njit(nb.uint64(nb.uint64, nb.uint64), cache=True)
def _high_word(x, y):  # type: ignore[no-untyped-def]
    """The upper 64 bits of the 128-bit product, from 32-bit limbs: numba has no 128-bit integers."""
    x0, x1 = x & _LOW, x >> _HALF
    y0, y1 = y & _LOW, y >> _HALF
    middle = x1 * y0 + ((x0 * y0) >> _HALF)
    return x1 * y1 + (middle >> _HALF) + ((x0 * y1 + (middle & _LOW)) >> _HALF)


@nb.njit(nb.int64(nb.int64, nb.int64, nb.int64), cache=True)
def share(taint, amount, balance):  # type: ignore[no-untyped-def]
    """floor(taint × amount / balance), exact, for 0 ≤ taint, amount ≤ balance and 0 < balance < 2^62.

    Doubles give a quotient that is wrong by at most 2^-51 of itself. Below 2^50 that is one unit at most, which the
    sign of the remainder shows. Above, the remainder is computed in 128 bits and divided again; one unit is left.
    """
    if taint == balance:
        return amount
    quotient = np.int64(float(taint) * float(amount) / float(balance))
    if taint < _ONE_STEP:
        rest = taint * amount - quotient * balance  # fits 64 bits, though the products wrap
        return quotient + np.int64(rest >= balance) - np.int64(rest < 0)
    t, a, b, q = np.uint64(taint), np.uint64(amount), np.uint64(balance), np.uint64(quotient)
    product, product_high = t * a, _high_word(t, a)
    taken, taken_high = q * b, _high_word(q, b)
    low = product - taken
    borrow = np.uint64(1) if product < taken else np.uint64(0)
    rest_high = np.int64(product_high - taken_high - borrow)
    step = np.int64(np.floor((float(rest_high) * 18446744073709551616.0 + float(low)) / float(balance)))
    quotient += step
    last = np.int64(low - np.uint64(step) * b)
    while last < 0:
        quotient -= 1
        last += balance
    while last >= balance:
        quotient += 1
        last -= balance
    return quotient


@nb.njit(nb.void(_i8, _i8, _i8, nb.int64, nb.int64, nb.uint8[::1], _i4), cache=True)
def reach(sender, receiver, amount, first, last, flags, hops):  # type: ignore[no-untyped-def]
    """Reach in time: `hops[account]` becomes the fewest transfers from a seed; stops are reached, not passed."""
    for row in range(first, last):
        s, r = sender[row], receiver[row]
        if hops[s] != UNREACHED and amount[row] > 0 and flags[s] & STOP == 0 and hops[s] + 1 < hops[r]:
            hops[r] = hops[s] + 1


@nb.njit(_policy, cache=True)
def haircut(sender, receiver, amount, first, last, seeds_from, stops_from, state, moved, counters):  # type: ignore[no-untyped-def]
    """Haircut: each transfer carries the sender's taint in proportion to the balance, floored.

    `state[account]` is (balance, taint); at a stop, (unused, taint arrived). `moved[row]` becomes the taint carried.
    """
    for row in range(first, last):
        ahead = min(row + AHEAD, last - 1)
        prefetch(state, sender[ahead])
        prefetch(state, receiver[ahead])
        s, r, a = sender[row], receiver[row], amount[row]
        if a == 0 or s == r:
            continue
        m = 0
        if s < seeds_from:
            balance = max(state[s, 0], a)
            taint = state[s, 1]
            state[s, 0] = balance - a
            if taint > 0:
                m = share(taint, a, balance)
                state[s, 1] = taint - m
                moved[row] = m
        elif s < stops_from:
            missing = max(a - state[s, 0], 0)
            counters[INFERRED] += missing
            state[s, 0] += missing - a
            state[s, 1] += missing - a
            m = a
            moved[row] = m
        if r < seeds_from:
            state[r, 0] += a
            if m > 0:
                state[r, 1] += m
        elif r < stops_from:
            state[r, 0] += a
            state[r, 1] += a
            counters[OBSERVED] += a - m
        else:
            state[r, 1] += m


@nb.njit(_policy, cache=True)
def poison(sender, receiver, amount, first, last, seeds_from, stops_from, state, moved, counters):  # type: ignore[no-untyped-def]
    """Poison: all that a touched account holds is dirty, for ever, and all that it sends.

    `state[account]` is (balance, 1 when touched); at a stop, (unused, dirty arrived). `counters[CONTAMINATED]` adds up
    clean value at the moment it turns dirty, apart from what is held: in the end the two must agree.
    """
    for row in range(first, last):
        ahead = min(row + AHEAD, last - 1)
        prefetch(state, sender[ahead])
        prefetch(state, receiver[ahead])
        s, r, a = sender[row], receiver[row], amount[row]
        if a == 0 or s == r:
            continue
        m = 0
        if s < stops_from:
            missing = max(a - state[s, 0], 0)
            state[s, 0] += missing - a
            if s >= seeds_from:
                counters[INFERRED] += missing
                m = a
                moved[row] = m
            elif state[s, 1] != 0:
                counters[CONTAMINATED] += missing
                m = a
                moved[row] = m
        if r >= stops_from:
            state[r, 1] += m
        elif r >= seeds_from:
            state[r, 0] += a
            counters[OBSERVED] += a - m
        else:
            if m > 0 and state[r, 1] == 0:
                state[r, 1] = 1
                counters[CONTAMINATED] += state[r, 0]
            elif m == 0 and state[r, 1] != 0:
                counters[CONTAMINATED] += a
            state[r, 0] += a
