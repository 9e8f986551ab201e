"""Where Alembic starts: on the connection, and in the transaction, that `adapters.store.upgrade` hands it."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import adapters.store.tables  # noqa: F401  # registers the tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
