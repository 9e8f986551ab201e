"""Firstbell itself over the store, from its tables to the answers, school by school.

Only what the answers need is read: contacts and staff are not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, select

from adapters.store.connect import engine_for
from adapters.store.facts import school_ids
from adapters.store.register import read_register
from adapters.store.sheets import SHEETS, records, standing_rows
from benchmarks.asked import AS_OF, Answers
from engine import codes
from engine.calendar import Calendar
from engine.instants import Instants
from engine.measures import MEASURES, Asked, Measured
from engine.records import SchoolFacts
from engine.register import Register, Stay
from engine.snapshot import Snapshot
from engine.windows import Window

YEAR, TODAY, NOTICE, ALL, LATE = map(
    Window.parse,
    ("year to date", "today", "last 10 school weeks", "whole register", "last 4 school weeks"),
)
ILL, UNAUTHORISED = codes.CODE_SETS["illness"], codes.CODE_SETS["penalty notice"]
RUNS = (
    ("run", "consecutive_absent_days", codes.CODE_SETS["day of absence"]),
    ("joint", "finished_absent_days", frozenset("GNO")),
    ("return", "days_towards_return", UNAUTHORISED),
    ("sick", "days_towards_return", ILL),
)
WANTED = frozenset({"schools", "calendar", "terms", "pupils", "history"})
SHEET = {sheet.kind: sheet for sheet in SHEETS}


def plain(store: Path) -> Answers:
    """Absent and possible sessions of the year."""
    at = Instants.of([AS_OF])

    def of(db: Connection, school_id: str) -> Answers:
        school, days, terms = (
            records(SHEET[kind], standing_rows(db, SHEET[kind], school_id))
            for kind in ("schools", "calendar", "terms")
        )
        calendar = Calendar.build(school[0], days, terms)
        register = Register.build(calendar, _stays(db, school_id), read_register(db, school_id))
        bounds = YEAR.bounds(calendar, at)
        return {
            "absent": register.count("absent", codes.absent_marks(), bounds)[:, 0],
            "possible": register.count("possible", codes.possible_marks(), bounds)[:, 0],
        }

    return _of_all(store, of)


def measures(store: Path) -> Answers:
    """Every measure that the shipped packs ask for."""
    at = Instants.of([AS_OF])

    def of(db: Connection, school_id: str) -> Answers:
        snapshot = Snapshot.build(_facts(db, school_id))

        def ask(name: str, over: Window, wanted: frozenset[str] = frozenset()) -> Measured:
            return MEASURES[name].of(snapshot, at, Asked(over, wanted))

        today = ask("coded_sessions", TODAY, codes.CODE_SETS["unexplained"])
        notice = ask("sessions_towards_notice", NOTICE, UNAUTHORISED)
        ill = ask("sessions_towards_return", YEAR, ILL)
        change = ask("absence_change", LATE)
        age = ask("age_of_oldest", ALL, codes.CODE_SETS["unexplained"])
        found = {
            "unexplained_today": today.numerator,
            "blank_today": today.missing,
            "towards_notice": notice.numerator,
            "towards_notice_least": notice.low,
            "towards_notice_most": notice.high,
            "ill": ill.numerator,
            "ill_least": ill.low,
            "ill_most": ill.high,
            "change": change.numerator,
            "change_least": change.low,
            "change_most": change.high,
            "change_of": change.denominator,
            "change_of_whole": change.whole,
            "age_of_n": age.numerator,
            "age_of_n_most": age.high,
            "age_of_n_blank": age.missing,
            "class_blank": ask("missing_marks", YEAR).numerator,
        }
        for prefix, over in (("", YEAR), ("late_", LATE), ("early_", LATE.before)):
            rate = ask("absence_rate", over)
            found[f"{prefix}absent"], found[f"{prefix}blank"] = rate.numerator, rate.missing
            found[f"{prefix}possible"] = ask("possible_sessions", over).numerator
        for prefix, name, wanted in RUNS:
            run = ask(name, ALL, wanted)
            found[f"{prefix}_shortest"], found[f"{prefix}_longest"] = run.numerator, run.high
            found[f"{prefix}_blank"] = run.missing
            if name == "days_towards_return":
                found[f"{prefix}_least"] = run.low
        return {name: numbers[:, 0] for name, numbers in found.items() if numbers is not None}

    return _of_all(store, of)


def read(store: Path) -> None:
    """The register alone, as cells."""
    _of_all(store, lambda db, school_id: {"cells": np.array([read_register(db, school_id).cells.size])})


def _stays(db: Connection, school_id: str) -> list[Stay]:
    """Who is on roll when: all that plain counts ask of a pupil."""
    table, day = SHEET["pupils"].table.c, cache(date.fromisoformat)
    wanted = select(table.upn, table.admitted_on, table.left_on).where(table.school_id == school_id)
    return [(upn, day(on), day(off) if off else None) for upn, on, off in db.execute(wanted).all()]


def _facts(db: Connection, school_id: str) -> SchoolFacts:
    school, days, terms, staff, pupils, contacts, events = (
        records(sheet, standing_rows(db, sheet, school_id)) if sheet.kind in WANTED else ()
        for sheet in SHEETS
    )
    return SchoolFacts(school[0], days, terms, staff, pupils, contacts, events, read_register(db, school_id))


def _of_all(store: Path, of: Callable[[Connection, str], Answers]) -> Answers:
    engine = engine_for(store)
    with engine.connect() as db, db.begin():
        found = [of(db, school_id) for school_id in school_ids(db)]
    engine.dispose()
    return {name: np.concatenate([each[name] for each in found]) for name in found[0]}
