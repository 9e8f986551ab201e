"""Which way a language is read, and what of a language's tag a page needs."""

from __future__ import annotations

import re
from typing import Final

_TAG: Final = re.compile(r"([a-z]{2,3})(?:-([A-Z]{2}))?")
_GROUPS: Final = re.compile(r"\+?\(?[0-9]+(?:(?: ?[-–/()] ?|[:.]| )[0-9]+)+")
_APART: Final = "\N{LEFT-TO-RIGHT ISOLATE}"
_AGAIN: Final = "\N{POP DIRECTIONAL ISOLATE}"
# Punjabi is not among them: most who read it in England read Gurmukhi, from the left.
_RIGHT_TO_LEFT: Final = frozenset({"ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})


def is_language(tag: str) -> bool:
    """Whether this is the tag of a language, with or without a country.

    >>> is_language("cy"), is_language("ur-PK"), is_language("Welsh")
    (True, True, False)
    """
    return _TAG.fullmatch(tag) is not None


def direction(tag: str) -> str:
    """The direction of a language: ltr or rtl.

    >>> direction("ur-PK"), direction("pl")
    ('rtl', 'ltr')
    """
    return "rtl" if tag.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def in_order(text: str, tag: str) -> str:
    r"""Words of a language in which figures of several groups, such as a telephone number, keep their order.

    Between words that run from the right, `01632 960123` would be read as `960123 01632`: each group is in
    order, the groups are not. Such a number is set apart by two marks that nobody sees.

    >>> ascii(in_order("01632 960123", "ur")), in_order("01632 960123", "cy")
    ("'\\u206601632 960123\\u2069'", '01632 960123')
    """
    return _GROUPS.sub(f"{_APART}\\g<0>{_AGAIN}", text) if direction(tag) == "rtl" else text
