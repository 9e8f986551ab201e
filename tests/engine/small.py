"""Small schools and small rules, for tests that a reader takes in whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from engine.records import Event, Pupil, Term
from engine.rulebook.model import Rule
from engine.rulebook.rulebook import Rulebook, Source, read_rulebook
from engine.sample import MONDAY, school
from engine.snapshot import Snapshot


def small(
    *lines: str,
    first: date = MONDAY,
    events: Sequence[Event] = (),
    terms: Sequence[Term] = (),
    pupil: Pupil | None = None,
) -> Snapshot:
    """A school of pupils P1, P2, ... with these marks from a Monday on; `pupil` stands for P1."""
    facts = school(*lines, first=first).facts
    pupils = (pupil, *facts.pupils[1:]) if pupil else facts.pupils
    return Snapshot.build(replace(facts, pupils=pupils, events=tuple(events), terms=tuple(terms)))


def p1() -> Pupil:
    """The ordinary pupil of `small`."""
    return school("//").facts.pupils[0]


def book(when: str, more: str = "", because: str = "it holds") -> Rulebook:
    """A rulebook of one rule named `tried`; a mistake in it is a ValueError."""
    text = f"""pack: tried
rules:
  tried:
    title: Tried
    because: "{because}"
    when: {when}
    autonomy: send
    then:
      - task: {{do: look, by: office, due: same day}}
{more}"""
    found = read_rulebook([Source("trust", "tried.yaml", text)])
    if found.problems:
        raise ValueError("; ".join(map(str, found.problems)))
    return found


def rule(when: str, more: str = "", because: str = "it holds") -> Rule:
    """The rule of such a rulebook."""
    return book(when, more, because).rule("tried")
