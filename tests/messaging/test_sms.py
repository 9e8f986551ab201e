"""Parts of a text, against a published table and at the edges it leaves out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from messaging.sms import outside_gsm_7, sms_parts

PUBLISHED: Final = (
    Path(__file__).parents[2].parent / "shared" / "data" / "conformance" / "sms_fragment_counts.json"
)


def test_published_counts() -> None:
    """All rows but four: that service replaces emoji and fills in (( )) first, we count what is sent."""
    if not PUBLISHED.exists():
        pytest.skip("the published table of counts lies beside the checkout, and is not there")
    rows = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    as_sent = [row for row in rows if "\N{ROCKET}" not in row["content"] and "((" not in row["content"]]
    assert len(as_sent) == 30
    assert [row for row in as_sent if sms_parts(row["content"]) != row["fragments"]] == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("a" * 159 + "€", 2),
        # The pair would begin on the last place of part one, moves over whole, and leaves a gap.
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ë" * 70, 1),
        ("ë" * 71, 2),
        ("\N{ROCKET}" * 35, 1),
        ("\N{ROCKET}" * 66, 2),
        ("\N{ROCKET}" * 67, 3),
        ("ë" * 66 + "\N{ROCKET}" + "ë" * 65, 2),
        ("ë" * 66 + "\N{ROCKET}" + "ë" * 66, 3),
    ],
)
def test_edges(text: str, parts: int) -> None:
    """One character more is one part more, and no pair is cut in two."""
    assert sms_parts(text) == parts


def test_the_alphabet_is_whole() -> None:
    """128 places less the escape itself, and ten characters behind it; no more."""
    every = [chr(code) for code in range(0x3000)]
    assert len(every) - len(outside_gsm_7("".join(every))) == 127 + 10
    assert outside_gsm_7("O\u2019Neill \u2013 Zoë, Zoë") == ("\u2019", "\u2013", "ë")
