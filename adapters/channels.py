"""The channel that each kind of message leaves by, from the settings; secrets come from the environment.

The one place where a channel that reaches people is opened, and always behind the door of `Allowed`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from adapters.config import NAME, PREFIX, Config, ConfigProblem
from messaging.channels import CHANNELS, KINDS
from messaging.channels.allowed import LISTED, NOBODY, Allowed

if TYPE_CHECKING:
    from messaging.channels.channel import Channel

_WAITS: Final = dict.fromkeys(KINDS, "waits: nothing is set here that reaches people") | {
    "letter": "waits for paper: firstbell letters print"
}
_SECRET: Final = re.compile(r"[!-~]+")  # it goes into a header of HTTP, and an error about one may repeat it


def channels(config: Config, environ: Mapping[str, str]) -> dict[str, Channel]:
    """The channel of each kind; kinds that leave by the same one share it.

    Raises:
        ConfigProblem: a setting or a secret that one of them needs is missing or cannot be used.
    """
    lacking = [line for kind in KINDS for line in missing(config, kind, environ)]
    if lacking:
        raise ConfigProblem("\n".join(dict.fromkeys(lacking)))
    opened = {name: _opened(config, name, environ) for name in dict.fromkeys(config.channels.values())}
    return {kind: opened[config.channels[kind]] for kind in KINDS}


def missing(config: Config, kind: str, environ: Mapping[str, str]) -> list[str]:
    """A line for each setting and secret that a kind's channel needs and that is not there."""
    name = config.channels[kind]
    way, settings = CHANNELS[name], _settings(config, name)
    wanted, instead = f"{kind} leaves by {name}", f"or set channels.{kind} to folder"
    lines = [
        f"{config.file}: {name}.{key} is empty, and {wanted}: write it there, {instead}"
        for key in way.needs[kind]
        if not settings.get(key)
    ]
    if way.real and not _SECRET.fullmatch(environ.get(PREFIX + way.secret, "")):
        lines.append(
            f"{PREFIX}{way.secret} is not in the environment, or holds blanks, and {wanted}: set it where "
            f"Firstbell is started, never in {NAME}, {instead}"
        )
    return lines


@dataclass(frozen=True, slots=True)
class Standing:
    """How a kind of message leaves: by which channel, who gets it, and what it lacks before it can.

    In a `rehearsal` no kind leaves by a channel that reaches people: only then are files made instead.
    """

    kind: str
    channel: str
    real: bool
    send_to: str
    listed: int
    lacks: tuple[str, ...]
    rehearsal: bool

    @property
    def live(self) -> bool:
        """Whether somebody gets what is sent."""
        return self.real and not self.lacks and self.send_to != NOBODY

    @property
    def sentence(self) -> str:
        """The same for people."""
        if not self.real:
            return "reaches nobody: each message becomes a file" if self.rehearsal else _WAITS[self.kind]
        if self.lacks:
            return "cannot send: see below"
        if self.send_to == LISTED:
            return f"a trial: sends to the {self.listed} on going_live.allow_list alone"
        if self.send_to == NOBODY:
            return "not live: messages wait until going_live.send_to says otherwise"
        return "live: sends to every family"


def standings(config: Config, environ: Mapping[str, str]) -> tuple[Standing, ...]:
    """How each kind stands."""
    live = config.live
    rehearsal = not any(CHANNELS[name].real for name in config.channels.values())
    return tuple(
        Standing(
            kind,
            config.channels[kind],
            CHANNELS[config.channels[kind]].real,
            live.send_to,
            len(live.allow_list),
            tuple(missing(config, kind, environ)),
            rehearsal,
        )
        for kind in KINDS
    )


def _opened(config: Config, name: str, environ: Mapping[str, str]) -> Channel:
    way = CHANNELS[name]
    if not way.real:
        return way.open(_settings(config, name))
    secret = PREFIX + way.secret
    try:
        return Allowed(way.open(_settings(config, name) | {"secret": environ[secret]}), config.live)
    except ValueError as error:  # a sentence that does not repeat the secret
        raise ConfigProblem(f"{secret}: {error}") from None


def _settings(config: Config, name: str) -> dict[str, str]:
    shared = {"folder": str(config.outbox_folder), "public_address": config.public_address}
    return shared | dict(config.providers.get(name, {}))
