"""What leaves by itself while the service is up: by real channels alone, and once the switch is thrown.

In a thread and with a store of its own: a provider that is slow holds up no run.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from adapters.bootstrap import Service, now
from adapters.channels import standings
from adapters.config import ConfigProblem
from adapters.serve.figures import Figures
from adapters.store.problems import StoreProblem

if TYPE_CHECKING:
    from adapters.config import Config
    from workflows.library import Library


class Sending:
    """One sender; `look` is called by one thread only. `in_force` gives the rules, once there are any."""

    def __init__(
        self,
        config: Config,
        in_force: Callable[[], Library | None],
        figures: Figures,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._config = config
        self._in_force = in_force
        self._figures = figures
        self._clock = clock
        self._log = structlog.get_logger()
        self._service: Service | None = None
        self._stopping = False
        self._said = ""

    @property
    def live(self) -> bool:
        """Whether anything can leave by itself: a channel reaches people, has what it needs, and may."""
        return any(standing.live for standing in standings(self._config, os.environ))

    def look(self) -> None:
        """Send what may leave now; what goes wrong is told, and tried again next time."""
        library = self._in_force()
        if not self.live or library is None:
            return
        try:
            self._send(library)
        except (ConfigProblem, StoreProblem) as problem:
            self._tell(type(problem).__name__, str(problem))
        except Exception as problem:  # noqa: BLE001 - whatever it was, the next look may find it mended
            self._tell(type(problem).__name__, "")

    def stop(self) -> None:
        """Hand nothing more over; what is being handed over is finished."""
        self._stopping = True

    def close(self) -> None:
        """Let go of the store."""
        if self._service is not None:
            self._service.close()

    def _send(self, library: Library) -> None:
        if self._service is None or self._service.rules is not library:
            self.close()
            self._service = Service(self._config, self._clock, library)
        deliver = replace(self._service.deliver, stopping=lambda: self._stopping)
        states = Counter(message.state.value for message in deliver.deliver().messages)
        for state, number in states.items():
            self._figures.messages.labels(state).inc(number)
        if states:
            self._log.info("sent", **states)
        self._said = ""

    def _tell(self, kind: str, because: str) -> None:
        """Say it once, until something else is the matter or all is well again."""
        if kind + because != self._said:
            self._said = kind + because
            self._log.error("sending_failed", problem=kind, because=because)
