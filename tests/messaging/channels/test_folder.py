"""The folder channel on a disk that works, and on one that does not."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final, NoReturn

import pytest

from messaging.channels.channel import Accepted, Outgoing, Refused, Unsure
from messaging.channels.folder import FolderChannel

if TYPE_CHECKING:
    from pathlib import Path

MESSAGE: Final = Outgoing("m-1", "sms", "+447700900123", "c1", "Ashgrove Academy: Zoë is safe.")


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
    assert channel.find("m-1") is None
    assert channel.send(MESSAGE) == Accepted("m-1.txt")


def test_a_folder_that_cannot_be_flushed_is_unsure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is there, but whether it stays is not known: find decides, and a repeat settles it."""
    flush = os.fsync
    channel = FolderChannel(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", lambda fd: full() if stat.S_ISDIR(os.fstat(fd).st_mode) else flush(fd))
        assert isinstance(channel.send(MESSAGE), Unsure)
    assert channel.find("m-1") == channel.send(MESSAGE) == Accepted("m-1.txt")


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    """A folder that is none refuses to send, and never answers that a message did not go."""
    (tmp_path / "sent").write_text("")
    channel = FolderChannel(tmp_path / "sent")
    assert isinstance(channel.send(MESSAGE), Refused)
    with pytest.raises(NotADirectoryError):
        channel.find("m-1")
