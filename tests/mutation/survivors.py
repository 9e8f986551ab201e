"""Mutants as a person reads them, and those that docs/mutation.md argues may live.

mutmut numbers its mutants, and a number means another mutant after any change of the function. So a
mutant is known here by where it stands and by the lines it changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"^### `([\w.]+)`$", re.MULTILINE)
_BLOCK = re.compile(r"^```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE_LINES = ("--- ", "+++ ", "@@")


@dataclass(frozen=True, slots=True, order=True)
class Mutant:
    """One change of one function: the lines as they were, and as they are now, without indentation."""

    where: str
    was: tuple[str, ...]
    now: tuple[str, ...]

    def __str__(self) -> str:
        changed = [*(f"- {line}" for line in self.was), *(f"+ {line}" for line in self.now)]
        return "\n".join([self.where, *(f"    {line}" for line in changed)])


def place(name: str) -> str:
    """Where a mutant of mutmut stands.

    >>> place("engine.calendar.xǁCalendarǁclosed__mutmut_3"), place("engine.windows.x__local__mutmut_1")
    ('engine.calendar.Calendar.closed', 'engine.windows._local')
    """
    module, _, mangled = name.rpartition(".")
    function = re.sub(r"__mutmut_\d+$", "", mangled)
    return f"{module}." + (function[2:].replace("ǁ", ".") if "ǁ" in function else function[2:])


def changes(where: str, diff: str) -> Iterator[Mutant]:
    r"""The mutants of a diff: lines taken out, then lines put in; the next line taken out begins the next.

    >>> [(mutant.was, mutant.now) for mutant in changes("f", "-a = 1\n+a = 2\n-b\n+c\n")]
    [(('a = 1',), ('a = 2',)), (('b',), ('c',))]
    """
    was: list[str] = []
    now: list[str] = []
    for line in diff.splitlines():
        if line.startswith(_FILE_LINES) or line[:1] not in {"-", "+"}:
            continue
        if line[0] == "-" and now:
            yield Mutant(where, tuple(was), tuple(now))
            was, now = [], []
        (was if line[0] == "-" else now).append(" ".join(line[1:].split()))
    if was or now:
        yield Mutant(where, tuple(was), tuple(now))


def argued(text: str) -> dict[Mutant, str]:
    """The mutants of a document, each with its argument: the words between its heading and its diff."""
    found: dict[Mutant, str] = {}
    parts = _HEADING.split(text)[1:]
    for where, section in zip(parts[::2], parts[1::2], strict=True):
        argument = ""
        for number, part in enumerate(_BLOCK.split(section)):
            if number % 2:
                found |= dict.fromkeys(changes(where, part), argument)
            else:
                argument = " ".join(part.split())
    return found


def listing(mutants: Iterable[Mutant]) -> str:
    """Mutants one below the other, in the order of where they stand."""
    return "\n".join(str(mutant) for mutant in sorted(mutants))
