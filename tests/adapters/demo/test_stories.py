"""Each planted story has the property it claims, by slow arithmetic on the rows as they would be imported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from adapters.demo import Story, build
from adapters.demo.calendar import entry_moment
from adapters.demo.places import ASHGROVE
from adapters.demo.plots import PLOTS
from adapters.demo.stories import sheet_of

if TYPE_CHECKING:
    from collections.abc import Callable

SCHOOL = build()
PUPILS = {row["upn"]: row for row in SCHOOL.base["pupils"] if row["school_id"] == ASHGROVE}
PRESENT = {"/", "\\", "L"}
AUTUMN = [
    row["date"]
    for row in SCHOOL.base["calendar"]
    if row["school_id"] == ASHGROVE and row["am"] == "1" and "2025-09-01" <= row["date"] <= "2025-11-14"
]
MONDAY = date(2025, 11, 10)
ENTRIES: dict[str, list[tuple[datetime, tuple[str, str], str]]] = {upn: [] for upn in PUPILS}
for at, rows in (
    (datetime.fromisoformat("2025-11-08T16:00"), SCHOOL.base["marks"]),
    *((delivery.at, delivery.files["marks"]) for delivery in SCHOOL.deliveries),
):
    for mark in rows:
        if mark["upn"] in ENTRIES:
            ENTRIES[mark["upn"]].append((at, (mark["date"], mark["session"]), mark["code"]))
PLAIN = {"looked_after": "0", "social_worker": "0", "medical": "0", "flags": ""}


@dataclass(frozen=True, slots=True)
class Seen:
    """One pupil's closed sessions, oldest first, as known at one moment: (date, half, code or '')."""

    sessions: tuple[tuple[str, str, str], ...]

    @property
    def now(self) -> str:
        """The code of the session that closed last."""
        return self.sessions[-1][2]

    @property
    def rate(self) -> tuple[int, int, int]:
        """Absent, possible and missing sessions of the school year."""
        codes = [code for _, _, code in self.sessions]
        due = [code for code in codes if code not in ("", "Y1")]
        return sum(code not in PRESENT for code in due), len(due), codes.count("")

    @property
    def run(self) -> int:
        """Consecutive absent days (I, G, N, O) up to today."""
        length = 0
        for day in sorted({day for day, _, _ in self.sessions}, reverse=True):
            if not {code for d, _, code in self.sessions if d == day} <= set("IGNO"):
                break
            length += 1
        return length

    @property
    def oldest_n(self) -> int:
        """Age of the oldest N, in school days after its own."""
        days = sorted({day for day, _, _ in self.sessions})
        return max(
            (len(days) - 1 - days.index(day) for day, _, code in self.sessions if code == "N"), default=0
        )

    def unauthorised(self, *covered: str) -> int:
        """Sessions of G, N, O, U since 4 September (ten school weeks), those on covered days left out."""
        return sum(code in "GNOU" for day, _, code in self.sessions if code and day not in covered)


@dataclass(frozen=True, slots=True)
class Player:
    """The pupil who plays a story."""

    upn: str

    def at(self, when: str) -> Seen:
        """What is known at a moment such as "Mon 09:20"."""
        weekday, clock = when.split()
        day = MONDAY + timedelta(days=("Mon", "Tue", "Wed", "Thu", "Fri").index(weekday))
        instant = datetime.fromisoformat(f"{day}T{clock}")
        known = {key: code for at, key, code in ENTRIES[self.upn] if at <= instant}
        pupil = PUPILS[self.upn]
        closed = [
            (iso, half, known.get((iso, half), ""))
            for iso in AUTUMN
            for half, closes in (("AM", "09:10"), ("PM", "13:15"))
            if datetime.fromisoformat(f"{iso}T{closes}") <= instant
            and pupil["admitted_on"] <= iso <= (pupil["left_on"] or "9999")
        ]
        return Seen(tuple(closed))

    @property
    def contacts(self) -> list[dict[str, str]]:
        """The pupil's contacts in order of priority."""
        rows = [row for row in SCHOOL.base["contacts"] if row["upn"] == self.upn]
        return sorted(rows, key=lambda row: int(row["priority"]))

    @property
    def history(self) -> list[dict[str, str]]:
        """The pupil's events."""
        return [row for row in SCHOOL.base["history"] if row["upn"] == self.upn]

    @property
    def texted(self) -> str:
        """For each contact, y or n: a text may go if unrestricted, parent or at home, with a mobile."""
        return "".join(
            "y"
            if row["restriction"] == "none"
            and "1" in (row["parental_responsibility"], row["lives_with"])
            and row["phone"].startswith("07700 900")
            else "n"
            for row in self.contacts
        )

    def has(self, **told: str) -> bool:
        """Whether the pupil's row says this and is otherwise without circumstances."""
        row = PUPILS[self.upn]
        return {name: row[name] for name in PLAIN} == PLAIN | told


