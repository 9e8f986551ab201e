"""How often Python looks for memory to give back.

What is imported stays, and so do most of the many values of a run: looking through them often is a tenth of
its time, and once more at the end a tenth of a second of every command.
"""

from __future__ import annotations

import gc

_AFTER = 1_000_000


def collect_seldom() -> None:
    """Look only after very many new values."""
    gc.set_threshold(_AFTER)


def leave_to_the_system() -> None:
    """Look no more: the process ends."""
    gc.freeze()
