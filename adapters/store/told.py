"""What stands by its id, and the messages that reached a family: what the recall list is made of."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date, time
from typing import TYPE_CHECKING

from sqlalchemy import String, func, select, type_coerce

from adapters.store.standing import TABLES, Standing, chosen
from engine.instants import local_instant
from workflows.values import LEFT, Message, MessageState

if TYPE_CHECKING:
    from sqlalchemy import Connection

_STANDS = tuple(state for state in LEFT if state is not MessageState.RECALLED)
_MESSAGES = TABLES[Message].c
_SECONDS = len("2025-09-08 00:00:00")  # what is kept goes on with a fraction, and is the later for it


def named(db: Connection, kind: type[Standing], ids: Collection[str]) -> tuple[Standing, ...]:
    """What stands of a kind with these ids, as far as it is there, by id."""
    if not ids:
        return ()
    (key,) = TABLES[kind].primary_key
    wanted = func.json_each(json.dumps([*ids])).table_valued("value")
    return chosen(db, kind, key.in_(select(wanted.c.value)))


def told_of(db: Connection, school_id: str, since: Mapping[str, date] | None) -> tuple[Message, ...]:
    """What reached a family, see `workflows.ports.Unit.told_of`: each pupil looked up by itself."""
    if not since and since is not None:
        return ()
    if since is None:
        own = _MESSAGES.school_id == school_id
        return chosen(db, Message, own & _MESSAGES.state.in_([state.value for state in _STANDS]))
    begins = {day: local_instant(day, time.min).isoformat(" ")[:_SECONDS] for day in {*since.values()}}
    from_then = {upn: begins[day] for upn, day in since.items()}
    pupils = func.json_each(json.dumps(from_then)).table_valued("key", "value")
    each = TABLES[Message].alias()
    own = each.c.subject == pupils.c.key  # nothing else, so that SQLite goes by this index: a year's are many
    made = type_coerce(each.c.made_as_of, String) >= pupils.c.value
    theirs = chosen(db, Message, _MESSAGES.message_id.in_(select(each.c.message_id).where(own & made)))
    return tuple(each for each in theirs if each.school_id == school_id and each.state in _STANDS)


def contradicted(db: Connection, school_id: str) -> tuple[Message, ...]:
    """What was found to be wrong after it left and is not settled yet, by id."""
    own = (_MESSAGES.school_id == school_id) & _MESSAGES.contradicted_at.is_not(None)
    return chosen(db, Message, own & _MESSAGES.state.in_([state.value for state in _STANDS]))
