"""Ladders and cases as arrows from one place to the next: as a screen, as JSON, as a diagram in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from engine.cases import TABLE

if TYPE_CHECKING:
    from engine.rulebook.model import Rule
    from engine.rulebook.rulebook import Rulebook

_NO_NAME = re.compile(r"[^0-9A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one place to the next: by what, when that is, and what it does. `chart` is what it belongs to."""

    chart: str
    before: str
    by: str
    after: str
    when: str
    then: str

    def document(self) -> dict[str, str]:
        """The arrow for other programs."""
        names = {"before": "from", "after": "to"}
        return {names.get(key, key): words for key, words in asdict(self).items()}


def case_moves() -> list[Arrow]:
    """Every move that a case can make, as the table of engine/cases.py has them."""
    return [
        Arrow("cases", row.before.value, row.move.value, row.after.value, row.move.sentence, row.then)
        for row in TABLE
    ]


def ladders(rulebook: Rulebook) -> list[Arrow]:
    """The stages of every ladder in force: each comes from no case or any lower one, or only after one."""
    on_ladder = sorted(rulebook.rules, key=lambda rule: (rule.on_ladder, rule.stage))
    arrows: list[Arrow] = []
    for ladder, rules in groupby(on_ladder, key=lambda rule: rule.on_ladder):
        places = {0: "no case"}
        for rule in rules:
            here = f"{rule.stage} {rule.id}"
            froms = [places[rule.after.stage]] if rule.after else [*places.values()]
            said = (rule.autonomy.value, here, _when(rule), _then(rule))
            arrows += [Arrow(ladder, before, *said) for before in froms]
            places[rule.stage] = here
    return arrows


def show_flow(arrows: Sequence[Arrow]) -> None:
    """The arrows, one chart below the other; those that differ only in where they begin as one line."""
    console = screen()
    for chart, own in groupby(arrows, key=lambda arrow: arrow.chart):
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True, title=chart, title_justify="left")
        for name, ratio in (("from", 4), ("by", 2), ("to", 4), ("when", 6), ("then", 6)):
            table.add_column(name, ratio=ratio, overflow="fold")
        for said, alike in groupby(own, lambda arrow: (arrow.by, arrow.after, arrow.when, arrow.then)):
            before = " or ".join(arrow.before for arrow in alike)
            table.add_row(*map(Text, (before, *said)))
        console.print(table)


def mermaid_words(arrows: Iterable[Arrow]) -> str:
    """The arrows as a flowchart that Mermaid draws.

    >>> print(mermaid_words([Arrow("cases", "open", "clears", "closed", "", "")]), end="")
    flowchart TD
      subgraph cases
        cases_open["open"] -- clears --> cases_closed["closed"]
      end
    """
    lines = ["flowchart TD"]
    for chart, own in groupby(arrows, key=lambda arrow: arrow.chart):
        lines.append(f"  subgraph {_name(chart)}")
        for arrow in own:
            ends = [f'{_name(f"{chart} {place}")}["{place}"]' for place in (arrow.before, arrow.after)]
            lines.append(f"    {ends[0]} -- {arrow.by} --> {ends[1]}")
        lines.append("  end")
    return "\n".join(lines) + "\n"


def _name(words: str) -> str:
    return _NO_NAME.sub("_", words)


def _when(rule: Rule) -> str:
    after = f", after stage {rule.after.stage} was done for {rule.after.done_for.words}" if rule.after else ""
    return ", ".join((f"{rule.title}{after}", *rule.patience.words))


def _then(rule: Rule) -> str:
    said = [f"{task.do} ({task.by}, {task.due.words})" for task in rule.tasks]
    said += [f"a text, {rule.message.template}"] if rule.message else []
    said += [f"a review after {rule.review_after.words}"] if rule.review_after else []
    return "; ".join(said)
