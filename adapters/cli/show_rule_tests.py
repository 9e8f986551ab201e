"""What tests of rules found, the cases they lack, and what they do not notice, on a screen."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from engine.mutants import Mutant
from engine.mutation import Score
from engine.rulebook.shapes import TestShape
from engine.written_tests import written


def show_tests(lines: list[dict[str, object]], failed: list[dict[str, object]]) -> None:
    """Each difference on a line of its own (file:line, name, difference), then how many passed in each pack."""
    for line in failed:
        differences = line["differences"]
        for difference in differences if isinstance(differences, list) else ():
            sys.stdout.write(f"{line['file']}:{line['line']}: {line['name']}: {difference}\n")
    files: dict[object, int] = {}
    for line in lines:
        files[line["file"]] = files.get(line["file"], 0) + 1
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("pack")
    table.add_column("tests", justify="right")
    table.add_column("failed", justify="right")
    for file, count in files.items():
        bad = sum(line["file"] == file for line in failed)
        table.add_row(Text(str(file)), str(count), str(bad) if bad else "·")
    screen().print(table)
    sys.stdout.write(f"{len(lines) - len(failed)} rule tests passed, {len(failed)} failed\n")


def show_edges(generated: Mapping[str, Sequence[TestShape]]) -> None:
    """The generated tests, as the lines that --accept adds to each file."""
    for file, shapes in generated.items():
        sys.stdout.write(f"# {file}\n" + "".join(map(written, shapes)))


def show_scores(scores: Iterable[Score], noticing: Mapping[Mutant, TestShape], enough: float) -> None:
    """Every change that no test noticed with one that would, then the score of each pack."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("pack", "changes", "noticed", "score"):
        table.add_column(name, justify="left" if name == "pack" else "right")
    for score in scores:
        for mutant in score.survivors:
            sys.stdout.write(f"{mutant}\n")
            sys.stdout.write(written(noticing[mutant], 4) if mutant in noticing else "    no such test was found\n")
        noticed = score.tried - len(score.survivors)
        below = f"  (below {enough:.0f} %)" if score.percent < enough else ""
        table.add_row(Text(score.file), str(score.tried), str(noticed), f"{score.percent:.1f} %{below}")
    screen().print(table)
