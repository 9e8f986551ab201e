"""The demo beside England, as a screen and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from adapters.demo.check import BANDS, CODES, DAYS, Line
from adapters.demo.england import PHASES

Found = Mapping[int, Sequence[Line]]
"""The lines of each seed; every seed has the same lines in the same order."""

_WIDE = 44
_FULL = 60.0
_HOW = (
    "{pupils:,} pupils in each phase, {seeds}. Each lived the school days of 2025/26 twice: at the level of "
    "absence of 2022/23, which the published bands are of, and at that of 2024/25, which the published codes "
    "are of and the demo lives at. Between the two stands one factor a phase on every pupil's rate. The demo "
    "is drawn to these figures; what is checked is that they come out again, from the marks of whole "
    "registers, by the engine's own measures. `ours` is the mean of the seeds, `off` the worst of them."
)


def show_check(found: Found, pupils: int) -> None:
    """Print each group of lines, the judged ones with their verdict, and what it comes to."""
    console = screen(markup=True)
    seeds = f"seed{'s' if len(found) > 1 else ''} {', '.join(map(str, found))}"
    console.rule("The demo beside England")
    console.print(_HOW.format(pupils=pupils, seeds=seeds))
    sets = list(zip(*found.values(), strict=True))
    for phase in PHASES:
        console.print(f"\n[bold]{BANDS}: {phase}[/]  █ ours, │ England, in percent of pupils")
        console.print(_bands([each for each in sets if (each[0].group, each[0].phase) == (BANDS, phase)]))
    for group in dict.fromkeys(each[0].group for each in sets if each[0].group != BANDS):
        own = [each for each in sets if each[0].group == group]
        unit = "" if group == DAYS else ", percent of possible sessions" if group == CODES else ", percent"
        console.print(f"\n[bold]{group}[/]{unit}{'' if own[0][0].allowed else ', not judged'}")
        console.print(_beside(own))
    console.print("\n[bold]Worst of what is judged[/]")
    console.print(_verdicts(sets))


def check_document(found: Found, pupils: int) -> dict[str, object]:
    """The document of `firstbell demo --check --json`."""
    return {
        "pupils_per_phase": pupils,
        "seeds": list(found),
        "holds": all(line.holds for lines in found.values() for line in lines),
        "lines": [
            {
                "seed": seed,
                "group": line.group,
                "phase": line.phase,
                "name": line.name,
                "ours": round(line.ours, 4),
                "published": line.published,
                "off": round(line.off, 4),
                "unit": "percent of published" if line.relative else "points",
                "allowed": line.allowed,
                "holds": line.holds,
            }
            for seed, lines in found.items()
            for line in lines
        ],
    }


def _bands(sets: Sequence[Sequence[Line]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("band", "England", "ours", "off", ""):
        table.add_column(name, justify="left" if name in {"band", ""} else "right", no_wrap=True)
    for lines in sets:
        ours = _mean(lines)
        bar = Text("█" * round(ours / _FULL * _WIDE)).append(" " * _WIDE)[:_WIDE]
        mark = min(_WIDE - 1, round(lines[0].published / _FULL * _WIDE))
        bar = Text.assemble(bar[:mark], ("│", "bold red"), bar[mark + 1 :])
        table.add_row(lines[0].name, f"{lines[0].published:.2f}", f"{ours:.2f}", _off(lines), bar)
    return table


def _beside(sets: Sequence[Sequence[Line]]) -> Table:
    """One row a name, England and ours for each phase that has it."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for phase in PHASES:
        for name in (f"{phase}: England", "ours", "off"):
            table.add_column(name, justify="right", no_wrap=True)
    by_name: dict[str, dict[str, Sequence[Line]]] = {}
    for lines in sets:
        by_name.setdefault(lines[0].name, {})[lines[0].phase] = lines
    for name, by_phase in by_name.items():
        cells: list[str | Text] = []
        for phase in PHASES:
            if lines := by_phase.get(phase, ()):
                digits = 3 if lines[0].relative else 1
                cells += [f"{lines[0].published:.{digits}f}", f"{_mean(lines):.{digits}f}", _off(lines)]
            else:
                cells += ["·", "·", "·"]
        table.add_row(name, *cells)
    return table


def _verdicts(sets: Sequence[Sequence[Line]]) -> Group:
    judged = [line for lines in sets for line in lines if line.allowed]
    said: list[Text] = []
    for group, phase, allowed in dict.fromkeys((line.group, line.phase, line.allowed) for line in judged):
        own = [line for line in judged if (line.group, line.phase, line.allowed) == (group, phase, allowed)]
        worst = max(own, key=lambda line: abs(line.off))
        failed = sum(not line.holds for line in own)
        verdict = "holds" if not failed else f"{failed} of {len(own)} do NOT hold"
        text = f"{group}, {phase}: {worst.name} is off by {_apart(worst)}, {allowed:g} allowed: "
        said.append(Text.assemble(text, (verdict, "bold red" if failed else "green")))
    failed = sum(not line.holds for line in judged)
    last = (
        f"All {len(judged)} judged figures hold." if not failed else f"{failed} of {len(judged)} do not hold."
    )
    return Group(*said, Text(last, style="bold"))


def _mean(lines: Sequence[Line]) -> float:
    return sum(line.ours for line in lines) / len(lines)


def _off(lines: Sequence[Line]) -> Text:
    worst = max(lines, key=lambda line: abs(line.off))
    return Text(_apart(worst, short=True), style="" if worst.holds else "bold red")


def _apart(line: Line, *, short: bool = False) -> str:
    if line.relative:
        return f"{line.off:+.1f} %"
    return f"{line.off:+.2f}" + ("" if short else " points")
