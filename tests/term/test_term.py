"""An autumn term, run by run: not one answer differs from that of the rules in plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest

from adapters.bootstrap import Service
from adapters.config import read_config
from adapters.demo import build
from tests.term.arrivals import of_demo, runs
from tests.term.twists import twisted
from tests.term.walk import Walk, tame

NEVER_UNKNOWN = (
    "register-not-taken",  # counts the marks not taken: that there are such is what it knows
    "new-pupil-return", "joined-in-the-year",  # the first day on roll and the calendar; nobody is without
    "deletion-return",  # the last day on roll and the calendar; where no last day is told, none is near
    "notice-to-improve-runs", "notice-to-improve-over", "contract-review",  # history and the calendar
    "contract-meeting-missed",  # lines of history twice: what is not written down did not happen
)  # fmt: skip
"""Rules that rest on no mark: nothing that a school with a calendar can lack changes their answer."""
SCHOOL_STARTS = date(2025, 9, 4)
ENOUGH = date(2025, 11, 28)  # by then every twist has come out
TERM = 71  # school days of Ashgrove from 4 September to 19 December


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """Firstbell as installed, over an empty store."""
    settled = read_config({}, tmp_path, flags={"store": "sqlite:///term.db", "outbox_folder": "outbox"})
    made = Service(settled)
    made.ready()
    yield made
    made.close()


def test_a_twisted_term_of_a_few_forms_differs_nowhere(service: Service, tmp_path: Path) -> None:
    """A form's worth of pupils at two schools, with every rare thing a register holds; four days in five."""
    trust = build(seed=3, schools=2, pupils=42, days=TERM, since=SCHOOL_STARTS, stories=False)
    term = twisted(of_demo(trust), Random("two forms"))  # noqa: S311 - a story is drawn, not a secret
    walk = Walk(service, tmp_path / "csv", term)
    walk.live([moment for number, moment in enumerate(runs(ENOUGH)) if number % 5])
    assert not walk.wrong, "\n".join(walk.wrong)
    assert not tame(walk.seen, NEVER_UNKNOWN)


@pytest.mark.soak
def test_the_whole_term_of_the_demo_differs_nowhere(service: Service, tmp_path: Path) -> None:
    """The three schools of the demo, as it lives the term, its planted stories included."""
    trust = build(seed=1, schools=3, pupils=1_740, days=TERM, since=SCHOOL_STARTS)
    walk = Walk(service, tmp_path / "csv", of_demo(trust))
    walk.live(runs())
    assert not walk.wrong, "\n".join(walk.wrong)
    assert walk.sessions
