"""What senders ask of the store: how a provider is doing, and whether anything was learnt meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from adapters.store import journal, rows
from adapters.store.families import BOUNCES, WISHES
from adapters.store.rows import plain, texts, values
from adapters.store.tables import core
from adapters.store.tables.standing import ProviderRow
from workflows.values import Provider

if TYPE_CHECKING:
    from sqlalchemy import Connection

PROVIDERS = core(ProviderRow)


def provider(db: Connection, name: str) -> Provider:
    """How a way to send is doing; as good as new where nothing is known of it."""
    found = db.execute(select(*texts(Provider, PROVIDERS)).where(PROVIDERS.c.name == name)).all()
    return values(Provider, found)[0] if found else Provider(name)


def put_provider(db: Connection, now: Provider) -> None:
    """Keep how it is doing now."""
    rows.put(db, PROVIDERS, [plain(now)])


def learnt(db: Connection, school_id: str) -> tuple[int, ...]:
    """The last batch of a school, the last wish and the last bounce of any."""
    last = (db.execute(select(func.max(table.c.id))).scalar_one() or 0 for table in (WISHES, BOUNCES))
    return journal.last(db, school_id), *last
