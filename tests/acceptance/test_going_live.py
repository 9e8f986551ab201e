"""Going live as a trust does it: nothing leaves a fresh install, then a list, then everybody."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.instants import read_instant
from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write
from tests.servers.fault_proxy import FaultProxy
from tests.servers.loopback import serving
from tests.servers.twilio_server import ACCOUNT, SENDER, TOKEN, TwilioBook

AS_OF = "2025-11-21T09:20"
SEND = ("outbox", "send")
MOTHER = "+447911123456"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five minutes after the run: who really sends sends now."""
    monkeypatch.setattr("adapters.bootstrap.now", lambda: read_instant("2025-11-21T09:25"))


def _opened(firstbell: Firstbell, folder: Path) -> None:
    """A register with one child missing, whose mother has a number that a provider would take."""
    files = small_school()
    files["contacts"] = files["contacts"].replace("07700 900001", MOTHER)
    firstbell("import", str(write(folder / "in", files)))
    firstbell("run", "--as-of", AS_OF)


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Iterator[TwilioBook]:
    """Texts leave by Twilio, which is a stand-in on this machine; nothing is switched on."""
    book = TwilioBook()
    with serving(FaultProxy(book)) as address:
        monkeypatch.setenv("FIRSTBELL_CHANNELS_SMS", "twilio")
        monkeypatch.setenv("FIRSTBELL_TWILIO_ACCOUNT_SID", ACCOUNT)
        monkeypatch.setenv("FIRSTBELL_TWILIO_SENDER", SENDER)
        monkeypatch.setenv("FIRSTBELL_TWILIO_BASE_ADDRESS", address)
        monkeypatch.setenv("FIRSTBELL_TWILIO_AUTH_TOKEN", TOKEN)
        yield book


def test_from_a_fresh_install_to_every_family(
    firstbell: Firstbell, tmp_path: Path, book: TwilioBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody, then only who is listed, then all; what waits says which key lets it go; none is lost."""
    _opened(firstbell, tmp_path)
    shut = firstbell(*SEND)
    assert "twilio is not live, nothing is sent: set going_live.send_to" in shut.err
    assert (book.taken, shut.code, "1 queued" in shut.out, "wrote to" in shut.out) == ([], 1, True, False)
    monkeypatch.setenv("FIRSTBELL_GOING_LIVE_SEND_TO", "listed")
    monkeypatch.setenv("FIRSTBELL_GOING_LIVE_ALLOW_LIST", "+447911000001 office@school.org")
    trial = firstbell(*SEND)
    assert f"{MOTHER} is not on the list of the trial: add it to going_live.allow_list" in trial.err
    assert book.taken == []
    monkeypatch.setenv("FIRSTBELL_GOING_LIVE_ALLOW_LIST", f"office@school.org {MOTHER}")
    sent = firstbell(*SEND)
    assert (sent.code, "1 sent" in sent.out, sent.err) == (0, True, "")
    assert [each["to"] for each in book.taken] == [MOTHER]
    monkeypatch.setenv("FIRSTBELL_GOING_LIVE_SEND_TO", "everybody")
    rehearsed = firstbell(*SEND, "--as-of", AS_OF)
    assert (rehearsed.code, "--as-of is for rehearsals" in rehearsed.err) == (2, True)
    assert "Nothing is queued" in firstbell(*SEND).out
    assert len(book.taken) == 1
    texts = [firstbell(*words) for words in (("outbox", "list"), ("ledger", "show"), ("outbox", "channels"))]
    stored = (tmp_path / "school.db").read_bytes()
    assert TOKEN not in "".join(done.out + done.err for done in texts)
    assert TOKEN.encode() not in stored


def test_what_is_missing_stops_sending_and_nothing_else(
    firstbell: Firstbell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each missing key and secret is named at once, with exit code 2; lists, runs and paper go on."""
    monkeypatch.setenv("FIRSTBELL_CHANNELS_SMS", "twilio")
    monkeypatch.setenv("FIRSTBELL_CHANNELS_LETTER", "govuk_notify")
    monkeypatch.setenv("FIRSTBELL_NOTIFY_API_KEY", "half-a-key")
    _opened(firstbell, tmp_path)
    refused = firstbell(*SEND)
    assert refused.code == 2
    assert "twilio.account_sid is empty" in refused.err
    assert "twilio.sender is empty" in refused.err
    assert "FIRSTBELL_TWILIO_AUTH_TOKEN is not in the environment" in refused.err
    for words in (("run", "--as-of", AS_OF), ("outbox", "list"), ("tasks",), ("rules", "check")):
        assert firstbell(*words).code == 0
    assert firstbell("letters", "print", "--to", "paper").code == 0
    monkeypatch.setenv("FIRSTBELL_CHANNELS_SMS", "folder")
    refused = firstbell(*SEND)
    assert refused.code == 2
    assert "FIRSTBELL_NOTIFY_API_KEY: it is no key of GOV.UK Notify: copy the whole key" in refused.err
    assert "half-a-key" not in refused.err


def test_how_channels_stand(firstbell: Firstbell, book: TwilioBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line a kind, the same as JSON, and a sentence for each thing that is missing."""
    monkeypatch.setenv("FIRSTBELL_CHANNELS_EMAIL", "sendgrid")
    monkeypatch.setenv("FIRSTBELL_GOING_LIVE_SEND_TO", "listed")
    monkeypatch.setenv("FIRSTBELL_GOING_LIVE_ALLOW_LIST", MOTHER)
    told = firstbell("outbox", "channels")
    lines = [re.split(r"  +", line.strip()) for line in told.out.splitlines() if "  " in line.strip()]
    assert lines[1:] == [
        ["texts", "twilio", "yes", "a trial: sends to the 1 on going_live.allow_list alone"],
        ["e-mails", "sendgrid", "no", "cannot send: see below"],
        ["letters", "folder", "no", "waits for paper: firstbell letters print"],
    ]
    assert "sendgrid.from_address is empty" in told.err
    texts, emails, letters = firstbell("outbox", "channels", "--json").document
    assert texts == {
        "kind": "sms", "channel": "twilio", "real": True, "live": True, "send_to": "listed", "allow_list": 1,
        "lacks": [],
    }  # fmt: skip
    assert (emails["live"], len(emails["lacks"])) == (False, 2)
    assert (letters["real"], letters["lacks"]) == (False, [])
    assert book.taken == []


def test_with_the_network_refused_nothing_tries_to_leave(
    firstbell: Firstbell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Default settings, no socket at all, not even to this machine: the demo and a day ask for none."""
    tried: list[object] = []

    def refuse(*args: object, **_: object) -> None:
        tried.append(args)
        raise AssertionError("something tried to leave")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    assert firstbell("demo", "--schools", "1", "--pupils", "300", "--days", "1").code == 0
    _opened(firstbell, tmp_path)
    sent = firstbell("outbox", "send")
    assert (sent.code, "Nothing left this machine" in sent.out) == (0, True)
    assert firstbell("letters", "print", "--to", "paper").code == 0
    assert tried == []
