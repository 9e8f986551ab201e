"""The demo's one last screen: what came in, what is to be done, what would leave, what was held back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from adapters.cli.show_tasks import show_tasks
from engine.instants import local_instant
from engine.reasons import Outcome, Reason
from workflows.day_report import MISSED
from workflows.receipt import Receipt
from workflows.run_day import Run
from workflows.tasks import Listed, listed_and_put_off
from workflows.values import Message, MessageState, Task, TaskState

if TYPE_CHECKING:
    from adapters.bootstrap import Service
    from adapters.demo import DemoTrust
    from adapters.demo.places import Place

_TOP = 8


@dataclass(slots=True)
class Week:
    """What was counted while the days were lived; a decision counts once, however often it was repeated."""

    rows: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    corrected: int = 0
    made: Counter[str] = field(default_factory=Counter)
    standing: int = 0
    runs: int = 0
    reasons: dict[str, set[str]] = field(default_factory=dict)

    def took(self, receipt: Receipt) -> None:
        """Count what an import brought."""
        for file in receipt.files:
            self.rows[file.kind] += file.new
            self.corrected += file.changed if file.kind == "marks" else 0
            self.refused += file.refused

    def stood(self, done: Run) -> None:
        """Count what the first run made of the days before."""
        self.standing += sum(len(school.tasks) for school in done.schools)

    def ran(self, done: Run) -> None:
        """Count what a run made, and what stood in the way of what."""
        self.runs += 1
        for school in done.schools:
            self.made.update(task.rule for task in school.tasks)
            for line in school.decisions:
                self._held(line)

    def _held(self, line: dict[str, object]) -> None:
        reasons = line["reasons"]
        if line["outcome"] == Outcome.ACT.value and reasons == [Reason.RULE_HOLDS.value]:
            return
        for reason in reasons if isinstance(reasons, list) else ():
            if reason not in {Reason.RULE_HOLDS.value, Reason.ALREADY_ACTED.value}:
                self.reasons.setdefault(str(reason), set()).add(f"{line['subject']} {line['rule']}")


def show_week(
    firstbell: Service, trust: DemoTrust, week: Week, folder: Path, at: datetime, store: str
) -> None:
    """Print the last screen."""
    console = screen(markup=True)
    when = local_instant(at.date(), at.time())
    lines, put_off = listed_and_put_off(firstbell.store, when)
    with firstbell.store.reading() as unit:
        tasks, messages = unit.tasks(), unit.messages()
        entries, faults = unit.verify()
        names = {p.upn: f"{p.first_name} {p.last_name}" for s in unit.school_ids() for p in unit.pupils(s)}
    schools = trust.places
    whose = schools[0].name if len(schools) == 1 else f"A trust of {len(schools)} schools"
    console.rule(f"{whose}, {at:%A} {at.day} {at:%B %Y}, {at:%H:%M}")
    console.print(
        f"[bold]Came in[/]  {week.rows['pupils']:,} pupils, {week.rows['contacts']:,} contacts, "
        f"{week.rows['marks']:,} marks; {week.corrected:,} marks corrected later, {week.refused} rows refused"
    )
    made = sum(week.made.values())
    console.print(
        f"\n[bold]To be done[/]  {made:,} tasks made in {week.runs} runs, after {week.standing:,} for the "
        f"days before, and {_came_of(tasks)}"
    )
    if len(schools) > 1:
        console.print(_by_school(schools, lines, messages))
    console.print(_by_owner(schools, lines))
    console.print(f"[bold]The top of the list[/] ({_TOP} of {len(lines)})")
    show_tasks(lines, when, _TOP, put_off)
    console.print("\n[bold]To families[/]")
    console.print(_messages(messages, names))
    console.print("[bold]Held back, and why[/]")
    console.print(_held(week, names))
    whole = "whole" if not faults else f"{len(faults)} broken links"
    console.print(
        f"[bold]Ledger[/]  {entries:,} entries, {whole}. Nothing left this machine: {folder}/outbox"
    )
    flag = f"--store {store} " if store else f"--store sqlite:///{folder}/firstbell.db "
    iso = f"{at:%Y-%m-%dT%H:%M}"
    console.print("\n[bold]What to type next[/]")
    for command in (
        f'tasks --as-of {iso} --for "{_somebody_with_few(lines)}"',
        f"explain {_somebody(lines)} --as-of {iso}",
        "outbox list --state awaiting_approval",
        "rules show",
        "ledger verify",
    ):
        console.print(f"  .venv/bin/firstbell {flag}{command}", soft_wrap=True)


def _came_of(tasks: Sequence[Task]) -> str:
    """What became of all tasks, those included that the staff's outcomes opened."""
    states = Counter(task.state for task in tasks)
    done, dismissed = states[TaskState.DONE], states[TaskState.DISMISSED]
    withdrawn, missed = states[TaskState.WITHDRAWN], sum(states[state] for state in MISSED)
    opened = sum(bool(task.follows) for task in tasks)
    return (
        f"{opened:,} that followed from them: {done:,} are done, {dismissed:,} dismissed, "
        f"{withdrawn:,} withdrawn, {missed:,} missed"
    )


