"""A rollout compared, as a screen and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from rich import box
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from engine.trial import FEWEST, Arm, Interval
from workflows.rollout_report import RolloutReport

_NO_PROOF = (
    "No proof of cause: the years were chosen, not drawn by lot, and differ in more than this rule. The "
    "interval says how far chance among pupils goes, 95 times in 100."
)


def show_rollouts(reports: Sequence[RolloutReport]) -> None:
    """Both sides of each school with their absence, then what can be told of the difference."""
    console = screen()
    for report in reports:
        span = f"{_day(report.first)} to {_day(report.last)} {report.last.year}"
        console.print(Text(f"\n{report.school}, {report.title} ({report.rule}): {span}", style="bold"))
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in ("", "pupils", "absence, %", "as many days before, %"):
            table.add_column(name, justify="right" if name else "left")
        for words, years, arm in (
            ("rolled out", report.reached, report.compared.reached),
            ("not yet", report.waiting, report.compared.waiting),
        ):
            before = _rate(arm.before) if report.before else "·"
            named = f"{words}: year {', '.join(years)}" if years else words
            table.add_row(named, f"{arm.pupils:,}", _rate(arm.now), before)
        console.print(table)
        if report.between:
            console.print(f"{report.between:,} pupils whose wave came within these days are on neither side.")
        for words, interval in (
            ("difference", report.compared.level),
            ("difference of the changes since before", report.compared.change),
        ):
            console.print(f"{words}: {verdict(interval, report)}")
    if reports:
        console.print(_NO_PROOF)


def verdict(interval: Interval | None, report: RolloutReport) -> str:
    """What an interval says, or that it cannot tell and why."""
    if interval is None:
        fewest = min(report.compared.reached.pupils, report.compared.waiting.pupils)
        few = f"a side has fewer than {FEWEST} pupils"
        return f"cannot tell: {few if fewest < FEWEST else 'no days to compare with'}"
    said = f"{interval.difference:+.2f} points ({interval.low:+.2f} to {interval.high:+.2f})"
    if not interval.tells:
        return f"cannot tell: {said} may be none"
    return f"{said}: {'less' if interval.difference < 0 else 'more'} absence where it is rolled out"


def rollout_document(report: RolloutReport) -> dict[str, object]:
    """The comparison for other programs."""
    change = report.compared.change
    return {
        "school_id": report.school_id,
        "rule": report.rule,
        "from": report.first.isoformat(),
        "to": report.last.isoformat(),
        "school_days": report.days,
        "before_from": report.before.isoformat() if report.before else None,
        "rolled_out": {"years": list(report.reached), **_arm(report.compared.reached)},
        "not_yet": {"years": list(report.waiting), **_arm(report.compared.waiting)},
        "between": report.between,
        "difference": asdict(report.compared.level) if report.compared.level else None,
        "difference_of_changes": asdict(change) if change else None,
        "verdict": verdict(report.compared.level, report),
        "verdict_of_changes": verdict(change, report),
        "method": "ratios over pupils, linearised variance, Welch interval of 95 percent; no proof of cause",
    }


def _arm(arm: Arm) -> dict[str, object]:
    return {"pupils": arm.pupils, "absent": arm.now[0], "possible": arm.now[1]}


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _rate(sessions: tuple[int, int]) -> str:
    absent, possible = sessions
    return f"{absent * 100 / possible:.2f}" if possible else "·"
