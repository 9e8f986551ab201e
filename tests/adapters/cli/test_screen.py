"""How wide the screen is where there is no terminal."""

from __future__ import annotations

import pytest

from adapters.cli.screen import screen


@pytest.mark.parametrize(
    ("columns", "width"), [(None, 120), ("", 120), ("wide", 120), ("80", 80), ("200", 200), ("7", 60)]
)
def test_what_is_piped_is_as_wide_as_asked_for(
    monkeypatch: pytest.MonkeyPatch, columns: str | None, width: int
) -> None:
    """COLUMNS, where it is a number that leaves room for a table; else always the same."""
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    assert screen().width == width
