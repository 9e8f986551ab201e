"""The service sends by itself what may leave by itself: live channels alone, no paper, once each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.bootstrap import Service
from adapters.cli import main
from adapters.config import read_config
from adapters.serve.figures import Figures
from adapters.serve.sending import Sending
from adapters.store import open_store, upgrade
from engine.records import Contact
from tests.servers.book import Book, standing_in
from tests.servers.loopback import serving as loopback
from tests.servers.providers import PROVIDERS
from tests.workflows.story import Story, contact, pupil
from workflows.library import Library
from workflows.values import Message, MessageState

DAY = "2025-11-10"
NOTIFY = PROVIDERS["govuk_notify"]


@pytest.fixture
def book() -> Book:
    """What Notify took."""
    return NOTIFY.book()


@pytest.fixture
def story(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Story]:
    """Two texts and a letter are queued; texts leave by Notify, letters by a folder."""
    store = f"sqlite:///{tmp_path / 'school.db'}"
    upgrade(store)
    with loopback(partial(standing_in, book)) as address, open_store(store, codes_hash="codes") as opened:
        for name, value in {
            "STORE": store,
            "CHANNELS_SMS": "govuk_notify",
            "GOVUK_NOTIFY_SMS_TEMPLATE": NOTIFY.settings["sms_template"],
            "GOVUK_NOTIFY_BASE_ADDRESS": address,
            "NOTIFY_API_KEY": NOTIFY.secret,
            "GOING_LIVE_SEND_TO": "everybody",
        }.items():
            monkeypatch.setenv(f"FIRSTBELL_{name}", value)
        told = Story(opened).opens(pupil("P1"), pupil("P2"), contacts=(_parent(1), _parent(2)))
        told.register(f"{DAY}T09:15", P1="N/", P2="N/").run(f"{DAY}T09:20")
        with opened.transaction() as unit:
            text = unit.messages()[0]
            unit.add((), (), [_as_letter(text)])
        yield told


def _parent(number: int) -> Contact:
    """A number that real channels send to; here it reaches this machine alone."""
    return contact(f"P{number}", phone=f"0791112345{number}")


def _as_letter(text: Message) -> Message:
    return replace(text, message_id="m-letter", channel="letter", address="1 Mill Lane, Southampton SO14 1AA")


def _sending(story: Story, library: Library | None) -> Sending:
    config = read_config(os.environ, Path(story.store.path).parent)
    return Sending(config, lambda: library, Figures(), lambda: story.now)


def test_what_may_leave_leaves_by_itself_and_paper_waits(story: Story, book: Book) -> None:
    """Two texts, once each however often it looks; the letter waits for a print run."""
    sending = _sending(story, story.library)
    for _ in range(3):
        sending.look()
    sending.close()
    assert len(book.taken) == 2
    assert {each.message_id: each.state for each in story.messages() if each.channel == "letter"} == {
        "m-letter": MessageState.QUEUED
    }
    assert {each.state for each in story.messages() if each.channel == "sms"} == {MessageState.SENT}


def test_nothing_leaves_before_the_switch_is_thrown(
    story: Story, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody: not even claimed. On the list: those alone."""
    monkeypatch.setenv("FIRSTBELL_GOING_LIVE_SEND_TO", "nobody")
    _sending(story, story.library).look()
    assert {each.state for each in story.messages()} == {MessageState.QUEUED}
    monkeypatch.setenv("FIRSTBELL_GOING_LIVE_SEND_TO", "listed")
    monkeypatch.setenv("FIRSTBELL_GOING_LIVE_ALLOW_LIST", "+447911123452")
    sending = _sending(story, story.library)
    sending.look()
    sending.close()
    assert [each.subject for each in story.messages(MessageState.SENT)] == ["P2"]
    assert len(book.taken) == 1


def test_before_the_rules_are_read_nothing_is_judged_and_nothing_leaves(story: Story, book: Book) -> None:
    """The first look at the clock comes first."""
    _sending(story, None).look()
    assert book.taken == []


def test_told_to_stop_it_hands_nothing_more_over(story: Story, book: Book) -> None:
    """What was claimed goes back into the queue at once: the next to start need not wait for it."""
    sending = _sending(story, story.library)
    sending.stop()
    sending.look()
    sending.close()
    assert book.taken == []
    assert {each.state for each in story.messages()} == {MessageState.QUEUED}


def test_trouble_is_told_once_and_stops_nothing(
    story: Story, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same trouble at every look is one line of the log; mended, it sends."""
    sending = _sending(story, story.library)

    def broken(_: Service) -> None:
        raise RuntimeError("a mother's number, perhaps")

    with monkeypatch.context() as patch, capture_logs() as log:
        patch.setattr(Service, "deliver", property(broken))
        sending.look()
        sending.look()
    assert [line["event"] for line in log] == ["sending_failed"]
    assert "mother" not in str(log)
    sending.look()
    sending.close()
    assert len(book.taken) == 2


def test_who_sends_by_hand_is_told_what_waits_for_paper(
    story: Story, book: Book, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both texts leave, the letter does not, and the sentence says what to do about it."""
    monkeypatch.setattr("adapters.bootstrap.now", lambda: story.now)
    monkeypatch.setattr("sys.argv", ["firstbell", "outbox", "send"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert (ended.value.code, len(book.taken)) == (0, 2)
    assert "    2 sent" in said.out
    assert "1 letters wait: set channels.letter to what really sends them, or print them" in said.err
