"""The addresses that providers post to, each with how its posts are verified and read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from starlette.routing import Route as Address

from adapters.callbacks import govuk_notify, sendgrid, twilio
from adapters.callbacks.door import Door, Route, Said
from adapters.callbacks.posted import Posted

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

Asked = Mapping[str, str]


def _twilio_status(posted: Posted, token: str, asked: Asked) -> Said:
    form = twilio.verified(posted, token)
    return Said(receipts=[twilio.receipt(form, asked["message_id"], posted)])


def _twilio_reply(posted: Posted, token: str, _asked: Asked) -> Said:
    return Said(words=[twilio.words(twilio.verified(posted, token), posted)])


def _sendgrid(posted: Posted, key: str, _asked: Asked) -> Said:
    return Said(receipts=[*sendgrid.receipts(sendgrid.verified(posted, key), posted)])


def _notify_receipt(posted: Posted, token: str, _asked: Asked) -> Said:
    return Said(receipts=[govuk_notify.receipt(govuk_notify.verified(posted, token), posted)])


def _notify_reply(posted: Posted, token: str, _asked: Asked) -> Said:
    return Said(words=[govuk_notify.words(govuk_notify.verified(posted, token), posted)])


STATUS_PATH = "/callbacks/twilio/status/{message_id}"
"""What stands behind `public_address` in the address that a text is sent with."""
ROUTES = (
    Route(STATUS_PATH, twilio.NAME, twilio.KEY, _twilio_status),
    Route("/callbacks/twilio/reply", twilio.NAME, twilio.KEY, _twilio_reply, twilio.NOTHING_TO_SAY),
    Route("/callbacks/sendgrid", sendgrid.NAME, sendgrid.KEY, _sendgrid),
    Route("/callbacks/notify/receipt", govuk_notify.NAME, govuk_notify.KEY, _notify_receipt),
    Route("/callbacks/notify/reply", govuk_notify.NAME, govuk_notify.KEY, _notify_reply),
)


def listen(app: Starlette, door: Door) -> None:
    """Let the app take what is posted to these addresses."""

    async def answered(route: Route, request: Request) -> Response:
        return await door.answer(route, request)

    for route in ROUTES:
        app.router.routes.append(Address(route.path, partial(answered, route), methods=["POST"]))
