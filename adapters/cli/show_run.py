"""What a run did, as a screen and as JSON."""

from __future__ import annotations

from collections import Counter

from rich import box
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from adapters.cli.show_outbox import message_fields
from adapters.cli.show_tasks import task_fields
from engine.instants import local
from engine.reasons import Outcome
from workflows.ports import Store
from workflows.recheck import REQUIRED
from workflows.run_day import Run
from workflows.run_school import SchoolRun
from workflows.subjects import subject_fields


def run_document(done: Run) -> dict[str, object]:
    """The document of `firstbell run --json`."""
    return {
        "run_id": done.run_id,
        "as_of": done.as_of.isoformat(),
        "known_at": done.known_at.isoformat(),
        "rulebook": done.rulebook,
        "dry_run": done.dry,
        "schools": [school.school_id for school in done.schools],
        "pupils": sum(school.pupils for school in done.schools),
        "counts": done.counts(),
        "fuses": [
            {"school_id": school.school_id, "rule": rule, "matched": school.matched[rule]}
            for school in done.schools
            for rule in school.fuses
        ],
        "decisions": [
            {**subject_fields(str(line["subject"])), "school_id": school.school_id, **_decision(line)}
            for school in done.schools
            for line in school.decisions
        ],
        "tasks": [task_fields(task) for school in done.schools for task in school.tasks],
        "messages": [message_fields(message) for school in done.schools for message in school.messages],
    }


def show_run(done: Run, store: Store) -> None:
    """What came of a run, for people."""
    console = screen()
    for note in done.notes:
        console.print(f"note: {note}")
    when = local(done.as_of)
    dry = " (dry run: nothing was written)" if done.dry else ""
    console.print(f"As of {when:%A} {when.day} {when:%B %Y %H:%M}, run {done.run_id}{dry}")
    with store.reading() as unit:
        known = [len(unit.pupils(school.school_id)) for school in done.schools]
        wrong = sum(len(unit.contradicted(school.school_id)) for school in done.schools)
    for school, pupils in zip(done.schools, known, strict=True):
        console.print(f"\n{school.school_id}: {school.pupils} on roll of {pupils} known")
        console.print(_table(school))
        for rule in school.fuses:
            console.print(
                Text("stopped:", style="bold red"),
                f"{rule} matched {school.matched[rule]}, far more than it should; "
                f"look at it, then: firstbell run --release {rule}",
            )
    made = sum(school.tally.tasks.total() for school in done.schools)
    drafted = sum(school.tally.messages.total() for school in done.schools)
    console.print(f"{made} new tasks, {drafted} new messages. Next: firstbell tasks, firstbell outbox list")
    if wrong:
        told = "1 message that left is" if wrong == 1 else f"{wrong:,} messages that left are"
        console.print(f"{told} contradicted by the register: firstbell outbox recall")


def _table(school: SchoolRun) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    by_rule, messages = school.tally.decisions, school.tally.messages
    tasks: Counter[str] = Counter()
    for rule, count in school.tally.tasks.items():
        tasks[rule.removeprefix(REQUIRED)] += count
    shown = [outcome for outcome in Outcome if any(key[1] == outcome for key in by_rule)]
    table.add_column("rule", no_wrap=True)
    for name in ("matched", *(outcome.value for outcome in shown), "tasks", "messages"):
        table.add_column(name, justify="right", no_wrap=True)
    for rule, matched in sorted(school.matched.items()):
        cells = [by_rule[rule, outcome.value] for outcome in shown]
        figures = [matched, *cells, tasks[rule], messages[rule]]
        table.add_row(rule, *(str(figure) if figure else "·" for figure in figures))
    return table


def _decision(line: dict[str, object]) -> dict[str, object]:
    return {
        key: line.get(key) for key in ("rule", "ladder", "stage", "outcome", "reasons", "because", "evidence")
    }
