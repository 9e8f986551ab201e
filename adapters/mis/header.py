"""The header of a file against its sheet: which cell is which column, and what cannot be meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from adapters.mis.columns import Sheet
from adapters.mis.parse import clean, near
from workflows.incoming import Remarks, Unreadable

_NAMED = 20
_SHOWN = 40


def places(file: str, header: Sequence[str], sheet: Sheet, remarks: Remarks) -> dict[str, int]:
    """The index of each known column; an unknown one is a warning, a missing or doubled one refuses the file.

    >>> from adapters.mis.columns import SHEETS
    >>> places("marks.csv", ["upn", "date", "session", "cod"], SHEETS["marks"], Remarks("marks.csv"))
    Traceback (most recent call last):
    ...
    workflows.incoming.Unreadable: marks.csv:1: the column code is missing; is it the one named cod? Rename it
    """
    names = [clean(name).lower() for name in header]
    known = {column.name for column in sheet.columns}
    if len(names) == 1 and any(mark in header[0] for mark in ";\t|"):
        mark = next(mark for mark in ";\t|" if mark in header[0])
        shown = "tabs" if mark == "\t" else f"'{mark}'"
        raise Unreadable(f"{file}:1: the columns are separated by {shown}; save the file with commas")
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    if twice:
        raise Unreadable(
            f"{file}:1: the column {twice[0][:_SHOWN]} stands twice in the header; keep the one that is meant"
        )
    strangers = [name for name in names if name and name not in known]
    missing = [name for name in sheet.required if name not in names]
    if missing:
        raise Unreadable(f"{file}:1: {_missing(missing, strangers)}")
    for name in strangers[:_NAMED]:
        remarks.add(
            1, f"the column {name[:_SHOWN]} is not known and not read{near(name, known - set(names))}"
        )
    if len(strangers) > _NAMED:
        remarks.add(1, f"{len(strangers) - _NAMED:,} more columns are not known and not read")
    return {name: index for index, name in enumerate(names) if name in known}


def _missing(missing: Sequence[str], strangers: Sequence[str]) -> str:
    subject = f"the column {missing[0]} is" if len(missing) == 1 else f"the columns {', '.join(missing)} are"
    likely = near(missing[0], strangers).removeprefix("; did you mean ").removesuffix("?")
    return f"{subject} missing; " + (
        f"is it the one named {likely}? Rename it" if likely else "the first line must name the columns"
    )
