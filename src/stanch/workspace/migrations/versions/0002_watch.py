"""Watch: since when an entry stands as it does, what each check rested on, and the log of screening again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("list_snapshot", sa.Column("replaces", sa.Integer()))
    op.add_column("listed_entity", sa.Column("since", sa.String(length=10), nullable=False, server_default=""))
    op.add_column("checked", sa.Column("lookup_keys", sa.Text()))
    # Nothing is known of earlier snapshots of an entry that is held already: it stands so since its own.
    op.execute(
        "UPDATE listed_entity SET since = (SELECT list_date FROM list_snapshot WHERE id = listed_entity.snapshot_id)"
    )
    op.execute(
        "UPDATE list_snapshot SET replaces = (SELECT max(earlier.id) FROM list_snapshot AS earlier"
        " WHERE earlier.source_id = list_snapshot.source_id AND earlier.id < list_snapshot.id)"
    )
    op.create_table(
        "list_basis",
        sa.Column("detector", sa.String(length=64), nullable=False),
        sa.Column("inputs", sa.String(length=32), nullable=False),
        sa.Column("rest", sa.String(length=32), nullable=False),
        sa.Column("snapshots", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("detector", "inputs"),
    )
    op.create_table(
        "rescreening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("detector", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("from_snapshots", sa.JSON(), nullable=False),
        sa.Column("to_snapshots", sa.JSON(), nullable=False),
        sa.Column("subjects", sa.JSON(), nullable=False),
        sa.Column("key_count", sa.Integer(), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("screened", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "rescreened",
        sa.Column("rescreening_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("shared", sa.JSON(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rescreening_id"], ["rescreening.id"]),
        sa.PrimaryKeyConstraint("rescreening_id", "subject_id"),
    )
