"""What the channels of providers share: how long they wait, and what a failed request says of a message.

Never in a sentence: what an error of a library says of itself, for it may hold a key or a family's number.
"""

from __future__ import annotations

import logging
import re
import socket
import ssl
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from messaging.channels.channel import Refused, Unsure
from messaging.channels.provider_codes import NAMES, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMEOUT: Final = "20"
"""Seconds that a provider has to answer: far less than a sender's claim lasts, far more than it takes."""

SKEW: Final = timedelta(minutes=2)
"""By how much a provider's clock and ours may differ."""

_REFUSED: Final = range(400, 500)
_TIMED_OUT: Final = 408
_NO_WAY_THERE: Final = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
_NO_CONNECTION: Final = {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ProxyError"}
"""Names of errors of urllib3's, none of which comes once something was sent."""


def answered(provider: str, status: int, code: str, again_after: timedelta | None = None) -> Refused | Unsure:
    """What an answer other than "accepted" says.

    The provider's 4xx: it did not take the message. All else (its 5xx, a proxy's 502, a redirect) may come
    after it took it.

    >>> answered("twilio", 400, "21610").why, type(answered("twilio", 503, "20503")).__name__
    ('this number has texted STOP: no texts go there; ring, or use another way', 'Unsure')
    """
    if status in _REFUSED and status != _TIMED_OUT:
        return refused(provider, code, again_after)
    return Unsure(f"{NAMES[provider]} answered with a fault of its own ({status}): {_MAY_HAVE_GONE}")


def cut_off(provider: str) -> Unsure:
    """The request went out, and no answer came that can be read."""
    return Unsure(f"{NAMES[provider]} gave no answer that can be read: {_MAY_HAVE_GONE}")


def unreached(provider: str) -> Refused:
    """There was no connection, so that nothing can have gone."""
    return Refused(
        f"there is no connection to {NAMES[provider]}: messages wait; look at this machine's network, or at "
        f"{provider}.base_address in config.yaml",
        passing=True,
        of_provider=True,
    )


def never_left(error: BaseException) -> bool:
    """Whether a request failed before anything of it was sent: no name, no route, nobody there, no trust.

    >>> never_left(OSError(ConnectionRefusedError())), never_left(TimeoutError())
    (True, False)
    """
    return any(
        isinstance(each, _NO_WAY_THERE) or type(each).__name__ in _NO_CONNECTION for each in _behind(error)
    )


def _behind(error: BaseException) -> Iterator[BaseException]:
    """An error and all that it was made of."""
    yield error
    for each in (*error.args, getattr(error, "reason", None), error.__cause__):
        if isinstance(each, BaseException) and each is not error:
            yield from _behind(each)


def asked_in_vain(provider: str) -> OSError:
    """To raise where a look-up failed: nothing is known, it can be asked again."""
    return OSError(f"{NAMES[provider]} could not be asked what became of it: it is asked again next time")


def again_after(header: object) -> timedelta | None:
    """How long a Retry-After header asks to wait; none where it names a date or nothing.

    >>> again_after("30"), again_after("Wed, 21 Oct 2026 07:28:00 GMT"), again_after(None)
    (datetime.timedelta(seconds=30), None, None)
    """
    text = str(header or "").strip()
    return timedelta(seconds=int(text)) if re.fullmatch(r"[0-9]{1,5}", text) else None


def quiet(*names: str) -> None:
    """Let libraries log no more than warnings: below, they log keys, numbers and words."""
    for name in names:
        logging.getLogger(name).setLevel(logging.WARNING)


_MAY_HAVE_GONE: Final = "it may or may not have gone, which is found out before anything is sent again"
