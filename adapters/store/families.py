"""What families said, and which of their numbers and addresses did not work."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from adapters.store.driven import Driven
from adapters.store.rows import plain, texts, values
from adapters.store.tables import core
from adapters.store.tables.standing import BounceRow, WishRow
from messaging.wishes import Wish
from workflows.values import Bounce

if TYPE_CHECKING:
    from sqlalchemy import Connection

WISHES, BOUNCES = core(WishRow), core(BounceRow)


def wishes(db: Connection) -> tuple[Wish, ...]:
    """All that families have said, in the order in which it was said."""
    return values(Wish, _wishes().ask(db))


@cache
def _wishes() -> Driven:
    return Driven.of(select(*texts(Wish, WISHES)).order_by(WISHES.c.id))


def say_wish(db: Connection, wish: Wish) -> None:
    """Keep one thing that was said."""
    db.execute(insert(WISHES), [plain(wish)])


def bounces(db: Connection) -> tuple[Bounce, ...]:
    """What did not work, and what works again, in the order in which it was noted."""
    return values(Bounce, _bounces().ask(db))


@cache
def _bounces() -> Driven:
    return Driven.of(select(*texts(Bounce, BOUNCES)).order_by(BOUNCES.c.id))


def note_bounce(db: Connection, bounce: Bounce) -> None:
    """Keep one of them."""
    db.execute(insert(BOUNCES), [plain(bounce)])
