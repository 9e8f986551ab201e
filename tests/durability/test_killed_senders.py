"""Two senders, two thousand texts, kill -9 again and again: the provider takes each exactly once.

They speak to a server on this machine with the provider's own client; what a killed one had in hand is looked
up there before anything is sent again.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import time
from collections import Counter
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random

import pytest

from adapters.store import open_store, upgrade
from engine.records import Contact
from tests.durability.sender import MORNING, Sending, send
from tests.servers.book import Book, standing_in
from tests.servers.loopback import serving
from tests.servers.providers import PROVIDERS
from tests.workflows.story import Story, contact, pupil
from workflows.values import LEAVING, MessageState

SEED = os.environ["FIRSTBELL_KILL_SEED"]  # drawn and said by tests/conftest.py, unless given
MANY, KILLS = 2_000, 20
PATIENCE = 600.0
DAY = "2025-11-10"
STILL = (MessageState.QUEUED, *LEAVING)


def _parent(number: int) -> Contact:
    """A parent with a number that real channels send to; here they reach this machine alone."""
    return contact(f"P{number}", phone=f"0791112{number:04}")


@pytest.fixture(scope="module")
def queued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two thousand first-day texts that may leave."""
    path = tmp_path_factory.mktemp("queued") / "store.db"
    upgrade(f"sqlite:///{path}")
    with open_store(f"sqlite:///{path}", codes_hash="codes") as store:
        story = Story(store)
        upns = [f"P{number}" for number in range(MANY)]
        story.opens(*map(pupil, upns), contacts=tuple(map(_parent, range(MANY))))
        story.register(f"{DAY}T09:15", **dict.fromkeys(upns, "N/")).run(f"{DAY}T09:20")
        assert len(story.messages(MessageState.QUEUED)) == MANY
    return path


def endure(number: int, provider: str, queued: Path, folder: Path) -> None:
    """Twenty kills in one sending of two thousand, and then senders until nothing is left."""
    rng = Random(f"{SEED} {number}")  # noqa: S311 - a moment is drawn, not a secret
    store = folder / "store.db"
    shutil.copy(queued, store)
    book = PROVIDERS[provider].book()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.durability.sender"])
    with serving(partial(standing_in, book)) as address:
        order = Sending(store, provider, address, time.time())

        def starts() -> ForkServerProcess:
            process = context.Process(target=send, args=(order,), daemon=True)
            process.start()
            return process

        senders = [starts(), starts()]
        until = time.monotonic() + PATIENCE
        for moment in sorted(rng.sample(range(MANY), KILLS)):
            while len(book.taken) < moment:
                senders = [sender if sender.is_alive() else starts() for sender in senders]
                time.sleep(0.005)
                assert time.monotonic() < until, "it stands still"
            time.sleep(rng.uniform(0, 0.02))
            place = rng.randrange(2)
            senders[place].kill()
            senders[place].join()
            senders[place] = starts()
        while _left(store):
            senders = [sender if sender.is_alive() else starts() for sender in senders]
            time.sleep(0.2)
            assert time.monotonic() < until, "it does not come to an end"
        for sender in senders:
            sender.join()
    _check(store, book)


def _left(store: Path) -> int:
    """How many messages are not settled."""
    with open_store(f"sqlite:///{store}", codes_hash="codes") as opened, opened.reading() as unit:
        return len(unit.messages("S", STILL))


def _check(store: Path, book: Book) -> None:
    """Each text accepted exactly once, and written down as sent with the provider's own reference."""
    with open_store(f"sqlite:///{store}", codes_hash="codes") as opened, opened.reading() as unit:
        there = unit.messages("S")
        entries = unit.ledger("S")
        assert unit.verify()[1] == ()
    print(f"seed {SEED}: {KILLS} kills, {len(book.taken)} texts taken by the provider")
    assert len(there) == MANY
    assert {message.state for message in there} == {MessageState.SENT}
    assert Counter(map(_words, book.taken)) == Counter(message.text for message in there)
    assert len({message.text for message in there}) == MANY
    own = {str(taken.get("id") or taken.get("sid")) for taken in book.taken}
    assert {message.reference for message in there} == own
    sent = Counter(
        str(line.content["message"])
        for line in entries
        if line.content and line.content.get("state") == "sent"
    )
    assert set(sent.values()) == {1}
    assert all(message.ended_at and message.ended_at >= MORNING for message in there)


def _words(taken: dict[str, object]) -> str:
    return str(taken["body"])


def test_twenty_kills_send_nothing_twice(queued: Path, tmp_path: Path) -> None:
    """One sending by GOV.UK Notify; FIRSTBELL_KILL_SEED brings the same moments back."""
    endure(0, "govuk_notify", queued, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(1, 26))
def test_five_hundred_kills_send_nothing_twice(number: int, queued: Path, tmp_path: Path) -> None:
    """Twenty-five sendings of two thousand, by Notify and by Twilio in turn."""
    endure(number, ("govuk_notify", "twilio")[number % 2], queued, tmp_path)
