"""Firstbell itself over the store, from its tables to the answers, school by school.

Only what the answers need is read: contacts and staff are not.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from sqlalchemy import Connection

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
from engine.register import Register
from engine.snapshot import Snapshot
from engine.windows import Window

YEAR, TODAY, NOTICE, ALL = map(
    Window.parse, ("year to date", "today", "last 10 school weeks", "whole register")
)
UNAUTHORISED = codes.CODE_SETS["penalty notice"]
WANTED = frozenset({"schools", "calendar", "terms", "pupils", "history"})
SHEET = {sheet.kind: sheet for sheet in SHEETS}


def plain(store: Path) -> Answers:
    """Absent and possible sessions of the year."""
    at = Instants.of([AS_OF])

    def of(db: Connection, school_id: str) -> Answers:
        school, days, terms, pupils = (
            records(SHEET[kind], standing_rows(db, SHEET[kind], school_id))
            for kind in ("schools", "calendar", "terms", "pupils")
        )
        calendar = Calendar.build(school[0], days, terms)
        register = Register.build(calendar, pupils, read_register(db, school_id))
        bounds = YEAR.bounds(calendar, at)
        return {
            "absent": register.count("absent", codes.absent_marks(), bounds)[:, 0],
            "possible": register.count("possible", codes.possible_marks(), bounds)[:, 0],
        }

    return _of_all(store, of)


def measures(store: Path) -> Answers:
    """Every measure of the packs."""
    at = Instants.of([AS_OF])

    def of(db: Connection, school_id: str) -> Answers:
        snapshot = Snapshot.build(_facts(db, school_id))

        def ask(name: str, over: Window, wanted: frozenset[str] = frozenset()) -> Measured:
            return MEASURES[name].of(snapshot, at, Asked(over, wanted))

        rate = ask("absence_rate", YEAR)
        possible = ask("possible_sessions", YEAR)
        today = ask("coded_sessions", TODAY, codes.CODE_SETS["unexplained"])
        notice = ask("sessions_towards_notice", NOTICE, UNAUTHORISED)
        run = ask("consecutive_absent_days", ALL, codes.CODE_SETS["day of absence"])
        age = ask("age_of_oldest", ALL, codes.CODE_SETS["unexplained"])
        blank = ask("missing_marks", YEAR)
        return {
            "absent": rate.numerator[:, 0],
            "possible": possible.numerator[:, 0],
            "blank": possible.missing[:, 0],
            "unexplained_today": today.numerator[:, 0],
            "blank_today": today.missing[:, 0],
            "towards_notice": notice.numerator[:, 0],
            "towards_notice_least": notice.low[:, 0],
            "towards_notice_most": notice.high[:, 0],
            "run_shortest": run.low[:, 0],
            "run_longest": run.high[:, 0],
            "run_blank": run.missing[:, 0],
            "age_of_n": age.numerator[:, 0],
            "age_of_n_most": age.high[:, 0],
            "age_of_n_blank": age.missing[:, 0],
            "class_blank": blank.numerator[:, 0],
        }

    return _of_all(store, of)


def read(store: Path) -> None:
    """The register alone, as cells."""
    _of_all(store, lambda db, school_id: {"cells": np.array([read_register(db, school_id).cells.size])})


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
