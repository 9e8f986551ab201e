"""What providers post, over the service's own app: signed by their libraries, forged, repeated, flooding."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from adapters.bootstrap import Service
from adapters.callbacks.door import MOST_BYTES
from adapters.callbacks.flood import MOST_FAILING
from adapters.config import read_config
from adapters.mis.csv_folder import CsvFolder
from adapters.mis.quarantine import QuarantineFolder
from adapters.serve.alarm import Alarm
from adapters.serve.serving import Serving
from adapters.serve.web import window
from engine.instants import read_instant
from messaging.channels.channel import Accepted
from tests.acceptance.small import small_school, write
from tests.adapters.callbacks.posts import HER, NOTIFY, PUBLIC, TWILIO, Posts, sendgrid_public
from tests.servers.book import standing_in
from tests.servers.loopback import Answer, Asked
from tests.servers.loopback import serving as loopback
from tests.servers.providers import PROVIDERS, TEXT
from tests.servers.twilio_server import TwilioBook
from workflows.heard import Receipt, Reply
from workflows.ports import Store
from workflows.take_in import take_in
from workflows.values import Case, Message, MessageState

AT = read_instant("2025-11-21T10:00")
STATUS = "/callbacks/twilio/status/m-1"


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The secrets, as whoever starts the service sets them."""
    monkeypatch.setenv("FIRSTBELL_TWILIO_AUTH_TOKEN", TWILIO)
    monkeypatch.setenv("FIRSTBELL_SENDGRID_WEBHOOK_KEY", sendgrid_public())
    monkeypatch.setenv("FIRSTBELL_NOTIFY_CALLBACK_TOKEN", NOTIFY)
    return monkeypatch


def message(message_id: str, channel: str = "sms", address: str = HER, state: str = "sent") -> Message:
    """A message about Noor that has left, so far as is told."""
    return Message(
        *(message_id, "c-1", "S", "P1", "a-rule", "a-ladder", 1, message_id, "C1", channel, address),
        *("a-template", "v1", "Noor was not in today.", "because", AT, "run", "book", MessageState(state)),
        ended_at=AT,
        purpose="letters",
    )


@pytest.fixture
def serving(tmp_path: Path, environ: pytest.MonkeyPatch) -> Iterator[Serving]:
    """The service over the small school; a text, an e-mail and a letter have left."""
    config = read_config(
        {"FIRSTBELL_STORE": "sqlite:///school.db", "FIRSTBELL_PUBLIC_ADDRESS": PUBLIC}, tmp_path
    )
    with closing(Service(config, clock=lambda: AT)) as service:
        service.ready()
        folder = write(tmp_path / "school", small_school())
        take_in(service.store, CsvFolder([folder]), AT, QuarantineFolder(tmp_path), lambda *_: None)
        sent = [
            message("m-1"),
            message("m-2", "email", "ada@example.org"),
            message("m-3", "letter", "1 Lane\nTown"),
        ]
        with service.store.transaction() as unit:
            unit.add([Case("c-1", "S", "P1", "a-ladder", 1, "2025-11-21", 1, AT)], (), sent)
    made = Serving(config, lambda: AT)
    yield made
    made.close()


@pytest.fixture
def posts(serving: Serving) -> Iterator[Posts]:
    """Whoever posts to it."""
    with TestClient(window(serving, Alarm(3600, lambda: None), every=20)) as client:
        yield Posts(client)


@pytest.fixture
def store(serving: Serving, tmp_path: Path) -> Iterator[Store]:
    """What the service keeps, looked at from outside."""
    config = read_config({"FIRSTBELL_STORE": "sqlite:///school.db"}, tmp_path)
    with closing(Service(config)) as service:
        yield service.store


def states(store: Store) -> dict[str, tuple[str, str]]:
    """Where each message stands, and why."""
    with store.reading() as unit:
        return {each.message_id: (each.state.value, each.ended_because) for each in unit.messages("S")}


def receipts(store: Store, message_id: str) -> list[Receipt]:
    """What was kept of a message."""
    with store.reading() as unit:
        return list(unit.receipts(message_id))


def replies(store: Store) -> list[Reply]:
    """What was kept of families."""
    with store.reading() as unit:
        return list(unit.replies())


def figure(serving: Serving, provider: str, came: str) -> float | None:
    """How many posts of a provider came to this."""
    return serving.figures.registry.get_sample_value(
        "firstbell_callbacks_total", {"provider": provider, "came": came}
    )


