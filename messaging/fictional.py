"""The telephone numbers that belong to nobody; apart from phones, which takes a while to import."""

from __future__ import annotations

import re
from typing import Final

# Ofcom keeps 07700 900000-900999 for drama; phonenumbers calls the range invalid.
_FICTIONAL: Final = re.compile(r"\+447700900[0-9]{3}")


def is_fictional(e164: str) -> bool:
    """Whether this is one of the thousand numbers that belong to nobody.

    >>> is_fictional("+447700900999"), is_fictional("+447700901000")
    (True, False)
    """
    return _FICTIONAL.fullmatch(e164) is not None
