"""`stanch.toml`: the settings of one workspace. Every setting has its meaning here; unknown ones are refused."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from stanch.exc import InputError

FILE_NAME = "stanch.toml"


def _setting(default: float | int, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings with their defaults. The meanings are what `stanch init` writes into the file and the docs print."""

    screening_threshold: float = _setting(
        0.005, "Lowest probability that a record is a listed party for which a finding is raised (0..1)."
    )
    workers_base_rate: float = _setting(
        1 / 343, "Share of engagements that are disguised DPRK work before anything is known (0..1)."
    )
    list_max_age_days: int = _setting(30, "Days after which a list of designations is called old at each run.")
    screening_record_share: float = _setting(
        0.1, "Recorded screenings also keep matches below the threshold, down to this share of it (0..1)."
    )
    decision_days: int = _setting(
        365, "Days for which a decision on a finding holds when the reviewer names no last day (1 to 3650)."
    )
    busy_timeout_s: float = _setting(
        10.0, "Seconds to wait for another process that writes here before giving up with exit code 75."
    )
    trace_min_share: float = _setting(
        0.01, "Smallest share of a theft (0..1) a holder must have for a finding; services count at any share."
    )

    def __post_init__(self) -> None:
        for name in ("screening_threshold", "workers_base_rate", "trace_min_share", "screening_record_share"):
            if not 0.0 < getattr(self, name) < 1.0:
                raise InputError(f"{name} = {getattr(self, name)} is not between 0 and 1", file=FILE_NAME)
        if self.list_max_age_days < 1 or self.busy_timeout_s < 0:
            raise InputError("list_max_age_days must be at least 1 and busy_timeout_s at least 0", file=FILE_NAME)
        if not 1 <= self.decision_days <= 3650:
            raise InputError(f"decision_days = {self.decision_days} is not between 1 and 3650", file=FILE_NAME)

    @classmethod
    def read(cls, path: Path) -> Settings:
        """Read a settings file; a missing one gives the defaults.

        Raises:
            InputError: not TOML, an unknown setting, a wrong type, or a value out of range.
        """
        try:
            found = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls()
        except OSError as err:
            raise InputError(
                f"cannot be read ({err.strerror})", file=FILE_NAME, remedy="check its permissions"
            ) from err
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as err:
            raise InputError(f"not valid TOML ({err})", file=FILE_NAME, remedy="correct the line it names") from err
        known = {setting.name: setting for setting in fields(cls)}
        values: dict[str, Any] = {}
        for name, value in found.items():
            if name not in known:
                raise InputError(f'unknown setting "{name}"', file=FILE_NAME, remedy=f"known: {', '.join(known)}")
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not -1e9 < value < 1e9:
                raise InputError(f'"{name}" must be a number', file=FILE_NAME, remedy="correct it")
            values[name] = int(value) if isinstance(known[name].default, int) else float(value)
        return cls(**values)


def default_text() -> str:
    """The settings file of a new workspace: every setting with its meaning and default, commented out."""
    lines = ["# Settings of this stanch workspace. Remove a # to change a default."]
    for setting in fields(Settings):
        lines += ["", f"# {setting.metadata['meaning']}", f"# {setting.name} = {setting.default!r}"]
    return "\n".join(lines) + "\n"
