"""The tables of signatures that the providers publish with their own libraries: each as they say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pytest

from adapters.callbacks import sendgrid, twilio
from adapters.callbacks.posted import Forged, Posted

PUBLISHED: Final = Path(__file__).parents[3].parent / "shared" / "data" / "conformance"
AT = datetime(2020, 9, 14, 19, 45, tzinfo=UTC)


def _table(name: str, size: int) -> list[dict[str, Any]]:
    file = PUBLISHED / name
    if not file.is_file():
        pytest.skip(f"there is no ../shared/data/conformance/{name}: the published table is not here")
    table: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    assert len(table) == size, "the table has grown: look at what is new"
    return table


def _genuine(vector: dict[str, Any]) -> bool:
    params = vector.get("params", {})
    fields = params.items() if isinstance(params, dict) else map(tuple, params)
    body = vector.get("body") or urlencode([*fields])
    headers = {"x-twilio-signature": vector["signature"]}
    try:
        twilio.verified(Posted(vector["url"], headers, body.encode(), AT), vector["auth_token"])
    except Forged:
        return False
    return True


def test_twilio_signatures_as_published() -> None:
    """All seven: with ports, with keys twice, a body by its hash; none once a letter of it is another."""
    table = _table("twilio_webhook_signatures.json", 7)
    assert [vector["name"] for vector in table if not _genuine(vector)] == []
    (by_its_hash,) = (vector for vector in table if "body" in vector)
    assert not _genuine(by_its_hash | {"body": by_its_hash["body"] + " "})
    changed = ({"auth_token": "54321"}, {"url": "https://mycompany.com/other"}, {"signature": ""})
    assert not any(_genuine(vector | change) for vector in table for change in changed)


def test_sendgrid_signatures_as_published() -> None:
    """The one that is genuine, none of the four that are not."""
    table = _table("sendgrid_event_webhook_signatures.json", 5)
    found = {}
    for vector in table:
        headers = {
            "x-twilio-email-event-webhook-signature": vector["signature"],
            "x-twilio-email-event-webhook-timestamp": vector["timestamp"],
        }
        posted = Posted("", headers, vector["payload"].encode(), AT)
        try:
            events = sendgrid.verified(posted, vector["public_key"])
        except Forged:
            found[vector["name"]] = False
        else:
            found[vector["name"]] = True
            (receipt,) = sendgrid.receipts(events, posted)
            assert (receipt.code, receipt.of_address) == ("dropped/Bounced Address", True)
    assert found == {vector["name"]: vector["valid"] for vector in table}
