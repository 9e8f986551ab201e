"""The hour before us: who rings whom, when, at which number, and what the minutes left do not hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.records import Contact
from workflows.ports import Store
from workflows.task_in_full import may_be_rung
from workflows.tasks import Listed, listed

AHEAD = timedelta(hours=2)
"""Time-anchored work that ends later than this is not of the hour."""


@dataclass(frozen=True, slots=True)
class Call:
    """One piece of work of the hour; `ring` is whom to ring first, None where nobody may be rung."""

    line: Listed
    ring: Contact | None


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody's part of the hour, in the order in which it is to be done; `staff_id` is empty for nobody."""

    staff_id: str
    name: str
    school: str
    calls: tuple[Call, ...]
    as_of: datetime

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return sum(call.line.task.minutes for call in self.calls)

    @property
    def ends(self) -> datetime:
        """When the last of it is missed."""
        return max(call.line.task.expires_at or self.as_of for call in self.calls)

    @property
    def left(self) -> int:
        """The minutes from now to then."""
        return int((self.ends - self.as_of) / timedelta(minutes=1))

    @property
    def covering(self) -> tuple[str, ...]:
        """For whom they cover."""
        return tuple(sorted({call.line.covering for call in self.calls if call.line.covering}))


def hour(store: Store, as_of: datetime, staff: str = "", schools: Sequence[str] = ()) -> list[Caller]:
    """Everybody's part of the hour, by school, most pressing first; what nobody has comes first of all.

    `staff` and `schools` as for `listed`.
    """
    lines = [
        line
        for line in listed(store, as_of, staff, schools)
        if line.task.expires_at is not None and line.task.expires_at <= as_of + AHEAD
    ]
    contacts: dict[str, tuple[Contact, ...]] = {}
    with store.reading() as unit:
        for school_id in {line.task.school_id for line in lines}:
            contacts[school_id] = unit.facts(school_id, as_of).contacts
    parts: dict[tuple[str, str], list[Call]] = {}
    for line in lines:
        able = may_be_rung(contacts[line.task.school_id], line.task.subject)
        parts.setdefault((line.task.school_id, line.task.assignee), []).append(
            Call(line, able[0] if able else None)
        )
    return [
        Caller(staff_id, calls[0].line.owner, calls[0].line.school, tuple(calls), as_of)
        for (_, staff_id), calls in sorted(parts.items(), key=lambda part: part[0][0])
    ]


def lines_of(callers: Sequence[Caller]) -> list[Listed]:
    """The lines of all of them, a person after the other."""
    return [call.line for caller in callers for call in caller.calls]
