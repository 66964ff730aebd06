"""Reading YAML that a stranger wrote: events with a bound on depth and number, before anything is built from them.

libyaml composes by recursion in C: text that nests deeply ends the process (SIGSEGV), where Python would raise.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stanch.exc import InputError

if TYPE_CHECKING:
    from yaml.events import Event


def events(text: str, file: str, *, max_depth: int, max_events: int = 2_000_000) -> Iterator[Event]:
    """The parser events of YAML text. What is built from them takes about 400 bytes an event.

    Raises:
        InputError: not YAML, nested deeper than `max_depth`, or more than `max_events`; names the line.
    """
    import yaml
    from yaml.events import CollectionEndEvent, CollectionStartEvent

    depth = 0
    try:
        # The C parser is ten times faster; installations without libyaml have only the Python one.
        parsed: Iterator[Event] = yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        for count, event in enumerate(parsed):
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth > max_depth:
                raise InputError("nested too deep", file=file, line=line_of(event), remedy="flatten it")
            if count >= max_events:
                raise InputError(
                    f"more than {max_events:,} values", file=file, line=line_of(event), remedy="split it into parts"
                )
            yield event
    except yaml.MarkedYAMLError as err:
        line = err.problem_mark.line + 1 if err.problem_mark else None
        raise InputError(f"not YAML ({err.problem})", file=file, line=line, remedy="correct the line") from err
    except (yaml.YAMLError, RecursionError) as err:
        raise InputError("not YAML", file=file, remedy="remove control characters") from err


def line_of(event: Event) -> int:
    """The line an event starts in, from 1."""
    return event.start_mark.line + 1 if event.start_mark else 1
