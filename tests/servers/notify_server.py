"""GOV.UK Notify's messages as far as we use them, in memory."""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, datetime
from typing import Final, Literal

import jwt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tests.servers.loopback import Answer, Asked

SERVICE: Final = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET: Final = "3d844edf-8d35-48ac-975b-e847b4f122b0"  # noqa: S105 - a stand-in's
KEY: Final = f"nobodys_key-{SERVICE}-{SECRET}"
SMS_TEMPLATE: Final = "f33517ff-2a88-4f6e-b855-c550268ce08a"
EMAIL_TEMPLATE: Final = "9d751e0e-f929-4891-82a1-a3e1c3c18ee3"
_UUID: Final = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_ID: Final = r"^[A-Za-z0-9_-]{1,120}$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Body(_Strict):
    """The one field of a text."""

    body: str = Field(min_length=1)


class SubjectAndBody(Body):
    """The two fields of an e-mail."""

    subject: str = Field(min_length=1)


class Text(_Strict):
    """What sends a text."""

    phone_number: str = Field(pattern=r"^\+447[0-9]{9}$")
    template_id: str = Field(pattern=_UUID)
    personalisation: Body
    reference: str = Field(pattern=_ID)


class Email(_Strict):
    """What sends an e-mail."""

    email_address: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    template_id: str = Field(pattern=_UUID)
    personalisation: SubjectAndBody
    reference: str = Field(pattern=_ID)


class Letter(_Strict):
    """What sends a letter that is a PDF already."""

    reference: str = Field(pattern=_ID)
    content: str = Field(min_length=1)
    postage: Literal["first", "second", "economy"]


_SENT: Final[dict[str, type[BaseModel]]] = {"sms": Text, "email": Email, "letter": Letter}
_SEND: Final = "/v2/notifications/"


class NotifyBook:
    """Messages by Notify."""

    def __init__(self) -> None:
        self.taken: list[dict[str, object]] = []

    def sends(self, asked: Asked) -> bool:
        """POST sends, GET lists."""
        return asked.method == "POST"

    def refusal(self, asked: Asked) -> Answer | None:
        """403 for another key, 404 for another place, 400 for another shape, or what is no PDF."""
        try:
            token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
        except jwt.InvalidTokenError:
            return _error(403, "AuthError", "Invalid token: API key not found")
        if claims["iss"] != SERVICE:
            return _error(403, "AuthError", "Invalid token: service not found")
        if not self.sends(asked):
            return (
                None if asked.path == _SEND.rstrip("/") else _error(404, "NoResultFound", "No result found")
            )
        kind = asked.path.removeprefix(_SEND)
        if kind not in _SENT:
            return _error(404, "NoResultFound", "No result found")
        try:
            said = _SENT[kind].model_validate(asked.document)
        except ValidationError as error:
            return _error(400, "ValidationError", f"{error.errors()[0]['loc'][0]} is not valid")
        if isinstance(said, Letter) and not base64.b64decode(said.content).startswith(b"%PDF"):
            return _error(400, "ValidationError", "content is not a PDF")
        return None

    def accepted(self, asked: Asked) -> Answer:
        """201, with its id."""
        return Answer(201, {"id": str(uuid.uuid4()), "reference": asked.document["reference"]})

    def remember(self, asked: Asked, answer: Answer) -> None:
        """By the id that it was answered with."""
        said, kind = asked.document, asked.path.removeprefix(_SEND)
        self.taken.append(
            {
                "id": answer.document["id"],
                "reference": said["reference"],
                "type": kind,
                "status": "sending" if kind != "letter" else "pending-virus-check",
                "created_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
                "body": said.get("personalisation", {}).get("body", ""),
            }
        )

    def look_up(self, asked: Asked) -> Answer:
        """The messages of a reference, newest first."""
        own = [each for each in reversed(self.taken) if each["reference"] == asked.query.get("reference")]
        return Answer(200, {"notifications": own, "links": {"current": asked.target}})


def _error(status: int, kind: str, message: str) -> Answer:
    return Answer(status, {"status_code": status, "errors": [{"error": kind, "message": message}]})
