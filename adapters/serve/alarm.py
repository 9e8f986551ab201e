"""The alarm clock: APScheduler says "look", every so many seconds, and nothing else.

What is due is worked out from the rulebook and the store (workflows/clockwork.py), so no job is kept, a
late ring does no harm, and a missed one is made good by the next. One thread for each who looks:
durable-rules lives in that of the runs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

# Written out, because the defaults skip a job that is one second late.
_NEVER_SKIPPED = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


class Alarm:
    """Rings at once and then every so many seconds, for each who looks, from `start` until `stop`."""

    def __init__(self, every: int, *looks: Callable[[], None]) -> None:
        threads = [f"look {number}" for number, _ in enumerate(looks)]
        self._scheduler = BackgroundScheduler(
            executors={thread: ThreadPoolExecutor(1) for thread in threads},
            job_defaults=_NEVER_SKIPPED,
            timezone="Europe/London",
        )
        for thread, look in zip(threads, looks, strict=True):
            self._scheduler.add_job(
                look, "interval", seconds=every, executor=thread, next_run_time=datetime.now(UTC)
            )

    def start(self) -> None:
        """Begin to ring."""
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more; a look under way is finished first."""
        self._scheduler.shutdown(wait=True)
