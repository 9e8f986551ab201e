"""What a failed request says of a message: whether anything of it can have left."""

from __future__ import annotations

import socket
import ssl

import pytest
import requests
from urllib3.connection import HTTPConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    MaxRetryError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from messaging.channels.channel import Refused, Unsure
from messaging.channels.provider_codes import NAMES
from messaging.channels.providers import answered, never_left

HERE = HTTPConnection("localhost")


def _as_requests(reason: Exception) -> requests.ConnectionError:
    return requests.ConnectionError(MaxRetryError(None, "/", reason))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "error",
    [
        _as_requests(NewConnectionError(HERE, "refused")),
        _as_requests(ConnectTimeoutError(HERE, "late")),
        _as_requests(SSLError(ssl.SSLCertVerificationError(1, "self-signed certificate"))),
        _as_requests(ProxyError("no way out", OSError("Tunnel connection failed: 403 Forbidden"))),
        OSError(socket.gaierror(-2, "Name or service not known")),
    ],
    ids=["refused", "no answer to the call", "not trusted", "proxy", "no such name"],
)
def test_before_anything_was_sent(error: Exception) -> None:
    """There was no connection that could have carried it."""
    assert never_left(error)


@pytest.mark.parametrize(
    "error",
    [
        requests.ReadTimeout(ReadTimeoutError(None, "/", "late")),  # type: ignore[arg-type]
        requests.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError(104, "reset"))),
        requests.ConnectionError(ProtocolError("Connection aborted.", BrokenPipeError(32, "pipe"))),
        _as_requests(SSLError(ssl.SSLEOFError(8, "EOF occurred in violation of protocol"))),
        requests.TooManyRedirects(),
    ],
    ids=["slow", "reset", "pipe", "torn", "elsewhere"],
)
def test_after_something_may_have_been_sent(error: Exception) -> None:
    """In doubt it may have gone."""
    assert not never_left(error)


@pytest.mark.parametrize("provider", NAMES)
@pytest.mark.parametrize("status", [302, 408, 500, 502, 503, 504])
def test_only_a_refusal_is_a_refusal(provider: str, status: int) -> None:
    """A fault of the provider's, or of something before it, may come after it took the message."""
    assert isinstance(answered(provider, status, str(status)), Unsure)
    assert isinstance(answered(provider, 418, "418"), Refused)
