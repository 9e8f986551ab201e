"""The messages on a screen, each with its words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.cli.show_outbox import show_outbox
from messaging.prices import Prices
from tests.made import MESSAGE, NOW
from workflows.values import Message, MessageState

WORDS = "Aoife was marked absent this morning. Please call the school office today."


def _message(number: int, state: MessageState, because: str = "") -> Message:
    return replace(
        MESSAGE,
        message_id=f"m-{number:016}",
        subject="P1",
        text=WORDS,
        state=state,
        ended_at=NOW if because else None,
        ended_because=because,
    )


def test_a_long_reason_leaves_room_for_the_words(capsys: pytest.CaptureFixture[str]) -> None:
    """However long one message's reason is, every message can be read beside it."""
    reason = "judged again as of the instant it was made, the rule no longer holds, and so it did not leave"
    waiting, withdrawn = MessageState.AWAITING_APPROVAL, MessageState.WITHDRAWN
    messages = [_message(1, waiting), _message(2, withdrawn, reason)]
    show_outbox(messages, {("S", "P1"): "Aoife [Ní] Byrne"}, Prices())
    told = capsys.readouterr().out
    first = next(line for line in told.splitlines() if "m-0000000000000001" in line)
    assert "awaiting approval   Aoife [Ní] Byrne" in first
    assert "Aoife was marked absent this morning." in first
    assert "2 messages\nwaiting for approval: 1 text in 1 part: 2.3p before VAT" in told
    assert len(told.splitlines()) < 16
