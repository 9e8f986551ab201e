"""The folder channel on a disk that works, and on one that does not."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Final, NoReturn

import pytest

from messaging.channels.channel import Accepted, Cover, Outgoing, Refused, Unsure
from messaging.channels.folder import FolderChannel
from tests.messaging.letters.written import pages, pieces

if TYPE_CHECKING:
    from pathlib import Path

SINCE: Final = datetime(2025, 11, 1, tzinfo=UTC)
MESSAGE: Final = Outgoing("m-1", "sms", "+447700900123", "c1", "Ashgrove Academy: Zoë is safe.")


EMAIL: Final = replace(
    MESSAGE,
    channel="email",
    to="sam@example.org",
    text="## Ada\n| a | b |\n| 1 | 2 |",
    cover=Cover("Zoë is safe", "Ashgrove Academy", "pl"),
)
LETTER: Final = replace(
    EMAIL,
    channel="letter",
    to="12 Mill Lane, Southampton SO14 1AA",
    cover=Cover("Zoë is safe", "Ashgrove Academy", "cy", "Mrs Bell", "Monday", "K7M3Q2XA", large_print=True),
)


def full(*_: object) -> NoReturn:
    """A disk with no room left."""
    raise OSError(28, "No space left on device")


def test_the_file_reads_as_a_message(tmp_path: Path) -> None:
    """To, channel, a blank line, the words; nothing beside it; nobody else may read it."""
    FolderChannel(tmp_path / "a" / "b").send(MESSAGE)
    (path,) = (tmp_path / "a" / "b").iterdir()
    assert path.name == "m-1.txt"
    assert path.read_text("utf-8") == "To: +447700900123\nChannel: sms\n\nAshgrove Academy: Zoë is safe.\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_e_mail_opens_as_one(tmp_path: Path) -> None:
    """Two parts under a subject, to one address."""
    assert FolderChannel(tmp_path).send(EMAIL) == Accepted("m-1.eml")
    message = message_from_bytes((tmp_path / "m-1.eml").read_bytes(), policy=default)
    assert (message["To"], message["Subject"]) == ("sam@example.org", "Zoë is safe")
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]


def test_a_letter_opens_as_one(tmp_path: Path) -> None:
    """The whole cover stands on it, large where that is asked for."""
    assert FolderChannel(tmp_path).send(LETTER) == Accepted("m-1.pdf")
    (page,) = pages((tmp_path / "m-1.pdf").read_bytes())
    for words in (
        "Mrs Bell 12 Mill Lane Southampton SO14 1AA",
        "Ashgrove",
        "Monday",
        "K7M3Q2XA",
        "Zoë is safe",
    ):
        assert words in page
    assert max(each.size for each in pieces((tmp_path / "m-1.pdf").read_bytes())) > 20


def test_what_was_written_by_an_older_version_is_the_same_message(tmp_path: Path) -> None:
    """A letter's bytes may differ from one version of Typst to the next: its words tell it was sent."""
    FolderChannel(tmp_path).send(LETTER)
    path = tmp_path / "m-1.pdf"
    path.write_bytes(path.read_bytes() + b"% older")
    assert FolderChannel(tmp_path).send(LETTER) == Accepted("m-1.pdf")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (replace(LETTER, to="12 Mill Lane"), "does not end with a UK postcode"),
        (replace(LETTER, text="中"), "no font that comes with Firstbell can write 中"),
        (replace(EMAIL, text="| a |\n| b | c |"), "a table has 2 cells, its header has 1"),
    ],
)
def test_words_that_make_no_file_are_refused_for_good(tmp_path: Path, wrong: Outgoing, said: str) -> None:
    """With the sentence for the office, and without a trace."""
    refused = FolderChannel(tmp_path).send(wrong)
    assert isinstance(refused, Refused)
    assert said in refused.why
    assert not refused.passing
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_refuses_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No half file, no leftover, and the trouble may pass: the next attempt succeeds."""
    channel = FolderChannel(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        refused = channel.send(MESSAGE)
    assert isinstance(refused, Refused)
    assert refused.passing
    assert "No space left on device" in refused.why
    assert list(tmp_path.iterdir()) == []
    assert channel.find(MESSAGE, SINCE) is None
    assert channel.send(MESSAGE) == Accepted("m-1.txt")


def test_a_folder_that_cannot_be_flushed_is_unsure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is there, but whether it stays is not known: find decides, and a repeat settles it."""
    flush = os.fsync
    channel = FolderChannel(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", lambda fd: full() if stat.S_ISDIR(os.fstat(fd).st_mode) else flush(fd))
        assert isinstance(channel.send(MESSAGE), Unsure)
    assert channel.find(MESSAGE, SINCE) == channel.send(MESSAGE) == Accepted("m-1.txt")


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    """A folder that is none refuses to send, and never answers that a message did not go."""
    (tmp_path / "sent").write_text("")
    channel = FolderChannel(tmp_path / "sent")
    assert isinstance(channel.send(MESSAGE), Refused)
    with pytest.raises(NotADirectoryError):
        channel.find(MESSAGE, SINCE)
