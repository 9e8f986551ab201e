"""Explanations as people read them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from adapters.cli.screen import screen

_STYLE = {"matched": "bold green", "unknown": "bold yellow", "not_matched": "", "not_applicable": "dim"}
_MOST = 200


def show_explain(lines: Sequence[dict[str, object]]) -> None:
    """One block a subject: each rule, its result, and the sentence that says why."""
    console = screen()
    last = None
    for line in lines[:_MOST]:
        subject = (line["school_id"], line["upn"] or f"class {line['class']}")
        if subject != last:
            console.print(Text(f"\n{subject[1]} at {subject[0]}", style="bold"))
            last = subject
        result = str(line["result"])
        said = Text(f"  {line['rule']!s:<26} ")
        said.append(f"{result:<15}", style=_STYLE[result])
        said.append(f" {line['because']}")
        console.print(said)
    if len(lines) > _MOST:
        console.print(f"\n{len(lines) - _MOST} more: name pupils or rules, or use --json")
