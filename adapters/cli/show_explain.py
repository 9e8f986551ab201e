"""Explanations as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich import box
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen

_STYLE = {"matched": "bold green", "unknown": "bold yellow", "not_matched": "", "not_applicable": "dim"}
_MOST = 200


def show_explain(lines: Sequence[dict[str, object]]) -> None:
    """One block a subject: each rule, its result, and the sentence that says why."""
    console = screen()
    for (school, who), own in groupby(lines[:_MOST], key=_subject):
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True, min_width=27)
        table.add_column(no_wrap=True, min_width=14)
        table.add_column()
        for line in own:
            result = str(line["result"])
            near = line["nearest"]
            told = f"\n{near['sentence']}" if isinstance(near, dict) else ""
            because = Text(f"{line['because']}{told}")
            table.add_row(f"  {line['rule']}", Text(result, style=_STYLE[result]), because)
        console.print(Text(f"\n{who} at {school}", style="bold"))
        console.print(table)
    if len(lines) > _MOST:
        console.print(f"\n{len(lines) - _MOST} more: name pupils or rules, or use --json")


def show_near(lines: Sequence[dict[str, object]], within: int) -> None:
    """A line for each pupil and rule, the nearest first; what has not come true on trial is left out."""
    console = screen()
    if lines:
        names = ("pupil", "class", "rule", "what would make it hold")
        table = Table(*names, box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
        for line in lines[:_MOST]:
            rule = f"{line['title']}\n{line['rule']} at {line['school_id']}"
            table.add_row(*map(Text, (str(line["who"]), str(line["class"]), rule, str(line["sentence"]))))
        console.print(table)
    if len(lines) > _MOST:
        console.print(f"{len(lines) - _MOST} more: name a rule or a school, or use --json")
    sessions = f"{within} sessions" if within > 1 else "1 session"
    console.print(f"{len(lines)} within {sessions}; told for sure, and only of rules that count sessions.")


def _subject(line: dict[str, object]) -> tuple[str, str]:
    return str(line["school_id"]), str(line["upn"] or f"class {line['class']}")
