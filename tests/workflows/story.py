"""A small school that lives through a few days: what the stories of the workflows are told with.

Twenty school days, everybody in, stand before Monday 10 November 2025; a story begins there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from adapters.rule_files import read_library
from adapters.store import SqlStore
from engine.inference.agree import Inference
from engine.instants import read_instant
from engine.records import Contact, Event, Mark, Pupil, School, SchoolDay, Staff, Term
from engine.rulebook.rulebook import Source
from engine.sample import tokens, weekdays
from messaging.channels import by_kind
from messaging.channels.channel import Accepted, Outgoing, Sent
from messaging.templates import Template, load
from workflows.acting import Acting
from workflows.deliver import Deliver, Delivered
from workflows.explaining import explained
from workflows.library import Library, SchoolSource
from workflows.ports import Record
from workflows.run_day import Run, RunDay
from workflows.run_school import RunSchool
from workflows.settings import Settings
from workflows.subjects import Json
from workflows.values import Case, Message, MessageState, Task, TaskState

RULES = Path(__file__).parents[2] / "rules"
FIRST, BACK = date(2025, 10, 6), date(2025, 11, 3)
BEFORE = (*weekdays(FIRST, 15), *weekdays(BACK, 5))
SCHOOL_DAYS = (*weekdays(FIRST, 15), *weekdays(BACK, 35))
STAFF = (
    Staff("ao", "S", "Asha Officer", roles=("attendance_officer",)),
    Staff("tutor", "S", "Tom Tutor", roles=("form_tutor",), covers=("8A",)),
    Staff("hoy", "S", "Hal Year", roles=("head_of_year",), covers=("8",)),
    Staff("slt", "S", "Sol Lead", roles=("senior_leader",)),
    Staff("head", "S", "Hana Head", roles=("headteacher",)),
)


def pupil(upn: str, **told: object) -> Pupil:
    """A pupil of 8A about whom there is nothing to say but what is told."""
    plain = Pupil(upn, "S", f"Kit{upn}", "Kite", "8", date(2024, 9, 1), None, date(2013, 5, 1), form="8A")
    return replace(plain, **told)  # type: ignore[arg-type]


def contact(upn: str, number: int = 1, **told: object) -> Contact:
    """The pupil's nth contact: a parent at home with a mobile of their own."""
    phone = f"07700 900{int(upn.strip('P')):02}{number}"
    plain = Contact(f"{upn}-{number}", upn, "A Parent", "parent", True, True, number, phone)  # noqa: FBT003
    return replace(plain, **told)  # type: ignore[arg-type]


@cache
def shipped() -> Library:
    """The rules as shipped, without the duties: a story is about its pupils."""
    whole = with_duties()
    return Library(tuple(each for each in whole.files if not each.source.file.endswith("duties.yaml")))


@cache
def with_duties() -> Library:
    """All that is shipped."""
    return read_library(RULES / "england", RULES / "trust", RULES / "schools")


@cache
def inference() -> Inference:
    """Both engines, made once."""
    return Inference.here()


@cache
def templates() -> dict[tuple[str, str, str], Template]:
    """The templates as shipped."""
    return load()


