"""Numbers of a class or a school: every way that the blanks could turn out, tried."""

from __future__ import annotations

from itertools import product
from random import Random

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.explain import explain
from engine.instants import Instants
from engine.match import Judge
from engine.measures import MEASURES, Asked
from engine.reasons import Result
from engine.sample import AFTER
from engine.snapshot import Snapshot
from engine.windows import Window
from tests.engine import worlds
from tests.engine.filled import absent, possible
from tests.engine.small import rule, small

CODES = ("I", "N")
FEW = 4


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(seed=st.integers(0, 2**32), words=st.sampled_from(["today", "year to date", "last 2 school weeks"]))
def test_members_are_added_up_over_every_way_of_their_blanks(seed: int, words: str) -> None:
    """Pupils absent of a class and of the school, and the school's absence, lie in and reach their bounds."""
    random = Random(seed)  # noqa: S311
    some = worlds.world(random, 4, 3)
    moments = worlds.instants(random, some)
    snapshot = worlds.snapshot(some)
    judge = Judge(snapshot, Instants.of(moments))
    for kind, name in (
        ("class", "pupils_absent"),
        ("school", "pupils_absent"),
        ("school", "school_absence_rate"),
    ):
        asked = Asked(Window.parse(words), frozenset(CODES), subject=kind)
        found = judge.measure(MEASURES[name], asked)
        for (row, members), (number, moment) in product(_members(snapshot, kind), enumerate(moments)):
            window = some.window(words, moment)
            ways = [list(some._ways(upn, window, "I")) for upn in members]
            if np.prod([len(each) for each in ways]) > 3**FEW:
                continue
            values = set()
            for way in product(*ways):
                filled = [list(each.items()) for each in way]
                if name == "pupils_absent":
                    values.add(sum(any(code in CODES for _, code in each) for each in filled))
                else:
                    away, there = sum(map(absent, filled)), sum(map(possible, filled))
                    values |= {away * 1000 // there} if there else set()
            if found.whole is not None:
                whole = int(found.whole[row, number])
                bounds = (
                    {int(n[row, number]) * 1000 // whole for n in (found.low, found.high)} if whole else set()
                )
            else:
                bounds = {int(found.low[row, number]), int(found.high[row, number])}
            assert {min(values, default=0), max(values, default=0)} == (bounds or {0})


def _members(snapshot: Snapshot, kind: str) -> list[tuple[int, list[str]]]:
    upns = snapshot.register.upns
    if kind == "school":
        return [(0, list(upns))]
    by_class = enumerate(snapshot.classes)
    return [
        (row, [u for u, no in zip(upns, snapshot.class_no, strict=True) if no == row]) for row, _ in by_class
    ]


def test_a_rule_about_the_school_speaks_of_one_subject() -> None:
    """One row whoever is there, if the phase is meant, and nothing is said of one pupil's code."""
    when = "{pupils_absent: {over: whole register, codes: illness, at_least: 2}}"
    about = "    subject: school\n    applies_to: {phases: [%s]}\n"
    judge = Judge(small("II", "I/", "//"), AFTER)
    spoken = judge.judge(rule(when, about % "secondary", "{pupils_absent.dates}{pupils_absent.codes}"))
    assert spoken.results.tolist() == [[2]]
    said = explain(judge, spoken, 0)
    assert said.because == "Mon 8 Sep"
    assert [line["code"] for line in said.evidence[0]["sessions"]] == ["", ""]  # type: ignore[attr-defined]
    for kind in ("school", "class"):
        silent = judge.judge(rule(when, (about % "primary").replace("school", kind, 1)))
        assert explain(judge, silent, 0).because == "the rule is not for a school that is secondary"


def test_a_rule_about_the_school_is_in_doubt_without_its_marks() -> None:
    """A pupil with a blank may be one more; the sentence says how many marks are missing."""
    when = "{pupils_absent: {over: whole register, codes: illness, at_least: 2}}"
    judge = Judge(small("II", "/-", "//"), AFTER)
    found = explain(judge, judge.judge(rule(when, "    subject: school\n")), 0)
    assert (found.result, found.because) == (Result.UNKNOWN, "pupils absent cannot be told: 1 mark not taken")
