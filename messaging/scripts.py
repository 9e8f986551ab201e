"""What staff say on the telephone: the call script of each common reason."""

from __future__ import annotations

from typing import Final

SCRIPTS: Final = {
    "I": "call-illness",
    "M": "call-medical",
    "G": "call-holiday",
    "N": "call-no-reason",
    "O": "call-unauthorised",
    "L": "call-late",
    "U": "call-late",
    "E": "call-suspended",
    "C": "call-leave",
}
"""By the code in the register: a script that is missing is a mistake in the templates."""

BY_LIFE: Final = {
    "anxiety": "call-anxiety",
    "carer": "call-carer",
    "bereavement": "call-bereavement",
}
"""By what is known of a child, whatever the code."""

ALL_SCRIPTS: Final = tuple(dict.fromkeys((*SCRIPTS.values(), *BY_LIFE.values())))


def script_for(code: str) -> str:
    """The name of the call script for a code of the register; that for no reason where it has none.

    >>> script_for("I"), script_for("B")
    ('call-illness', 'call-no-reason')
    """
    return SCRIPTS.get(code, SCRIPTS["N"])
