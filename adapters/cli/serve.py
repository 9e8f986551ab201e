"""`firstbell serve`: the service of a school's day."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.asked import OVERRIDES, Misasked


def serve(
    host: Annotated[str, typer.Option("--host", help="Where health and figures are served.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=1, max=65_535, help="The port of health and figures.")
    ] = 8_000,
    every: Annotated[
        int, typer.Option("--every", min=5, max=300, help="Seconds between two looks at the clock.")
    ] = 20,
) -> None:
    """Run the rules by the clock until stopped; health and figures over HTTP."""
    from contextlib import suppress

    import uvicorn

    from adapters.config import read_config
    from adapters.serve.alarm import Alarm
    from adapters.serve.logs import log_to_stderr
    from adapters.serve.serving import Serving
    from adapters.serve.web import window

    flags = {"store": OVERRIDES.store} if OVERRIDES.store else {}
    config = read_config(os.environ, Path.cwd(), OVERRIDES.config, flags)
    log_to_stderr()
    serving = Serving(config)
    serving.opens()
    sending = serving.sending()
    app = window(serving, Alarm(every, serving.look, sending.look), every, sending)
    with _listening(host, port) as door, suppress(KeyboardInterrupt):
        uvicorn.Server(uvicorn.Config(app, log_level="warning")).run([door])


def _listening(host: str, port: int) -> socket.socket:
    """The door, opened before anything is run: where it is taken another service may be up already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as wrong:
        why = str(wrong.strerror).partition(" (while")[0]
        raise Misasked(
            f"cannot listen on {host}, port {port}: {why}; 'firstbell serve' may be up already: see what is "
            "there, or give another --port"
        ) from wrong
