"""Tables of the operational store. SQLAlchemy Core: rows in, rows out; the vocabulary stays in `model`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData()


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC. SQLite gives plain DateTime back naive; this does not."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """Refuse naive times; store UTC without zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


#: Bytes as received, kept in raw/. `name` is what the user called the file when it first came.
raw_file = Table(
    "raw_file",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("url", Text, nullable=False, default=""),
    Column("received_at", UtcDateTime, nullable=False),
)

#: One import of one file under one column mapping: the same again is recognised and adds nothing.
import_ = Table(
    "import",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("sha256", ForeignKey("raw_file.sha256"), nullable=False),
    Column("mapping", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("imported_at", UtcDateTime, nullable=False),
    Column("added", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("unchanged", BigInteger, nullable=False),
    Column("rejected", BigInteger, nullable=False),
    Column("notes", JSON, nullable=False),
    UniqueConstraint("kind", "sha256", "mapping"),
)

#: Rows that could not be used.
quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("import_id", ForeignKey("import.id"), nullable=False, index=True),
    Column("locator", Text, nullable=False),
    Column("line", BigInteger),
    Column("raw", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("remedy", Text, nullable=False),
)

#: A dated version of a list of designations. One a source is current; older ones stay, for "as of".
list_snapshot = Table(
    "list_snapshot",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", String(64), nullable=False, index=True),
    Column("list_date", String(10), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("url", Text, nullable=False, default=""),
    Column("etag", Text, nullable=False, default=""),
    Column("last_modified", Text, nullable=False, default=""),
    Column("imported_at", UtcDateTime, nullable=False),
    Column("checked_at", UtcDateTime, nullable=False),
    Column("entities", Integer, nullable=False),
    Column("is_current", Boolean, nullable=False),
    # The snapshot that was current before this one became so.
    Column("replaces", Integer),
    UniqueConstraint("source_id", "sha256"),
)

#: Designated parties, wallets and relations, as FtM properties.
listed_entity = Table(
    "listed_entity",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("snapshot_id", ForeignKey("list_snapshot.id"), nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("schema", String(64), nullable=False),
    Column("properties", JSON, nullable=False),
    Column("datasets", JSON, nullable=False),
    Column("source", JSON),
    # List date of the first snapshot in which the entry stood as it does here; `source` is the place there.
    Column("since", String(10), nullable=False, server_default=""),
    Index("ix_listed_entity_snapshot", "snapshot_id", "entity_id"),
)

#: The user's own parties. `others` holds wallets and accounts that belong to the party.
customer = Table(
    "customer",
    metadata,
    Column("id", Text, primary_key=True),
    Column("content", String(32), nullable=False),
    Column("entities", JSON, nullable=False),
    Column("import_id", ForeignKey("import.id"), nullable=False),
    Column("seq", BigInteger, nullable=False, index=True),
)

engagement = Table(
    "engagement",
    metadata,
    Column("id", Text, primary_key=True),
    Column("content", String(32), nullable=False),
    Column("record", JSON, nullable=False),
    Column("import_id", ForeignKey("import.id"), nullable=False),
    Column("seq", BigInteger, nullable=False, index=True),
)

#: What somebody says an account is. Conflicting labels stand side by side.
label = Table(
    "label",
    metadata,
    Column("content", String(32), primary_key=True),
    Column("chain", String(80), nullable=False),
    Column("address", Text, nullable=False),
    Column("record", JSON, nullable=False),
    Column("import_id", ForeignKey("import.id"), nullable=False),
    Column("seq", BigInteger, nullable=False, index=True),
    Index("ix_label_account", "chain", "address"),
)

#: Parquet files of transfers under ledger/; a file that is not registered here does not exist.
ledger_segment = Table(
    "ledger_segment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("import_id", ForeignKey("import.id"), nullable=False),
    Column("path", Text, nullable=False, unique=True),
    Column("rows", BigInteger, nullable=False),
)

#: Parquet files of the address dictionary, in order of `first_id`.
address_segment = Table(
    "address_segment",
    metadata,
    Column("first_id", BigInteger, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("path", Text, nullable=False, unique=True),
)

#: Every version of every finding. Open: neither superseded nor withdrawn.
finding = Table(
    "finding",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", String(32), nullable=False, index=True),
    Column("detector", String(64), nullable=False),
    Column("claim", String(64), nullable=False),
    Column("object", Text, nullable=False),
    Column("subject_id", Text, nullable=False, index=True),
    Column("content", JSON, nullable=False),
    Column("seq", BigInteger, nullable=False, index=True),
    Column("found_at", UtcDateTime, nullable=False),
    Column("superseded_by", String(32)),
    Column("withdrawn_at", UtcDateTime),
)

#: Who was checked against what: a clear result is a record too.
checked = Table(
    "checked",
    metadata,
    Column("detector", String(64), primary_key=True),
    Column("subject_id", Text, primary_key=True),
    Column("subject_schema", String(64), nullable=False),
    Column("content", String(32), nullable=False),
    Column("inputs", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("findings", Integer, nullable=False),
    Column("as_of", UtcDateTime),
    Column("checked_at", UtcDateTime, nullable=False),
    # What the subject was looked up by, one key a line; null when that was not noted.
    Column("lookup_keys", Text),
)

#: What a detector's `inputs` stood for: the list snapshots, and a hash of all else. Tells what changed since a check.
list_basis = Table(
    "list_basis",
    metadata,
    Column("detector", String(64), primary_key=True),
    Column("inputs", String(32), primary_key=True),
    Column("rest", String(32), nullable=False),
    Column("snapshots", JSON, nullable=False),
)

#: The log of screening again after lists changed: one row a run, and one a customer who shared a key with a change.
rescreening = Table(
    "rescreening",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("detector", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("from_snapshots", JSON, nullable=False),
    Column("to_snapshots", JSON, nullable=False),
    Column("subjects", JSON, nullable=False),
    Column("key_count", Integer, nullable=False),
    Column("customers", Integer, nullable=False),
    Column("screened", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("withdrawn", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
)

rescreened = Table(
    "rescreened",
    metadata,
    Column("rescreening_id", ForeignKey("rescreening.id"), primary_key=True),
    Column("subject_id", Text, primary_key=True),
    Column("shared", JSON, nullable=False),
    Column("new", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("withdrawn", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
)

#: Each detector's last complete run.
run = Table(
    "run",
    metadata,
    Column("detector", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("inputs", String(32), nullable=False),
    Column("finished_at", UtcDateTime, nullable=False),
)

#: Recorded screenings (`stanch screen --record`), one row a run. `inputs` names everything that the answers rest on;
#: `facts` spells it out. Runs with the same answers share a segment: `path` under screenings/.
screening_run = Table(
    "screening_run",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("inputs", String(32), nullable=False),
    Column("started_at", UtcDateTime, nullable=False, index=True),
    Column("finished_at", UtcDateTime, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("records", BigInteger, nullable=False),
    Column("alerts", BigInteger, nullable=False),
    Column("clear", BigInteger, nullable=False),
    Column("errors", BigInteger, nullable=False),
    Column("path", Text, nullable=False),
)

#: What reviewers said of findings, under the key of the finding. Rows are only ever added (the migration forbids the
#: rest): taking a decision back is a row with `revokes`. `listed` and `customer` are the records as they stood.
decision = Table(
    "decision",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("key", String(32), nullable=False, index=True),
    Column("finding_id", ForeignKey("finding.id"), nullable=False),
    Column("verdict", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("revokes", String(32)),
    Column("expires", String(10)),
    Column("subject_id", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("listed_hash", String(32)),
    Column("listed", JSON),
    Column("customer_hash", String(32)),
    Column("customer", JSON),
)
