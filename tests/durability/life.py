"""The two schools' Monday, act by act: each as it went when nobody was killed and nobody else was there."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.durability.child import ENDED, Order
from tests.durability.invariants import broken
from tests.durability.running import Running, ran
from tests.durability.school import SCHOOLS, write_all
from tests.durability.view import View, view

APPROVAL = ("outbox", "approve", "--all", "--by")


@dataclass(frozen=True, slots=True)
class Act:
    """One command: the folder it starts from, what stands after it, its steps.

    With each step goes how many seconds after it the next one came.
    """

    command: str
    words: tuple[str, ...]
    clock: str
    before: Path
    after: View
    steps: tuple[tuple[str, float], ...]

    def set_out(self, folder: Path) -> Path:
        """The folder the act starts from, once more."""
        shutil.copytree(self.before, folder)
        return folder

    def order(self, folder: Path, *holds: str, clock: str = "") -> Order:
        """The act's command in a folder."""
        return Order(self.words, folder, clock or self.clock, holds)


def live_once(folder: Path) -> dict[str, Act]:
    """Live through Monday once, undisturbed; the acts by name, in order."""
    sheets = folder / "sheets"
    write_all(sheets)
    (folder / "0").mkdir()
    acts: dict[str, Act] = {}
    for name, command, words, clock in _programme(sheets):
        before, after = folder / str(len(acts)), folder / str(len(acts) + 1)
        shutil.copytree(before, after)
        if command == "send":
            _approve(after)
            _approve(before)
        child = Running(Order(words, after, clock))
        done = child.end()
        if done.code or broken(after):
            raise RuntimeError(f"{name} failed with nobody about: {done.said} {broken(after)}")
        acts[name] = Act(command, words, clock, before, view(after), _gaps(child.steps))
    return acts


def _programme(sheets: Path) -> Sequence[tuple[str, str, tuple[str, ...], str]]:
    return (
        ("the first import", "import", ("import", str(sheets / "base")), "2025-11-23T18:00"),
        ("the morning's import", "import", ("import", str(sheets / "morning")), "2025-11-24T09:15"),
        ("the morning's run", "run", ("run", "--as-of", "2025-11-24T09:20"), "2025-11-24T09:20"),
        ("the import of corrections", "import", ("import", str(sheets / "corrections")), "2025-11-24T09:40"),
        ("the run after corrections", "run", ("run", "--as-of", "2025-11-24T09:45"), "2025-11-24T09:45"),
        ("the sending", "send", ("outbox", "send"), "2025-11-24T10:00"),
    )


def _approve(folder: Path) -> None:
    for school in SCHOOLS:
        ran(Order((*APPROVAL, f"ao{school}"), folder, "2025-11-24T09:50"))


def _gaps(steps: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    ends = [when for _, when in steps[1:]]
    return tuple((name, end - when) for (name, when), end in zip(steps, ends, strict=False) if name != ENDED)
