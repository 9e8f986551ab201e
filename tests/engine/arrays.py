"""What numpy arrays say they are beside what they are: mypy cannot tell the one from the other."""

from __future__ import annotations

from typing import get_args, get_origin, get_type_hints

import numpy as np


def declared(value: object) -> dict[str, str]:
    """The type of number that each array of a dataclass is annotated with, by field."""
    hints = get_type_hints(type(value))
    arrays = {name: get_args(hint)[1] for name, hint in hints.items() if get_origin(hint) is np.ndarray}
    return {name: np.dtype(get_args(kind)[0]).name for name, kind in arrays.items() if get_args(kind)}


def found(value: object) -> dict[str, str]:
    """The type of number that each array of a dataclass holds, by field."""
    return {name: getattr(value, name).dtype.name for name in declared(value)}
