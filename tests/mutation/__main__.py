"""`make mutants`, or `python -m tests.mutation`: the engine broken on purpose, to see whether a test notices.

mutmut makes the mutants and runs the tests that reach each (settings: [tool.mutmut] in pyproject.toml).
Exit 1 where a module scores below the bar, a mutant survives that docs/mutation.md does not argue for,
or it argues for one that does not survive. `mutants/` stays, for `mutmut browse`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.mutation.survivors import Mutant, argued, changes, listing, place

BAR = 90
WORKERS = 2
POLITE = 10
ARGUED = Path("docs/mutation.md")
# A loop that never ends is noticed by the clock: that is a test that fails, too.
NOTICED = {"killed", "timeout"}


def main() -> int:
    """Make the mutants, print the score of each module and every survivor; 1 where something is amiss."""
    begin = time.monotonic()
    os.nice(POLITE)
    shutil.rmtree("mutants", ignore_errors=True)
    words = _mutmut("run", "--max-children", str(WORKERS))
    made = subprocess.run(words, capture_output=not sys.stdout.isatty(), text=True, check=False)
    if made.returncode:
        print(_without_spinner(f"{made.stdout or ''}{made.stderr or ''}"))
        print(f"mutmut stopped with exit code {made.returncode}; below 0, another process has ended it.")
        print("The tests have to pass before they are tried on mutants: what they say stands above.")
        return 1
    lines = _ask("results", "--all", "true").splitlines()
    fates = dict(line.strip().split(": ", 1) for line in lines if ": " in line)
    high = _show_scores(fates)
    alive = {
        mutant
        for name, fate in fates.items()
        if fate not in NOTICED
        for mutant in changes(place(name), _ask("show", name))
    }
    known = set(argued(ARGUED.read_text(encoding="utf-8")))
    _show(f"survive, and {ARGUED} says why they may", alive & known)
    _show(f"survive, and {ARGUED} does not say why they may", alive - known)
    _show(f"do not survive, though {ARGUED} says why they may", known - alive)
    print(f"\n{time.monotonic() - begin:.0f} s")
    return 0 if high and alive == known else 1


def _show_scores(fates: Mapping[str, str]) -> bool:
    """Whether every module holds the bar; `fates` is what became of each mutant."""
    lowest = 100.0
    for module in sorted({name.rpartition(".")[0] for name in fates}):
        ends = [fate for name, fate in fates.items() if name.rpartition(".")[0] == module]
        noticed, late = sum(end in NOTICED for end in ends), ends.count("timeout")
        score = 100 * noticed / len(ends)
        lowest = min(lowest, score)
        print(f"{module:<28} {noticed:>4} of {len(ends):>4} noticed, {late} by the clock: {score:5.1f} %")
    print(f"the bar is {BAR} % for each module")
    return bool(fates) and lowest >= BAR


def _show(title: str, mutants: set[Mutant]) -> None:
    if mutants:
        print(f"\n{len(mutants)} {title}:\n{listing(mutants)}")


def _without_spinner(text: str) -> str:
    return "\n".join(line for line in text.replace("\r", "\n").splitlines() if not "⠀" <= line[:1] <= "⣿")


def _ask(*words: str) -> str:
    return subprocess.run(_mutmut(*words), capture_output=True, text=True, check=True).stdout


def _mutmut(*words: str) -> list[str]:
    # -P: the engine as it is must not be found before its mutants.
    return [sys.executable, "-P", "-m", "mutmut", *words]


if __name__ == "__main__":
    sys.exit(main())
