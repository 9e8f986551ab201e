"""Week texts and cells: there and back."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from adapters.store.cells import BETWEEN, SLOTS, draw, parse, place

CODES = st.sampled_from([b"", b"/", b"\\", b"I", b"C1", b"Y7", b"#"])


def test_a_week_reads_like_the_register() -> None:
    """Ten slots of two characters: a mark, a blank, a double dot where no session is held."""
    cells = np.zeros((1, SLOTS), "S2")
    cells[0, :4] = [b"/", b"\\", b"C1", b""]
    closed = np.zeros((1, SLOTS), np.bool_)
    closed[0, 8:] = True
    assert draw(cells, closed) == ["/ \\ C1          ...."]


def test_a_weekend_session_makes_fourteen_slots() -> None:
    """Held by the calendar or marked all the same, a weekend is shown; otherwise not."""
    closed = np.zeros((3, SLOTS), np.bool_)
    closed[:, 10:] = True
    closed[1, 10] = False
    cells = np.zeros((3, SLOTS), "S2")
    cells[2, 13] = b"V"
    assert [len(text) for text in draw(cells, closed)] == [20, 28, 28]


@given(
    st.lists(
        st.tuples(st.lists(CODES, min_size=14, max_size=14), st.integers(0, 2**14 - 1)),
        min_size=1,
        max_size=6,
    )
)
def test_cells_survive_their_text(rows: list[tuple[list[bytes], int]]) -> None:
    """Whatever the calendar shows, the marks come back, one-character codes without padding."""
    cells = np.array([codes for codes, _ in rows], "S2").reshape(-1, SLOTS)
    closed = np.array([[bool(mask >> slot & 1) for slot in range(SLOTS)] for _, mask in rows], np.bool_)
    texts = draw(cells, closed.reshape(-1, SLOTS))
    assert parse(BETWEEN.join(texts).encode(), len(texts)).tolist() == cells.tolist()


def test_a_day_has_its_monday() -> None:
    """Sunday 14 September 2025 belongs to the week of Monday the 8th."""
    mondays, weekdays = place(np.array([739508, 739502], np.int32))
    assert (mondays.tolist(), weekdays.tolist()) == ([739502, 739502], [6, 0])
