"""Posts as the providers make them: signed by their own libraries, with keys that are made here."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi.testclient import TestClient
from httpx2 import Response
from twilio.request_validator import RequestValidator

PUBLIC = "https://attendance.example.org/firstbell"
TWILIO, NOTIFY = "a-token-of-twilio", "a-token-that-we-chose"
HER = "+447700900011"


@cache
def sendgrid_key() -> ec.EllipticCurvePrivateKey:
    """The key that SendGrid would sign with."""
    return ec.generate_private_key(ec.SECP256R1())


def sendgrid_public() -> str:
    """Its other half, as SendGrid shows it in its settings."""
    shown = sendgrid_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(shown).decode()


@dataclass
class Posts:
    """Whoever posts: each method posts once, and gives the answer."""

    client: TestClient

    def twilio(self, path: str, token: str = TWILIO, **fields: str) -> Response:
        """A form, signed over the public address."""
        signature = RequestValidator(token).compute_signature(f"{PUBLIC}{path}", fields)
        return self.client.post(path, data=fields, headers={"X-Twilio-Signature": signature})

    def status(self, message_id: str, status: str, error: str = "", token: str = TWILIO) -> Response:
        """What became of a text."""
        fields = {
            "MessageSid": f"SM-{message_id}",
            "MessageStatus": status,
            "To": HER,
            "From": "+447700900999",
        }
        if error:
            fields["ErrorCode"] = error
        return self.twilio(f"/callbacks/twilio/status/{message_id}", token, **fields)

    def text(self, words: str, sid: str = "SM9", **more: str) -> Response:
        """A text that a family writes."""
        fields = {"MessageSid": sid, "From": HER, "To": "+447700900999", "Body": words, "NumMedia": "0"}
        return self.twilio("/callbacks/twilio/reply", **(fields | more))

    def sendgrid(self, at: datetime, *events: object, body: str | None = None, stamp: str = "") -> Response:
        """Events, signed at an instant."""
        payload = body if body is not None else json.dumps(events) + "\r\n"
        stamp = stamp or str(int(at.timestamp()))
        signed = sendgrid_key().sign((stamp + payload).encode(), ec.ECDSA(hashes.SHA256()))
        headers = {
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signed).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
        }
        return self.client.post("/callbacks/sendgrid", content=payload.encode(), headers=headers)

    def notify(self, what: str, token: str = NOTIFY, **fields: object) -> Response:
        """A receipt, or a reply, with our bearer token."""
        headers = {"Authorization": f"Bearer {token}"}
        return self.client.post(f"/callbacks/notify/{what}", json=fields, headers=headers)
