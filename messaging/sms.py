"""How many parts a text is sent, and paid for, in; and how punctuation is kept from making them more."""

from __future__ import annotations

from typing import Final

# 3GPP TS 23.038, the default alphabet; the second line of each needs an escape and so two places.
_GSM_7: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_7_ESCAPED: Final = frozenset("\f^{}\\[~]|€")

_SEPTETS: Final = (160, 153)  # alone, and where a header joins parts
_UTF_16: Final = (70, 67)
_ONE_PLANE: Final = 0xFFFF

# What word processors put in by themselves, and what stands for it in GSM-7. Punctuation only: a letter, with
# whatever stands above it, is part of somebody's name (docs/decisions/028).
_LOOK_ALIKES: Final = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
    | {"\u2026": "..."}
    | dict.fromkeys(
        "\t\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))), " "
    )
    | dict.fromkeys("\u200b\u2060\ufeff\u00ad\u180e", "")
)


def outside_gsm_7(text: str) -> tuple[str, ...]:
    """The characters that turn a text to UCS-2 and so more than halve what a part holds.

    >>> outside_gsm_7("Zoë’s café")
    ('ë', '’')
    """
    return tuple(dict.fromkeys(char for char in text if char not in _GSM_7 and char not in _GSM_7_ESCAPED))


def with_look_alikes(text: str) -> str:
    """The text with curly quotes, long dashes, odd and invisible spaces as plain SMS has them; letters stay.

    >>> with_look_alikes("O’Neill – Zoë…")
    "O'Neill - Zoë..."
    """
    return text.translate(_LOOK_ALIKES)


def sms_parts(text: str) -> int:
    """The parts a text takes when sent exactly as it stands; an empty text is one part.

    A character that takes two places never straddles two parts.

    >>> sms_parts("a" * 160), sms_parts("a" * 161), sms_parts("ë" * 71)
    (1, 2, 2)
    """
    if outside_gsm_7(text):
        widths, (alone, joined) = [2 if ord(char) > _ONE_PLANE else 1 for char in text], _UTF_16
    else:
        widths, (alone, joined) = [2 if char in _GSM_7_ESCAPED else 1 for char in text], _SEPTETS
    if sum(widths) <= alone:
        return 1
    parts, room = 1, joined
    for width in widths:
        if width > room:
            parts, room = parts + 1, joined
        room -= width
    return parts
