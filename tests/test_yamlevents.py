"""YAML from strangers is bounded before anything is built from it."""

from __future__ import annotations

from collections import deque

import pytest

from stanch.exc import InputError
from stanch.yamlevents import events


def drain(text: str, **bounds: int) -> None:
    deque(events(text, "x.yaml", **{"max_depth": 3, **bounds}), maxlen=0)


def test_depth_is_allowed_up_to_the_bound_and_refused_beyond() -> None:
    drain("a:\n  - [x]\n")
    with pytest.raises(InputError, match=r"x\.yaml, line 2: nested too deep"):
        drain("a:\n  - [[x]]\n")


def test_nesting_that_would_end_the_process_is_refused() -> None:
    with pytest.raises(InputError, match="nested too deep"):
        drain("[" * 600_000, max_depth=32)


def test_number_of_values_is_bounded() -> None:
    with pytest.raises(InputError, match=r"line 2: more than 4 values; split"):
        drain("- a\n- b\n- c\n", max_events=4)


@pytest.mark.parametrize(("text", "line"), [("a: [", "line 2"), ("a: b: c", "line 1"), ("a\x00b", "control")])
def test_what_is_no_yaml_is_one_line(text: str, line: str) -> None:
    with pytest.raises(InputError, match=line) as caught:
        drain(text)
    assert "\n" not in str(caught.value)
