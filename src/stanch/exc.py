"""Errors a user may see. Every one says the fact and the way out, in one line."""

from __future__ import annotations


class StanchError(Exception):
    """Root of all errors raised on purpose. `exit_code` is for the command line, `status` for HTTP."""

    exit_code = 1
    status = 500


class InputError(StanchError):
    """Input that cannot be used: names the file, the place in it, what is wrong and what to do.

    `str()` is one line: ``customers.csv, line 7: no column "name"; rename a column or pass --map name=COLUMN``.
    """

    status = 400

    def __init__(self, problem: str, *, file: str | None = None, line: int | None = None, remedy: str = "") -> None:
        self.problem, self.file, self.line, self.remedy = problem, file, line, remedy
        place = ", ".join(part for part in (file, f"line {line}" if line is not None else None) if part)
        text = f"{place}: {problem}" if place else problem
        super().__init__(" ".join(f"{text}; {remedy}".splitlines()) if remedy else " ".join(text.splitlines()))


class NotFoundError(StanchError):
    """A named thing does not exist (a finding, a table, a workspace)."""

    status = 404


class BusyError(StanchError):
    """Another process holds the workspace for writing; trying again later can succeed (EX_TEMPFAIL)."""

    exit_code = 75
    status = 503


class FetchError(StanchError):
    """A source could not be fetched, or what came back may not replace what is held."""

    status = 502
