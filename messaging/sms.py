"""How many parts a text is sent, and paid for, in."""

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


def outside_gsm_7(text: str) -> tuple[str, ...]:
    """The characters that turn a text to UCS-2 and so more than halve what a part holds.

    >>> outside_gsm_7("Zoë’s café")
    ('ë', '’')
    """
    return tuple(dict.fromkeys(char for char in text if char not in _GSM_7 and char not in _GSM_7_ESCAPED))


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
