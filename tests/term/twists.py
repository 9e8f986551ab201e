"""What a demo's ordinary term lacks: the rare, the missing and the odd, laid over its first pupils.

Each twist is a pupil's whole autumn in compact notation (a token a day, from the nth school day on; what is
not given is present), with what else is unusual about the pupil.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random

from tests.term.arrivals import Arrival, Term, in_order
from tests.term.known import FOREVER, LONDON, Known, Row

SATURDAYS = ("2025-10-11", "2025-11-29")
MORNING, AFTERNOON, EARLY = time(9, 15), time(13, 20), time(8, 40)


@dataclass(frozen=True)
class Twist:
    """`marks` by number of the school day; `fixes` replace a day's marks, so many calendar days later."""

    marks: Mapping[int, str] = field(default_factory=dict)
    fixes: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    pupil: Mapping[str, str] = field(default_factory=dict)
    history: Sequence[Mapping[str, str]] = ()
    again_from: str = ""


def notice(kind: str, on: str, **more: str) -> dict[str, str]:
    """One row of history about a penalty notice, a contact and a period if they are given."""
    whole = {"from": "", "until": "", "contact_id": "", "outcome": "", "note": ""}
    return {"kind": kind, "on": on} | whole | {name.rstrip("_"): value for name, value in more.items()}


TEN = "GG GG GG GG GG"
TWISTS = (
    Twist({10: "OO OO OO OO OU UU OO NN OO OO OO OO"}, {17: (3, "OO")}),  # an attendance return
    Twist({14: "OO " * 13 + "-- " + "OO " * 14}, {27: (9, "OO")}),  # joint enquiries, a register taken late
    Twist({14: "OO " * 22 + "II " + "OO " * 10}),
    Twist({12: "II " * 6 + "-I " + "II " * 8}),  # long illness, one blank for ever
    Twist({30: "II " * 12, 50: "II DD II Y4,Y4 X# II I/ LU II"}),
    Twist(dict.fromkeys(range(1, 70, 7), "II II I/")),  # thirty sessions, never ten days
    Twist(dict.fromkeys(range(2, 30, 4), "OO I/")),  # improves
    Twist(dict.fromkeys(range(40, 68, 4), "OO I/") | {33: "-- -/"}),  # falls
    Twist(dict.fromkeys(range(2, 30, 4), "OO -/"), {6: (30, "//")}),  # improves, if the blanks say so
    Twist(dict.fromkeys(range(0, 70, 5), "/,C2 /,C2 /,C2 /,C2 /,C2")),
    Twist(dict.fromkeys(range(0, 70, 4), "OO II") | {31: "-I"}),  # about half
    Twist(
        {5: TEN, 22: "UU UU OO", 40: TEN},
        history=[notice("penalty_notice", "2025-10-08", from_="2025-09-11", until="2025-09-17")],
    ),
    Twist(
        {5: TEN, 30: "U/ U/"},
        history=[
            notice("penalty_notice", "2025-10-06"),
            notice("penalty_notice", "2025-10-13", from_="2025-09-08", contact_id="someone"),
            notice("penalty_withdrawn", "2025-11-05", contact_id="someone"),
            notice("penalty_withdrawn", "2025-11-20"),
            notice("penalty_notice", "2025-12-01", outcome="withdrawn"),
        ],
    ),
    Twist({8: "OO " * 12, 40: "I- " + "II " * 11}, pupil={"date_of_birth": ""}),
    Twist({8: "OO " * 22, 40: "II " * 16}, pupil={"date_of_birth": "2020-11-05"}),  # too young
    Twist({8: "OO " * 12}, pupil={"date_of_birth": "2008-09-01"}),  # beyond school age
    Twist({8: "OO " * 12}, pupil={"date_of_birth": "2020-08-31"}),  # since 31 August
    Twist({3: "N/", 12: "NN //", 30: "/N // -/ // NN"}, {3: (20, "O/"), 12: (6, "I/"), 30: (25, "//")}),
    Twist({4: "H,H J,J F,F Y,Y V,B", 20: "OO OO HH OO FF", 40: "C1,J1 Q,Q K,W R,S T,P M,E"}),
    Twist(dict.fromkeys(range(0, 70, 6), "-- -I NN N- -N //"), {12: (4, "II"), 30: (1, "//"), 48: (2, "--")}),
    Twist({0: "II " * 69}, pupil={"left_on": "2025-11-12"}),
    Twist({0: "OO " * 69}, pupil={"admitted_on": "2025-10-06"}),
    Twist({0: "// " * 18 + "OO " * 50}, pupil={"left_on": "2025-10-03"}, again_from="2025-11-03"),
    Twist({20: "NN -- // NN /N NN"}, pupil={"social_worker": "1"}),
    Twist({30: "NN NN NN -- NN"}, pupil={"flags": "youth offending worker"}),
    Twist(
        {12: "OO OO OO OO", 24: "OO -/ // UU", 45: "-- OO"},  # a notice to improve that is broken
        history=[
            notice("notice_to_improve", "2025-10-06"),
            notice("contract", "2025-09-22"),
            notice("meeting", "2025-10-01", outcome="missed"),
            notice("meeting", "2025-11-05", outcome="missed"),
        ],
    ),
    Twist(
        {8: "OO " * 4 + "-/ OO", 40: "OO // // -- OO"},
        history=[
            notice("penalty_notice", "2025-09-08", contact_id="someone"),
            notice("penalty_notice", "2025-09-09", contact_id="someone"),
            notice("home_visit", "2025-09-19", outcome="no answer"),
        ],
    ),
    Twist(
        {8: "NN NN NN -- OO OO", 30: "OO OO", 50: "OO OO -/", 60: "/O"},
        history=[
            notice("home_visit", "2025-09-17", outcome="no answer"),
            notice("plan", "2025-10-20"),
            notice("notice_to_improve", "2025-10-02", until="2025-10-24", outcome="failed"),
        ],
    ),
    Twist(dict.fromkeys(range(2, 70, 6), "L/ UL L/ -/ U/")),
    Twist(dict.fromkeys(range(1, 26, 5), "L/ LL LU") | {60: "L-"}),
    Twist(  # a plan, and wider help after it
        dict.fromkeys(range(6, 70, 5), "OO"), {41: (8, "--")}, history=[notice("plan", "2025-10-01")]
    ),
    Twist(dict.fromkeys(range(6, 40, 5), "OO") | {41: "--"}, history=[notice("plan", "2025-10-01")]),
    Twist({8: "EE EE EE EE EE EE EE", 30: "EE -E EE EE EE EE"}),
    Twist({5: "CC CC CC " + "OO " * 11, 40: "C1,C1 " + "GG " * 4 + "-- " + "GG " * 5}),
    Twist(dict.fromkeys(range(8, 60, 5), "/,C2 /,C2 // // //") | {63: "/,C2 /-"}),
    Twist({10: "XX // -/ X/", 50: "/X"}),
    Twist({10: "OO", 42: "OO -/ // OO // // OO // O-"}, {43: (9, "O/")}),
    Twist({10: "OO", 44: "OO // // OO // // OO O/"}),
    Twist({4: "I/ // OO", 9: "MM"}, {4: (2, "--"), 6: (1, "//")}, pupil={"admitted_on": "2025-06-09"}),
    Twist(  # wider help, then better, but not well
        {12: "OO", 33: "OO // // OO // // OO O/"}, history=[notice("plan", "2025-09-15")]
    ),
)


