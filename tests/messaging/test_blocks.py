"""The tiny markup, taken apart."""

from __future__ import annotations

import pytest

from messaging.blocks import Heading, Items, NotLaidOut, Paragraph, Table, blocks

TEXT = """
Dear Mrs Khan,
Ada was away
for 4 days.


## What was missed
| Date | Reason |
| Monday 10 November |  |
We offer
- a lift
- breakfast
## And then
#no heading, -no item
"""


def test_each_line_is_what_it_begins_as() -> None:
    """Words run on to the end of their block; a blank line is not needed where the kind of line changes."""
    assert blocks(TEXT) == (
        Paragraph("Dear Mrs Khan, Ada was away for 4 days."),
        Heading("What was missed"),
        Table(("Date", "Reason"), (("Monday 10 November", ""),)),
        Paragraph("We offer"),
        Items(("a lift", "breakfast")),
        Heading("And then"),
        Paragraph("#no heading, -no item"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \n\u200b\n", "there are no words"),
        (
            "| a | b |\n| 1 | 2 |\n| ill | late | 3 |",
            r"'\| ill \| late \| 3 \|' of a table has 3 cells, its header has 2",
        ),
    ],
)
def test_what_cannot_be_laid_out_is_said(text: str, said: str) -> None:
    """Nothing is guessed at: a cell that holds a bar would move every cell after it."""
    with pytest.raises(NotLaidOut, match=said):
        blocks(text)
