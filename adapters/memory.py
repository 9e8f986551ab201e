"""How often Python looks for memory to give back."""

from __future__ import annotations

import gc

_AFTER = 100_000


def collect_seldom() -> None:
    """Look seldom: a run makes many values that stay, and looking through them is a tenth of its time."""
    gc.set_threshold(_AFTER)
