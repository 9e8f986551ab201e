"""Which stage of a ladder's rules that hold may act now, where a lower one comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from engine.calendar import Calendar
from engine.grounds import OpenCase
from engine.rulebook.model import After, Rule


def in_turn(
    holding: Mapping[int, Rule],
    present: Mapping[int, Rule],
    cases: Mapping[str, OpenCase],
    calendar: Calendar,
    today: date,
) -> tuple[frozenset[int], dict[int, int]]:
    """Of the rules that hold for one subject: those that come too early, and whose stage each acts as.

    `holding` and `present` (all rules in force that speak of the subject, where a case skips no stage) are
    rules by number, `cases` the case of each ladder on
    today's ground. A rule comes too early where the stage it names in `after` was not done, or not long
    enough ago. Where the rules changed and no stage is to be skipped, the lowest that holds acts as the
    next stage, and none while a task of the present one is open.

    >>> from engine.sample import school
    >>> in_turn({}, {}, {}, school("//").calendar, date(2025, 9, 1))
    (frozenset(), {})
    """
    early: set[int] = set()
    acts: dict[int, int] = {}
    for number, rule in holding.items():
        case = cases.get(rule.on_ladder)
        if rule.after and not _done(rule.after, case, calendar, today):
            early.add(number)
        elif case and case.stepwise and rule.stage > case.stage:
            if case.at_work or number != _lowest(holding, rule.on_ladder, case.stage):
                early.add(number)
            else:
                acts[number] = _lowest(present, rule.on_ladder, case.stage)
    return frozenset(early), acts


def _lowest(rules: Mapping[int, Rule], ladder: str, above: int) -> int:
    """The number of the rule with the lowest stage of a ladder above one."""
    stages = [(rule.stage, number) for number, rule in rules.items() if rule.on_ladder == ladder]
    return min(each for each in stages if each[0] > above)[1]


def _done(after: After, case: OpenCase | None, calendar: Calendar, today: date) -> bool:
    """Whether the stage that comes first was done, and long enough ago."""
    done: Sequence[tuple[int, date]] = case.done if case else ()
    return any(stage == after.stage and after.done_for.after(calendar, on) <= today for stage, on in done)
