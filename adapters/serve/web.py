"""A window onto the service: is it alive, is it ready, what are its figures; and a door for providers."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from adapters.callbacks.routes import listen

if TYPE_CHECKING:
    from adapters.serve.alarm import Alarm
    from adapters.serve.sending import Sending
    from adapters.serve.serving import Serving

_LOOKS_MISSED = 3
_LONGEST_LOOK = 120
"""Seconds that a night of a whole trust may take."""


def window(serving: Serving, alarm: Alarm, every: int, sending: Sending | None = None) -> FastAPI:
    """The application: its life is that of the alarm clock, which rings for `serving` and for `sending`."""

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        alarm.start()
        yield
        serving.stop()
        if sending is not None:
            sending.stop()
        alarm.stop()
        door.close()
        if sending is not None:
            sending.close()
        serving.close()

    door = serving.door()
    app = FastAPI(title="Firstbell", lifespan=life, docs_url=None, redoc_url=None, openapi_url=None)
    listen(app, door)

    began = time.time()

    @app.get("/health")
    def health() -> Response:
        """Whether the clock is looked at: 503 once three looks in a row did not come."""
        silent = time.time() - (serving.last_look or began)
        well = silent < _LOOKS_MISSED * every + _LONGEST_LOOK
        return JSONResponse({"alive": well, "seconds_since_look": round(silent, 1)}, 200 if well else 503)

    @app.get("/ready")
    def ready() -> Response:
        """Whether there was a first look: the store opens, the rules are read; and which are in force."""
        looked = serving.last_look is not None
        return JSONResponse({"ready": looked, "in_force": serving.rules}, 200 if looked else 503)

    @app.get("/metrics")
    def metrics() -> Response:
        """All figures, as Prometheus reads them."""
        return Response(serving.figures.text(), media_type=CONTENT_TYPE_LATEST)

    return app