def at_least(rate: tuple[int, int, int], percent: int) -> bool:
    """Whether a rate without missing marks reaches a percentage, in integers."""
    absent, possible, missing = rate
    return missing == 0 and possible >= 20 and absent * 100 >= possible * percent


def extremes(rate: tuple[int, int, int], percent: int) -> set[bool]:
    """Whether the rate reaches a percentage with its missing marks present, absent, or not possible."""
    absent, possible, missing = rate
    guesses = ((absent, possible + missing), (absent + missing, possible + missing), (absent, possible))
    return {a * 100 >= p * percent for a, p in guesses}


def siblings(player: Player) -> bool:
    """Whether another pupil with the same first contact is absent without a reason at the same time."""
    same = [
        row["upn"] for row in SCHOOL.base["contacts"] if row["contact_id"] == player.contacts[0]["contact_id"]
    ]
    return len(same) == 2 and all(Player(upn).at("Wed 09:20").now == "N" for upn in same)


def tuesday(player: Player) -> bool:
    """Whether the pupil is absent without a reason on Tuesday morning, and was in on Monday."""
    return player.at("Tue 09:20").now == "N" and player.at("Mon 13:20").run == 0


def tuesday_text_goes_to(player: Player, texted: str) -> bool:
    """Absent on Tuesday, no circumstance, and of the contacts just those with a y can be texted."""
    return tuesday(player) and player.has() and player.texted == texted


