"""A school with some of its pupils left out, beside the whole one."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.explain import explain
from engine.grounds import ground
from engine.instants import Instants
from engine.match import Judge, Judgement
from engine.rulebook.model import AppliesTo
from tests.engine import shipped, worlds
from tests.engine.test_against_oracle import drawn, rule_of


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(seed=st.integers(0, 2**32), weeks=st.integers(0, 10), pupils=st.integers(0, 6))
def test_rules_about_pupils_say_the_same_of_those_who_are_left(seed: int, weeks: int, pupils: int) -> None:
    """Results, what must be so before, sentence, evidence and ground of each pupil at each instant."""
    random = Random(seed)  # noqa: S311
    some = worlds.world(random, weeks, pupils)
    whole, at = worlds.snapshot(some), Instants.of(worlds.instants(random, some))
    left = [upn for upn in whole.register.upns if random.random() < 0.5]
    judges = Judge(whole, at), Judge(whole.only({*left, "nobody"}), at)
    assert judges[1].snapshot.register.upns == tuple(left)
    about_pupils = [rule for rule in shipped.rulebook().rules if rule.subject == "pupil"]
    of_year_8 = replace(about_pupils[0], applies_to=AppliesTo(years=("8",)))
    for rule in (*about_pupils, of_year_8, *(rule_of(drawn(random)[1]) for _ in range(10))):
        said = [(judge, judge.judge(rule)) for judge in judges]
        for upn in left:
            ours, theirs = (_of(judge, judgement, upn) for judge, judgement in said)
            assert ours == theirs, rule.id


def _of(judge: Judge, judgement: Judgement, upn: str) -> list[object]:
    """All that is said of one pupil."""
    row = judge.snapshot.row(upn)
    found: list[object] = []
    for number in range(judge.instants.days.size):
        before = [int(each.truth[row, number]) for each in judgement.before]
        stands = ground(judge, judgement, row, number) if judgement.weighed else ""
        found += [before, stands, explain(judge, judgement, row, number)]
    return found
