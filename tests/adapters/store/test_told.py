"""What the recall list is made of: messages by id, what reached whom since when, what was wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from adapters.store import SqlStore
from tests.made import MESSAGE, NOW
from workflows.values import Case, Message, MessageState

CASE = Case("c-1", "S", "A1", "first-day", 1, "2025-09-08", 1, NOW)
OTHER = replace(CASE, case_id="c-2", subject="B2")
ELSEWHERE = replace(CASE, case_id="c-3", school_id="T")
LATE = datetime(2025, 9, 8, 23, 30, tzinfo=UTC)
"""In London it is the 9th by then."""


def _message(number: int, case: Case, state: MessageState, **more: object) -> Message:
    made = replace(MESSAGE, message_id=f"m-{number}", case_id=case.case_id, contact_id=f"p-{number}")
    made = replace(made, school_id=case.school_id, subject=case.subject, state=state)
    return replace(made, **more)  # type: ignore[arg-type]


def _ids(messages: tuple[Message, ...]) -> list[str]:
    return [message.message_id for message in messages]


def test_what_reached_a_family_is_found_by_pupil_and_day(store: SqlStore) -> None:
    """Not what did not leave, what is settled as recalled, or what another school's pupil was told."""
    sent, delivered = MessageState.SENT, MessageState.DELIVERED
    there = [
        _message(1, CASE, sent), _message(2, CASE, delivered, made_as_of=LATE), _message(3, OTHER, sent),
        _message(4, CASE, MessageState.QUEUED), _message(5, CASE, MessageState.RECALLED),
        _message(6, ELSEWHERE, sent),
    ]  # fmt: skip
    with store.transaction() as unit:
        unit.add([CASE, OTHER, ELSEWHERE], [], there)
    with store.reading() as unit:
        assert _ids(unit.told_of("S", None)) == ["m-1", "m-2", "m-3"]
        assert _ids(unit.told_of("S", {"A1": date(2025, 9, 8), "Z9": date.min})) == ["m-1", "m-2"]
        assert "m-2" in _ids(unit.told_of("S", {"A1": date(2025, 9, 9)})), "the 9th began in the evening, UTC"
        assert unit.told_of("S", {"A1": date(2025, 9, 10)}) == ()
        assert _ids(unit.told_of("S", {"B2": date.min})) == ["m-3"]
        assert unit.told_of("S", {}) == ()


def test_what_was_wrong_is_there_until_it_is_settled(store: SqlStore) -> None:
    """Of one school, and by its own id."""
    wrong = [
        _message(number, case, state, contradicted_at=NOW)
        for number, case, state in (
            (1, CASE, MessageState.SENT), (2, CASE, MessageState.RECALLED), (3, ELSEWHERE, MessageState.SENT),
        )
    ]  # fmt: skip
    with store.transaction() as unit:
        unit.add([CASE, ELSEWHERE], [], [*wrong, _message(4, CASE, MessageState.SENT)])
    with store.reading() as unit:
        assert unit.contradicted("S") == (wrong[0],)
        assert unit.messages_named(["m-3", "m-none", "m-1"]) == (wrong[0], wrong[2])
        assert unit.messages_named([]) == ()
        assert unit.cases_named(["c-3", "c-9"]) == (ELSEWHERE,)
