"""One measured figure, the bar it is held against, and the table of them all."""

from __future__ import annotations

from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table

SECONDS = "s"
MEGABYTES = "MB"
TIMES = "times"
PER_SECOND = "a second"


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, in its unit; `bar` is the most it may be (the least, where `at_least`), or none.

    `note` says what stands behind it: CPU seconds, numbers of rows, the ratio to a floor.
    """

    name: str
    measured: float
    unit: str = SECONDS
    bar: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def held(self) -> bool | None:
        """Whether the bar holds; None where there is none."""
        if self.bar is None:
            return None
        return self.measured >= self.bar if self.at_least else self.measured <= self.bar

    def cells(self) -> tuple[str, str, str, str, str]:
        """The figure as a line of the table."""
        bar = "" if self.bar is None else f"{'≥' if self.at_least else '≤'} {_number(self.bar, self.unit)}"
        held = {None: "", True: "held", False: "NOT HELD"}[self.held]
        return self.name, _number(self.measured, self.unit), bar, held, self.note


def show(parts: list[tuple[str, list[Figure]]]) -> None:
    """Print every figure, part by part, on standard output."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("figure", "measured", "bar", "", "beside it"):
        table.add_column(column, justify="right" if column in {"measured", "bar"} else "left")
    for title, figures in parts:
        table.add_row(f"[bold]{title}[/]")
        for figure in figures:
            table.add_row(*figure.cells())
        table.add_section()
    Console(highlight=False, width=132).print(table)


def _number(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}" if unit in {MEGABYTES, PER_SECOND} else f"{value:.2f} {unit}"
