"""An agenda lived to its end: imports, looks, staff at work, texts sent; and each evening what must hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random

from adapters.bootstrap import Service
from adapters.demo import write
from adapters.demo.hands import Hands
from adapters.mis.csv_folder import CsvFolder
from adapters.mis.quarantine import QuarantineFolder
from tests.year.agenda import IMPORT, LOOK, SEND, WORK, Agenda, Files
from tests.year.promises import Evenings
from tests.year.server import Clock, Death, Server, settled
from workflows.take_in import take_in


@dataclass
class Life:
    """One life of an agenda in a folder; `look` is whoever serves."""

    agenda: Agenda
    folder: Path
    seed: int = 1
    evenings: Evenings = field(default_factory=Evenings)

    def live(self, look: Callable[[datetime], None]) -> None:
        """Live it; what does not hold of an evening is an AssertionError that names the day."""
        clock = Clock(self.agenda.begins)
        service = Service(settled(self.folder), clock=clock)
        hands = Hands(service.acting, self.seed)
        try:
            self._take(service, self.agenda.base, clock.at)
            look(clock.at)
            for event in self.agenda.events:
                clock.at = event.at
                if event.what == IMPORT:
                    self._take(service, event.files, event.at)
                elif event.what == LOOK:
                    look(event.at)
                elif event.what == WORK:
                    hands.work(event.at)
                elif event.what == SEND:
                    hands.approve(event.at)
                    service.deliver.deliver(event.at)
                else:
                    broken = self.evenings.broken(service, self.folder, event.at)
                    assert broken == [], f"{event.at:%a %d %b %Y}: {broken[:5]}"
        finally:
            service.close()

    def _take(self, service: Service, files: Files, at: datetime) -> None:
        folder = self.folder / "csv" / f"{at:%Y-%m-%d-%H%M}-{'-'.join(files)[:20]}"
        write(files, folder)
        receipt = take_in(service.store, CsvFolder([folder]), at, QuarantineFolder(self.folder), _silent)
        assert not receipt.refused
        assert not receipt.unreadable


@dataclass
class Together:
    """Servers on one store, all of whom look at the same time; some die."""

    servers: tuple[Server, ...]
    deaths: float
    rng: Random

    def __call__(self, at: datetime) -> None:
        """A look of all of them, done when the last is."""
        for server in self.servers:
            server.look(at, drawn(self.rng, self.deaths))
        for server in self.servers:
            server.done()


def drawn(rng: Random, share: float) -> Death:
    """A death at a commit, or on the way; mostly none."""
    if rng.random() >= share:
        return Death()
    if rng.random() < 0.5:
        return Death(commit=rng.randint(1, 3), after=rng.random() < 0.5)
    return Death(seconds=rng.uniform(0.01, 0.15))


def _silent(_file: str, _done: int, _total: int) -> None:
    """Nobody waits for a bar."""
