"""Progress on stderr: one line that counts, with the speed and the time left where the total is known.

Written by the loop itself, not by a thread: commands that start worker processes must have one thread only.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Seconds between two lines: at a terminal the line is rewritten in place; a log gets one now and then.
_AT_TERMINAL, _IN_LOG = 0.2, 10.0
#: Time left is told after so many seconds: before, it would be a guess.
_SURE = 2.0


@contextmanager
def counting(what: str, total: int = 0, begun: int = 0) -> Iterator[Callable[[int], None]]:
    """Give a function to call with the count so far.

    Args:
        total: about how many there will be, 0 when that is not known.
        begun: how many were done before, by a run that this one continues.
    """
    from stanch.cli.output import printable

    shown = printable(what)
    terminal = sys.stderr.isatty()
    start = last = time.monotonic()

    def tell(count: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < (_AT_TERMINAL if terminal else _IN_LOG):
            return
        last = now
        line = f"{shown} … {progress_text(count, total, begun, now - start)}"
        sys.stderr.write(f"\r\x1b[K{line}" if terminal else f"{line}\n")
        sys.stderr.flush()

    if terminal:
        sys.stderr.write(f"{shown} …")
        sys.stderr.flush()
    try:
        yield tell
    finally:
        if terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def progress_text(count: int, total: int, begun: int, seconds: float) -> str:
    """ "200,000 of about 1,000,000 (20 %), 19,800/s, 0:40 left"."""
    parts = [f"{count:,}"]
    # A total found by counting lines is a little too high or, with fields over several lines, much.
    known = total >= count > 0
    if known:
        parts[0] += f" of about {total:,} ({count / total:.0%})"
    if seconds >= _SURE and count > begun:
        rate = (count - begun) / seconds
        parts.append(f"{rate:,.0f}/s")
        if known:
            left = round((total - count) / rate)
            hours, rest = divmod(left, 3600)
            minutes, left = divmod(rest, 60)
            parts.append(f"{hours}:{minutes:02}:{left:02} left" if hours else f"{minutes}:{left:02} left")
    return ", ".join(parts)
