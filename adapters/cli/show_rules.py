"""The rulebook in force, as a screen and as JSON."""

from __future__ import annotations

from datetime import date

from rich import box
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from engine.rulebook.changes import Change, changes
from engine.rulebook.model import TaskStep, Threshold, Wave, percent_or_number
from engine.rulebook.rulebook import Rulebook

_FIGURES = ("name", "value", "unit", "bounds", "layer", "place", "source")
_CHANGED = ("changed below", "to", "from", "who, and why", "look again by")


def show_rules(rulebook: Rulebook, today: date) -> None:
    """Rules by ladder and stage, what stands beside them, thresholds with their sources, changes, packs."""
    console = screen()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    for name in ("ladder", "stage", "rule", "what it finds", "task", "autonomy", "from"):
        table.add_column(name)
    for rule in sorted(rulebook.rules, key=lambda rule: (rule.ladder == "", rule.ladder, rule.stage)):
        tasks = "; ".join(map(_told, rule.tasks))
        tasks += f"; a review after {rule.review_after.words}" if rule.review_after else ""
        stage = str(rule.stage) if rule.ladder else "·"
        title = "; ".join((rule.title, *rule.patience.words, *map(_wave, rule.rollout)))
        cells = (rule.ladder or "·", stage, rule.id, title, tasks, rule.autonomy.value, str(rule.place))
        table.add_row(*map(Text, cells))
    console.print(table)
    for header, rows in (
        (("outcome", "what it says", "opens", "from"), _outcomes(rulebook)),
        (("duty", "what it is", "comes", "task", "from"), _duties(rulebook)),
        (("run", "comes", "if late", "from"), _runs(rulebook)),
        (("groups", "by", "which", "from"), _cohorts(rulebook)),
        (("codes under a name", "what they are", "codes", "from", "source"), _code_sets(rulebook)),
    ):
        if rows:
            listed = Table(*header, box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
            for row in rows:
                listed.add_row(*map(Text, row))
            console.print(listed)
    figures = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    for name in ("threshold", "value", "unit", "bounds", "layer", "from", "source"):
        figures.add_column(name, overflow="fold")
    for threshold in rulebook.thresholds:
        figures.add_row(*map(Text, _cells(threshold, today)))
    console.print(figures)
    if found := [*changes(rulebook)]:
        listed = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
        for name in _CHANGED:
            listed.add_column(name, overflow="fold")
        for change in found:
            listed.add_row(*map(Text, _changed(change, today)))
        console.print(listed)
    packs = Table(
        "pack", "what it is about", "layer", "from", box=box.SIMPLE_HEAD, pad_edge=False, expand=True
    )
    for pack in rulebook.packs:
        packs.add_row(*map(Text, (pack.name, pack.title or "·", pack.layer, pack.file)))
    console.print(packs)
    console.print(f"version {rulebook.version}")


def rules_document(rulebook: Rulebook, today: date) -> dict[str, object]:
    """The rulebook for other programs."""
    return {
        "version": rulebook.version,
        "rules": [
            {
                "id": rule.id,
                "title": rule.title,
                "subject": rule.subject,
                "ladder": rule.ladder or None,
                "stage": rule.stage,
                "autonomy": rule.autonomy.value,
                "pack": rule.pack,
                "place": str(rule.place),
                "layer": rule.layer,
                "locked": rule.locked,
                "source": rule.source,
                "tasks": [
                    {
                        "do": task.do,
                        "by": task.by,
                        "due": task.due.words,
                        "shared_among": list(task.shared_among),
                    }
                    for task in rule.tasks
                ],
                "message": rule.message.template if rule.message else None,
                "after": {"stage": rule.after.stage, "done_for": rule.after.done_for.words}
                if rule.after
                else None,
                "waits": list(rule.patience.words),
                "requires": [
                    {"title": each.title, "task": _told(each.task) if each.task else None}
                    for each in rule.patience.requires
                ],
                "review_after": rule.review_after.words if rule.review_after else None,
                "open_cases": rulebook.open_cases(rule.on_ladder).value,
                "rollout": [{"from": w.since.isoformat(), "years": list(w.years)} for w in rule.rollout],
            }
            for rule in rulebook.rules
        ],
        "triage": [
            dict(zip(("name", "title", "opens", "place"), row, strict=True)) for row in _outcomes(rulebook)
        ],
        "duties": [
            dict(zip(("name", "title", "comes", "task", "place"), row, strict=True))
            for row in _duties(rulebook)
        ],
        "runs": [
            dict(zip(("name", "comes", "if_late", "place"), row, strict=True)) for row in _runs(rulebook)
        ],
        "cohorts": [
            dict(zip(("title", "by", "groups", "place"), row, strict=True)) for row in _cohorts(rulebook)
        ],
        "code_sets": [
            {
                "name": each.name,
                "title": each.title,
                "codes": sorted(each.codes),
                "place": str(each.place),
                "source": each.source,
            }
            for each in rulebook.code_sets
        ],
        "thresholds": [
            {**dict(zip(_FIGURES, _cells(each, today), strict=True)), "values": _dated(each)}
            for each in rulebook.thresholds
        ],
        "off": [rule.id for rule in rulebook.off],
        "changes": [_change_document(change, today) for change in changes(rulebook)],
        "packs": [
            {"pack": each.name, "title": each.title, "layer": each.layer, "file": each.file}
            for each in rulebook.packs
        ],
        "problems": [str(problem) for problem in rulebook.problems],
    }


def _outcomes(rulebook: Rulebook) -> list[tuple[str, ...]]:
    return [(o.name, o.title, _told(o.task) if o.task else "", str(o.place)) for o in rulebook.triage]


def _duties(rulebook: Rulebook) -> list[tuple[str, ...]]:
    return [(d.name, d.title, d.comes.words, _told(d.task), str(d.place)) for d in rulebook.duties]


def _runs(rulebook: Rulebook) -> list[tuple[str, ...]]:
    return [(run.name, run.comes.words, run.if_late.value, str(run.place)) for run in rulebook.runs]


def _cohorts(rulebook: Rulebook) -> list[tuple[str, ...]]:
    return [
        (each.title, each.by, ", ".join(name for name, _ in each.groups) or "each value", str(each.place))
        for each in rulebook.cohorts
    ]


def _code_sets(rulebook: Rulebook) -> list[tuple[str, ...]]:
    return [
        (each.name, each.title, " ".join(sorted(each.codes)), str(each.place), each.source)
        for each in rulebook.code_sets
    ]


def _wave(wave: Wave) -> str:
    who = f"year {', '.join(wave.years)}" if wave.years else "everybody"
    return f"{who} from {wave.since.isoformat()}"


def _told(task: TaskStep) -> str:
    shared = f", shared among {', '.join(task.shared_among)}" if task.shared_among else ""
    return f"{task.do} ({task.by}, {task.due.words}{shared})"


def _cells(threshold: Threshold, today: date) -> tuple[str, ...]:
    value, here = threshold.on(today), threshold.set_by(today)
    bounds = threshold.bounds
    limits = "locked" if threshold.locked else ""
    if bounds and not limits:
        limits = f"{percent_or_number(bounds[0])} to {percent_or_number(bounds[1])}"
    said = "none in force" if value is None else str(percent_or_number(value))
    return (threshold.name, said, threshold.unit, limits, here.layer, str(here.place), threshold.source)


def _dated(threshold: Threshold) -> list[dict[str, object]]:
    """Every value of a threshold, from when on it is in force, and where it was set."""
    out: list[dict[str, object]] = []
    for since, value in threshold.values:
        here = threshold.set_by(since)
        day = None if since == date.min else since.isoformat()
        number = percent_or_number(value)
        out.append({"from": day, "value": number, "layer": here.layer, "place": str(here.place)})
    return out


def _changed(change: Change, today: date) -> tuple[str, ...]:
    by, review = change.changed, change.changed and change.changed.review
    again = f"{review.isoformat()}{', passed' if change.overdue(today) else ''}" if review else "·"
    who = f"{by.who}: {by.why}" if by else "·"
    return (change.name, change.said, f"{change.layer}, {change.place}", who, again)


def _change_document(change: Change, today: date) -> dict[str, object]:
    by = change.changed
    return {
        "of": change.of,
        "name": change.name,
        "said": change.said,
        "layer": change.layer,
        "place": str(change.place),
        "instead_of": str(change.instead_of),
        "who": by.who if by else None,
        "why": by.why if by else None,
        "review": by.review.isoformat() if by and by.review else None,
        "overdue": change.overdue(today),
    }
