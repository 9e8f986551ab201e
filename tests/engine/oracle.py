"""Every measure and clause again, slowly: a pupil at a time, a session at a time, no arrays.

Written from the semantics, not from the engine: it shares only the records that come in. What is
missing is not reasoned about but tried: every blank is filled in every way that could turn out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import product
from zoneinfo import ZoneInfo

from engine.records import Event, Pupil, School, SchoolDay, Term
from tests.engine.conditions import All, AnyOf, Condition, Not, Only, Some, Until
from tests.engine.filled import (
    NOT_ON_ROLL,
    Ask,
    Filled,
    Session,
    Value,
    absent,
    leaves_school,
    number_of,
    projected,
    run,
    stand_out,
    starts_school,
    windows,
)

LONDON = ZoneInfo("Europe/London")
OF_AGE = ("sessions_towards_notice", "sessions_towards_return", "days_towards_return")
WHOLE_DAYS = ("finished_absent_days", "days_towards_return")
RUNS = ("consecutive_absent_days", *WHOLE_DAYS)
HISTORY = (
    "events", "days_since_event", "notices_to_one_parent", "school_days", "minutes_since_close",
    "days_since_admission", "days_to_leaving",
)  # fmt: skip
FALSE, UNKNOWN, TRUE = 0, 1, 2
NOT_APPLICABLE = 3


@dataclass
class World:
    """One school, as rows; `marks` by UPN, date and half (0 morning, 1 afternoon)."""

    school: School
    days: tuple[SchoolDay, ...]
    terms: tuple[Term, ...]
    pupils: tuple[Pupil, ...]
    events: tuple[Event, ...]
    marks: Mapping[tuple[str, date, int], str]
    sessions: list[Session] = field(default_factory=list)

    def __post_init__(self) -> None:
        closing = (self.school.am_closes, self.school.pm_closes)
        for row in sorted(self.days, key=lambda row: row.date):
            for half, held in enumerate((row.am, row.pm)):
                if held and row.kind in {"term", "exam"}:
                    closes = datetime.combine(row.date, closing[half], tzinfo=LONDON)
                    self.sessions.append(Session(row.date, half, closes))

    def year(self, on: date) -> str:
        """The school year of a day: the terms' label, else from August to July."""
        for label in dict.fromkeys(term.year for term in self.terms):
            mine = [term for term in self.terms if term.year == label]
            if min(t.starts for t in mine) <= on <= max(t.ends for t in mine):
                return label
        first = on.year - (on < date(on.year, 8, 1))
        return f"{first}/{str(first + 1)[-2:]}"

    def window(self, words: str, as_of: datetime) -> list[Session]:
        """The closed sessions of a window."""
        today = as_of.astimezone(LONDON).date()
        return [s for s in self.sessions if s.closes <= as_of and self.holds(words, s.day, today)]

    def holds(self, words: str, day: date, today: date) -> bool | None:
        """Whether a window holds a day; None where no term tells."""
        if day > today or words in {"whole register", "today"}:
            return day <= today and (words != "today" or day == today)
        if words == "year to date":
            return self.year(day) == self.year(today)
        if words.endswith("term"):
            return self._in_term(words, day, today)
        if "school" not in words:
            _, count, unit = words.split()
            back = {"days": 1, "months": 31, "years": 366}[unit] * int(count)
            if unit == "days":
                return today - day < timedelta(days=back)
            months = int(count) * (12 if unit == "years" else 1)
            return (day.year * 12 + day.month + months, day.day) > (
                today.year * 12 + today.month,
                min(today.day, _last_of_month(today, months)),
            )
        if words.startswith("the "):
            _, count, _, unit, _, _, _, passed = words.split()
        else:
            (_, count, _, unit), passed = words.split(), "0"
        of = _monday if unit == "weeks" else _itself
        begun = sorted({of(s.day) for s in self.sessions if of(s.day) <= today}, reverse=True)
        if not begun:
            return False
        oldest = begun[: int(passed) + int(count)][-1]
        newest = begun[: int(passed)][-1] if int(passed) else date.max
        return oldest <= day < newest

    def _in_term(self, words: str, day: date, today: date) -> bool | None:
        """The half-term or term begun last, or the one before; sessions in none tell that one is missing."""
        spans: dict[tuple[object, ...], tuple[date, date]] = {}
        for term in self.terms:
            key = (term.year, term.term, term.half_term if "half" in words else 0)
            first, last = spans.get(key, (term.starts, term.ends))
            spans[key] = (min(first, term.starts), max(last, term.ends))
        begun = sorted(span for span in spans.values() if span[0] <= today)
        if not begun or any(begun[-1][1] < s.day <= today for s in self.sessions):
            return None
        if words.startswith("last"):
            before = begun[-2][1] if begun[1:] else date.min
            if any(before < s.day < begun[-1][0] for s in self.sessions):
                return None
            begun = begun[:-1]
        return bool(begun) and begun[-1][0] <= day <= begun[-1][1]

    def on_roll(self, upn: str, day: date) -> bool:
        """Whether one of a pupil's spells holds the day."""
        return any(p.admitted_on <= day <= (p.left_on or date.max) for p in self.pupils if p.upn == upn)

    def code(self, upn: str, session: Session) -> str:
        """The mark of a session; empty where none was taken."""
        if not self.on_roll(upn, session.day):
            return NOT_ON_ROLL
        return self.marks.get((upn, session.day, session.half), "")

    def latest(self, upn: str) -> Pupil:
        """The row of a pupil's latest spell."""
        return max((p for p in self.pupils if p.upn == upn), key=lambda p: p.admitted_on)

    def born(self, upn: str) -> date | None:
        """The date of birth on it."""
        return self.latest(upn).date_of_birth

    def judge(self, condition: Condition, upn: str, as_of: datetime) -> int:
        """What a condition says of a pupil: strong Kleene over its clauses, 3 where not on roll.

        Without any session there is no calendar yet, and nothing can be told.
        """
        if not self.on_roll(upn, as_of.astimezone(LONDON).date()):
            return NOT_APPLICABLE
        if isinstance(condition, Only):
            if not condition.whom(self.latest(upn)):
                return NOT_APPLICABLE
            condition = condition.part
        if not self.sessions:
            return UNKNOWN
        return self._hold(condition, upn, as_of)

    def _hold(self, condition: Condition, upn: str, as_of: datetime) -> int:
        if isinstance(condition, All):
            return min(self._hold(part, upn, as_of) for part in condition.parts)
        if isinstance(condition, AnyOf):
            return max(self._hold(part, upn, as_of) for part in condition.parts)
        if isinstance(condition, Some):
            held = [self._hold(part, upn, as_of) for part in condition.parts]
            certain, perhaps = held.count(TRUE), held.count(TRUE) + held.count(UNKNOWN)
            return TRUE if certain >= condition.least else UNKNOWN if perhaps >= condition.least else FALSE
        if isinstance(condition, Not):
            return TRUE - self._hold(condition.part, upn, as_of)
        if isinstance(condition, Until):
            early = as_of.astimezone(LONDON).date() < condition.day
            return self._hold(condition.before if early else condition.then, upn, as_of)
        if isinstance(condition, Only):
            raise TypeError("a scope stands around a condition, not within")
        if self.holds(condition.over, date.min, as_of.astimezone(LONDON).date()) is None:
            return UNKNOWN
        sure = condition.measure not in OF_AGE or self.born(upn) is not None
        return _clause(condition, self._outcomes(condition, upn, as_of), exact=sure)

    def _outcomes(self, ask: Ask, upn: str, as_of: datetime) -> Iterator[Value]:
        """The number for every way the missing facts could turn out; None where nothing was possible."""
        today = as_of.astimezone(LONDON).date()
        if ask.measure == "mark_awaited":
            yield Fraction(self._awaited(ask, upn, as_of, today))
            return
        if ask.measure in HISTORY:
            yield self._of_history(ask, upn, as_of, today)
            return
        if ask.measure == "weekday_pattern":
            yield from self._patterns(ask, upn, as_of)
            return
        fill = {"late_sessions": "L"}.get(ask.measure, next(iter(ask.codes or ("I",))))
        first, second = (self.window(words, as_of) for words in windows(ask))
        if ask.measure == "sessions_since_event":
            first = second = self._since_event(ask, upn, first, today)
        if ask.measure in WHOLE_DAYS:
            unfinished = {session.day for session in self.sessions if session.closes > as_of}
            first = [session for session in first if session.day not in unfinished]
        for code_of in self._ways(upn, sorted({*first, *second}, key=lambda s: s.closes), fill):
            filled, other = ([(session, code_of[session]) for session in part] for part in (first, second))
            if ask.measure == "projected_absence_rate":
                yield projected(filled, other, self._to_come(as_of))
            elif ask.measure in OF_AGE:
                yield from self._of_age(ask, filled, upn, today)
            elif ask.measure == "age_of_oldest":
                yield Fraction(self._age(filled, ask.codes, today))
            elif ask.measure == "lessons_missed":
                yield Fraction(absent(filled) * (self.school.lessons_per_day or 0), 2)
            else:
                yield number_of(ask, filled, other)

    def _told(self, ask: Ask, upn: str, today: date) -> list[Event]:
        """The lines of history that a clause asks for, by day, as far as they are known by a day."""
        mine = [e for e in self.events if e.upn == upn and e.kind in ask.kinds and e.on <= today]
        if ask.outcomes:
            mine = [event for event in mine if event.outcome in ask.outcomes]
        return sorted(mine, key=lambda event: event.on)

    def _of_history(self, ask: Ask, upn: str, as_of: datetime, today: date) -> Value:
        """A number that nothing of the register can change; None where there is none."""
        if ask.measure == "school_days":
            return Fraction(len({s.day for s in self.sessions if self.holds(ask.over, s.day, today)}))
        if ask.measure == "minutes_since_close":
            closes = [s.closes for s in self.sessions if (s.day, s.half) == (today, 0)]
            return Fraction((as_of - closes[0]) // timedelta(minutes=1)) if closes else None
        if ask.measure == "days_since_admission":
            begun = [p.admitted_on for p in self.pupils if p.upn == upn and p.admitted_on <= today]
            return Fraction(len({s.day for s in self.sessions if max(begun) < s.day <= today}))
        if ask.measure == "days_to_leaving":
            stays = [p for p in self.pupils if p.upn == upn and p.admitted_on <= today]
            ends = [p.left_on or date.max for p in stays if today <= (p.left_on or date.max)]
            last = max(ends)
            left = len({s.day for s in self.sessions if today < s.day <= last})
            return Fraction(left) if last < date.max else None
        if ask.measure == "notices_to_one_parent":
            begins = date(2024, 8, 19)
            theirs = [
                notice.contact_id
                for notice in self._standing(today)
                if notice.upn == upn and notice.on >= begins and self.holds(ask.over, notice.on, today)
            ]
            return Fraction(max((sum(c in {"", each} for c in theirs) for each in theirs), default=0))
        told = self._told(ask, upn, today)
        if ask.measure == "events":
            return Fraction(sum(bool(self.holds(ask.over, event.on, today)) for event in told))
        if not told:
            return None
        return Fraction(len({s.day for s in self.sessions if told[-1].on < s.day <= today}))

    def _since_event(self, ask: Ask, upn: str, closed: list[Session], today: date) -> list[Session]:
        """The sessions after the latest event, as long as it lasts; of two on a day the later line."""
        told = self._told(ask, upn, today)
        if not told:
            return []
        event = told[-1]
        last = event.until or date.max
        return [s for s in closed if event.on < s.day <= last and s.day >= (event.from_ or event.on)]

    def _patterns(self, ask: Ask, upn: str, as_of: datetime) -> Iterator[Value]:
        """How many weekdays stand out: each at its least, and at its most, over every way of the blanks."""
        window = self.window(ask.over, as_of)
        most, least = set[int](), set(range(7))
        alarm = ask.one_in * (len({session.day.weekday() for session in window}) or 1)
        for code_of in self._ways(upn, window, ask.codes[0]):
            found = stand_out(list(code_of.items()), ask.codes, alarm)
            most |= found
            least &= found
        yield from {Fraction(len(least)), Fraction(len(most))}

    def _ways(self, upn: str, sessions: Sequence[Session], fill: str) -> Iterator[dict[Session, str]]:
        known = {session: self.code(upn, session) for session in sessions}
        blanks = [session for session, code in known.items() if not code]
        for choice in product((fill, "/", "D"), repeat=len(blanks)):
            yield known | dict(zip(blanks, choice, strict=True))

    def _awaited(self, ask: Ask, upn: str, as_of: datetime, today: date) -> bool:
        """Whether this morning has a session, no mark of this pupil, and its time is not over."""
        mornings = [session for session in self.sessions if (session.day, session.half) == (today, 0)]
        return any(
            not self.code(upn, session) and as_of < session.closes + timedelta(minutes=ask.until)
            for session in mornings
        )

    def _to_come(self, as_of: datetime) -> int:
        """The sessions of this school year whose register has not closed yet."""
        year = self.year(as_of.astimezone(LONDON).date())
        return sum(session.closes > as_of and self.year(session.day) == year for session in self.sessions)

    def _age(self, filled: Filled, codes: tuple[str, ...], today: date) -> int:
        for session, code in filled:
            if code in codes:
                return len({s.day for s in self.sessions if session.day < s.day <= today})
        return 0

    def _of_age(self, ask: Ask, filled: Filled, upn: str, today: date) -> Iterator[Value]:
        """What counts within compulsory school age; without a date of birth none of it, or all."""
        if ask.measure == "sessions_towards_notice":
            notices = [event for event in self._standing(today) if event.upn == upn]
            filled = [each for each in filled if not any(_covers(n, each[0].day) for n in notices)]
        born = self.born(upn)
        spans = [(date.max, date.max), (date.min, date.max)]
        if born is not None:
            spans = [(starts_school(born), leaves_school(born))]
        for first, last in spans:
            counts = [(s, code if first <= s.day <= last else NOT_ON_ROLL) for s, code in filled]
            days = ask.measure == "days_towards_return"
            yield Fraction(run(counts, ask.codes) if days else sum(code in ask.codes for _, code in counts))

    def _standing(self, today: date) -> list[Event]:
        """The notices issued by a day and not withdrawn by then, each withdrawal ending one of them."""
        standing = [e for e in self.events if e.kind == "penalty_notice" and e.outcome != "withdrawn"]
        for withdrawal in sorted(self.events, key=lambda event: event.on):
            if withdrawal.kind != "penalty_withdrawn" or withdrawal.on > today:
                continue
            meant = [
                notice
                for notice in standing
                if notice.upn == withdrawal.upn
                and notice.on <= withdrawal.on
                and withdrawal.contact_id in {"", notice.contact_id}
                and withdrawal.from_ in {None, notice.from_}
            ]
            if meant:
                standing.remove(max(meant, key=lambda notice: notice.on))
        return [notice for notice in standing if notice.on <= today]


def local(day: date, hour: int, minute: int) -> datetime:
    """An instant by the clock in England."""
    return datetime.combine(day, time(hour, minute), tzinfo=LONDON)


def _covers(notice: Event, day: date) -> bool:
    return (notice.from_ or date.min) <= day <= (notice.until or notice.on)


def _clause(ask: Ask, outcomes: Iterable[Value], *, exact: bool) -> int:
    """Whether a clause holds; `exact` where every value of a run that it could have is among the outcomes."""
    values = set(outcomes)
    if ask.comparison == "exactly" and ask.measure in RUNS and ask.needed.denominator != 1:
        return FALSE  # days of a run are whole, also where a birthday is not known
    if ask.comparison == "exactly" and not (exact and ask.measure in RUNS):
        return _between(ask.needed, values)
    held = {value is not None and _meets(value, ask.comparison, ask.needed) for value in values}
    return UNKNOWN if len(held) > 1 else TRUE if held == {True} else FALSE


def _between(needed: Fraction, values: set[Value]) -> int:
    """`exactly` for what is not a run: both extremes decide (semantics 5)."""
    numbers = [value for value in values if value is not None]
    if not numbers or not min(numbers) <= needed <= max(numbers):
        return FALSE
    return TRUE if len(values) == 1 else UNKNOWN


def _meets(value: Fraction, comparison: str, needed: Fraction) -> bool:
    return {
        "at_least": value >= needed,
        "above": value > needed,
        "at_most": value <= needed,
        "below": value < needed,
        "exactly": value == needed,
    }[comparison]


def _last_of_month(day: date, months: int) -> int:
    """The last day of the month so many months before that of a day."""
    number = day.year * 12 + day.month - months  # the number of the month after, from 0
    return (date(number // 12, number % 12 + 1, 1) - timedelta(days=1)).day


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _itself(day: date) -> date:
    return day
