"""Explanations as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

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
            because = Text(str(line["because"]))
            table.add_row(f"  {line['rule']}", Text(result, style=_STYLE[result]), because)
        console.print(Text(f"\n{who} at {school}", style="bold"))
        console.print(table)
    if len(lines) > _MOST:
        console.print(f"\n{len(lines) - _MOST} more: name pupils or rules, or use --json")


def _subject(line: dict[str, object]) -> tuple[str, str]:
    return str(line["school_id"]), str(line["upn"] or f"class {line['class']}")
