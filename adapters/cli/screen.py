"""The screen that people read: as wide as the terminal, and wide enough where there is none.

What is piped is as wide as COLUMNS says; a shell keeps that to itself unless it is exported.
"""

from __future__ import annotations

import os
import sys

from rich.console import Console

_WITHOUT_TERMINAL, _NARROWEST = 120, 60


def screen(*, markup: bool = False) -> Console:
    """A console on standard output; numbers and paths keep their plain colours, names their brackets."""
    said = os.environ.get("COLUMNS", "")
    asked = max(int(said), _NARROWEST) if said.isdecimal() else _WITHOUT_TERMINAL
    width = None if sys.stdout.isatty() else asked
    return Console(highlight=False, markup=markup, emoji=False, width=width)
