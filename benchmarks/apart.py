"""Fresh processes: a command, or one function of this package, run apart and measured from outside.

The peak memory of a process is told by `wait4`. A child inherits the peak of the process it was forked from,
so the process that asks here stays small: whatever holds data runs apart itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process cost: seconds by the clock, seconds of CPU (its own and its children's), peak memory."""

    seconds: float
    cpu: float
    peak_mb: float
    output: str

    @property
    def said(self) -> Any:  # noqa: ANN401 - whatever the function returned
        """What it printed, as JSON."""
        return json.loads(self.output)


class Failed(Exception):  # noqa: N818 - a sentence for a person
    """A measured process did not end well: its figure would mean nothing."""


def command(*words: str | Path) -> Cost:
    """Run a command to its end, under no settings but the shipped ones; Failed tells what it said.

    What was compiled is kept, as it is wherever Firstbell is installed.
    """
    ours = ("FIRSTBELL_", "PYTHONDONTWRITEBYTECODE")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in words], stdout=out, stderr=errors, cwd=TOP, env=environ
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        if process.returncode:
            errors.seek(0)
            raise Failed(f"{' '.join(map(str, words))}\n{errors.read().decode()}")
        return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, out.read().decode())


def firstbell(*words: str | Path) -> Cost:
    """Run `firstbell`, as it stands beside this Python."""
    return command(Path(sys.executable).parent / "firstbell", *words)


def apart(what: Callable[..., object], *given: str | int | Path) -> Cost:
    """Call a function of this package in a process of its own; what it returns is printed as JSON.

    It is given its arguments as text.
    """
    return command(sys.executable, "-m", __name__, f"{what.__module__}:{what.__name__}", *map(str, given))


def main(words: Sequence[str]) -> None:
    """The other end of `apart`."""
    module, _, name = words[0].partition(":")
    result = getattr(import_module(module), name)(*words[1:])
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
