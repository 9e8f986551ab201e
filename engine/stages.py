"""Which stage of a ladder's rules that hold may act now, where a lower one comes first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine.calendar import Calendar
from engine.grounds import OpenCase
from engine.inference.facts import NOT_YET
from engine.reasons import Reason
from engine.rulebook.layered import day_in_words
from engine.rulebook.model import Rule


@dataclass(frozen=True, slots=True)
class Past:
    """What the past of one subject says about its ladders, as of a day.

    `cases` are the case of each ladder on today's ground, `closed` the day on which its last case closed.
    """

    cases: Mapping[str, OpenCase]
    closed: Mapping[str, date]
    calendar: Calendar
    today: date

    def after_done(self, rule: Rule) -> bool:
        """Whether the stage that a rule comes after was done, and long enough ago."""
        after = rule.after
        return after is None or any(
            after.done_for.after(self.calendar, on) <= self.today for on in self._done(rule, after.stage)
        )

    def armed(self, rule: Rule) -> bool:
        """Whether a rule may open a case, or leads one on that has acted: no other closed too short ago."""
        rearm, closed = rule.patience.rearm, self.closed.get(rule.on_ladder)
        case = self.cases.get(rule.on_ladder)
        if rearm is None or closed is None or (case and case.stage):
            return True
        return rearm.after(self.calendar, closed) <= self.today

    def unread(self, rule: Rule) -> bool:
        """Whether the family has written back about the case that a rule would lead on, and it is unread."""
        case = self.cases.get(rule.on_ladder)
        return case is not None and case.unread and case.stage < rule.stage

    def sentences(self, rule: Rule) -> Iterator[str]:
        """Why a rule that holds may not act yet, with the days; nothing where the past lets it."""
        after, rearm, closed = rule.after, rule.patience.rearm, self.closed.get(rule.on_ladder)
        case = self.cases.get(rule.on_ladder)
        if case and case.stage >= rule.stage:
            return  # it has acted
        if self.unread(rule):
            yield Reason.REPLY_UNREAD.sentence
        if after and not self.after_done(rule):
            done = max(self._done(rule, after.stage), default=None)
            if done is None:
                yield f"stage {after.stage} comes first, and was not done yet"
            else:
                from_then = day_in_words(after.done_for.after(self.calendar, done))
                yield f"stage {after.stage} was done on {day_in_words(done)}: not before {from_then}"
        if rearm and closed and not self.armed(rule):
            again = day_in_words(rearm.after(self.calendar, closed))
            yield f"a case on its ladder closed on {day_in_words(closed)}: not before {again}"

    def _done(self, rule: Rule, stage: int) -> list[date]:
        """The day on which a stage of the rule's case was done; none where it was not."""
        case = self.cases.get(rule.on_ladder)
        return [on for each, on in case.done if each == stage] if case else []


def may_wait(rule: Rule) -> bool:
    """Whether there is anything that could keep a rule from acting though it holds.

    >>> from engine.rulebook.rulebook import Source, read_rulebook
    >>> text = (
    ...     "{pack: a, rules: {late: {title: Late, because: late, autonomy: send, rearm: 2 school days,"
    ...     " when: {late_sessions: {over: today, at_least: 1}},"
    ...     " then: [{task: {do: ask, by: office, due: same day}}]}}}"
    ... )
    >>> may_wait(read_rulebook([Source("trust", "a.yaml", text)]).rule("late"))
    True
    """
    patience = rule.patience
    return bool(rule.after or patience.hold_for or patience.rearm or patience.requires)


def in_turn(
    holding: Mapping[int, Rule],
    present: Mapping[int, Rule],
    lacking: Mapping[int, tuple[Reason, ...]],
    past: Past,
) -> tuple[dict[int, tuple[Reason, ...]], dict[int, int]]:
    """Of the rules that hold for one subject: why some may not act yet, and whose stage each would act as.

    `holding` and `present` (all rules in force that speak of the subject, where a case skips no stage) are
    rules by number, `lacking` the preconditions of either that are not met. Where the rules changed and no
    stage is to be skipped, the lowest that holds, and may act, acts as the next stage if that lacks nothing
    that it requires; and none does while a task of the present one is open.

    >>> from engine.sample import school
    >>> in_turn({}, {}, {}, Past({}, {}, school("//").calendar, date(2025, 9, 1)))
    ({}, {})
    """
    acts: dict[int, int] = {}
    not_yet = {
        number: reasons
        for number, rule in holding.items()
        if (reasons := _reasons(rule, lacking.get(number, ()), past))
    }
    ready = {number: rule for number, rule in holding.items() if number not in not_yet}
    for number, rule in ready.items():
        case = past.cases.get(rule.on_ladder)
        if not case or not case.stepwise or rule.stage <= case.stage:
            continue
        if case.at_work or number != _lowest(ready, rule.on_ladder, case.stage):
            not_yet[number] = (Reason.STAGE_BEFORE,)
            continue
        following = _lowest(present, rule.on_ladder, case.stage)
        acts[number] = following
        # How long the stage between has held does not matter: it may never hold by itself.
        required = set(_reasons(present[following], lacking.get(following, ()), past))
        if required := required - {Reason.NOT_LONG_ENOUGH}:
            not_yet[number] = tuple(reason for reason in NOT_YET if reason in required)
    return not_yet, acts


def _reasons(rule: Rule, lacking: Iterable[Reason], past: Past) -> tuple[Reason, ...]:
    """Why a rule that holds may not act yet, in the order of NOT_YET."""
    found = {*lacking}
    if past.unread(rule):
        found.add(Reason.REPLY_UNREAD)
    if not past.after_done(rule):
        found.add(Reason.STAGE_BEFORE)
    if not past.armed(rule):
        found.add(Reason.CLOSED_LATELY)
    return tuple(reason for reason in NOT_YET if reason in found)


def _lowest(rules: Mapping[int, Rule], ladder: str, above: int) -> int:
    """The number of the rule with the lowest stage of a ladder above one."""
    stages = [(rule.stage, number) for number, rule in rules.items() if rule.on_ladder == ladder]
    return min(each for each in stages if each[0] > above)[1]
