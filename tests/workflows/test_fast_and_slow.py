"""What a run leaves out because nothing about it changed changes nothing: beside a run that does it all.

The slow store hands out every case, task and message there ever was and says that everything may have
changed; the slow run remembers no answer of an earlier one and puts every decision in words. Any week,
told to both, must leave the same cases, tasks, messages and ledger.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.store import SqlStore, SqlUnit, standing
from engine.inference.agree import Inference
from engine.instants import read_instant
from engine.records import Event
from messaging.channels.channel import Accepted, Refused, Sent, Unsure
from tests.workflows.story import Story, pupil
from workflows.ports import Changed
from workflows.run_day import Run
from workflows.values import Case, Message, TaskInBrief

pytestmark = pytest.mark.uncounted

MOMENTS = [
    f"2025-11-{day}T{hour}" for day in ("10", "11", "12", "13", "14", "17") for hour in ("09:20", "16:00")
]
DAYS = tuple(dict.fromkeys(moment[:10] for moment in MOMENTS))
UPNS = ("P1", "P2", "P3", "P4")
OLD = ("2025-10-06", "2025-10-15", "2025-11-06", "2025-11-07")


class SlowUnit(SqlUnit):
    """Leaves nothing in the store, and trusts nothing that was judged before."""

    def at_stake(
        self, school_id: str, grounds: Collection[str], since: datetime
    ) -> tuple[tuple[Case, ...], tuple[TaskInBrief, ...], tuple[Message, ...]]:
        """Everything."""
        del grounds, since
        tasks = standing.find(self.db, TaskInBrief, ["task_id"], school_id=school_id)
        return self.cases(school_id), tasks, self.messages(school_id)

    def changed(self, school_id: str, since: int | None) -> Changed:
        """Perhaps everything."""
        del since
        return super().changed(school_id, None)


class SlowStore(SqlStore):
    """A store of such units."""

    @contextmanager
    def transaction(self) -> Iterator[SqlUnit]:
        """A write transaction."""
        with super().transaction() as unit:
            yield SlowUnit(unit.db, unit.codes_hash)

    @contextmanager
    def reading(self) -> Iterator[SqlUnit]:
        """A view for reading."""
        with super().reading() as unit:
            yield SlowUnit(unit.db, unit.codes_hash)


@dataclass
class SlowStory(Story):
    """A story whose runs do everything, every time."""

    def run(self, when: str, known_at: str = "", *, dry: bool = False, release: tuple[str, ...] = ()) -> Run:
        """Run in full, with an inference that has seen nothing."""
        self.now = max(self.now, read_instant(when))
        day = self.run_day(Inference())
        known = read_instant(known_at) if known_at else None
        return day.run(read_instant(when), known, dry=dry, release=release, in_full=True)


@dataclass
class QuickStory(Story):
    """A story whose runs share one inference, as one process does."""

    inference: Inference = field(default_factory=Inference)

    def run(self, when: str, known_at: str = "", *, dry: bool = False, release: tuple[str, ...] = ()) -> Run:
        """Run as a service would."""
        self.now = max(self.now, read_instant(when))
        day = self.run_day(self.inference)
        known = read_instant(known_at) if known_at else None
        return day.run(read_instant(when), known, dry=dry, release=release)


@dataclass(frozen=True)
class Turn:
    """What happens at one moment: corrections and news come in, a run (perhaps for an earlier moment)."""

    marks: tuple[tuple[str, str, str], ...]
    news: str
    earlier: int | None
    dry: bool
    answers: tuple[Sent, ...] | None


_CODES = st.sampled_from(["N", "N", "O", "O", "I", "U", "/", "/", "-", "C2", "D"])
_MARKS = st.tuples(
    st.sampled_from(UPNS), st.sampled_from(DAYS + OLD), st.tuples(_CODES, _CODES).map(",".join)
)
_ANSWERS = st.sampled_from([Accepted("ref"), Refused("busy", passing=True), Refused("no"), Unsure("silence")])
_TURNS = st.builds(
    Turn,
    st.lists(_MARKS, max_size=4).map(tuple),
    st.sampled_from(["", "", "", "leaves", "back", "hold", "flag"]),
    st.one_of(st.none(), st.just(0), st.just(0), st.integers(0, 3)),
    st.integers(0, 7).map(lambda one: not one),
    st.one_of(st.none(), st.lists(_ANSWERS, max_size=3).map(tuple)),
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(week=st.lists(_TURNS, min_size=4, max_size=len(MOMENTS)))
def test_a_week_told_to_both(week: list[Turn], fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """After each turn both have decided the same, made the same, and written the same."""
    folder = tmp_path_factory.mktemp("both")
    for name in ("quick.db", "slow.db"):
        shutil.copy(fresh, folder / name)
    with SqlStore(folder / "quick.db", "codes") as quick, SlowStore(folder / "slow.db", "codes") as slow:
        both = (QuickStory(quick), SlowStory(slow))
        for story in both:
            story.opens(
                *(pupil(upn, social_worker=upn == "P3") for upn in UPNS),
                before={"P1": "OO O/", "P2": "NN // N/", "P3": "II II", "P4": "OO OO OO OO O/"},
            )
            for day in DAYS:
                story.register("2025-11-09T12:00", day)
        for number, turn in enumerate(week):
            runs = [_live(story, number, turn) for story in both]
            assert _decided(runs[0]) == _decided(runs[1])
            assert _recorded(both[0]) == _recorded(both[1])
            assert both[0].standing() == both[1].standing()
            assert both[0].ledger() == both[1].ledger()


def _live(story: Story, number: int, turn: Turn) -> Run | None:
    moment = MOMENTS[number]
    for upn, day, token in turn.marks:
        story.corrects(moment, upn, day, token)
    if turn.news in {"leaves", "back"}:
        left = date(2025, 11, 10) if turn.news == "leaves" else None
        story.learns(moment, replace(pupil("P2"), left_on=left))
    elif turn.news == "hold":
        story.learns(moment, Event("P4", "S", "hold", date(2025, 11, 10)))
    elif turn.news == "flag":
        story.learns(moment, pupil("P4", flags=("bereavement",)))
    if turn.answers is not None:
        story.post.answers = list(turn.answers)
        story.send(moment)
    return (
        story.run(MOMENTS[max(0, number - turn.earlier)], dry=turn.dry) if turn.earlier is not None else None
    )


def _decided(run: Run | None) -> list[object]:
    """How much was decided and made: that, and what is kept, is all that an ordinary run answers."""
    return [(school.tally, school.matched, school.fuses) for school in run.schools] if run else []


def _recorded(story: Story) -> dict[tuple[str, str], str]:
    """The digest of what was last decided of every subject and rule."""
    with story.store.reading() as unit:
        return unit.decided("S")
