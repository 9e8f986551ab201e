"""A term lived day by day: import, explain, run; and every answer held against the plain one."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import product, zip_longest
from pathlib import Path

from adapters.bootstrap import Service
from adapters.demo import write
from adapters.mis.csv_folder import CsvFolder
from adapters.mis.quarantine import QuarantineFolder
from tests.term.arrivals import Term
from tests.term.clauses import Size
from tests.term.known import Known, Moment, Row
from tests.term.plain import AFTER, FIRST, NOT_APPLICABLE, RULES, Answer, judged
from workflows.explaining import explained
from workflows.take_in import take_in

Json = dict[str, object]
Key = tuple[str, str, str]
Decided = tuple[str, str, str, str]
FOLLOWS = dict.fromkeys(("act", "propose", "hold", "suppress"), "matched") | {"unknown": "unknown"}
"""What a rule must have said of a subject for a run to decide so; a withdrawal is about an earlier day."""
ACTS = frozenset({"act", "propose"})
DECIDED = frozenset(FOLLOWS.values())
CENT = Fraction(51, 10_000)
SOME, ENOUGH = 19, 5
WAITS, MAY_ACT = "waits", "may act"


@dataclass
class Walk:
    """One service and the plain schools beside it, both told the same at the same time."""

    service: Service
    folder: Path
    term: Term
    schools: dict[str, Known] = field(default_factory=dict)
    told: datetime | None = None
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    sessions: int = 0
    wrong: list[str] = field(default_factory=list)

    def live(self, moments: Sequence[datetime]) -> None:
        """Import what arrives until each instant, look, run; stop once there is enough to complain of.

        At the end of it some instants are looked back at.
        """
        for number, moment in enumerate(moments):
            self._take(moment)
            wanted: set[Decided] = set()
            for school_id in self.schools:
                plain = self.plain(school_id, moment)
                self.compare(school_id, moment, moment, plain)
                wanted |= {(*key, answer.result) for key, answer in plain.items() if answer.result in DECIDED}
                if number % SOME == SOME - 1:
                    self._remembered(school_id, moment).write_bytes(pickle.dumps(plain))
            self._decided(moment, wanted)
            if len(self.wrong) > ENOUGH:
                return
        for moment in moments[SOME - 1 :: SOME]:
            self.look_back(moment)

    def look_back(self, moment: datetime) -> None:
        """An earlier instant again: as it was known then, and as it is known now."""
        for school_id in self.schools:
            then = pickle.loads(self._remembered(school_id, moment).read_bytes())  # noqa: S301 - our own
            self.compare(school_id, moment, moment, then)
            self.compare(school_id, moment, self.told or moment, self.plain(school_id, moment))

    def plain(self, school_id: str, moment: datetime) -> dict[Key, Answer]:
        """The plain answers of one school by school, subject and rule."""
        known = self.schools[school_id]
        return {
            (school_id, subject, rule): answer
            for subject, rule, answer in judged(known, Moment(known, moment))
        }

    def compare(
        self, school_id: str, moment: datetime, known_at: datetime, plain: Mapping[Key, Answer]
    ) -> None:
        """Note every difference in result, evidence or shortfall, and every subject one side lacks."""
        store, library = self.service.store, self.service.library
        lines = explained(store, library, moment, known_at, schools=(school_id,))
        engine = {(str(line["school_id"]), _subject(line), str(line["rule"])): line for line in lines}
        for key in sorted(set(engine) ^ set(plain)):
            self._note(moment, key, plain.get(key), engine.get(key))
        for key in sorted(set(engine) & set(plain)):
            answer, line = plain[key], engine[key]
            self.seen[key[2], answer.result] += 1
            if answer.not_yet is not None:
                self.seen[key[2], WAITS if answer.not_yet else MAY_ACT] += 1
            self.sessions += sum(len(_listed(clause)) for clause in answer.evidence)
            if _differs(answer, line):
                self._note(moment, key, answer, line)

    def _take(self, moment: datetime) -> None:
        """What arrived since the last time, by the front door and into the plain schools."""
        if self.told is None:
            self._import(self.term.base, moment - timedelta(hours=2))
            self.schools = {row["school_id"]: Known(row) for row in self.term.base["schools"]}
            self._tell(self.term.base)
        files = self.term.between(self.told or moment - timedelta(days=90), moment)
        if files:
            self._import(files, moment - timedelta(minutes=1))
            self._tell(files)
        self.told = moment

    def _tell(self, files: Mapping[str, Sequence[Row]]) -> None:
        for known in self.schools.values():
            known.take(files)

    def _import(self, files: Mapping[str, Sequence[Row]], at: datetime) -> None:
        folder = self.folder / f"{at:%m-%d-%H%M}"
        write({kind: [dict(row) for row in rows] for kind, rows in files.items()}, folder)
        quarantine = QuarantineFolder(self.service.store_folder)
        receipt = take_in(self.service.store, CsvFolder([folder]), at, quarantine, _silent)
        if receipt.refused or receipt.unreadable:
            report = Path(receipt.quarantine).read_text("utf-8") if receipt.quarantine else ""
            self.wrong.append(f"{at}: not all was taken in: {receipt.unreadable} {report[:500]}")

    def _remembered(self, school_id: str, moment: datetime) -> Path:
        """Where the plain answers of an instant wait: a term of them at once would fill the memory."""
        return self.folder / f"{school_id}-{moment:%m-%d-%H%M}.answers"

    def _decided(self, moment: datetime, wanted: set[Decided]) -> None:
        """A run decides about exactly those of whom a rule holds, or cannot be told."""
        done = self.service.run_day.run(moment, moment, in_full=True)
        decisions = {
            (school.school_id, str(line["subject"]), str(line["rule"]), FOLLOWS[str(line["outcome"])])
            for school in done.schools
            for line in school.decisions
            if line["outcome"] in FOLLOWS
        }
        for school in done.schools:
            for line in school.decisions:
                if line["outcome"] in ACTS:
                    acted = self.schools[school.school_id].acted
                    acted.setdefault((str(line["subject"]), str(line["rule"])), moment)
        for school_id, subject, rule, result in sorted(decisions ^ wanted):
            side = "the run" if (school_id, subject, rule, result) in decisions else "the plain rule"
            self.wrong.append(f"{moment} {school_id} {subject} {rule}: only {side} says {result}")

    def _note(
        self, moment: datetime, key: Key, plain: Answer | None, line: Mapping[str, object] | None
    ) -> None:
        self.wrong.append(f"{moment:%a %Y-%m-%d %H:%M} {' '.join(key)}\n{_told(plain, line)}")


def tame(seen: Mapping[tuple[str, str], int], never_unknown: Sequence[str]) -> list[str]:
    """The answers of each rule that a term never gave: it was too tame to show anything there."""
    wanted = [*product(RULES, ("matched", "not_matched", "unknown", NOT_APPLICABLE))]
    wanted += product((*FIRST, *AFTER), (WAITS, MAY_ACT))
    return [
        f"{rule}: {result}"
        for rule, result in wanted
        if not seen.get((rule, result)) and (result != "unknown" or rule not in never_unknown)
    ]


def _told(plain: Answer | None, line: Mapping[str, object] | None) -> str:
    """Both answers; of the evidence the clauses that differ."""
    if plain is None or line is None:
        return f"  only {'the plain rules speak' if plain else 'the engine speaks'} of this"
    theirs = line["evidence"]
    pairs = zip_longest(plain.evidence, theirs if isinstance(theirs, list) else [])
    short = [(measure, str(by), unit) for measure, by, unit in plain.short_by]
    said = [
        f"  plain:  {plain.result} {json.dumps(short)} {plain.not_yet or ''}",
        f"  engine: {line['result']} {json.dumps(line['short_by'])} {line['because']}",
    ]
    for ours, other in pairs:
        if ours != other:
            said += [f"  plain:  {json.dumps(ours)}", f"  engine: {json.dumps(other)}"]
    return "\n".join(said)


def _differs(answer: Answer, line: Mapping[str, object]) -> bool:
    return (
        line["result"] != answer.result
        or line["evidence"] != list(answer.evidence)
        or not _as_short(answer, line["short_by"])
        or str(line["because"]).partition("; not yet: ")[2] != (answer.not_yet or "")
    )


def _as_short(answer: Answer, short_by: object) -> bool:
    """Whether the shortfalls are those, to the two decimals that are shown; none reads as 0 that is there."""
    if not isinstance(short_by, list) or len(short_by) != len(answer.short_by):
        return False
    return all(
        (line["measure"], line["unit"]) == (measure, unit)
        and (line["by"] is None if by is None else _near(line["by"], by))
        for line, (measure, by, unit) in zip(short_by, answer.short_by, strict=True)
    )


def _near(shown: object, by: Size) -> bool:
    return shown is not None and abs(Fraction(str(shown)) - by) <= CENT and (shown == 0) == (by == 0)


def _listed(clause: Mapping[str, object]) -> list[object]:
    sessions = clause["sessions"]
    return sessions if isinstance(sessions, list) else []


def _subject(line: Mapping[str, object]) -> str:
    return str(line["upn"]) if line["subject"] == "pupil" else f"class:{line['class']}"


def _silent(_file: str, _done: int, _total: int) -> None:
    """Nobody waits for a bar."""
