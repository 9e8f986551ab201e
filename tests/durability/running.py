"""Children of the test: started, watched step by step, killed, waited for."""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from tempfile import mkstemp
from time import monotonic

from tests.durability.child import STARTED, Order, live

PATIENCE = 60.0
COMPLAINTS = ("Traceback", "locked", "in use", "went wrong")


@cache
def _context() -> ForkServerContext:
    """Children are forked from a server that has everything imported: one costs 20 ms instead of a second."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.durability.child"])
    return context


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a child: its exit code (-9 where it was killed) and all it printed."""

    code: int | None
    said: str


class Running:
    """One child under way."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.steps: list[tuple[str, float]] = []
        handle, said = mkstemp(prefix=f"{order.folder.name}-", suffix=".said", dir=order.folder.parent)
        os.close(handle)
        self._said = Path(said)
        self._pipe, there = _context().Pipe()
        self._process: ForkServerProcess = _context().Process(
            target=live, args=(order, self._said, there), daemon=True
        )
        self._process.start()
        there.close()

    def reach(self, step: str) -> None:
        """Wait until a step is told, or the end if it is held there; RuntimeError where neither comes."""
        while not self.steps or self.steps[-1][0] not in {step, *self.order.holds}:
            if not self._hear():
                raise RuntimeError(f"{self.order.words} ended before {step!r}: {self._said.read_text()}")

    def go(self, clock: str = "") -> None:
        """Let a child that waits at a step go on; its clock may stand later by now."""
        self._pipe.send(clock)

    def kill(self) -> Done:
        """SIGKILL, at once."""
        self._process.kill()
        return self.end()

    def end(self) -> Done:
        """Wait for the end."""
        while self._hear():
            pass
        self._process.join(PATIENCE)
        code = self._process.exitcode
        self._process.close()
        self._pipe.close()
        return Done(code, self._said.read_text(encoding="utf-8"))

    def _hear(self) -> bool:
        if not self._pipe.poll(PATIENCE):
            self._process.kill()
            raise RuntimeError(
                f"{self.order.words} said nothing for {PATIENCE:.0f} s after {self.steps[-1:]}"
            )
        try:
            self.steps.append((self._pipe.recv(), monotonic()))
        except (EOFError, ConnectionResetError):
            return False
        return True


def ran(order: Order) -> Done:
    """An order carried out to its end."""
    return Running(order).end()


def at_once(*orders: Order) -> list[Done]:
    """Orders carried out together: all stand ready, everything imported, before the first is let go."""
    children = [Running(replace(order, holds=(STARTED,))) for order in orders]
    for child in children:
        child.reach(STARTED)
    for child in children:
        child.go()
    return [child.end() for child in children]
