"""A flood of posts that are none: whoever sends many of them is not listened to for a while.

Counted for each sender's address alone, so that a flood from one keeps no provider out; a sender that is
shut out is let in again as its count runs off.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

MOST_FAILING = 30
"""A minute, from one address. A provider's own posts do not fail, unless a secret of ours is wrong."""
_MINUTE = 60.0
_MOST_SENDERS = 4096


class Flood:
    """How many failing posts each address has to its name; `now` is seconds of any clock that only rises."""

    def __init__(self, most: int = MOST_FAILING) -> None:
        self._most = most
        self._counts: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def shut_out(self, sender: str, now: float) -> bool:
        """Whether an address has failed too often lately for its post to be looked at."""
        with self._lock:
            return self._count(sender, now) >= self._most

    def failed(self, sender: str, now: float) -> None:
        """Count one; of too many addresses the one that failed longest ago is forgotten."""
        with self._lock:
            self._counts[sender] = (self._count(sender, now) + 1, now)
            self._counts.move_to_end(sender)
            if len(self._counts) > _MOST_SENDERS:
                self._counts.popitem(last=False)

    def _count(self, sender: str, now: float) -> float:
        """What is left of its count: it runs off evenly, all of it in a minute."""
        count, at = self._counts.get(sender, (0.0, now))
        return max(0.0, count - (now - at) * self._most / _MINUTE)