def test_twilio_tells_what_became_of_a_text(posts: Posts, store: Store, serving: Serving) -> None:
    """In any order, with repeats: kept once each, answered at once and with nothing."""
    for status in ("delivered", "sent", "delivered"):
        answer = posts.status("m-1", status)
        assert (answer.status_code, answer.content) == (200, b"")
    assert states(store)["m-1"] == ("delivered", "")
    assert [each.code for each in receipts(store, "m-1")] == ["delivered", "sent"]
    assert (figure(serving, "twilio", "new"), figure(serving, "twilio", "again")) == (2, 1)
    assert posts.status("m-of-nobody", "sent").status_code == 200
    assert figure(serving, "twilio", "unknown") == 1


def test_the_address_that_a_text_is_sent_with_is_one_of_ours(posts: Posts, store: Store) -> None:
    """By Twilio's own library: what it is given to report to is where we listen, and names our message."""
    book, asked = TwilioBook(), list[Asked]()

    def answered(request: Asked) -> Answer:
        asked.append(request)
        return standing_in(book, request)

    with loopback(answered) as address:
        assert isinstance(PROVIDERS["twilio"].channel(address).send(TEXT), Accepted)
    path = urlsplit(str(asked[0].form["StatusCallback"])).path
    assert posts.twilio(path, MessageSid="SM1", MessageStatus="delivered").status_code == 200
    assert states(store)[TEXT.message_id][0] == "delivered"


def test_twilio_says_why_it_failed(posts: Posts, store: Store) -> None:
    """By the error's own sentence; of an error that nobody knows at least that it failed."""
    posts.status("m-1", "undelivered", "30005")
    assert states(store)["m-1"][0] == "failed_permanent"
    with store.reading() as unit:
        assert [each.address for each in unit.bounces()] == [HER]
    posts.status("m-2", "failed", "39999")
    state, because = states(store)["m-2"]
    assert state == "failed_temporary"
    assert "'39999', which is not in our list" in because
    posts.status("m-3", "sent", "30003")
    assert states(store)["m-3"][0] == "sent", "an error beside another status is a warning"


def test_sendgrid_tells_what_became_of_emails(posts: Posts, store: Store, serving: Serving) -> None:
    """A list at a time; a bounce after the delivery counts, whichever came first; STOP by its button."""
    at = int(AT.timestamp())
    mine = {"message_id": "m-2", "email": "Ada@Example.org", "sg_message_id": "abc.filter1"}
    bounce = mine | {"event": "bounce", "type": "bounce", "bounce_classification": "Invalid Address"}
    told = [
        bounce | {"sg_event_id": "e2", "timestamp": at + 60},
        mine | {"event": "delivered", "sg_event_id": "e1", "timestamp": at},
        {"event": "open", "sg_event_id": "e3", "timestamp": True, "email": 7},
        {"event": "open"},
        {"sg_event_id": "e4", "event": ["open"]},
    ]
    assert posts.sendgrid(AT, *told).status_code == 200
    assert posts.sendgrid(AT, *told).status_code == 200
    assert states(store)["m-2"][0] == "failed_permanent"
    assert [(each.reference, each.at) for each in receipts(store, "m-2")] == [
        ("abc", AT + timedelta(minutes=1)),
        ("abc", AT),
    ]
    assert (figure(serving, "sendgrid", "new"), figure(serving, "sendgrid", "unknown")) == (2, 1)
    posts.sendgrid(AT, mine | {"event": "group_unsubscribe", "sg_event_id": "e5", "timestamp": at})
    with store.reading() as unit:
        assert [(wish.address, wish.about.value) for wish in unit.wishes()] == [("ada@example.org", "email")]
    blocked = mine | {"event": "bounce", "type": "blocked", "sg_event_id": "e6", "timestamp": at + 90}
    posts.sendgrid(AT, blocked)
    assert states(store)["m-2"][0] == "failed_temporary"


def test_notify_tells_what_became_of_it_and_brings_letters_back(posts: Posts, store: Store) -> None:
    """A receipt by our reference; a letter that was returned weeks later."""
    done = {"completed_at": "2025-11-21T10:01:00.000000Z", "to": "07700 900011", "notification_type": "sms"}
    told = {"id": "n1", "reference": "m-1", "status": "temporary-failure"} | done
    assert posts.notify("receipt", **told).status_code == 200
    (kept,) = receipts(store, "m-1")
    assert (kept.at, kept.address) == (AT + timedelta(minutes=1), HER)
    assert states(store)["m-1"][0] == "failed_temporary"
    posts.notify("receipt", **(told | {"status": "delivered", "completed_at": "soon"}))
    assert states(store)["m-1"][0] == "delivered"
    posts.notify("receipt", notification_id="n3", reference="m-3", date_sent="2025-11-01T10:00:00.000000Z")
    assert states(store)["m-3"] == (
        "failed_permanent",
        "the letter came back: ask the family where they live",
    )
    with store.reading() as unit:
        assert [(each.address, each.channel) for each in unit.bounces()] == [("1 Lane\nTown", "letter")]


