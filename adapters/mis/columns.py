"""The files of the CSV folder and their columns, as data (design.md 5, semantics 30)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from typing import Any

from adapters.mis import parse, people, together
from engine.records import EVENTS, Contact, Event, Mark, Pupil, School, SchoolDay, Staff, Term

PHASES = ("primary", "secondary", "special", "all-through", "pru")
TERMS = ("autumn", "spring", "summer")
DAY_KINDS = ("term", "inset", "closure", "exam", "holiday")
PURPOSES = ("absence", "letters", "praise")
ROLES = (
    "attendance_officer", "form_tutor", "head_of_year", "senior_leader", "headteacher", "dsl", "senco",
    "attendance_champion", "mental_health_lead", "office", "translator",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the header, how a cell is read, and what follows when it cannot be.

    `required` columns must stand in the header. A `mild` column never loses its row: a cell that
    cannot be read gives way to the record's own default, with a warning; any other refuses the row.
    `say` asks for a warning where nothing is given. A row whose `kind` is `spared` is treated as if
    the column were mild.
    """

    name: str
    parse: Callable[[str], object] = parse.text
    required: bool = False
    mild: bool = False
    say: bool = False
    spared: str = ""
    field: str = ""

    @property
    def target(self) -> str:
        """The field of the record that it fills."""
        return self.field or self.name


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of file: what its rows become, and what is checked across the columns of a row."""

    kind: str
    record: type[Any]
    columns: tuple[Column, ...]
    check: Callable[[dict[str, Any], together.Warn], None] = together.nothing

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that must stand in the header."""
        return tuple(column.name for column in self.columns if column.required)

    def defaults(self) -> dict[str, object]:
        """What the record takes where nothing is given; empty text where it has no default of its own."""
        own = {f.name: f.default for f in fields(self.record) if f.default is not MISSING}
        return {column.target: own.get(column.target, "") for column in self.columns}


def _must(name: str, parser: Callable[[str], object] = parse.name) -> Column:
    return Column(name, parser, required=True)


def _should(name: str, parser: Callable[[str], object] = parse.name) -> Column:
    return Column(name, parser, required=True, mild=True, say=True)


def _may(name: str, parser: Callable[[str], object] = parse.text) -> Column:
    return Column(name, parser, mild=True)


def _hour(name: str) -> Column:
    return Column(name, parse.clock, say=True)


SHEETS = {
    sheet.kind: sheet
    for sheet in (
        Sheet(
            "schools",
            School,
            (
                _must("school_id"),
                _must("name"),
                _must("phase", parse.one_of(PHASES)),
                _may("la"),
                _may("lessons_per_day", parse.whole(1, 20)),
                _hour("am_opens"),
                _hour("am_closes"),
                _hour("pm_opens"),
                _hour("pm_closes"),
            ),
            together.hours,
        ),
        Sheet(
            "calendar",
            SchoolDay,
            (
                _must("school_id"),
                _must("date", parse.day),
                _must("am", parse.yes_no),
                _must("pm", parse.yes_no),
                _may("kind", parse.one_of(DAY_KINDS)),
                _may("note"),
            ),
            together.sessions_of_day,
        ),
        Sheet(
            "terms",
            Term,
            (
                _must("school_id"),
                _must("year"),
                _must("term", parse.one_of(TERMS)),
                _must("half_term", parse.whole(1, 2)),
                _must("starts", parse.day),
                _must("ends", parse.day),
            ),
            together.span_of_term,
        ),
        Sheet(
            "staff",
            Staff,
            (
                _must("staff_id"),
                _must("school_id"),
                _must("name"),
                _may("email"),
                _should("roles", parse.listed_words(ROLES)),
                _may("covers", parse.listed),
                _may("deputy"),
            ),
        ),
        Sheet(
            "pupils",
            Pupil,
            (
                _must("upn", people.upn),
                _must("school_id"),
                _must("first_name"),
                _should("last_name"),
                _may("date_of_birth", parse.day),
                _may("sex"),
                _must("year_group", people.year_group),
                _may("form"),
                _must("admitted_on", parse.day),
                _may("left_on", parse.day),
                _may("fsm", parse.yes_no),
                _may("sen", people.sen),
                _may("eal", parse.yes_no),
                _may("ethnicity"),
                _may("looked_after", people.protective),
                _may("social_worker", people.protective),
                _may("young_carer", people.protective),
                _may("medical", people.protective),
                _may("flags", parse.listed_words()),
                _may("key_adult"),
            ),
            together.days_of_pupil,
        ),
        Sheet(
            "contacts",
            Contact,
            (
                _must("contact_id"),
                _must("upn"),
                _must("name"),
                _should("relationship"),
                _should("parental_responsibility", parse.yes_no),
                _should("lives_with", parse.yes_no),
                _should("priority", parse.whole(0, 999)),
                _may("phone"),
                _may("email"),
                _may("address"),
                _may("language"),
                _may("may_receive", parse.listed_words(PURPOSES)),
                _may("restriction", people.restriction),
            ),
        ),
        Sheet(
            "history",
            Event,
            (
                _must("upn"),
                Column("school_id", parse.name),
                _must("kind", parse.one_word(EVENTS)),
                _must("on", parse.day),
                Column("from", parse.day, spared="hold", field="from_"),
                Column("until", parse.day, spared="hold"),
                _may("contact_id"),
                _may("outcome"),
                _may("note"),
            ),
            together.span_of_event,
        ),
        Sheet(
            "marks",
            Mark,
            (
                _must("upn"),
                _must("date", parse.day),
                _must("session", parse.session),
                _must("code"),
                _may("school_id"),
                _may("recorded_at", parse.instant),
                _may("minutes_late", parse.minutes_late),
            ),
        ),
    )
}
"""In the order in which the files rest on each other."""
