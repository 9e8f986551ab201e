"""A school year lived by the service on a sped-up clock, by people who do not always do what they should.

One life is served by a process that nobody disturbs. In the others processes are killed, or there are three
of them at once: what is decided, made and sent is the same.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from structlog.testing import capture_logs

from adapters.bootstrap import Service
from adapters.serve.serving import Serving
from tests.durability.invariants import STORE
from tests.durability.view import differing, view
from tests.year.agenda import SNOW, Agenda, agenda
from tests.year.life import Life, Together
from tests.year.server import Clock, Server, failures, settled

SEED = os.environ["FIRSTBELL_KILL_SEED"]  # drawn and said by tests/conftest.py, unless given
NO_TIME = timedelta(0)
APART = (NO_TIME, timedelta(seconds=40), timedelta(seconds=100))
"""How far the clocks of three machines are ahead of the school's."""
ASLEEP = (date(2025, 11, 19), date(2025, 11, 20), date(2026, 4, 21))
"""Days on which nobody serves; on the last of each it is two in the afternoon before somebody does."""


def begun(folder: Path) -> Path:
    """A folder with an empty store."""
    folder.mkdir()
    made = Service(settled(folder))
    made.ready()
    made.close()
    return folder


def in_peace(folder: Path, what: Agenda) -> Life:
    """An agenda served by one service in this process; no run goes wrong."""
    clock = Clock(what.begins)
    serving = Serving(settled(begun(folder)), clock)

    def look(at: datetime) -> None:
        clock.at = at
        serving.look()

    life = Life(what, folder)
    with capture_logs():
        life.live(look)
    assert failures(serving) == 0
    serving.close()
    return life


def disturbed(folder: Path, what: Agenda, deaths: float, ahead: tuple[timedelta, ...]) -> tuple[Life, int]:
    """The same served by processes of their own, a share of whose looks end in a kill; and how many did."""
    begun(folder)
    servers = tuple(Server(folder, each) for each in ahead)
    life = Life(what, folder)
    try:
        life.live(Together(servers, deaths, Random(f"{SEED} {folder.name}")))  # noqa: S311 - a moment is drawn
    finally:
        for server in servers:
            server.close()
    return life, sum(server.kills for server in servers)


def count(folder: Path, what: str) -> int:
    """How many rows there are of something."""
    with closing(sqlite3.connect(folder / STORE)) as db:
        (number,) = db.execute(f"SELECT count(*) FROM {what}").fetchone()  # noqa: S608 - a word from here
    return int(number)


def told(say: Callable[[str], None], life: Life, kills: int = 0) -> None:
    """The figures of a life, for docs/soak.md."""
    tables = ("run_slot", "run WHERE scheduled <> ''", "case_", "task", "message", "ledger_entry")
    figures = ", ".join(f"{count(life.folder, table):,} {table.split()[0]}" for table in tables)
    say(f"{life.folder.name}: {life.evenings.count} days, {kills} kills, {figures}")


def test_three_killed_now_and_then_do_what_one_does_in_peace(tmp_path: Path) -> None:
    """Snow, entered late, and the day after: each slot one run, the same tasks, texts and decisions."""
    compared(agenda(seed=1, pupils=60, since=SNOW, days=2), tmp_path, 0.2, APART)


@pytest.mark.soak
def test_a_week_of_three(tmp_path: Path) -> None:
    """The same in larger schools, from Tuesday to Monday, with more kills."""
    compared(agenda(seed=2, pupils=360, since=SNOW - timedelta(days=2), days=5), tmp_path, 0.1, APART)


@pytest.mark.soak
def test_a_whole_year(tmp_path: Path) -> None:
    """From September to July, some days slept through, once in peace and once with kills."""
    year = agenda(seed=1, pupils=60, since=date(2025, 9, 4), days=190, asleep=ASLEEP)
    compared(year, tmp_path, 0.05, (NO_TIME,))


def compared(what: Agenda, folder: Path, deaths: float, ahead: tuple[timedelta, ...]) -> None:
    """The agenda in peace and disturbed: they differ in nothing that matters, and some were killed."""
    peace = in_peace(folder / "peace", what)
    told(print, peace)
    other, kills = disturbed(folder / "disturbed", what, deaths, ahead)
    told(print, other, kills)
    assert differing(view(other.folder), view(peace.folder)) == []
    assert count(other.folder, "run_slot") == count(peace.folder, "run_slot")
    assert kills
    slept = {f"{day}" for day in ASLEEP}
    assert [line for line in peace.evenings.unseen if line[:10] not in slept] == []
    assert other.evenings.unseen == peace.evenings.unseen
