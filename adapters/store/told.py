"""What stands by its id, and the messages that reached a family: what the recall list is made of."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import String, bindparam, func, select, type_coerce

from adapters.store.driven import Driven
from adapters.store.rows import texts, values
from adapters.store.standing import TABLES, Standing, chosen
from workflows.values import LEFT, Message, MessageState

if TYPE_CHECKING:
    from sqlalchemy import Connection

_STANDS = [state.value for state in LEFT if state is not MessageState.RECALLED]
_MESSAGES = TABLES[Message].c


def named(db: Connection, kind: type[Standing], ids: Collection[str]) -> tuple[Standing, ...]:
    """What stands of a kind with these ids, as far as it is there, by id."""
    if not ids:
        return ()
    (key,) = TABLES[kind].primary_key
    wanted = func.json_each(json.dumps([*ids])).table_valued("value")
    return chosen(db, kind, key.in_(select(wanted.c.value)))


def told_of(db: Connection, school_id: str, since: Mapping[str, date] | None) -> tuple[Message, ...]:
    """What reached a family, see `workflows.ports.Unit.told_of`: each pupil looked up by itself.

    A day earlier too, as an instant is kept in UTC.
    """
    if since is None:
        return chosen(db, Message, (_MESSAGES.school_id == school_id) & _MESSAGES.state.in_(_STANDS))
    if not since:
        return ()
    spelt = {day: (max(day, _EARLIEST) - timedelta(days=1)).isoformat() for day in {*since.values()}}
    days = {upn: spelt[day] for upn, day in since.items()}
    return values(Message, sorted(_told_since().ask(db, school_id=school_id, days=json.dumps(days))))


@cache
def _told_since() -> Driven:
    pupils = func.json_each(bindparam("days")).table_valued("key", "value")
    theirs = _MESSAGES.subject == pupils.c.key
    made = type_coerce(_MESSAGES.made_as_of, String) >= pupils.c.value
    # Glued to nothing, so that SQLite goes by the index of subjects: of a year and a school there are many.
    here = _MESSAGES.school_id.concat("") == bindparam("school_id")
    stands = _MESSAGES.state.concat("").in_(_STANDS)
    return Driven.of(select(*texts(Message, TABLES[Message])).where(theirs, made, here, stands))


def contradicted(db: Connection, school_id: str) -> tuple[Message, ...]:
    """What was found to be wrong after it left and is not settled yet, by id."""
    return values(Message, sorted(_contradicted().ask(db, school_id=school_id)))


@cache
def _contradicted() -> Driven:
    own = (_MESSAGES.school_id == bindparam("school_id")) & _MESSAGES.contradicted_at.is_not(None)
    return Driven.of(select(*texts(Message, TABLES[Message])).where(own, _MESSAGES.state.in_(_STANDS)))


_EARLIEST = date.min + timedelta(days=1)
