"""`firstbell demo`: an invented school lives a week, and the last screen says what came of it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.asked import OVERRIDES, Misasked

if TYPE_CHECKING:
    from adapters.bootstrap import Service
    from adapters.cli.show_demo import Week
    from adapters.demo import DemoSchool

DEMO_NOTE = "demo"
FOLDER = Path(".demo")


def demo(
    pupils: Annotated[int, typer.Option("--pupils", help="How many pupils; 300 at least.")] = 1200,
    seed: Annotated[int, typer.Option("--seed", help="Another number is another school.")] = 1,
    days: Annotated[int, typer.Option("--days", help="School days to live, 1 to 5.", min=1, max=5)] = 5,
) -> None:
    """A synthetic secondary school lives a week: its lists, its messages, and what was held back."""
    from adapters.bootstrap import Service
    from adapters.cli.asked import service
    from adapters.demo import build

    with service() as settled:
        config = settled.config
    try:
        school = build(seed=seed, pupils=pupils)
    except ValueError as wrong:
        raise Misasked(str(wrong)) from wrong
    folder = _folder(settled)
    config = replace(config, outbox_folder=folder / "outbox", channel="folder")
    if not _named(settled):
        config = replace(config, store=f"sqlite:///{(folder / 'firstbell.db').resolve()}")
    firstbell = Service(config)
    try:
        firstbell.ready()
        with firstbell.store.transaction() as unit:
            unit.set_note(DEMO_NOTE, f"pupils {pupils}, seed {seed}")
        _live(firstbell, school, folder, days)
    finally:
        firstbell.close()


def _named(settled: Service) -> bool:
    return "store" in settled.config.given


def _folder(settled: Service) -> Path:
    """Where the demo writes, emptied of an earlier demo; Misasked where real pupils would be touched."""
    from adapters.store import open_store
    from adapters.store.connect import file_of
    from engine.codes import table_hash

    if not _named(settled):
        if FOLDER.exists():
            shutil.rmtree(FOLDER)
        FOLDER.mkdir()
        return FOLDER
    file = file_of(settled.config.store)
    if file.exists() and file.stat().st_size:
        with open_store(settled.config.store, codes_hash=table_hash()) as store, store.reading() as unit:
            if unit.note(DEMO_NOTE) is None and unit.school_ids():
                raise Misasked(
                    f"{file} holds real pupils: the demo does not touch it. Leave out --store and "
                    "FIRSTBELL_STORE (it then writes to ./.demo), or name an empty store"
                )
        for each in (file, *file.parent.glob(f"{file.name}-*")):
            each.unlink(missing_ok=True)
    folder = file.parent / f"{file.stem}-demo"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def _live(firstbell: Service, school: DemoSchool, folder: Path, days: int) -> None:
    """Import the autumn, then live the week: import, run and, when the calls are taken, send."""
    from adapters.cli.progress import Bar
    from adapters.cli.show_demo import Week, show_week

    week = Week()
    last_day = sorted({delivery.at.date() for delivery in school.deliveries})[days - 1]
    steps = [delivery for delivery in school.deliveries if delivery.at.date() <= last_day]
    first = datetime.combine(school.deliveries[0].at.date(), datetime.min.time()) - timedelta(days=2, hours=8)
    with Bar() as bar:
        bar.show("the autumn so far", 0, len(steps) + 1)
        _take(firstbell, school.base, folder / "csv" / "0-autumn", first, week)
        _judge(firstbell, first, week, keep=False)
        for number, delivery in enumerate(steps, start=1):
            bar.show("the autumn so far", 1, 1)
            bar.show(f"{delivery.at:%A}", number % 4 or 4, 4)
            name = f"{number:02d}-{delivery.at:%a-%H%M}".lower()
            _take(firstbell, delivery.files, folder / "csv" / name, delivery.at, week)
            _judge(firstbell, delivery.at, week, keep=True)
            if number % 4 != 1:  # the office has taken the morning's calls by half past ten
                _send(firstbell, delivery.at + timedelta(minutes=5))
    show_week(firstbell, school, week, folder, steps[-1].at + timedelta(minutes=15), OVERRIDES.store)


def _take(
    firstbell: Service, files: dict[str, list[dict[str, str]]], folder: Path, at: datetime, week: Week
) -> None:
    """Write a delivery as a CSV folder and bring it in by the front door."""
    from adapters.demo import write
    from adapters.mis.csv_folder import CsvFolder
    from adapters.mis.quarantine import QuarantineFolder
    from engine.instants import local_instant
    from workflows.take_in import take_in

    write(files, folder)
    when = local_instant(at.date(), at.time())
    quarantine = QuarantineFolder(firstbell.store_folder)
    receipt = take_in(firstbell.store, CsvFolder([folder]), when, quarantine, _silent)
    week.took(receipt)


def _silent(_file: str, _done: int, _total: int) -> None:
    """Nobody needs a bar within the bar."""


def _judge(firstbell: Service, at: datetime, week: Week, *, keep: bool) -> None:
    from engine.instants import local_instant

    when = local_instant(at.date(), at.time())
    done = firstbell.run_day.run(when, when)
    if keep:
        week.ran(done)


def _send(firstbell: Service, at: datetime) -> None:
    from engine.instants import local_instant

    firstbell.deliver.deliver(local_instant(at.date(), at.time()))