def _by_school(schools: Sequence[Place], lines: list[Listed], messages: Sequence[Message]) -> Table:
    """A line for each school, the largest piles first; what does not fit the screen in one line."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("school", "pupils", "open", "to decide", "overdue", "sent", "waiting for approval"):
        table.add_column(name, justify="left" if name == "school" else "right")
    waiting = MessageState.AWAITING_APPROVAL
    piles = []
    for school in schools:
        own = [line.task for line in lines if line.task.school_id == school.school_id]
        late = sum(line.overdue for line in lines if line.task.school_id == school.school_id)
        states = Counter(each.state for each in messages if each.school_id == school.school_id)
        decide = sum(task.decide for task in own)
        counts = (school.pupils, len(own), decide, late, states[MessageState.SENT], states[waiting])
        piles.append((school.name, counts))
    piles.sort(key=lambda pile: (-pile[1][1], pile[0]))
    for name, counts in piles[:_TOP]:
        table.add_row(name, *(f"{count:,}" if count else "·" for count in counts))
    if rest := piles[_TOP:]:
        sums = [sum(counts) for counts in zip(*(counts for _, counts in rest), strict=True)]
        table.add_row(f"{len(rest)} others", *(f"{count:,}" if count else "·" for count in sums))
    return table


def _by_owner(schools: Sequence[Place], lines: list[Listed]) -> Table:
    names = {school.school_id: school.name.split()[0] for school in schools}
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("who", "open", "to decide", "overdue", "next"):
        table.add_column(name, justify="right" if name in {"open", "to decide", "overdue"} else "left")
    count = Counter((line.owner, line.task.school_id) for line in lines)
    for (owner, school), number in count.most_common(_TOP):
        own = [line for line in lines if (line.owner, line.task.school_id) == (owner, school)]
        decide, overdue = sum(line.task.decide for line in own), sum(line.overdue for line in own)
        first = f"{own[0].task.step}: {own[0].who}"
        who = f"{owner}, {names[school]}" if len(schools) > 1 else owner
        table.add_row(who, str(number), str(decide or "·"), str(overdue or "·"), Text(first))
    rest = sum(number for _, number in count.most_common()[_TOP:])
    if rest:
        table.add_row(f"{len(count) - _TOP} others", str(rest), "", "", "")
    return table


def _messages(own: Sequence[Message], names: dict[str, str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, side in (("state", "left"), ("texts", "right"), ("for example", "left")):
        table.add_column(name, justify="right" if side == "right" else "left")
    for state in MessageState:
        some = [message for message in own if message.state is state]
        if some:
            said = some[0].ended_because or some[0].text
            example = Text(f"{names.get(some[0].subject, '')}: {said}", overflow="ellipsis")
            table.add_row(state.value.replace("_", " "), str(len(some)), example)
    return table


def _held(week: Week, names: dict[str, str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("times", justify="right")
    table.add_column("because")
    table.add_column("for example")
    sentences = {reason.value: reason.sentence for reason in Reason}
    for reason, subjects in sorted(week.reasons.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        subject, rule = sorted(subjects)[0].rsplit(" ", 1)
        table.add_row(str(len(subjects)), sentences[reason], f"{names.get(subject, subject)}, {rule}")
    return table


def _somebody_with_few(lines: list[Listed]) -> str:
    """Somebody whose whole list fits a screen."""
    return Counter(line.owner for line in lines).most_common()[-1][0] if lines else ""


def _somebody(lines: list[Listed]) -> str:
    pupils = [line.task.subject for line in lines if ":" not in line.task.subject]
    return pupils[0] if pupils else ""
