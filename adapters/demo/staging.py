"""Casting: each plot is played by a pupil of its own, whose marks, family and history are made to fit.

The cast is taken from pupils with nothing else about them that could change a rule's answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.demo.calendar import ADMITTED, entry_moment
from adapters.demo.entries import NEVER
from adapters.demo.families import contact
from adapters.demo.places import ASHGROVE, TooFew
from adapters.demo.plots import PLOTS
from adapters.demo.stories import LIVED, Story, event_row, sheet_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from adapters.demo.calendar import Row
    from adapters.demo.entries import Sheet
    from adapters.demo.people import People
    from adapters.demo.stories import Plot

REGISTER = "register-not-taken"


@dataclass(frozen=True, slots=True)
class Play:
    """The stories as they were cast: who plays, the sheets by UPN, the rows of history.csv.

    `slips` are registers that go wrong: session, form, and the moment until which it is withheld.
    """

    stories: tuple[Story, ...]
    sheets: Mapping[str, Sheet]
    history: tuple[Row, ...]
    slips: tuple[tuple[int, str, int], ...]


NO_PLAY = Play((), {}, (), ())


def staged(rng: Random, people: People, forms: Sequence[str]) -> Play:
    """Cast every plot among Ashgrove's pupils, whose rows and contacts are rewritten in place.

    Raises:
        TooFew: the school is too small to give each plot a pupil of its own.
    """
    late, lost = ([form for form in forms if form[:-1] == year][-1] for year in ("8", "10"))
    tuesday, thursday = 2 * (LIVED + 1), 2 * (LIVED + 3) + 1
    told = "missing on Tuesday at 09:20; taken by 10:30: withdrawn"
    stories = [
        Story("", late, "A late register", REGISTER, told),
        Story("", lost, "A register never taken", REGISTER, "Thursday afternoon is still missing at the end"),
    ]
    sheets: dict[str, Sheet] = {}
    history: list[Row] = []
    rows = {row["upn"]: row for row in people.pupils if row["school_id"] == ASHGROVE}
    alone, pairs = _free(rng, people, rows, (late, lost))
    for number, plot in enumerate(PLOTS, start=1):
        waiting = pairs if plot.siblings else alone
        if not waiting:
            raise TooFew(f"{len(rows)} pupils are too few to cast the planted stories among: ask for more")
        cast = waiting.pop()
        for upn in cast:
            rows[upn].update(plot.pupil)
            sheets[upn] = sheet_of(plot)
            name = f"{rows[upn]['first_name']} {rows[upn]['last_name']}"
            stories.append(Story(upn, name, plot.title, plot.rule, plot.expect))
        _rehouse(rng, people, cast, plot, number)
        for event in plot.history:
            receiver = f"S{number:03}-1" if event["kind"].startswith("penalty") else ""
            history.append(event_row(rows[cast[0]], {"contact_id": receiver, **event}))
    slips = ((tuesday, late, entry_moment(tuesday) + 1), (thursday, lost, NEVER))
    return Play(tuple(stories), sheets, tuple(history), slips)


def _free(
    rng: Random, people: People, rows: Mapping[str, Row], closed_forms: Sequence[str]
) -> tuple[list[list[str]], list[list[str]]]:
    """Who may be cast, shuffled: pupils without a sibling in the trust, and pairs who are both free."""
    homes: dict[str, list[str]] = {}  # pupils by their first contact: more than one are siblings
    for adult in people.contacts:
        if adult["priority"] == "1":
            homes.setdefault(adult["contact_id"], []).append(adult["upn"])
    free = {upn for upn, row in rows.items() if _plain(row) and row["form"] not in closed_forms}
    alone = [upns for upns in homes.values() if len(upns) == 1 and upns[0] in free]
    pairs = [upns for upns in homes.values() if len(upns) == 2 and free.issuperset(upns)]
    rng.shuffle(alone)
    rng.shuffle(pairs)
    return alone, pairs


def _plain(row: Row) -> bool:
    marked = "1" in (row["looked_after"], row["social_worker"], row["medical"], row["young_carer"])
    here_all_autumn = row["admitted_on"] == f"{ADMITTED}" and not row["left_on"]
    return here_all_autumn and not marked and not row["flags"]


def _rehouse(rng: Random, people: People, cast: list[str], plot: Plot, number: int) -> None:
    surname = next(row["last_name"] for row in people.pupils if row["upn"] == cast[0])
    names = people.pools[cast[0]]
    people.contacts[:] = [adult for adult in people.contacts if adult["upn"] not in cast]
    for place, told in enumerate(plot.family, start=1):
        adult = contact(
            rng, names, surname, contact_id=f"S{number:03}-{place}", **({"priority": str(place)} | dict(told))
        )
        people.contacts.extend(adult | {"upn": upn} for upn in cast)
