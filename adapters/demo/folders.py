"""CSV folders in the format `firstbell import` reads, and nothing beyond that format."""

from __future__ import annotations

import csv
from dataclasses import fields
from typing import TYPE_CHECKING

from engine.records import Contact, Event, Mark, Pupil, School, SchoolDay, Staff, Term

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from adapters.demo.calendar import Row

# The columns are the fields of the records; `from_` is spelt so only because Python keeps `from` to itself.
COLUMNS = {
    name: tuple(field.name.rstrip("_") for field in fields(record))
    for name, record in (
        ("schools", School),
        ("calendar", SchoolDay),
        ("terms", Term),
        ("staff", Staff),
        ("pupils", Pupil),
        ("contacts", Contact),
        ("marks", Mark),
        ("history", Event),
    )
}


def write(rows_by_file: Mapping[str, Collection[Row]], folder: Path) -> None:
    """Write one `<file>.csv` per entry into `folder`, UTF-8 with a header; the folder is made if need be.

    Raises:
        ValueError: a file or a column that the format does not know, or rows that differ in their columns.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in rows_by_file.items():
        if name not in COLUMNS:
            raise ValueError(f"{name}.csv is not a file of the CSV folder; it knows {', '.join(COLUMNS)}")
        columns = list(next(iter(rows), COLUMNS[name]))
        if unknown := set(columns) - set(COLUMNS[name]):
            raise ValueError(f"{name}.csv has no column {', '.join(sorted(unknown))}")
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            for number, row in enumerate(rows, start=2):
                if list(row) != columns:
                    raise ValueError(f"{name}.csv:{number}: this row has other columns than the first")
                writer.writerow(row.values())