def twisted(term: Term, random: Random) -> Term:
    """The same term, its first pupils as in TWISTS, registers with gaps, and a last school of its own ways.

    That school has no terms, no afternoon on Fridays, a session on two Saturdays and a class without a form.
    """
    odd = term.base["schools"][-1]["school_id"]
    base: dict[str, list[Row]] = {kind: list(rows) for kind, rows in term.base.items()}
    base["terms"] = [row for row in base["terms"] if row["school_id"] != odd]
    base["calendar"] = [_odd(row) if row["school_id"] == odd else row for row in base["calendar"]]
    base["calendar"] += [
        {"school_id": odd, "date": day, "am": "1", "pm": "0", "kind": "term", "note": ""} for day in SATURDAYS
    ]
    changed = _people(base["pupils"], odd)
    base["pupils"] = [row for rows in changed.values() for row in rows]
    held = {}
    for school in base["schools"]:
        known = Known(school)
        known.take({"calendar": base["calendar"]})
        held[school["school_id"]] = {(day, half) for day, half, _ in known.sessions}
    mine = {upn: held[rows[0]["school_id"]] for upn, rows in changed.items()}
    cast = dict(zip(_spread(changed), TWISTS, strict=False))
    arrivals: list[Arrival] = [
        each
        for arrival in term.arrivals
        if arrival.row["upn"] not in cast
        and (arrival.row["date"], arrival.row["session"]) in mine[arrival.row["upn"]]
        for each in _late(arrival, random)
    ]
    for upn, twist in cast.items():
        there = [held for held in sorted(mine[upn]) if _on_roll(changed[upn], held[0])]
        arrivals += _lived(upn, twist, there, random)
        arrivals += [_told(upn, changed[upn][0]["school_id"], row) for row in twist.history]
    return Term(base, in_order(arrivals))


