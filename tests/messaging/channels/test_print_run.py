"""Letters for the printer: taken on one by one, printed together, finished by doing it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from messaging.channels.channel import Accepted, Cover, Outgoing, Refused, Unsure
from messaging.channels.print_run import DOCUMENT, MANIFEST, PrintRunChannel

SINCE = datetime(2025, 11, 1, tzinfo=UTC)
COVER = Cover(
    "Can we help Ben?", "Ashgrove Academy", addressee="Ruth Okafor", date="12 November 2025", ref="R1"
)
LETTER = Outgoing(
    "m-1", "letter", "2 Mill Lane\nSouthampton\nSO14 1AA", "c-1", "Dear Ruth Okafor,\n\nHello.", COVER
)
OTHER = replace(LETTER, message_id="m-2", to="1 Mill Lane\nSouthampton\nSO14 1AA")


def test_what_was_taken_on_is_printed_and_again_the_same(tmp_path: Path) -> None:
    """Two letters, one document by address, the same bytes when it is done again after a break."""
    first = PrintRunChannel(tmp_path / "run")
    assert first.find(LETTER, SINCE) is None
    assert first.send(LETTER) == first.send(LETTER) == first.find(LETTER, SINCE) == Accepted("m-1.json")
    again = PrintRunChannel(tmp_path / "run")
    assert again.send(OTHER) == Accepted("m-2.json")
    printed = again.print()
    assert [each.posting.message_id for each in printed.printed] == ["m-2", "m-1"]
    document = (tmp_path / "run" / DOCUMENT).read_bytes()
    assert (document, printed.manifest) == (printed.pdf, (tmp_path / "run" / MANIFEST).read_text())
    assert PrintRunChannel(tmp_path / "run").print().pdf == document


@pytest.mark.parametrize(
    ("outgoing", "why"),
    [
        (
            replace(LETTER, channel="sms", to="+447700900123", cover=None),
            "a print run takes letters, not sms",
        ),
        (replace(LETTER, text="Dear Ruth, goodbye."), "already holds other words"),
        (replace(OTHER, to="Southampton"), "does not end with a UK postcode"),
        (replace(OTHER, text="\U00013000 in Ruth's own hand"), "no font that comes with Firstbell"),
        (replace(OTHER, message_id="../m"), "is no message id"),
    ],
    ids=["a text", "other words", "no postcode", "no letter for it", "no id"],
)
def test_what_cannot_be_printed_is_refused(tmp_path: Path, outgoing: Outgoing, why: str) -> None:
    """With the sentence why, and nothing of what was taken on is lost."""
    channel = PrintRunChannel(tmp_path)
    channel.send(LETTER)
    answer = channel.send(outgoing)
    assert isinstance(answer, Refused)
    assert why in answer.why
    assert len(channel.print().printed) == 1


def test_a_folder_that_cannot_be_written_is_a_trouble_that_may_pass(tmp_path: Path) -> None:
    """A file in the place of the folder: refused for now."""
    (tmp_path / "run").write_text("not a folder")
    answer = PrintRunChannel(tmp_path / "run").send(LETTER)
    assert isinstance(answer, Refused)
    assert answer.passing


def test_what_may_not_outlast_a_power_cut_is_unsure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written, but the folder cannot be settled: it may be printed, so nobody says that it was not."""

    def fails(_: Path) -> None:
        raise OSError("no")

    monkeypatch.setattr("messaging.channels.print_run.settle", fails)
    assert isinstance(PrintRunChannel(tmp_path).send(LETTER), Unsure)


def test_nothing_taken_on_is_nothing_printed(tmp_path: Path) -> None:
    """No document, no manifest."""
    assert PrintRunChannel(tmp_path).print().printed == ()
    assert list(tmp_path.iterdir()) == []
