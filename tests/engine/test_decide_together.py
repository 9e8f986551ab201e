"""A school decided at once, by arrays and remembered answers, beside each subject decided alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.decide import Standing, decide
from engine.grounds import OpenCase
from engine.inference.agree import Inference
from engine.inference.facts import HAS_LEFT
from engine.instants import Instants, local
from engine.judged import Judged
from engine.match import Judge
from engine.reasons import Outcome
from engine.records import Event, Pupil
from engine.snapshot import Snapshot
from tests.engine import shipped, worlds
from tests.engine.one_by_one import decided_one_by_one, first_session

pytestmark = pytest.mark.uncounted

QUICK = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
SIZES = {"seed": st.integers(0, 2**32), "weeks": st.integers(0, 10), "pupils": st.integers(1, 6)}
FLAGS = ("bereavement", " Medical", "carer", "Bereaved")


def peopled(random: Random, snapshot: Snapshot) -> Snapshot:
    """The same school, its pupils with what puts a person between a rule and a family."""

    def some(one: Pupil) -> Pupil:
        told = {name: random.random() < 0.15 for name in ("social_worker", "looked_after", "medical")}
        flags = tuple(flag for flag in FLAGS if random.random() < 0.1)
        return replace(one, flags=flags, **told)  # type: ignore[arg-type]

    facts = snapshot.facts
    day = facts.days[0].date if facts.days else date(2025, 9, 1)
    holds = [
        Event(random.choice(["P0", "P1", "P9"]), "S", "hold", on, random.choice((None, on)), until)
        for _ in range(2)
        for on in [day + timedelta(days=random.randint(0, 40))]
        for until in [random.choice((None, on + timedelta(days=20)))]
    ]
    return Snapshot.build(
        replace(facts, pupils=tuple(map(some, facts.pupils)), events=(*facts.events, *holds))
    )


def stands(random: Random, judged: Judged) -> dict[str, Standing]:
    """Cases on the grounds that hold now and on others, open and closed, with and without open tasks."""
    rules = [each.rule for each in judged.judgements.values()]
    anchors = sorted(judged.grounds) or ["2025-10-06"]
    names = [*judged.subjects("pupil"), *judged.subjects("class"), "gone"]
    as_of = judged.judge.instants.moments[0]
    out: dict[str, Standing] = {}
    for name in names:
        if random.random() < 0.4:
            continue
        cases = [
            OpenCase(
                f"{name} {number}",
                rule.on_ladder,
                random.choice((*anchors, judged.held[rule.id].get(0, "2025-09-01"), "2024/25")),
                random.randint(0, 3),
                as_of + timedelta(days=random.choice((-30, -1, -1, 1))),
                open=random.random() < 0.6,
                undecided=random.random() < 0.3,
                owed=random.random() < 0.3,
                done=((1, as_of.date() - timedelta(days=random.randint(0, 60))),)
                if random.random() < 0.5
                else (),
            )
            for number, rule in enumerate(random.sample(rules, random.randint(0, 4)))
        ]
        open_rules = tuple((random.choice(rules).id, case.case_id) for case in cases if random.random() < 0.6)
        out[name] = Standing(tuple(cases), open_rules, spoken=random.choice((0, 0, 0, 2, 101, HAS_LEFT)))
    return out


def told_once(as_of: Sequence[datetime]) -> datetime:
    """An instant among those at which there is most to say: the latest."""
    return max(as_of)


@QUICK
@given(**SIZES)
def test_together_as_alone(seed: int, weeks: int, pupils: int, inference: Inference) -> None:
    """Outcome, reasons, voice, ground, session and every closing are what each subject alone would get."""
    random = Random(seed)  # noqa: S311
    some = worlds.world(random, weeks, pupils)
    snapshot = peopled(random, worlds.snapshot(some))
    for as_of in worlds.instants(random, some)[:2]:
        judged = Judged.of(snapshot, shipped.rulebook(), as_of)
        standing = stands(random, judged)
        blown = tuple(sorted(random.sample(sorted(judged.judgements), 2)))
        caps = dict.fromkeys(blown, -1)
        found = decide(judged, inference, standing, caps)
        said, over = decided_one_by_one(snapshot, shipped.rulebook(), as_of, standing, blown)
        assert {
            (one.subject, one.rule.id, one.outcome, one.reasons, one.voice, one.anchor)
            for one in found.decisions
        } == set(said)
        assert len(found.decisions) == len(said)
        assert {closing.case_id for closing in found.closings} == over
        for one in found.decisions:
            assert one.session == first_session(judged.judge, one.judgement, one.row)


def test_the_random_standings_reach_every_outcome(inference: Inference) -> None:
    """The schools are not too tame: each outcome of inference comes up, and closings do."""
    random, seen, over = Random(5), set[Outcome](), 0  # noqa: S311
    for _ in range(40):
        some = worlds.world(random, 8, 5)
        as_of = told_once(worlds.instants(random, some))
        judged = Judged.of(peopled(random, worlds.snapshot(some)), shipped.rulebook(), as_of)
        found = decide(judged, inference, stands(random, judged), {"absent-without-reason": 0})
        seen |= {one.outcome for one in found.decisions}
        over += len(found.closings)
    assert seen == set(Outcome) - {Outcome.WITHDRAW}
    assert over > 0


@QUICK
@given(**SIZES)
def test_a_past_instant_is_blind_to_later_days(seed: int, weeks: int, pupils: int) -> None:
    """Whatever is marked on the days after an instant, each rule says the same of it, on the same ground."""
    random = Random(seed)  # noqa: S311
    some = worlds.world(random, weeks, pupils)
    other = worlds.world(random, weeks, pupils)
    for as_of in worlds.instants(random, some):
        day = local(as_of).date()
        codes = [code for code in other.marks.values() if code] or ["O"]
        later = {key: random.choice(codes) if key[1] > day else code for key, code in some.marks.items()}
        before, after = (worlds.snapshot(each) for each in (some, replace(some, marks=later)))
        for rule in shipped.rulebook().rules:
            then, now = (Judge(each, Instants.of([as_of])).judge(rule) for each in (before, after))
            assert then.results.tolist() == now.results.tolist(), rule.id
        assert (
            Judged.of(before, shipped.rulebook(), as_of).held
            == Judged.of(after, shipped.rulebook(), as_of).held
        )
