"""Parts of a text at the edges that the published table (test_conformance) leaves out."""

from __future__ import annotations

import pytest

from messaging.sms import outside_gsm_7, sms_parts, with_look_alikes


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


def test_only_punctuation_is_changed() -> None:
    """Welsh and Zoë stay as they are; what remains of typography fits a plain text."""
    names = "Zoë, Siân, Ŵyn, Łucja, Đặng, Ñuñez"
    assert with_look_alikes(names) == names
    assert with_look_alikes("O\u2019Neill\u00a0\u2013\u200b \u201cyes\u201d\u2026") == 'O\'Neill - "yes"...'
