"""The tables, as dumb as they can be: SQLModel does not validate rows, so nothing here pretends to.

Words are plain text (an enum is its value), a day is ISO text and empty where there is none, an instant
is an aware datetime that comes back in UTC. The frozen values of engine/ and workflows/ are what the
rest of Firstbell sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import SQLModel

from adapters.store.tables import facts, heard, ledger, standing

if TYPE_CHECKING:
    from sqlalchemy import Table

__all__ = ["core", "facts", "heard", "ledger", "standing"]


def core(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table behind a model: what every query here is written with (9 us a row, not 127)."""
    return SQLModel.metadata.tables[str(model.__tablename__)]
