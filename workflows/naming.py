"""Whom a duty names, each with why, and whom it leaves out for a person to decide about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.lowest import lowest
from engine.match import Judge
from engine.rulebook.model import Duty, Naming
from engine.truth import SCALE
from workflows.plans import Plan, open_plans
from workflows.values import Task


@dataclass(frozen=True, slots=True)
class Named:
    """One pupil whom a duty names, or leaves out, and why."""

    upn: str
    because: str


@dataclass(frozen=True, slots=True)
class Names:
    """Those whom a duty is about, the most pressing first, and those whom it leaves out."""

    named: tuple[Named, ...] = ()
    left_out: tuple[Named, ...] = ()


def names_of(duty: Duty, judge: Judge, done: Callable[[], Sequence[Task]]) -> Names:
    """Whom a duty names as of the judge's first instant; `done` gives the tasks done at the school."""
    value = duty.measured_by.on(judge.days[0]) if duty.measured_by else None
    if duty.names is None or value is None:
        return Names()
    number = -(-value // SCALE)
    if duty.names is Naming.LOWEST:
        return _lowest(judge, number)
    proposes = dict(duty.proposes)
    plans = (plan for plan in open_plans(judge, done()) if plan.stood >= number or not plan.engaging)
    return Names(tuple(Named(plan.upn, _about(plan, proposes)) for plan in plans))


def _lowest(judge: Judge, most: int) -> Names:
    named, left_out = [], []
    for low in lowest(judge, most):
        percent = f"{low.absent * 100 / low.possible:.1f} %"
        said = f"{low.absent} of {low.possible} sessions missed this school year ({percent})"
        upn = judge.snapshot.register.upns[low.row]
        if low.stands:
            left_out.append(Named(upn, "; ".join((said, *(each.sentence for each in low.stands)))))
        else:
            named.append(Named(upn, said))
    return Names(tuple(named), tuple(left_out))


def _about(plan: Plan, proposes: dict[str, str]) -> str:
    days = f"{plan.stood} school day{'s' if plan.stood != 1 else ''}"
    said = [f"plan of {plan.on.day} {plan.on:%B}: no step for {days}"]
    if not plan.engaging:
        said.append("the family is not engaging")
    proposed = proposes.get("standing still" if plan.engaging else "not engaging")
    return "; ".join([*said, *([f"proposed: {proposed}"] if proposed else [])])
