"""Posts that are genuine and of any shape: read into values that can be kept, or refused in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import astuple
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import ImmutableMultiDict

from adapters.callbacks import govuk_notify, sendgrid, twilio
from adapters.callbacks.posted import Posted, Unreadable
from workflows.heard import Receipt, Words

POSTED = Posted("https://attendance.example.org", {}, b"", datetime(2025, 11, 21, 10, tzinfo=UTC))
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.lists(st.integers()),
    st.text(st.characters()), st.sampled_from(["delivered", "bounce", "\ud800", "a@\ud800", "2025-11-21"]),
)  # fmt: skip


def _fields(*names: str) -> st.SearchStrategy[dict[str, object]]:
    return st.dictionaries(st.sampled_from(names), ODD)


def _kept(read: Callable[[], Iterable[Receipt | Words]]) -> None:
    """Whatever is read can be written to a store, instants with their zone."""
    with suppress(Unreadable):
        for value in read():
            for part in astuple(value):
                assert not isinstance(part, str) or part.encode() is not None
            assert value.event_id
            assert value.at is None or value.at.tzinfo is not None


@given(
    fields=_fields(
        "id", "notification_id", "reference", "to", "status", "completed_at", "source_number", "message"
    )
)
def test_notify(fields: dict[str, object]) -> None:
    """Strings that are numbers, times that are lists."""
    _kept(lambda: [govuk_notify.receipt(fields, POSTED)])
    _kept(lambda: [govuk_notify.words(fields, POSTED)])


@given(
    events=st.lists(
        _fields("sg_event_id", "event", "type", "reason", "bounce_classification", "timestamp", "email")
    )
)
def test_sendgrid(events: list[dict[str, object]]) -> None:
    """Times before there was time, an event that is a number."""
    _kept(lambda: sendgrid.receipts([*events], POSTED))


@given(
    form=st.dictionaries(
        st.sampled_from(["MessageSid", "MessageStatus", "ErrorCode", "From", "To", "Body", "NumMedia"]),
        st.text(),
    )
)
def test_twilio(form: dict[str, str]) -> None:
    """A form whose every field may hold anything."""
    _kept(lambda: [twilio.receipt(ImmutableMultiDict(form), "m-1", POSTED)])
    _kept(lambda: [twilio.words(ImmutableMultiDict(form), POSTED)])