def test_a_family_writes_back(posts: Posts, store: Store) -> None:
    """Through Twilio and through Notify: in its words, on somebody's list; Twilio answers nothing."""
    answer = posts.text("He is ill \U0001f912\r\nBack\x00 soon")
    assert (answer.status_code, answer.text) == (
        200,
        '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
    )
    assert answer.headers["content-type"].startswith("text/xml")
    posts.text("", "SM10", NumMedia="2")
    told = {
        "id": "n9",
        "source_number": "447700900011",
        "destination_number": "07700900999",
        "message": "Ref?",
    }
    posts.notify("reply", **told, date_received="2025-11-21T10:00:30.000000Z")
    assert [each.text for each in replies(store)] == [
        "He is ill \U0001f912\nBack  soon",
        "(2 attached: look at it in Twilio's console, message SM10)",
        "Ref?",
    ]
    assert {(each.sender, each.subject, each.message_id) for each in replies(store)} == {(HER, "P1", "m-1")}
    assert len({each.task_id for each in replies(store)}) == 1
    assert replies(store)[-1].at == AT + timedelta(seconds=30)


@pytest.mark.parametrize("forged", ["token", "path", "no signature", "bytes", "fields"])
def test_twilio_forged(posts: Posts, store: Store, serving: Serving, forged: str) -> None:
    """Another token, another message's address, no signature, no form: 403, and nothing is written."""
    if forged == "token":
        answer = posts.status("m-1", "delivered", token="another")  # noqa: S106
    elif forged == "path":
        genuine = posts.status("m-1", "sent").request
        answer = posts.client.post(STATUS[:-1] + "2", content=genuine.content, headers=dict(genuine.headers))
    elif forged == "no signature":
        answer = posts.client.post(STATUS, data={"MessageSid": "SM1", "MessageStatus": "delivered"})
    elif forged == "bytes":
        answer = posts.client.post(STATUS, content=b"\xff\xfe", headers={b"X-Twilio-Signature": b"\xe9"})
    else:
        answer = posts.client.post(STATUS, data={str(number): "x" for number in range(300)})
    assert (answer.status_code, answer.content) == (403, b"")
    assert {state for state, _ in states(store).values()} == {"sent"}
    assert receipts(store, "m-2") == []
    assert figure(serving, "twilio", "forged") == 1


def test_sendgrid_forged_or_old(posts: Posts, store: Store) -> None:
    """Another body than was signed, no signature, a time that is none or long ago: 403."""
    genuine = posts.sendgrid(AT).request
    headers = dict(genuine.headers)
    assert posts.client.post("/callbacks/sendgrid", content=b"[{}]", headers=headers).status_code == 403
    for signature in ("", "AAAA", "not base64!", "\xe9"):
        changed = headers | {"x-twilio-email-event-webhook-signature": signature}
        again = posts.client.post("/callbacks/sendgrid", content=genuine.content, headers=_raw(changed))
        assert again.status_code == 403
    for off in (timedelta(days=2), -timedelta(days=2)):
        assert posts.sendgrid(AT + off).status_code == 403
    for stamp in ("soon", "9" * 30):
        assert posts.sendgrid(AT, stamp=stamp).status_code == 403
    assert posts.sendgrid(AT - timedelta(hours=23)).status_code == 200, "it repeats for a day"


def _raw(headers: dict[str, str]) -> dict[bytes, bytes]:
    return {
        name.encode(): value.encode("latin-1") for name, value in headers.items() if name != "content-length"
    }


def test_notify_forged(posts: Posts, serving: Serving) -> None:
    """Another token, none, another scheme."""
    assert posts.notify("receipt", "another", id="n1", status="delivered").status_code == 403
    for said in ({}, {"Authorization": f"Basic {NOTIFY}"}, {"Authorization": NOTIFY}):
        assert posts.client.post("/callbacks/notify/reply", json={}, headers=said).status_code == 403
    assert figure(serving, "govuk_notify", "forged") == 4


