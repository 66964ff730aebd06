"""`stanch decisions`: what reviewers said of findings ("not this person"), until when, and whether it still holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stanch.cli.files import FILE, opened
from stanch.cli.output import Column, Output, note, output_options
from stanch.exc import InputError

if TYPE_CHECKING:
    from stanch.model.decision import Ruling, Standing
    from stanch.workspace.deciding import Draft

#: States as people read them.
STATES = {
    "in-force": "in force",
    "expired": "expired",
    "reopened": "reopened",
    "revoked": "revoked",
    "replaced": "replaced",
}
_COLUMNS = (
    Column("finding", "Finding", wrap=False),
    Column("state", "State", wrap=False),
    Column("subject_name", "Customer"),
    Column("listed", "Is not"),
    Column("reason", "Reason"),
    Column("reviewer", "Reviewer"),
    Column("expires", "Until", wrap=False),
    Column("why", ""),
)
#: Columns of the CSV; the first four are what `add --file` reads.
_KEYS = (
    "finding", "reason", "reviewer", "expires", "verdict", "state", "why", "decided_at", "finding_id", "subject_id",
    "subject_name", "listed_id", "listed_name", "revoked_at", "revoked_by", "revoked_because", "id",
)  # fmt: skip


@click.group()
def decisions() -> None:
    """Decisions on findings: "not the same person", with reason, reviewer and expiry.

    A finding with a decision in force is not listed any more. It comes back when the listed entry or the customer's
    record changes, when the decision expires, and when it is revoked. Nothing is deleted.
    """


@decisions.command(
    epilog='\b\nExamples:\n  stanch decisions add 3fa9c1 --reason "other birth date, passport seen" --reviewer Kim\n'
    '  stanch decisions add 3fa9c1 77b0e2 --reason "ROK minister" --reviewer Kim --expires 2027-06-30\n'
    "  stanch decisions add --file decisions.csv"
)
@click.argument("findings", nargs=-1)
@click.option("--reason", help="Why it is another person; what was seen.")
@click.option("--reviewer", help="Who decides.")
@click.option("--expires", metavar="DATE", help="Last day on which it holds (default: decision_days of stanch.toml).")
@click.option("--file", "file", type=FILE, help="CSV or JSON lines: finding, reason, reviewer, expires.")
@output_options
@click.pass_obj
def add(
    given: str | None,
    findings: tuple[str, ...],
    reason: str | None,
    reviewer: str | None,
    expires: str | None,
    file: Path | None,
    out: Output,
) -> None:
    """Decide that the customer of each of FINDINGS is not the listed person.

    FINDINGS are ids or keys, or their first digits; all are decided or none. With --file good rows are kept, and bad
    ones told with their line. Decide with the evidence before you: see `stanch finding ID`.
    """
    from stanch.workspace import Workspace
    from stanch.workspace.deciding import Decided, Draft, decide

    _check_usage(findings, file, (reason, reviewer, expires))
    drafts: list[Draft] = []
    problems = 0
    if file is not None:
        drafts, problems = _read(file)
    else:
        ruling = _ruling(reason or "", reviewer or "", expires)
        drafts = [Draft(finding, ruling) for finding in findings]
    with Workspace.find(given) as workspace:
        answers = decide(workspace, drafts, by_hand=file is None)
    good: list[Standing] = []
    already = 0
    for answer in answers:
        if isinstance(answer, Decided):
            good.append(answer.standing)
            already += answer.already
        else:
            note(f"stanch: {answer}")
            problems += 1
    note(f"{_count(len(good) - already)} made" + (f", {already} stood there already" if already else ""))
    print_standings(good, out, empty="nothing decided")
    if problems:
        note(f"rows not used: {problems}")
        raise click.exceptions.Exit(1)


@decisions.command(
    "list",
    epilog="\b\nExamples:\n  stanch decisions list\n  stanch decisions list --state reopened\n"
    "  stanch decisions list --format csv --output decisions.csv   to be read with: stanch decisions add --file",
)
@click.option("--state", type=click.Choice(list(STATES)), help="Only decisions in this state.")
@click.option("--all", "everything", is_flag=True, help="Also those that a later decision replaced.")
@output_options
@click.pass_obj
def list_(given: str | None, state: str | None, everything: bool, out: Output) -> None:
    """List decisions, oldest first, with the state that each has today and why."""
    from stanch.workspace import Workspace

    with Workspace.find(given) as workspace:
        found = workspace.decisions()
    if state is not None:
        found = [item for item in found if item.state == state]
    elif not everything:
        found = [item for item in found if item.state != "replaced"]
    print_standings(found, out, empty="no decision")


@decisions.command(
    epilog='\b\nExample:\n  stanch decisions revoke 3fa9c1 --reason "the passport was forged" --reviewer "B. Lee"'
)
@click.argument("findings", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why it is taken back.")
@click.option("--reviewer", required=True, help="Who takes it back.")
@output_options
@click.pass_obj
def revoke(given: str | None, findings: tuple[str, ...], reason: str, reviewer: str, out: Output) -> None:
    """Take back the decisions on FINDINGS: they are listed again. What was decided stays on record."""
    from stanch.workspace import Workspace
    from stanch.workspace.deciding import revoke as take_back

    why = _ruling(reason, reviewer, None)
    with Workspace.find(given) as workspace:
        gone = take_back(workspace, findings, why)
    note(f"{_count(len(gone))} taken back")
    print_standings(gone, out)


@decisions.command(epilog="\b\nExamples:\n  stanch decisions show 3fa9c1\n  stanch decisions show 3fa9c1 --format json")
@click.argument("finding")
@output_options
@click.pass_obj
def show(given: str | None, finding: str, out: Output) -> None:
    """Show every decision ever made on one finding, oldest first: what, by whom, and what became of it."""
    from stanch.workspace import Workspace
    from stanch.workspace.deciding import history

    with Workspace.find(given) as workspace:
        found = history(workspace, finding)
    if out.format != "table":
        print_standings(found, out)
        return
    with out.stream() as stream:
        from stanch.cli.output import printable

        if not found:
            stream.write("no decision on this finding\n")
        for place, item in enumerate(found):
            said = item.to_json()
            if place == 0:
                stream.write(printable(f"{said['subject_name']} ({said['subject_id']}) and ") + _listed(said) + "\n")
            stream.write("\n" + printable("\n".join(decision_lines(said))) + "\n")


def decision_lines(said: Mapping[str, Any]) -> list[str]:
    """A decision for a reader, one fact a line."""
    lines = [
        f"{STATES[said['state']]}: not the same person, by {said['reviewer']} on {said['decided_at'][:10]}, "
        f"until {said['expires']}",
        f"  reason: {said['reason']}",
    ]
    return lines + [f"  {STATES[said['state']]} because: {why}" for why in said["why"] if said["state"] != "in-force"]


def print_standings(found: Sequence[Standing], out: Output, empty: str = "no decision") -> None:
    """Print decisions with their states."""
    rows = [item.to_json() for item in found]
    if out.format != "table":
        out.rows(rows, [Column(key, key) for key in _KEYS])
        return
    shown = [
        {
            **row,
            "finding": row["finding_id"][:10],
            "state": STATES[row["state"]],
            "listed": _listed(row),
            "why": "; ".join(row["why"]),
        }
        for row in rows
    ]
    out.rows(shown, [column for column in _COLUMNS if column.key != "why" or any(row["why"] for row in shown)], empty)


def _listed(row: Mapping[str, Any]) -> str:
    return f"{row['listed_name']} ({row['listed_id']})"


def _check_usage(findings: Sequence[str], file: Path | None, said: Sequence[str | None]) -> None:
    if file is not None and (findings or any(text is not None for text in said)):
        raise click.UsageError("--file stands alone: the file holds findings, reasons, reviewers and dates")
    if file is None and not findings:
        raise click.UsageError("name the findings to decide on, or give --file")
    if file is None and (said[0] is None or said[1] is None):
        raise click.UsageError("a decision needs --reason and --reviewer")


def _ruling(reason: str, reviewer: str, expires: str | None) -> Ruling:
    from stanch.model import now_utc
    from stanch.model.decision import Ruling, check_expiry
    from stanch.sources.rulings import read_day

    try:
        day: date | None = None if expires is None else check_expiry(read_day(expires), now_utc().date())
        return Ruling(reason, reviewer, day)
    except ValueError as err:
        raise InputError(str(err), remedy="nothing was written") from err


def _read(path: Path) -> tuple[list[Draft], int]:
    """The drafts of a file, and how many rows could not be read; those are told."""
    from stanch.sources.base import Rejected
    from stanch.sources.rulings import read_rulings
    from stanch.workspace.deciding import Draft

    drafts: list[Draft] = []
    bad = lapsed = 0
    with opened(path) as raw:
        for record in read_rulings(raw):
            if isinstance(record, Rejected):
                note(f"stanch: {raw.name}, {record.locator}: {record.reason}; {record.remedy}")
                bad += 1
            elif record.value.lapsed:
                lapsed += 1
            else:
                line = int(record.locator.removeprefix("line "))
                drafts.append(Draft(record.value.finding, record.value.ruling, (raw.name, line)))
    if lapsed:
        note(f"{lapsed} rows passed over: by their own column state not in force")
    return drafts, bad


def _count(number: int) -> str:
    return f"{number} decision{'' if number == 1 else 's'}"
