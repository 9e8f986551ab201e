"""What a monitor reads of the service: counts and times, never a name."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.1, 0.3, 1, 3, 10, 30, 100, 300)


class Figures:
    """The figures of one service."""

    def __init__(self) -> None:
        own = self.registry = CollectorRegistry()
        self.looks = Counter("firstbell_looks", "Looks at the clock", registry=own)
        self.last_look = Gauge("firstbell_last_look_timestamp_seconds", "The last look", registry=own)
        self.runs = Counter(
            "firstbell_runs", "Scheduled runs by what came of them", ("schedule", "came"), registry=own
        )
        self.seconds = Histogram(
            "firstbell_run_seconds", "How long a run took", ("schedule",), buckets=_SECONDS, registry=own
        )
        self.open_tasks = Gauge("firstbell_open_tasks", "Open tasks", ("school",), registry=own)
        self.rules_broken = Gauge("firstbell_rules_broken", "1 while rule files have a mistake", registry=own)
        self.messages = Counter(
            "firstbell_messages", "What became of messages at each sending", ("state",), registry=own
        )
        self.callbacks = Counter(
            "firstbell_callbacks",
            "What providers posted, and what came of it",
            ("provider", "came"),
            registry=own,
        )
        self.list_late = Gauge(
            "firstbell_list_not_ready", "1 where the list was not ready in time", ("school",), registry=own
        )

    def text(self) -> bytes:
        """All of them as Prometheus reads them."""
        return generate_latest(self.registry)
