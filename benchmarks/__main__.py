"""`make bench`, or `python -m benchmarks [PART...]`: every figure beside the bar it has to hold.

Times are of this machine in this minute; the ratios are what carries over. Progress goes to standard error.
`--in FOLDER` keeps the stores there and uses those it finds, to try one part again and again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.apart import Failed
from benchmarks.figure import Figure, show
from benchmarks.places import Places, say
from benchmarks.trust import Size

PARTS = ("imports", "nights", "mornings", "ticks", "year", "rules", "words", "sends", "shell", "peers")


def main(words: Sequence[str]) -> int:
    """Measure the parts named (all, if none is) and print the table; 1 where a bar does not hold."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks")
    asked.add_argument("parts", nargs="*", metavar="PART", help=f"any of: {', '.join(PARTS)}; default: all")
    asked.add_argument("--in", dest="folder", type=Path, help="a folder to keep the stores in")
    given = asked.parse_args(words)
    if strangers := sorted(set(given.parts) - set(PARTS)):
        asked.error(f"there is no part {strangers[0]!r}; parts: {', '.join(PARTS)}")
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = measured(given.parts or PARTS, Places(given.folder or Path(folder), Size()))
        except Failed as failed:
            say(str(failed))
            return 2
    show(found)
    return int(any(figure.held is False for _, figures in found for figure in figures))


def measured(parts: Sequence[str], places: Places) -> list[tuple[str, list[Figure]]]:
    """The figures of each part under its title."""
    found: list[tuple[str, list[Figure]]] = []
    for name in parts:
        part = import_module(f"benchmarks.{name}")
        measure: Callable[[Places], Iterator[Figure]] = part.measure
        begin, figures = time.perf_counter(), []
        for figure in measure(places):
            say("  ".join(filter(None, figure.cells())))
            figures.append(figure)
        say(f"{name}: {time.perf_counter() - begin:.0f} s in all")
        found.append((part.TITLE, figures))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
