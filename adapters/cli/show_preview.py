"""What changed rules would do, as a screen and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from rich.padding import Padding
from rich.text import Text

from adapters.cli.screen import screen
from adapters.cli.show_outbox import message_fields
from adapters.cli.show_tasks import task_fields
from engine.instants import local
from engine.reasons import Reason
from engine.rulebook.problems import Problem
from workflows.preview import Difference, Ending, Footing, Kind, Preview
from workflows.subjects import subject_fields
from workflows.values import Message, MessageState, Task

_SIGN = {Kind.NEW: "+", Kind.GONE: "-", Kind.MOVED: "~", Kind.OTHERWISE: "=", Kind.IN_DOUBT: "?"}
_STYLE = {Kind.NEW: "green", Kind.GONE: "red", Kind.MOVED: "yellow"}
_SENTENCE = {reason.value: reason.sentence for reason in Reason}
_TELLING = {Kind.NEW, Kind.MOVED, Kind.OTHERWISE}
_HEAD = "+ new, - gone, ~ another stage, = something else follows, ? cannot be told"


def show_preview(found: Preview) -> None:
    """One school: rule by rule who is new, gone or moved, why, and what would be made and said."""
    console = screen()
    console.print(Text(f"\n{found.school_id}: {found.pupils} on roll", style="bold"))
    if found.before.version == found.after.version:
        console.print("The changed rules are those in force: change a file, or name the one that changed.")
        return
    console.print(f"rules {found.before.version[:12]} in force, {found.after.version[:12]} changed; {_HEAD}")
    matched = {rule: (was, now) for rule, was, now in found.matched}
    differing = {rule for rule, was, now in found.matched if was != now} | {d.rule for d in found.differences}
    for rule in sorted(differing):
        own = [each for each in found.differences if each.rule == rule]
        console.print(Text.assemble("\n", (rule, "bold"), f"  {found.title(rule)}"))
        if rule in matched:
            was, now = matched[rule]
            console.print(f"  holds for {was} now, for {now} then: {_counted(own)}")
        if rule in found.fuses:
            console.print(Text("  stopped: far more than it should; a person must release it", "bold red"))
        for each in own:
            console.print(Padding(_difference(each, found.people), (0, 0, 0, 2), expand=False))
    for (what, because), ended in groupby(_by_reason(found.endings), key=lambda end: (end.what, end.because)):
        names = [f"{end.who} ({end.about})" for end in ended]
        console.print(Text(f"\nends: {len(names)} {what}s, {because}: {', '.join(names)}"))
    tasks, messages = _made(found.differences, "was"), _made(found.differences, "now")
    console.print(
        f"\n{len(found.differences)} differences. The next run would make {messages[0]} of these tasks and "
        f"{messages[1]} messages, by the rules in force {tasks[0]} and {tasks[1]}. Nothing was written."
    )


def preview_document(problems: Sequence[Problem], found: Sequence[Preview]) -> dict[str, object]:
    """Every school's preview for other programs, or the mistakes that stand before it."""
    fields = ("file", "line", "column", "rule", "what", "meant", "do")
    return {
        "problems": [{field: getattr(problem, field) for field in fields} for problem in problems],
        "schools": [_school(each) for each in found],
    }


def _school(found: Preview) -> dict[str, object]:
    return {
        "school_id": found.school_id,
        "known_at": found.known_at.isoformat(),
        "pupils": found.pupils,
        "in_force": found.before.version,
        "changed": found.after.version,
        "rules": [
            {
                "rule": rule,
                "matched": {"in_force": was, "changed": now},
                **Counter(_SIGN[each.kind] for each in found.differences if each.rule == rule),
                "stopped": rule in found.fuses,
            }
            for rule, was, now in found.matched
        ],
        "differences": [
            {
                "change": _SIGN[each.kind],
                **subject_fields(each.subject),
                "name": each.who,
                "form": each.form,
                "rule": each.rule,
                "because": each.because,
                "in_force": _footing(each.was),
                "changed": _footing(each.now),
            }
            for each in found.differences
        ],
        "ends": [
            {"what": end.what, "id": end.item_id, "name": end.who, "about": end.about, "because": end.because}
            for end in found.endings
        ],
    }


def _footing(footing: Footing | None) -> dict[str, object] | None:
    if footing is None:
        return None
    return {
        "rule": footing.rule,
        "stage": footing.stage,
        "outcome": footing.outcome.value,
        "reasons": list(footing.reasons),
        "because": footing.because,
        "tasks": [task_fields(task) for task in footing.tasks],
        "messages": [message_fields(message) for message in footing.messages],
    }


def _counted(differences: Iterable[Difference]) -> str:
    counts = Counter(each.kind for each in differences)
    return ", ".join(f"{_SIGN[kind]} {counts[kind]}" for kind in Kind if counts[kind]) or "the same pupils"


def _difference(each: Difference, people: Mapping[str, str]) -> Text:
    """Name and reason, then what would follow: tasks, and the message as it would be sent."""
    text = Text.assemble((f"{_SIGN[each.kind]} {each.who} {each.form}".rstrip(), _STYLE.get(each.kind, "")))
    if each.was and each.now and each.kind is Kind.MOVED:
        text.append(f", stage {each.was.stage} ({each.was.rule}) to stage {each.now.stage}")
    text.append(f": {each.because}" if each.because else "")
    if each.now and each.kind in _TELLING:
        for line in _follows(each.now, people):
            text.append(f"\n    {line}")
    return text


def _follows(footing: Footing, people: Mapping[str, str]) -> list[str]:
    """What would be made, and each reason why it is that and no more."""
    lines = [_task(task, people) for task in footing.tasks]
    lines += [_message(message) for message in footing.messages]
    return lines + [_SENTENCE[each] for each in footing.reasons if each != Reason.RULE_HOLDS]


def _task(task: Task, people: Mapping[str, str]) -> str:
    due = local(task.due)
    decide = "decide: " if task.decide else ""
    owner = people.get(task.assignee, task.assignee) or f"nobody yet ({task.role})"
    return f"task for {owner}, {due:%a} {due.day} {due:%b %H:%M}: {decide}{task.step}"


def _message(message: Message) -> str:
    waits = " once a person approves" if message.state is MessageState.AWAITING_APPROVAL else ""
    return f"{message.channel} to {message.address}{waits}: {message.text}"


def _by_reason(endings: Iterable[Ending]) -> list[Ending]:
    return sorted(endings, key=lambda end: (end.what, end.because, end.who))


def _made(differences: Iterable[Difference], side: str) -> tuple[int, int]:
    """How many tasks and messages one side of these differences has."""
    footings = [footing for each in differences if (footing := getattr(each, side))]
    return sum(len(each.tasks) for each in footings), sum(len(each.messages) for each in footings)
