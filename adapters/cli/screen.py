"""The screen that people read: as wide as the terminal, and wide enough where there is none."""

from __future__ import annotations

import sys

from rich.console import Console

_WITHOUT_TERMINAL = 120


def screen(*, markup: bool = False) -> Console:
    """A console on standard output; numbers and paths keep their plain colours, names their brackets."""
    width = None if sys.stdout.isatty() else _WITHOUT_TERMINAL
    return Console(highlight=False, markup=markup, emoji=False, width=width)
