"""The ways to send, by name: a new one is a file beside this and a line in CHANNELS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from messaging.channels.folder import FolderChannel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from messaging.channels.channel import Channel

CHANNELS: Final[dict[str, Callable[[Mapping[str, str]], Channel]]] = {
    "folder": lambda settings: FolderChannel(Path(settings["folder"])),
}
"""Each takes its own settings by key: `folder` needs `folder`, the path to write to."""

KINDS: Final = ("sms", "email", "letter")
"""What is sent; each kind leaves by a channel of its own, or all by one."""


def by_kind(channel: Channel) -> dict[str, Channel]:
    """One channel for every kind of message."""
    return dict.fromkeys(KINDS, channel)
