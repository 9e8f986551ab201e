"""Groups of figures between words that run from the right."""

from __future__ import annotations

import pytest

from messaging.direction import in_order


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("اتصل 01632 960123 اليوم", ["01632 960123"]),
        ("+44 (0)1632 960123", ["+44 (0)1632 960123"]),
        ("2025-26, 9:30 - 10:30", ["2025-26", "9:30 - 10:30"]),
        ("10/11/2025", ["10/11/2025"]),
        ("22 درسًا", []),
        ("K7M3Q2XA", []),
        ("يوم 10. ثم 12", []),
    ],
)
def test_groups_stay_in_their_order(text: str, apart: list[str]) -> None:
    """Telephone numbers, dates, years and hours are set apart whole; a number alone needs nothing."""
    marked = in_order(text, "ar")
    assert [piece.split("\u2069")[0] for piece in marked.split("\u2066")[1:]] == apart
    assert marked.replace("\u2066", "").replace("\u2069", "") == text