def _odd(row: Row) -> Row:
    friday = datetime.fromisoformat(row["date"]).isoweekday() == 5
    return {**row, "pm": "0" if friday else row["pm"]}


def _on_roll(rows: Sequence[Row], day: str) -> bool:
    return any(row["admitted_on"] <= day <= (row["left_on"] or FOREVER) for row in rows)


def _spread(pupils: Mapping[str, Sequence[Row]]) -> list[str]:
    """UPNs, a pupil of each school by turns as long as there are any."""
    schools: dict[str, list[str]] = {}
    for upn, rows in pupils.items():
        schools.setdefault(rows[0]["school_id"], []).append(upn)
    turns = max(map(len, schools.values()))
    return [upns[turn] for turn in range(turns) for upns in schools.values() if turn < len(upns)]


def _people(pupils: Sequence[Row], odd: str) -> dict[str, list[Row]]:
    """The rows of each pupil: changed as the twists have it, and of two stays for one who comes back."""
    by_upn: dict[str, list[Row]] = {row["upn"]: [row] for row in pupils}
    for upn, twist in zip(_spread(by_upn), TWISTS, strict=False):
        row = {**by_upn[upn][0], **twist.pupil}
        again = [{**row, "admitted_on": twist.again_from, "left_on": ""}] if twist.again_from else []
        by_upn[upn] = [row, *again]
    first = next(row["form"] for row in pupils if row["school_id"] == odd)
    return {
        upn: [{**row, "form": ""} if (row["school_id"], row["form"]) == (odd, first) else row for row in rows]
        for upn, rows in by_upn.items()
    }


def _late(arrival: Arrival, random: Random) -> Iterator[Arrival]:
    """An ordinary mark: nearly always when it is due, now and then late, before the bell, or never."""
    draw, row = random.random(), arrival.row
    if draw < 0.003:
        return
    if draw < 0.01:
        yield arrival._replace(at=arrival.at + timedelta(days=random.randint(1, 12)))
    elif draw < 0.4 and row["code"] == "/":
        yield arrival._replace(at=_at(row["date"], EARLY))
    else:
        yield arrival


def _lived(upn: str, twist: Twist, sessions: Sequence[tuple[str, str]], random: Random) -> Iterator[Arrival]:
    """The marks of a twisted pupil, each as its register closes, and the fixes."""
    days = sorted({day for day, _ in sessions if "2025-09-01" <= day <= "2025-12-19"})
    codes: dict[tuple[str, str], str] = {}
    for number, text in twist.marks.items():
        for day, token in zip(days[number:], text.split(), strict=False):
            codes |= _day(day, token)
    for day, half in sessions:
        if day in days and codes.get((day, half)) != "":
            present = "/" if half == "AM" else "\\"
            when = AFTERNOON if half == "PM" else EARLY if random.random() < 0.3 else MORNING
            yield Arrival(_at(day, when), "marks", _mark(upn, day, half, codes.get((day, half), present)))
    for number, (later, token) in twist.fixes.items():
        for (day, half), code in _day(days[number], token).items():
            if (day, half) in sessions:
                at = _at(day, AFTERNOON) + timedelta(days=later, hours=1)
                yield Arrival(at, "marks", _mark(upn, day, half, code))


def _day(day: str, token: str) -> dict[tuple[str, str], str]:
    """The two marks of a token; `-` is a mark not taken."""
    morning, afternoon = token.split(",") if "," in token else list(token)
    return {(day, "AM"): morning.replace("-", ""), (day, "PM"): afternoon.replace("-", "")}


def _mark(upn: str, day: str, half: str, code: str) -> Row:
    return {"upn": upn, "date": day, "session": half, "code": code, "minutes_late": ""}


def _told(upn: str, school_id: str, row: Mapping[str, str]) -> Arrival:
    whole = {"upn": upn, "school_id": school_id, **row}
    return Arrival(_at(row["on"], MORNING), "history", whole)


def _at(day: str, at: time) -> datetime:
    return datetime.combine(datetime.fromisoformat(day).date(), at, tzinfo=LONDON)
