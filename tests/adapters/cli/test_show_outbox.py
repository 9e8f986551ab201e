"""The messages on a screen, state by state, each with its words and what it waits for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.cli.show_outbox import Known, message_fields, show_outbox
from messaging.prices import Prices
from tests.made import MESSAGE, NOW
from workflows.settings import TwoPeople
from workflows.values import Message, MessageState

WORDS = "Aoife was marked absent this morning. Please call the school office today."
KNOWN = Known({("S", "P1"): "Aoife [Ní] Byrne"}, {"ao": "Asha Officer"}, Prices(), TwoPeople.STATUTORY)
WAITING = MessageState.AWAITING_APPROVAL


def _message(number: int, state: MessageState, because: str = "", **more: object) -> Message:
    made = replace(
        MESSAGE,
        message_id=f"m-{number:016}",
        subject="P1",
        text=WORDS,
        state=state,
        ended_at=NOW if because else None,
        ended_because=because,
    )
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("columns", ["80", "120"])
def test_a_long_reason_leaves_room_for_the_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    """However long one message's reason is, every message can be read beside it, on a narrow screen too."""
    monkeypatch.setenv("COLUMNS", columns)
    reason = "judged again as of the instant it was made, the rule no longer holds, and so it did not leave"
    messages = [_message(1, WAITING), _message(2, MessageState.WITHDRAWN, reason)]
    show_outbox(messages, KNOWN)
    told = capsys.readouterr().out
    lines = told.splitlines()
    assert max(map(len, lines)) <= int(columns)
    assert lines[0] == "awaiting approval: 1"
    first = next(at for at, line in enumerate(lines) if "m-0000000000000001" in line)
    assert "Aoife was marked absent" in lines[first]
    assert "Aoife [Ní] Byrne" in lines[first + 1]
    assert "07700 900123" in lines[first + 2]
    assert "1 part, 2.3p" in lines[first + 3]
    assert "withdrawn: 1" in lines
    assert "2 messages\nwaiting for approval: 1 text in 1 part: 2.3p before VAT" in told
    assert len(lines) < (32 if columns == "80" else 22)


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (_message(1, WAITING, purpose="statutory"), "two people approve it"),
        (
            _message(1, WAITING, purpose="statutory", first_approved_by="ao"),
            "1 of 2 people has approved it: Asha Officer",
        ),
        (_message(1, WAITING, edited_by="ao"), "worded by Asha Officer"),
        (
            _message(1, MessageState.DRAFTED, "ring first", held_by="ao"),
            "held back by Asha Officer; ring first",
        ),
        (
            _message(1, MessageState.QUEUED, "busy", attempts=2, try_after=NOW + timedelta(minutes=4)),
            "tried 2 times, again after Mon 08 Sep 09:24; busy",
        ),
        (_message(1, MessageState.SENDING, claimed_at=NOW), "in hand since Mon 08 Sep 09:20"),
        (_message(1, WAITING, apology_for="m-9"), "says sorry for m-9"),
        (
            _message(1, MessageState.SENT, contradicted_at=NOW, contradicted_because="she was there"),
            "TO BE RECALLED since Mon 08 Sep 09:20: she was there",
        ),
        (
            _message(1, MessageState.RECALLED, contradicted_at=NOW, contradicted_because="she was there"),
            "recalled: she was there",
        ),
    ],
)
def test_what_a_message_waits_for_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, message: Message, says: str
) -> None:
    """By whom, since when, until when: names, not ids."""
    monkeypatch.setenv("COLUMNS", "400")
    show_outbox([message], KNOWN)
    assert says in capsys.readouterr().out


def test_other_programs_get_every_field() -> None:
    """Whatever a message has that people act on stands in the document, instants as ISO text."""
    fields = message_fields(_message(1, MessageState.SENT, contradicted_at=NOW, held_by="ao"))
    assert (fields["contradicted_at"], fields["held_by"]) == (NOW.isoformat(), "ao")
    of_its_case = {"case_id", "ladder", "stage", "step", "run_id", "rulebook", "said", "urgent", "message_id"}
    assert set(Message.__slots__) - of_its_case <= set(fields)
