"""`firstbell demo`: an invented trust lives a week, and the last screen says what came of it.

`firstbell demo --check` holds what it is drawn from against the published figures of England.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.asked import OVERRIDES, Misasked, print_json

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from adapters.bootstrap import Service
    from adapters.cli.show_demo import Week
    from adapters.demo import DemoTrust
    from adapters.demo.calendar import Row

DEMO_NOTE = "demo"
FOLDER = Path(".demo")
SEEDS = (1, 2, 3)
CHECKED = 20_000
LEAST_CHECKED = 500
MOST_SCHOOLS = 500


def demo(
    schools: Annotated[
        int,
        typer.Option(
            "--schools", help="How many schools; 1 is Ashgrove Academy alone.", min=1, max=MOST_SCHOOLS
        ),
    ] = 3,
    pupils: Annotated[
        int | None,
        typer.Option(
            "--pupils",
            help="How many pupils in all; default: 1,740 in three schools. With --check: in each phase.",
            min=1,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed", help="Another number is another trust; default 1, with --check 1, 2, 3.", min=0
        ),
    ] = None,
    days: Annotated[
        int, typer.Option("--days", help="School days to live, from 10 November 2025 on.", min=1)
    ] = 5,
    check: Annotated[
        bool, typer.Option("--check", help="Hold a year of it against England's published figures.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --check: one JSON document.")] = False,
) -> None:
    """A synthetic trust lives a week: its lists, its messages, and what was held back."""
    if check:
        raise typer.Exit(_check(pupils or CHECKED, SEEDS if seed is None else (seed,), as_json=as_json))
    if as_json:
        raise Misasked("--json goes with --check; the lived week is told by run --json and tasks --json")
    _demo(schools, pupils, 1 if seed is None else seed, days)


def _check(pupils: int, seeds: tuple[int, ...], *, as_json: bool) -> int:
    """Print every line for every seed; 1 where one does not hold."""
    from adapters.cli.progress import Bar
    from adapters.cli.show_check import check_document, show_check
    from adapters.demo.check import check

    if pupils < LEAST_CHECKED:
        raise Misasked(
            f"{pupils} pupils in each phase say nothing about England: ask for {LEAST_CHECKED} or more"
        )
    with Bar() as bar:
        found = {seed: check(seed, pupils, bar.show) for seed in seeds}
    if as_json:
        print_json(check_document(found, pupils))
    else:
        show_check(found, pupils)
    return int(not all(line.holds for lines in found.values() for line in lines))


def _demo(schools: int, pupils: int | None, seed: int, days: int) -> None:
    from adapters.bootstrap import Service
    from adapters.cli.asked import service
    from adapters.demo import build
    from messaging.channels import KINDS

    with service() as settled:
        config = settled.config
    try:
        trust = build(seed=seed, schools=schools, pupils=pupils, days=days)
    except ValueError as wrong:
        raise Misasked(str(wrong)) from wrong
    folder = _folder(settled)
    config = replace(config, outbox_folder=folder / "outbox", channels=dict.fromkeys(KINDS, "folder"))
    if not _named(settled):
        config = replace(config, store=f"sqlite:///{(folder / 'firstbell.db').resolve()}")
    firstbell = Service(config)
    try:
        firstbell.ready()
        with firstbell.store.transaction() as unit:
            unit.set_note(DEMO_NOTE, f"schools {schools}, pupils {len(trust.base['pupils'])}, seed {seed}")
        _live(firstbell, trust, seed, folder)
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


def _live(firstbell: Service, trust: DemoTrust, seed: int, folder: Path) -> None:
    """Import the autumn, then live the days: import, run, work and, when the calls are taken, send.

    The planted stories are told by the rules: the staff let them come out before they do anything about them.
    """
    from adapters.cli.progress import Bar
    from adapters.cli.show_demo import Week, show_week
    from adapters.demo.hands import Hands

    week = Week()
    steps = trust.deliveries
    cast = frozenset(story.upn or f"class:{story.name}" for story in trust.stories)
    hands = Hands(firstbell.acting, seed, cast)
    first = datetime.combine(steps[0].at.date(), datetime.min.time()) - timedelta(days=2, hours=8)
    with Bar() as bar:
        bar.show("the autumn so far", 0, 3)
        _take(firstbell, trust.base, folder / "csv" / "0-autumn", first, week)
        bar.show("the autumn so far", 1, 3)
        _judge(firstbell, first, week, keep=False)
        bar.show("the autumn so far", 2, 3)
        hands.look_back(_london(first))
        bar.show("the autumn so far", 3, 3)
        for number, delivery in enumerate(steps, start=1):
            bar.show(f"{delivery.at:%A} {delivery.at.day} {delivery.at:%B}", number % 4 or 4, 4)
            name = f"{number:03d}-{delivery.at:%m%d-%a-%H%M}".lower()
            _take(firstbell, delivery.files, folder / "csv" / name, delivery.at, week)
            _judge(firstbell, delivery.at, week, keep=True)
            at = _london(delivery.at + timedelta(minutes=5))
            if number % 4 != 1:  # the office has taken the morning's calls by half past ten
                hands.work(at)
                hands.approve(at)
                firstbell.deliver.deliver(at)
    show_week(firstbell, trust, week, folder, steps[-1].at + timedelta(minutes=15), OVERRIDES.store)


def _take(
    firstbell: Service, files: Mapping[str, Collection[Row]], folder: Path, at: datetime, week: Week
) -> None:
    """Write a delivery as a CSV folder and bring it in by the front door."""
    from adapters.demo import write
    from adapters.mis.csv_folder import CsvFolder
    from adapters.mis.quarantine import QuarantineFolder
    from workflows.take_in import take_in

    write(files, folder)
    when = _london(at)
    quarantine = QuarantineFolder(firstbell.store_folder)
    receipt = take_in(firstbell.store, CsvFolder([folder]), when, quarantine, _silent)
    week.took(receipt)


def _silent(_file: str, _done: int, _total: int) -> None:
    """Nobody needs a bar within the bar."""


def _judge(firstbell: Service, at: datetime, week: Week, *, keep: bool) -> None:
    when = _london(at)
    done = firstbell.run_day.run(when, when, in_full=True)
    (week.ran if keep else week.stood)(done)


def _london(at: datetime) -> datetime:
    from engine.instants import local_instant

    return local_instant(at.date(), at.time())
