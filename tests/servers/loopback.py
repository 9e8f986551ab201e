"""A small HTTP server on this machine: one function from what was asked to what is answered."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; `target` is its path with the query."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path alone."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """Each field of the query, by its last value."""
        return {key: values[-1] for key, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form."""
        return {key: values[-1] for key, values in parse_qs(self.body.decode(), strict_parsing=True).items()}

    @property
    def document(self) -> Any:  # noqa: ANN401 - any JSON document
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `document` goes out as JSON, None as no body at all."""

    status: int
    document: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Dropped(Exception):  # noqa: N818 - what happens to the connection
    """Raised in place of an answer: the connection is cut."""


Answering = Callable[[Asked], Answer]


@contextmanager
def serving(answer: Answering) -> Iterator[str]:
    """The address of a server that answers so; it is gone at the end."""

    class Door(BaseHTTPRequestHandler):
        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.title(): value for name, value in self.headers.items()}
            try:
                given = answer(Asked(self.command, self.path, headers, body))
            except Dropped:
                self.close_connection = True
                with contextlib.suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)
                return
            content = b"" if given.document is None else json.dumps(given.document).encode()
            with contextlib.suppress(OSError):  # whoever asked has not waited
                self.send_response(given.status)
                for name, value in ({"Content-Type": "application/json"} | dict(given.headers)).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
                self.wfile.flush()

        do_GET = do_POST = _do  # noqa: N815 - as the library has it

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library has it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
