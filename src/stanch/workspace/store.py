"""The SQLite store: connections, transactions and migrations. The only commit point of a workspace."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError

from stanch.exc import BusyError, StanchError

#: The newest migration; a test asserts that it is Alembic's head.
HEAD = "0004"

#: What SQLite says when the disk is the trouble, and what to do about it.
_DISK = {
    "readonly database": "check the permissions of the workspace folder",
    "unable to open": "check the permissions of the workspace folder",
    "disk is full": "make room and run it again",
    "disk I/O error": "check the disk, and run it again",
}


def open_engine(path: Path, busy_timeout_s: float) -> Engine:
    """An engine on the database file, in WAL mode with full synchronisation."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": busy_timeout_s, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:
        # SQLAlchemy, not the sqlite3 module, starts transactions: see `write`.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("stanch_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: all of it or nothing.

    Raises:
        BusyError: another process kept the database locked for longer than the time-out.
    """
    with busy_as_error(), engine.connect().execution_options(stanch_write=True) as connection, connection.begin():
        yield connection


@contextmanager
def busy_as_error() -> Iterator[None]:
    """Turn what SQLite says of locks, damage and the disk into our errors."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as err:
        # A pragma of a new connection fails in sqlite3 itself, all else by way of SQLAlchemy.
        said = str(err.orig if isinstance(err, DatabaseError) else err)
        if "locked" in said or "busy" in said:
            raise BusyError("the workspace is being written to by another process; try again") from err
        if "not a database" in said or "malformed" in said:
            raise StanchError(f"stanch.db is damaged ({said}); restore it from a backup") from err
        if found := next((remedy for words, remedy in _DISK.items() if words in said), None):
            raise StanchError(f"stanch.db: {said}; {found}") from err
        raise


def migrate(engine: Engine) -> None:
    """Bring the schema to HEAD. Does nothing, and imports nothing, when it is there already.

    Raises:
        StanchError: the database was written by a newer stanch.
    """
    found = schema_version(engine)
    if found == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(resources.files("stanch.workspace") / "migrations"))
    try:
        with write(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as err:
        raise StanchError(f"this workspace has schema {found}, newer than this stanch knows; update stanch") from err


def schema_version(engine: Engine) -> str | None:
    """The migration that the database is at, or None when it is empty."""
    with busy_as_error(), engine.connect() as connection:
        has = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")).scalar()
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if has else None
    return None if version is None else str(version)
