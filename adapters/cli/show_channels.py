"""How messages leave, as a screen and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.channels import Standing
from adapters.cli.listing import Column, Listing
from adapters.cli.screen import screen

_COLUMNS = (Column("kind"), Column("channel"), Column("live"), Column("who gets it", share=4))
KINDS = {"sms": "texts", "email": "e-mails", "letter": "letters"}


def show_channels(standings: Sequence[Standing]) -> None:
    """One line a kind of message."""
    screen().print(Listing(_COLUMNS, [_cells(each) for each in standings]))


def channel_fields(standing: Standing) -> dict[str, object]:
    """The same for other programs; `lacks` are sentences, empty where it can send."""
    return {
        "kind": standing.kind,
        "channel": standing.channel,
        "real": standing.real,
        "live": standing.live,
        "send_to": standing.send_to,
        "allow_list": standing.listed,
        "lacks": list(standing.lacks),
    }


def _cells(standing: Standing) -> tuple[str, ...]:
    live = "yes" if standing.live else "no"
    return KINDS[standing.kind], standing.channel, live, standing.sentence
