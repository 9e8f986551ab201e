"""What the tests of the shipped packs notice: at least 95 of 100 changes of each."""

from __future__ import annotations

import pytest

from engine.mutation import Trial
from engine.ruletests import read_tests
from tests.engine import shipped

pytestmark = pytest.mark.uncounted

ENOUGH = 95
_UNNOTICEABLE = {
    # one day: its first is its last
    "absence-day-1: episode 'run of absence' became 'day'",
    # a morning's code, and the text looks at the last mark: the afternoon's, or the N of the morning itself
    "absent-without-reason: code / was taken out",
    # a child with a social worker, or with C2, is a person's to decide about in any case
    "tell-the-social-worker: autonomy propose became send",
    # illness breaks the run in which leave came first
    "joint-enquiries: finished_absent_days: code I was put in",
    # since a visit nobody answered there are only N and O: who is ill since is not ten days without a reason
    "missing-education: sessions_since_event: code I was put in",
    # two weekdays cannot stand out at once among ten weeks
    "one-weekday-missed: weekday_pattern: at_least became exactly",
    # five days have no more than ten sessions, and nobody is present on one of them who missed them all
    "welcome-back: coded_sessions: at_least became exactly",
    "welcome-back: coded_sessions: over 'today' became 'last 2 school days'",
    # a pupil has one mark to come before a register closes
    "golden-hour-call: mark_awaited: at_least became exactly",
}


def test_each_pack_notices_changes_of_itself() -> None:
    """Every threshold, comparison, window, code set, stage and ground, one at a time (docs/mutation.md)."""
    rulebook = shipped.rulebook()
    tests = [test for pack in shipped.packs() for test in read_tests(pack, rulebook)[0]]
    scores = Trial.of(tests, rulebook, shipped.calendars()).scores(lambda name, done, total: None)
    survivors = {f"{mutant.of}: {mutant.change}" for score in scores for mutant in score.survivors}
    assert survivors <= _UNNOTICEABLE
    assert [f"{score.file}: {score.percent:.1f} %" for score in scores if score.percent < ENOUGH] == []
