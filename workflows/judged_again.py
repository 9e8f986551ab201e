"""How far back a run must look: what stands at a school is judged again only where a fact under it changed.

A note in the store says up to which batch of the journal everything that stands was judged, and by which
code table. It is written in the transaction of the run that judged it.
"""

from __future__ import annotations

from datetime import datetime

from engine.codes import table_hash
from engine.instants import local
from engine.records import CLASS, SCHOOL
from workflows.change import Change
from workflows.ports import Changed, Unit
from workflows.values import AnyTask, Message

STANDS = "judged again up to batch"
"""The note of what a run may still take back."""


def changed_since(unit: Unit, school_id: str, known_at: datetime, note: str = STANDS) -> Changed:
    """What has changed since everything that stands was last judged; perhaps everything, where nobody knows.

    So it is where a code means something else by now, and where some imports are not believed yet. `note` is
    the one that says up to where.
    """
    batch, _, table = (unit.note(f"{note} {school_id}") or "").partition(" ")
    known = table == table_hash() and all_believed(unit, school_id, known_at)
    return unit.changed(school_id, int(batch) if known else None)


def may_differ(item: AnyTask | Message, changed: Changed) -> bool:
    """Whether a change may have taken the ground of an item away.

    A past instant is judged on the marks up to its day: where none of those is another, and nothing else
    about the pupil (about anybody, where the item is about a class or the school), the verdict is what it
    was.
    """
    if changed.everything:
        return True
    of_class = item.subject.startswith((CLASS, SCHOOL))
    first = min(changed.since.values(), default=None) if of_class else changed.since.get(item.subject)
    return first is not None and first <= local(item.made_as_of).date()


def note_judged(
    unit: Unit, school_id: str, known_at: datetime, changed: Changed, change: Change, as_of: datetime
) -> None:
    """Note that all that stands was judged on all that was taken in.

    Not where something could not be judged (made for later, or on its way), nor where an import is not
    believed yet.
    """
    judged = not change.on_their_way() and all(item.made_as_of <= as_of for item in change.unfinished())
    if judged and all_believed(unit, school_id, known_at):
        note_up_to(unit, school_id, changed)


def note_up_to(unit: Unit, school_id: str, changed: Changed, note: str = STANDS) -> None:
    """Note that all that a note is about was judged on what has changed."""
    key, said = f"{note} {school_id}", f"{changed.batch} {table_hash()}"
    if unit.note(key) != said:
        unit.set_note(key, said)


def all_believed(unit: Unit, school_id: str, known_at: datetime) -> bool:
    """Whether all that was taken in about a school is believed at an instant."""
    latest = unit.last_import(school_id)
    return latest is not None and latest <= known_at
