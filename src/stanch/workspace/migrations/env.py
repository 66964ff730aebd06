"""Alembic's entry: runs migrations inside the transaction that `store.migrate` opened."""

from alembic import context

from stanch.workspace.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