COVERED = ("2025-09-08", "2025-09-09")
CLAIMS: dict[str, Callable[[Player], bool]] = {
    "Absent, no reason, nobody rings": lambda p: (
        [p.at(t).now for t in ("Mon 09:20", "Mon 15:45", "Tue 09:20")] == ["N", "N", "/"]
        and p.at("Tue 13:20").sessions[-4][2] == "N"
        and p.at("Tue 15:45").sessions[-4][2] == "I"
        and p.texted == "yy"
    ),
    "The mother rings at 10:20": lambda p: [p.at(t).now for t in ("Mon 09:20", "Mon 10:30")] == ["N", "I"],
    "Late, not absent": lambda p: (
        [p.at(t).now for t in ("Thu 09:20", "Thu 10:30", "Thu 13:20")] == ["N", "U", "\\"]
    ),
    "Gone after lunch, found in the music room": lambda p: (
        [p.at(t).now for t in ("Wed 09:20", "Wed 13:20", "Wed 15:45")] == ["/", "N", "\\"]
    ),
    "In late, marked U": lambda p: p.at("Thu 09:20").now == "U" and p.at("Thu 13:20").run == 0,
    "Two siblings absent the same day": siblings,
    "A day of illness, reported": lambda p: p.at("Wed 09:20").run == 1 and p.at("Thu 09:20").run == 0,
    "Day 1 waits for the first contact": lambda p: (
        p.at("Wed 09:20").run == 1 and p.at("Wed 13:20").now == "N" and p.at("Wed 15:45").now == "I"
    ),
    "A late morning breaks the run": lambda p: (
        [p.at(f"{d} 09:20").run for d in ("Mon", "Tue", "Wed")] == [1, 0, 1]
    ),
    "A second day": lambda p: [p.at(f"{d} 09:20").run for d in ("Mon", "Tue", "Wed", "Thu")] == [0, 1, 2, 0],
    "A third day": lambda p: [p.at(f"{d} 09:20").run for d in ("Mon", "Tue", "Wed", "Thu")] == [1, 2, 3, 0],
    "A run over the weekend": lambda p: [p.at(f"{d} 09:20").run for d in ("Mon", "Tue")] == [3, 0],
    "An N from before half-term": lambda p: p.at("Mon 09:20").oldest_n == 6,
    "Settled a day too late": lambda p: (
        [p.at(t).oldest_n for t in ("Mon 09:20", "Tue 09:20", "Tue 15:45")] == [5, 6, 0]
    ),
    "Settled in time": lambda p: (
        [p.at(t).oldest_n for t in ("Mon 13:20", "Mon 15:45", "Fri 15:45")] == [4, 0, 0]
    ),
    "Exactly 5 percent": lambda p: (
        p.at("Mon 13:20").rate == (4, 80, 0) and not at_least(p.at("Mon 09:20").rate, 5)
    ),
    "Exactly 10 percent": lambda p: (
        p.at("Thu 13:20").rate == (9, 90, 0)
        and not at_least(p.at("Thu 09:20").rate, 10)
        and not at_least(p.at("Fri 09:20").rate, 10)
    ),
    "Exactly half": lambda p: (
        p.at("Tue 13:20").rate == (43, 86, 0)
        and not at_least(p.at("Tue 09:20").rate, 50)
        and p.at("Tue 13:20").unauthorised() >= 10
        and sum(code == "I" for _, _, code in p.at("Tue 13:20").sessions) * 2 <= 43
    ),
    "Two reasons to write on one day": lambda p: (
        p.at("Tue 09:20").now == "N"
        and p.at("Tue 09:20").rate == (9, 85, 0)
        and p.at("Mon 13:20").rate == (8, 84, 0)
    ),
    "Mostly illness": lambda p: (
        p.at("Tue 09:20").rate == (9, 85, 0)
        and p.at("Mon 13:20").rate == (8, 84, 0)
        and sum(code == "I" for _, _, code in p.at("Tue 09:20").sessions) == 9
    ),
    "A missing mark that matters": lambda p: (
        all(extremes(p.at(t).rate, 10) == {True, False} for t in ("Mon 09:20", "Wed 13:20", "Thu 13:20"))
        and extremes(p.at("Fri 09:20").rate, 10) == {False}
    ),
    "A missing mark that does not": lambda p: (
        p.at("Mon 09:20").rate == (1, 82, 1) and extremes(p.at("Mon 09:20").rate, 5) == {False}
    ),
    "Too new to judge": lambda p: (
        (p.at("Fri 09:20").rate, p.at("Fri 13:20").rate) == ((3, 19, 0), (3, 20, 0))
    ),
    "Left in October": lambda p: (
        PUPILS[p.upn]["left_on"] == "2025-10-24"
        and p.at("Fri 15:45").sessions[-1][0] == "2025-10-24"
        and at_least(p.at("Mon 09:20").rate, 50)
    ),
    "Holiday and lateness across half-term": lambda p: (
        [p.at(t).unauthorised() for t in ("Wed 09:20", "Tue 15:45")] == [10, 9]
        and p.at("Wed 09:20").now == "U"
    ),
    "A week's holiday, leave refused": lambda p: (
        p.at("Mon 09:20").unauthorised() == 10 and [e["kind"] for e in p.history] == ["leave_refused"]
    ),
    "Ten late arrivals": lambda p: (
        p.at("Mon 09:20").unauthorised() == 10
        and {c for _, _, c in p.at("Fri 15:45").sessions} == {"/", "\\", "U"}
    ),
    "Nine is not ten": lambda p: p.at("Fri 15:45").unauthorised() == 9,
    "Four are dealt with already": lambda p: (
        p.at("Fri 15:45").unauthorised() == 10
        and p.at("Fri 15:45").unauthorised(*COVERED) == 6
        and [(e["kind"], e["from"], e["until"]) for e in p.history] == [("penalty_notice", *COVERED)]
    ),
    "An earlier notice was withdrawn": lambda p: (
        [p.at(t).unauthorised() for t in ("Tue 09:20", "Tue 13:20")] == [9, 10]
        and [(e["kind"], e["from"], e["until"]) for e in p.history]
        == [("penalty_notice", *COVERED), ("penalty_withdrawn", *COVERED)]
        and len({e["contact_id"] for e in p.history} - {""}) == 1
    ),
    "The tenth was illness": lambda p: (
        [p.at(t).unauthorised() for t in ("Mon 13:20", "Tue 09:20", "Tue 13:20", "Tue 15:45")]
        == [9, 10, 10, 9]
    ),
    "A hold": lambda p: (
        tuesday(p) and [e["kind"] for e in p.history if e["on"] <= "2025-11-11" <= e["until"]] == ["hold"]
    ),
    "A social worker": lambda p: tuesday(p) and p.has(social_worker="1"),
    "A bereaved family": lambda p: tuesday(p) and p.has(flags="bereavement"),
    "A medical flag": lambda p: tuesday(p) and p.has(medical="1"),
    "In the council's care": lambda p: (
        tuesday(p) and p.has(looked_after="1", social_worker="1") and p.texted == "yn"
    ),
    "A part-time timetable": lambda p: (
        p.at("Wed 09:20").now == "N" and sum(code == "C2" for _, _, code in p.at("Wed 09:20").sessions) == 12
    ),
    "The only contact must not be contacted": lambda p: tuesday_text_goes_to(p, "n"),
    "The only contact is under a court order": lambda p: tuesday_text_goes_to(p, "n"),
    "Ask the safeguarding lead first": lambda p: tuesday_text_goes_to(p, "n"),
    "The first contact is restricted": lambda p: tuesday_text_goes_to(p, "ny"),
    "Only a landline": lambda p: tuesday_text_goes_to(p, "n"),
    "A neighbour has the only mobile": lambda p: (
        tuesday_text_goes_to(p, "nn") and p.contacts[1]["phone"].startswith("07700 900")
    ),
    "No contact at all": lambda p: tuesday_text_goes_to(p, ""),
}


