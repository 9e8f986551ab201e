"""The hour before us on paper: a block a person, the minute, the number, and a box to tick."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from engine.instants import local
from messaging.typeset import typeset
from workflows.hour import Call, Caller, lines_of
from workflows.tasks import short_words

_TEMPLATE = Path(__file__).with_name("hour.typ")


def hour_pdf(callers: Sequence[Caller], as_of: datetime, *, apart: bool = False) -> bytes:
    """Everybody's part as one document (PDF/UA-1), a page each where they go `apart`.

    The words go in as data and are never read as markup.
    """
    now = local(as_of)
    said: dict[str, object] = {
        "title": f"Calls before the register closes, {now:%A} {now.day} {now:%B %Y}, {now:%H:%M}",
        "apart": apart,
        "short": short_words(lines_of(callers)),
        "callers": [_caller(caller) for caller in callers],
    }
    return typeset(_TEMPLATE, said)


def _caller(caller: Caller) -> dict[str, object]:
    return {
        "name": caller.name if caller.staff_id else "Nobody has these",
        "school": caller.school,
        "told": f"{caller.minutes} of {caller.left} minutes, until {local(caller.ends):%H:%M}",
        "covering": ", ".join(caller.covering),
        "calls": [_call(call) for call in caller.calls],
    }


def _call(call: Call) -> dict[str, object]:
    line, task = call.line, call.line.task
    return {
        "at": f"{local(line.planned.at):%H:%M}" if line.planned else "",
        "fits": line.fits,
        "minutes": f"{task.minutes} min",
        "pupil": f"{line.who} {line.form}".strip(),
        "ring": f"{call.ring.name}, {call.ring.relationship}" if call.ring else "no number: ask",
        "phone": call.ring.phone if call.ring else "",
        "do": ("decide: " if task.decide else "") + task.step,
        "because": task.because,
    }
