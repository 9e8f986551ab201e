"""What is believed of a school (a projection) and the journal it is a projection of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class SchoolRow(SQLModel, table=True):
    """A school and the hours of its registers (HH:MM:SS, local time)."""

    __tablename__ = "school"

    school_id: str = Field(primary_key=True)
    name: str
    phase: str
    la: str
    lessons_per_day: int | None
    am_opens: str
    am_closes: str
    pm_opens: str
    pm_closes: str


class SchoolDayRow(SQLModel, table=True):
    """One calendar day of one school."""

    __tablename__ = "calendar"

    school_id: str = Field(primary_key=True)
    date: str = Field(primary_key=True)
    am: bool
    pm: bool
    kind: str
    note: str


class TermRow(SQLModel, table=True):
    """Half a term of one school."""

    __tablename__ = "term"

    school_id: str = Field(primary_key=True)
    year: str = Field(primary_key=True)
    term: str = Field(primary_key=True)
    half_term: int = Field(primary_key=True)
    starts: str
    ends: str


class StaffRow(SQLModel, table=True):
    """A member of staff; `roles` and `covers` are lists with `;` between."""

    __tablename__ = "staff"

    school_id: str = Field(primary_key=True)
    staff_id: str = Field(primary_key=True)
    name: str
    email: str
    roles: str
    covers: str
    deputy: str


class PupilRow(SQLModel, table=True):
    """One enrolment; `flags` is a list with `;` between."""

    __tablename__ = "pupil"

    school_id: str = Field(primary_key=True)
    upn: str = Field(primary_key=True)
    admitted_on: str = Field(primary_key=True)
    left_on: str
    first_name: str
    last_name: str
    year_group: str
    form: str
    date_of_birth: str
    sex: str
    fsm: bool
    sen: str
    eal: bool
    ethnicity: str
    looked_after: bool
    social_worker: bool
    young_carer: bool
    medical: bool
    flags: str
    key_adult: str


class ContactRow(SQLModel, table=True):
    """One link between a person and a pupil, as one school of the pupil knows it."""

    __tablename__ = "contact"

    school_id: str = Field(primary_key=True)
    contact_id: str = Field(primary_key=True)
    upn: str = Field(primary_key=True)
    name: str
    relationship: str
    parental_responsibility: bool
    lives_with: bool
    priority: int
    phone: str
    email: str
    address: str
    language: str
    may_receive: str
    restriction: str


class EventRow(SQLModel, table=True):
    """One line of a pupil's history."""

    __tablename__ = "event"

    school_id: str = Field(primary_key=True)
    upn: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    on: str = Field(primary_key=True)
    contact_id: str = Field(primary_key=True)
    from_: str = Field(primary_key=True)
    until: str
    outcome: str
    note: str


class RegisterWeekRow(SQLModel, table=True):
    """One pupil's school week: `marks` is ten slots of two characters, Monday AM to Friday PM.

    Two spaces: no mark taken; `..`: the calendar holds no session there (for readers of this table:
    the calendar counts). Fourteen slots where there is a weekend session. `week` is its Monday.
    """

    __tablename__ = "register_week"
    __table_args__ = {"sqlite_with_rowid": False}

    school_id: str = Field(primary_key=True)
    upn: str = Field(primary_key=True)
    week: str = Field(primary_key=True)
    marks: str


class JournalBatchRow(SQLModel, table=True):
    """What one import of one file changed at one school, for ever: `delta` is one compressed blob.

    `kind` says how to read it, `rows` how many rows it changed, `digest` is the SHA-256 of the blob.
    """

    __tablename__ = "journal_batch"
    __table_args__ = (
        Index("ix_journal_batch_recorded", "school_id", "recorded_at"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    school_id: str
    kind: str
    file: str
    recorded_at: datetime
    source: str
    rows: int
    digest: str
    delta: bytes
