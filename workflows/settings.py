"""What a school's service is set to, as the workflows need it (config.yaml explains each in place)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings with the values of a fresh install."""

    school_day_ends: time = time(15, 30)
    fuse_times_norm: int = 3
    fuse_after_runs: int = 5
    fuse_last_runs: int = 20
    fuse_floor: int = 10
