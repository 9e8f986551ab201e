"""The line that a family quotes to ask about a message: eight letters and digits, easy to say aloud.

It follows from the message's id and says nothing by itself: of a million million of them a school uses a few
thousand, so one that is misheard is nobody's.
"""

from __future__ import annotations

import hashlib

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U, which are taken for others
_LENGTH = 8
_BITS = 5
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def reference(message_id: str) -> str:
    """The reference of a message.

    >>> reference("m-42eb9ed4205c2546")
    '9NFCQTM7'
    """
    number = int.from_bytes(hashlib.sha256(f"ref {message_id}".encode()).digest()[:5])
    return "".join(_ALPHABET[number >> _BITS * place & 31] for place in range(_LENGTH))


def as_quoted(text: str) -> str:
    """A reference as somebody wrote or said it: case, gaps and look-alikes do not matter.

    >>> as_quoted(" 65fa-8rxr ")
    '65FA8RXR'
    """
    kept = "".join(char for char in text.upper() if char.isalnum())
    return kept.translate(_MISREAD)
