"""A long list looks as rich's own table does."""

from __future__ import annotations

from io import StringIO

from hypothesis import given
from hypothesis import strategies as st
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from adapters.cli.listing import Column, Listing

COLUMNS = (Column("", right=True), Column("due"), Column("who", share=3), Column("because", share=6))
WORDS = st.text("ab é\xa0漢-\n\t.1", max_size=60) | st.lists(
    st.text("abcdefgh", min_size=1, max_size=30), max_size=12
).map(" ".join)


ROWS = st.lists(st.tuples(st.integers(1, 9999), WORDS, WORDS, st.booleans()), max_size=5)


@given(ROWS, st.integers(60, 130))
def test_looks_as_rich_table(rows: list[tuple[int, str, str, bool]], width: int) -> None:
    """Whatever the words and however wide the screen, both print the same characters."""
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    for column in COLUMNS:
        table.add_column(
            column.name,
            justify="right" if column.right else "left",
            ratio=column.share or None,
            no_wrap=not column.share,
        )
    cells = [(str(rank), _due(late=late), Text(who), because) for rank, who, because, late in rows]
    for row in cells:
        table.add_row(*row)
    assert _printed(Listing(COLUMNS, cells), width) == _printed(table, width)


def test_style_of_a_cell_is_that_of_its_lines() -> None:
    """What is red stays red on every line of the cell, and nothing beside it is."""
    listing = Listing((Column("due"), Column("what", share=1)), [(_due(late=True), "ring them")])
    printed = _printed(listing, 30, colours=True)
    assert "\x1b[1;31m10:00  \x1b[0m   ring them" in printed
    assert "\x1b[1;31moverdue\x1b[0m   " in printed


def test_words_that_no_column_has_room_for() -> None:
    """On a screen too narrow for the list a line ends at the edge instead of running over it."""
    printed = _printed(Listing(COLUMNS, [("1", "Mon 8 Sep 15:30", "somebody", "of something")]), 20)
    assert {len(line) for line in printed.splitlines()} == {20}


def _due(*, late: bool) -> Text | str:
    return Text("10:00\noverdue", style="bold red") if late else "Mon 8 Sep"


def _printed(what: Table | Listing, width: int, *, colours: bool = False) -> str:
    out = StringIO()
    console = Console(
        file=out,
        width=width,
        markup=False,
        highlight=False,
        emoji=False,
        force_terminal=colours,
        color_system="standard" if colours else None,
    )
    console.print(what)
    return out.getvalue()
