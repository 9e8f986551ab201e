"""The alarm clock: APScheduler says "look", every so many seconds, and nothing else.

What is due is worked out from the rulebook and the store (workflows/clockwork.py), so no job is kept, a
late ring does no harm, and a missed one is made good by the next. One thread: durable-rules lives in it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

# Written out, because the defaults skip a job that is one second late.
_NEVER_SKIPPED = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


class Alarm:
    """Rings at once and then every so many seconds, from `start` until `stop`."""

    def __init__(self, look: Callable[[], None], every: int) -> None:
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults=_NEVER_SKIPPED,
            timezone="Europe/London",
        )
        self._scheduler.add_job(look, "interval", seconds=every, next_run_time=datetime.now(UTC))

    def start(self) -> None:
        """Begin to ring."""
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more; a look under way is finished first."""
        self._scheduler.shutdown(wait=True)
