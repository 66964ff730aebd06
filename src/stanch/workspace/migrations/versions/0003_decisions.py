"""Decisions on findings: a table to which rows are only added."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("finding_id", sa.String(length=32), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("revokes", sa.String(length=32), nullable=True),
        sa.Column("expires", sa.String(length=10), nullable=True),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("listed_hash", sa.String(length=32), nullable=True),
        sa.Column("listed", sa.JSON(), nullable=True),
        sa.Column("customer_hash", sa.String(length=32), nullable=True),
        sa.Column("customer", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["finding.id"],
        ),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id"),
    )
    op.create_index(op.f("ix_decision_key"), "decision", ["key"], unique=False)
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER decision_no_{act.lower()} BEFORE {act} ON decision "
            "BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END"
        )
