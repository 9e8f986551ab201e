"""Two rulebooks beside each other: what is new, what is gone, what changed, in words a head of year reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from engine.rulebook.layered import Changed, Override, Threshold, day_in_words
from engine.rulebook.model import Rule, TaskStep, percent_or_number
from engine.rulebook.rulebook import Rulebook
from engine.rulebook.said import said

_WHERE = frozenset({"id", "name", "place", "pack", "layer", "overrides", "above", "changed", "since"})
"""Where and by whom a thing is said is no part of what it says."""

_PHRASES = {
    "because": "what staff read",
    "by": "who does it",
    "clears_when": "it clears when",
    "do": "the task",
    "good_for": "hours within which it must leave",
    "in_force_from": "in force from",
    "in_force_until": "in force until",
    "measured_by": "measured by",
    "script": "the words to start with",
    "when": "it speaks when",
}
_QUOTED = frozenset({"because", "script", "title"})
_SECTIONS = (
    ("outcome", "triage"),
    ("duty", "duties"),
    ("run", "runs"),
    ("ladder", "ladders"),
    ("groups", "cohorts"),
)


@dataclass(frozen=True, slots=True)
class Differing:
    """One difference: what it is about, `how` (added, removed, changed), and the sentence for people.

    Of a change `what` is the key, `now` and `was` are what holds and held; of a threshold `since` and `until`
    are its first and last day (None: for ever). `changed` says who did it, where the rules say so.
    """

    of: str
    name: str
    how: str
    sentence: str
    what: str = ""
    now: str = ""
    was: str = ""
    since: date | None = None
    until: date | None = None
    changed: Changed | None = None

    def __str__(self) -> str:
        return f"{self.sentence} ({self.changed})" if self.changed else self.sentence


def compared(before: Rulebook, after: Rulebook) -> tuple[Differing, ...]:
    """What differs between two rulebooks: thresholds, then rules, then what else they hold, by name.

    >>> from engine.rulebook.rulebook import read_rulebook
    >>> compared(read_rulebook([]), read_rulebook([]))
    ()
    """
    return (
        *_thresholds(_named(before.thresholds), _named(after.thresholds)),
        *_rules(before, after),
        *(
            each
            for of, section in _SECTIONS
            for each in _others(of, _named(getattr(before, section)), _named(getattr(after, section)))
        ),
    )


def _named(values: Sequence[Any]) -> dict[str, Any]:
    return {value.name: value for value in values}


def _thresholds(before: Mapping[str, Threshold], after: Mapping[str, Threshold]) -> Iterator[Differing]:
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if new is None:
            yield Differing("threshold", name, "removed", f"Gone: {name} ({before[name].title})")
        elif old is None:
            (since, value), *later = new.values
            then = "".join(f", then {percent_or_number(each)}{_from(day)}" for day, each in later)
            words = f"New: {_figure(new, value)}{_from(since)}{then}"
            yield Differing("threshold", name, "added", words, changed=new.changed)
        else:
            yield from _values(old, new)
            for key, now, was in _keys(old, new, {"values"}):
                words = f"{new.title} ({name}): {_phrase(key)} {now}, was {was}"
                yield Differing("threshold", name, "changed", words, key, now, was, changed=new.changed)


def _values(old: Threshold, new: Threshold) -> Iterator[Differing]:
    """A sentence for each stretch of days on which two thresholds differ in one and the same way."""
    days = sorted({since for since, _ in (*old.values, *new.values)})
    stretches: list[tuple[date, date | None, int | None, int | None]] = []
    for number, day in enumerate(days):
        last = days[number + 1] - timedelta(days=1) if number + 1 < len(days) else None
        was, now = old.on(day), new.on(day)
        if stretches and stretches[-1][2:] == (was, now):
            stretches[-1] = (stretches[-1][0], last, was, now)
        else:
            stretches.append((day, last, was, now))
    for since, last, was, now in stretches:
        if was == now:
            continue
        until = f" until {day_in_words(last)}" if last else ""
        then = "none" if was is None else str(percent_or_number(was))
        sentence = f"{_figure(new, now)}, was {then}"
        dates = ",".join(filter(None, (_from(since), until)))
        number_now = "none" if now is None else str(percent_or_number(now))
        yield Differing(
            "threshold",
            new.name,
            "changed",
            f"{sentence},{dates}" if dates else sentence,
            "value",
            number_now,
            then,
            None if since == date.min else since,
            last,
            new.set_by(since).changed,
        )


def _figure(threshold: Threshold, value: int | None) -> str:
    """A threshold and its number: `Persistent absence begins at 10 percent`."""
    number = "no value" if value is None else f"{percent_or_number(value)} {threshold.unit}"
    head, in_units, _ = threshold.title.partition(", in ")
    return f"{head} at {number}" if in_units else f"{threshold.title}: {number}"


def _from(since: date) -> str:
    return "" if since == date.min else f" from {day_in_words(since)}"


def _rules(before: Rulebook, after: Rulebook) -> Iterator[Differing]:
    old_rules, new_rules = ({rule.id: rule for rule in book.rules} for book in (before, after))
    off = {rule.id: rule.overrides[-1].changed for rule in after.off}
    for name in sorted({*old_rules, *new_rules}):
        old, new = old_rules.get(name), new_rules.get(name)
        if new is None:
            words = "Turned off" if name in off else "Gone"
            gone = f"{words}: {_called(old_rules[name])}"
            yield Differing("rule", name, "removed", gone, changed=off.get(name))
        elif old is None:
            tasks = "; ".join(map(_task, new.tasks))
            yield Differing("rule", name, "added", f"New: {_called(new)}: when {said(new.when)}; {tasks}")
        else:
            for key, now, was in _keys(old, new, {"tasks"}):
                yield _of_rule(new, key, f"{_phrase(key)} {now}, was {was}", now, was)
            yield from _tasks(old, new)


def _called(rule: Rule) -> str:
    return f"{rule.title} ({rule.id})"


def _of_rule(rule: Rule, what: str, words: str, now: str, was: str) -> Differing:
    by = next((each.changed for each in reversed(rule.overrides) if _names(each, what)), None)
    return Differing("rule", rule.id, "changed", f"{_called(rule)}: {words}", what, now, was, changed=by)


def _names(override: Override, what: str) -> bool:
    """Whether an override speaks of a key: `in_force_from` is of `in_force`, `by of ring` is itself."""
    keys = [words.partition(": ")[0] for words in override.said]
    return any(what == key or what.startswith(f"{key}_") for key in keys)


def _tasks(old: Rule, new: Rule) -> Iterator[Differing]:
    """Tasks are told apart by what is to be done; the same ones in another order are told too."""
    were, are = ({task.do: task for task in rule.tasks} for rule in (old, new))
    for do in were:
        if do not in are:
            yield _of_rule(new, "tasks", f"no longer a task: {_task(were[do])}", "", do)
    for do in are:
        if do not in were:
            yield _of_rule(new, "tasks", f"a new task: {_task(are[do])}", do, "")
            continue
        for key, now, was in _keys(were[do], are[do], set()):
            yield _of_rule(new, f"{key} of {do}", f"{do}: {_phrase(key)} {now}, was {was}", now, was)
    if [*were] != [*are] and {*were} == {*are}:
        now, was = ("; ".join(each) for each in (are, were))
        yield _of_rule(new, "tasks", f"its tasks in another order: {now}, were {was}", now, was)


def _task(task: TaskStep) -> str:
    return f"{task.do} ({task.by}, {task.due.words})"


def _others(of: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Differing]:
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        title = getattr(new or old, "title", "")
        called = f"{of} {name} ({title})" if title else f"{of} {name}"
        if new is None or old is None:
            how, word = ("removed", "Gone") if new is None else ("added", "New")
            yield Differing(of, name, how, f"{word}: {called}")
        else:
            for key, now, was in _keys(old, new, set()):
                words = f"{called}: {_phrase(key)} {now}, was {was}"
                yield Differing(of, name, "changed", words, key, now, was)


def _keys(old: Any, new: Any, apart: set[str]) -> Iterator[tuple[str, str, str]]:  # noqa: ANN401 - any value
    """Each field in which two values of one kind differ, with what it says now and what it said."""
    for field in fields(new):
        if field.name not in _WHERE | apart:
            now, was = (_told(field.name, getattr(each, field.name)) for each in (new, old))
            if now != was:
                yield field.name, now, was


def _told(key: str, value: object) -> str:
    if key == "bounds" and isinstance(value, tuple):
        return " to ".join(str(percent_or_number(bound)) for bound in value)
    return f"“{said(value)}”" if key in _QUOTED else said(value)


def _phrase(key: str) -> str:
    return _PHRASES.get(key, key.replace("_", " "))