@pytest.mark.parametrize("story", [s for s in SCHOOL.stories if s.upn], ids=lambda s: s.title)
def test_each_story_is_as_it_claims(story: Story) -> None:
    """The marks, contacts and history of the pupil have the property that the story's title claims."""
    row = PUPILS[story.upn]
    assert story.name == f"{row['first_name']} {row['last_name']}"
    assert CLAIMS[story.title](Player(story.upn))


def test_every_plot_has_a_pupil_of_its_own() -> None:
    """No pupil plays twice, each plot and claim is played, and nobody sits in a form without a register."""
    played = [story for story in SCHOOL.stories if story.upn]
    assert len({story.upn for story in played}) == len(played)
    assert {story.title for story in played} == {plot.title for plot in PLOTS} == CLAIMS.keys()
    closed = {story.name for story in SCHOOL.stories if not story.upn}
    assert not closed & {PUPILS[story.upn]["form"] for story in played}


def test_corrections_follow_what_they_correct() -> None:
    """In each plot a correction changes its session after it was entered, and all come in order of time."""
    for plot in PLOTS:
        sheet = sheet_of(plot)
        assert all(fix.moment > entry_moment(fix.session) for fix in sheet.fixes), plot.title
        assert all(fix.code != sheet.first[fix.session] for fix in sheet.fixes), plot.title
        assert all(a.moment <= b.moment for a, b in pairwise(sheet.fixes)), plot.title


def test_registers_are_late_once_and_lost_once() -> None:
    """One form is blank on Tuesday at 09:20 and filled by 10:30; another stays blank on Thursday at 13:15."""
    late, lost = (story.name for story in SCHOOL.stories if story.rule == "register-not-taken")
    on_roll = [upn for upn, row in PUPILS.items() if not row["left_on"] and row["admitted_on"] < "2025-11-10"]
    for upn in on_roll:
        player, form = Player(upn), PUPILS[upn]["form"]
        if form == late:
            assert player.at("Tue 09:20").now == ""
            assert player.at("Tue 10:30").now != ""
        if form == lost:
            assert [
                code
                for day, half, code in player.at("Fri 15:45").sessions
                if (day, half) == ("2025-11-13", "PM")
            ] == [""]
    taken = {row["upn"] for delivery in SCHOOL.deliveries[4:5] for row in delivery.files["marks"]}
    assert {PUPILS[upn]["form"] for upn in on_roll if upn not in taken} == {late}
