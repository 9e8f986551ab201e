"""kill -9 at any moment: every promise holds at once, and the same command again ends as if nothing was."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import sleep

import pytest

from tests.durability.child import ENDED
from tests.durability.invariants import broken
from tests.durability.life import Act
from tests.durability.running import COMPLAINTS, Done, Running, ran
from tests.durability.view import differing, view

SEED = os.environ["FIRSTBELL_KILL_SEED"]  # drawn and said by tests/conftest.py, unless given
COMMANDS = ("import", "run", "send")
SOON, LATER = "2025-11-24T10:01", "2025-11-24T10:06"


@dataclass(frozen=True, slots=True)
class Kill:
    """Where a kill falls: at a step of an act, or some part of the way to the next; perhaps not alone."""

    act: str
    step: str
    on_the_way: float
    company: bool

    def __str__(self) -> str:
        where = f"{self.on_the_way:.0%} of the way from {self.step}" if self.on_the_way else self.step
        return f"{self.act}{', in company' if self.company else ''}: {where}"


def drawn(number: int, monday: dict[str, Act]) -> Kill:
    """The kill of this number: every third an import, a run, a sending; half of them between two steps.

    One in four is in company: a second process does the same at the same time, and lives.
    """
    rng = Random(f"{SEED} {number}")  # noqa: S311 - a moment is drawn, not a secret
    command = COMMANDS[number % len(COMMANDS)]
    name = rng.choice([name for name, act in monday.items() if act.command == command])
    step, _ = rng.choice(monday[name].steps)
    return Kill(name, step, rng.choice((0.0, rng.random())), rng.random() < 0.25)


def survive(number: int, monday: dict[str, Act], folder: Path) -> None:
    """One kill, the promises at once, the command again to its end, and the comparison."""
    kill = drawn(number, monday)
    print(f"kill {number} of seed {SEED}: {kill}")
    act = monday[kill.act]
    act.set_out(folder)
    company = [Running(act.order(folder)) for _ in range(kill.company)]
    child = Running(act.order(folder, ENDED, *(() if kill.on_the_way else (kill.step,))))
    child.reach(kill.step)
    sleep(kill.on_the_way * dict(act.steps)[kill.step])
    assert child.kill().code == -9
    assert_in_order(*(other.end() for other in company))
    assert broken(_as_left(folder)) == []
    for clock in (SOON, LATER) if act.command == "send" else ("",):
        assert_in_order(ran(act.order(folder, clock=clock)))
        assert broken(_as_left(folder)) == []
    assert differing(view(folder), act.after) == []
    shutil.rmtree(folder.parent)


def assert_in_order(*ended: Done) -> None:
    """Exit 0, and no word of trouble."""
    for done in ended:
        assert (done.code, [sign for sign in COMPLAINTS if sign in done.said]) == (0, []), done.said


def _as_left(folder: Path) -> Path:
    """A copy to look at: looking would tidy up the log that the dead process left."""
    copy = folder.with_name(f"{folder.name} as left")
    shutil.rmtree(copy, ignore_errors=True)
    return Path(shutil.copytree(folder, copy))


@pytest.mark.parametrize("number", range(20))
def test_a_kill_leaves_nothing_lost_and_nothing_twice(
    number: int, monday: dict[str, Act], tmp_path: Path
) -> None:
    """Twenty moments, other ones each time; FIRSTBELL_KILL_SEED brings back those of an earlier run."""
    survive(number, monday, tmp_path / "store")


@pytest.mark.soak
@pytest.mark.parametrize("number", range(100, 600))
def test_five_hundred_kills(number: int, monday: dict[str, Act], tmp_path: Path) -> None:
    """The same, as often as patience lasts."""
    survive(number, monday, tmp_path / "store")