def test_genuine_and_unreadable(posts: Posts, serving: Serving) -> None:
    """A provider that changes its shape is told so, and so is whoever reads the log."""
    with capture_logs() as logs:
        answers = [
            posts.twilio("/callbacks/twilio/reply", MessageSid="SM1"),
            posts.twilio(STATUS, MessageSid="SM1"),
            posts.sendgrid(AT, body="{"),
            posts.sendgrid(AT, body='{"event": 1}'),
            posts.sendgrid(AT, body="[" * 100_000),
            posts.notify("receipt", id="n1"),
            posts.notify("reply", id="n1"),
            *(
                posts.client.post(
                    "/callbacks/notify/reply", content=body, headers={"Authorization": f"bearer {NOTIFY}"}
                )
                for body in (b"[]", b"{", b"\xff")
            ),
        ]
    assert {answer.status_code for answer in answers} == {400}
    assert {log["event"] for log in logs} == {"callback_unreadable"}
    assert figure(serving, "govuk_notify", "unreadable") == 5
    assert posts.status("m-1", "sent").status_code == 200, "what is genuine shuts nobody out"


def test_a_body_that_is_too_large(posts: Posts, serving: Serving) -> None:
    """Whether it says so or not: 413, and it is not read to its end."""
    large = b"x" * (MOST_BYTES + 1)
    assert posts.client.post(STATUS, content=large).status_code == 413

    def parts() -> Iterator[bytes]:
        yield from (large[:1000] for _ in range(MOST_BYTES // 1000 + 2))

    assert posts.client.post(STATUS, content=parts()).status_code == 413
    assert posts.client.post(STATUS, content=b"", headers={"Content-Length": "many"}).status_code in {
        400,
        403,
    }
    assert figure(serving, "twilio", "too_large") == 2


def test_a_flood_is_not_looked_at_and_keeps_nobody_else_out(
    posts: Posts, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sender fails too often: 429 before anything is verified; the provider, from elsewhere, is heard."""
    monkeypatch.setattr("adapters.callbacks.door.time.monotonic", lambda: 100.0)
    for _ in range(MOST_FAILING):
        assert posts.status("m-1", "sent", token="another").status_code == 403  # noqa: S106
    shut_out = posts.status("m-1", "sent")
    assert (shut_out.status_code, shut_out.headers["retry-after"]) == (429, "60")
    assert figure(serving, "twilio", "shut_out") == 1
    elsewhere = TestClient(posts.client.app, client=("192.0.2.7", 1))
    assert Posts(elsewhere).status("m-1", "sent").status_code == 200


def test_not_set_up(serving: Serving, environ: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No secret, or no public address: nothing is here, and the log names what to set, once."""
    environ.delenv("FIRSTBELL_SENDGRID_WEBHOOK_KEY")
    environ.setenv("FIRSTBELL_NOTIFY_CALLBACK_TOKEN", "")
    with (
        TestClient(window(serving, Alarm(3600, lambda: None), every=20)) as client,
        capture_logs() as logs,
    ):
        posts = Posts(client)
        answers = [posts.sendgrid(AT), posts.sendgrid(AT), posts.notify("receipt", token="", id="n1")]
        environ.setenv("FIRSTBELL_SENDGRID_WEBHOOK_KEY", "no key")
        answers.append(posts.sendgrid(AT))
    assert {answer.status_code for answer in answers} == {404}
    assert [str(log["because"]).partition(" ")[0] for log in logs] == [
        "FIRSTBELL_SENDGRID_WEBHOOK_KEY",
        "FIRSTBELL_NOTIFY_CALLBACK_TOKEN",
        "FIRSTBELL_SENDGRID_WEBHOOK_KEY",
    ]
    nowhere = Serving(read_config({"FIRSTBELL_STORE": "sqlite:///school.db"}, tmp_path), lambda: AT)
    with (
        TestClient(window(nowhere, Alarm(3600, lambda: None), every=20)) as client,
        capture_logs() as logs,
    ):
        assert Posts(client).status("m-1", "sent").status_code == 404
    assert "public_address is not set" in str(logs[0]["because"])
    nowhere.close()


def test_a_store_in_use_makes_the_provider_repeat(
    posts: Posts, store: Store, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes for long: 503, nothing is kept, and told again it is."""
    monkeypatch.setattr("adapters.serve.serving._BUSY", 0.01)
    with store.transaction(), capture_logs() as logs:
        assert posts.status("m-1", "delivered").status_code == 503
    assert "has been in use by another program for 0 seconds" in str(logs[0]["because"])
    assert posts.status("m-1", "delivered").status_code == 200
    assert states(store)["m-1"][0] == "delivered"
    assert figure(serving, "twilio", "not_kept") == 1


def test_nothing_of_a_family_stands_in_the_log_or_the_figures(posts: Posts) -> None:
    """What was written, and by whom, is in the store alone."""
    with capture_logs() as logs:
        posts.text("He is ill")
        posts.notify("reply", id="n1")
    said = json.dumps(logs) + posts.client.get("/metrics").text
    assert "ill" not in said.replace("still", "")
    assert HER not in said
