"""The quarantine report: one CSV file beside the store, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from pathlib import Path

from workflows.incoming import Quarantined

COLUMNS = ("file", "line", "column", "reason", "row")
LONGEST_FIELD = 2000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class QuarantineFolder:
    """Reports as `<store folder>/quarantine/<batch>.csv`, each written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "quarantine"

    def write(self, batch: str, rows: Iterable[Quarantined]) -> str:
        """Write one report, readable by its owner alone (it holds rows about children); return its path."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{batch}.csv"
        beside = path.with_suffix(".part")
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(COLUMNS)
            for row in rows:
                fields = (row.file, str(row.line), row.column, row.reason, row.row)
                writer.writerow([harmless(field) for field in fields])
        beside.replace(path)
        return str(path)


def harmless(field: str) -> str:
    """A field that no spreadsheet runs as a formula, cut to a length a person can look at.

    >>> harmless("=HYPERLINK(1)"), harmless("I")
    ("'=HYPERLINK(1)", 'I')
    """
    shown = field.replace("\0", "\\0")
    if len(shown) > LONGEST_FIELD:
        shown = f"{shown[:LONGEST_FIELD]}… ({len(field):,} characters)"
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