@dataclass
class Post:
    """A channel that keeps what it took; `answers` may have something else to say, once each."""

    name: str = "post"
    real: bool = False
    repeatable: bool = True
    per_minute: int = 0
    remembers: timedelta | None = None
    took: list[Outgoing] = field(default_factory=list)
    answers: list[Sent | BaseException] = field(default_factory=list)
    deaf: bool = False

    def withheld(self, to: str) -> str:
        """Nothing is."""
        return ""

    def send(self, outgoing: Outgoing) -> Sent:
        """Take it, unless an answer was laid out; one that is an exception comes after taking it."""
        answer = self.answers.pop(0) if self.answers else Accepted(f"ref-{outgoing.message_id}")
        if isinstance(answer, BaseException):
            self.took.append(outgoing)
            raise answer
        if isinstance(answer, Accepted):
            self.took.append(outgoing)
        return answer

    def find(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """What was taken under this id."""
        if self.deaf:
            raise OSError("nobody answers")
        return next(
            (Accepted(f"ref-{one.message_id}") for one in self.took if one.message_id == outgoing.message_id),
            None,
        )


@dataclass
class Story:
    """One school in a real store, with a clock that the story moves."""

    store: SqlStore
    library: Library = field(default_factory=shipped)
    settings: Settings = field(default_factory=Settings)
    post: Post = field(default_factory=Post)
    now: datetime = field(default_factory=lambda: read_instant("2025-11-07T16:00"))
    upns: tuple[str, ...] = ()

    def opens(
        self,
        *pupils: Pupil,
        contacts: tuple[Contact, ...] | None = None,
        staff: tuple[Staff, ...] = STAFF,
        history: tuple[Event, ...] = (),
        before: Mapping[str, str] | None = None,
        blank: tuple[str, ...] = (),
    ) -> Story:
        """The school with these pupils; `before` holds marks of the twenty days from Monday 6 October on."""
        self.upns = tuple(each.upn for each in pupils)
        days = [SchoolDay("S", day, am=True, pm=True) for day in SCHOOL_DAYS]
        terms = [
            Term("S", "2025/26", "autumn", 1, date(2025, 9, 1), date(2025, 10, 24)),
            Term("S", "2025/26", "autumn", 2, BACK, date(2025, 12, 19)),
        ]
        own = tuple(contact(each.upn) for each in pupils) if contacts is None else contacts
        marks: list[Mark] = []
        for each in pupils:
            told = tokens((before or {}).get(each.upn, ""))
            for number, day in enumerate(BEFORE):
                marks += _day(each.upn, day, told[number] if number < len(told) else ("/", "\\"))
        with self.store.transaction() as unit:
            batches: tuple[tuple[str, list[Record]], ...] = (
                ("schools", [School("S", "Sample School", "secondary", lessons_per_day=5)]),
                ("calendar", [*days]),
                ("terms", [*terms]),
                ("staff", [*staff]),
                ("pupils", [*pupils]),
                ("contacts", [*own]),
                ("history", [*history]),
                ("marks", [mark for mark in marks if mark.code and mark.upn not in blank]),
            )
            for kind, records in batches:
                unit.take(kind, "S", records, self.now, f"{kind}.csv")
        return self

    def learns(self, when: str, *records: Record) -> Story:
        """Records of one kind come in at an instant."""
        self.now = max(self.now, read_instant(when))
        with self.store.transaction() as unit:
            unit.take("told", "S", records, self.now, "told.csv")
        return self

    def register(self, when: str, day: str = "", /, **told: str) -> Story:
        """The register of a day comes in: the pupils told, all others present (`told` may be `N/`, `N-`)."""
        on = date.fromisoformat((day or when)[:10])
        marks = [m for upn in self.upns for m in _day(upn, on, tokens(told.get(upn, "//"))[0])]
        return self.learns(when, *marks)

    def corrects(self, when: str, upn: str, day: str, token: str) -> Story:
        """One pupil's marks of one day are put right."""
        return self.learns(when, *_day(upn, date.fromisoformat(day), tokens(token)[0]))

    def run(self, when: str, known_at: str = "", *, dry: bool = False, release: tuple[str, ...] = ()) -> Run:
        """Run as of an instant; the clock stands there too, if it was not later already."""
        self.now = max(self.now, read_instant(when))
        known = read_instant(known_at) if known_at else None
        return self.run_day().run(read_instant(when), known, dry=dry, release=release, in_full=True)

    def run_day(
        self,
        infer: Inference | None = None,
        store: SqlStore | None = None,
        words: Mapping[tuple[str, str, str], Template] | None = None,
    ) -> RunDay:
        """The use case itself, on another inference, store or set of templates where one is given."""
        return RunDay(
            RunSchool(
                store or self.store,
                self.library,
                infer or inference(),
                words or templates(),
                self.settings,
                lambda: self.now,
            )
        )

    def send(self, when: str, *only: str) -> Delivered:
        """Send what may leave at an instant."""
        self.now = max(self.now, read_instant(when))
        return self.deliverer().deliver(read_instant(when), only)

    def deliverer(self) -> Deliver:
        """The use case itself."""
        return Deliver(
            self.store, self.library, by_kind(self.post), lambda: self.now, self.settings, templates()
        )

    def acts(self) -> Acting:
        """What people do about tasks, at the time of the story."""
        return Acting(self.store, self.library, self.settings, lambda: self.now)

    def explain(self, when: str, upn: str, rule: str, known_at: str = "") -> Json:
        """What one rule says of one pupil."""
        known = read_instant(known_at) if known_at else self.now
        (line,) = explained(self.store, self.library, read_instant(when), known, [upn], [rule])
        return line

    def tasks(self, *states: TaskState, rule: str = "") -> list[Task]:
        """Tasks in these states (open ones, if none is named), of one rule or of all."""
        with self.store.reading() as unit:
            found = unit.tasks("S", states or (TaskState.OPEN,))
        return [task for task in found if rule in ("", task.rule)]

    def messages(self, *states: MessageState) -> list[Message]:
        """Messages in these states, or all."""
        with self.store.reading() as unit:
            return list(unit.messages("S", states))

    def cases(self, ladder: str = "") -> list[Case]:
        """Cases of one ladder, or all."""
        with self.store.reading() as unit:
            return [case for case in unit.cases("S") if ladder in ("", case.ladder)]

    def standing(self) -> tuple[object, ...]:
        """Everything that stands: cases, tasks, messages."""
        every = tuple(TaskState)
        return (*self.cases(), *self.tasks(*every), *self.messages())

    def ledger(self, kind: str = "") -> list[dict[str, object]]:
        """What the entries of a kind (of all) say, oldest first."""
        with self.store.reading() as unit:
            return [line.content or {} for line in unit.ledger("S") if kind in ("", line.kind)]


def outcomes(run: Run, upn: str = "P1") -> dict[str, str]:
    """What a run decided of a pupil, by rule."""
    return {
        str(line["rule"]): str(line["outcome"]) for line in run.schools[0].decisions if line["subject"] == upn
    }


def reasons(run: Run, rule: str, upn: str = "P1") -> list[object]:
    """Why, for one rule."""
    (line,) = [d for d in run.schools[0].decisions if d["subject"] == upn and d["rule"] == rule]
    found = line["reasons"]
    return found if isinstance(found, list) else []


def names(tasks: list[Task], prefix: str = "") -> list[str]:
    """The rules of some tasks (those that begin like this), sorted."""
    return sorted(task.rule for task in tasks if task.rule.startswith(prefix))


def changed(library: Library, file: str, old: str, new: str) -> Library:
    """The same rules with some words of one file changed; ValueError where they do not stand there."""
    if not any(one.source.file.endswith(file) and old in one.source.text for one in library.files):
        raise ValueError(f"{old!r} does not stand in {file}")
    return Library(
        tuple(
            SchoolSource(
                Source(one.source.layer, one.source.file, one.source.text.replace(old, new)), one.school_id
            )
            if one.source.file.endswith(file)
            else one
            for one in library.files
        )
    )


def _day(upn: str, on: date, codes: tuple[str, str]) -> Iterator[Mark]:
    for half, code in zip(("AM", "PM"), codes, strict=True):
        yield Mark(upn, "S", on, half, code)
