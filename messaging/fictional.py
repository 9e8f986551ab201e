"""The numbers and e-mail addresses that belong to nobody; apart from phones, which is slow to import."""

from __future__ import annotations

import re
from typing import Final

# Ofcom keeps 07700 900000-900999 for drama; phonenumbers calls the range invalid.
_NUMBER: Final = re.compile(r"\+447700900[0-9]{3}")
# RFC 2606 keeps these domains for examples.
_EMAIL: Final = re.compile(
    r".+@(?:.+\.)?(?:example\.(?:com|net|org)|example|test|invalid|localhost)", re.IGNORECASE
)


def is_fictional(address: str) -> bool:
    """Whether this is one of the thousand numbers, or an address of the domains, that belong to nobody.

    >>> [is_fictional(address) for address in ("+447700900999", "+447700901000", "ada@example.org")]
    [True, False, True]
    """
    return bool(_NUMBER.fullmatch(address) or _EMAIL.fullmatch(address))
