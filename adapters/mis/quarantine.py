"""The quarantine report: one CSV file beside the store, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflows.incoming import Quarantined

COLUMNS = ("file", "line", "column", "reason", "row")
LONGEST_FIELD = 2000
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


class QuarantineProblem(OSError):  # noqa: N818 - a sentence for a person
    """Rows were refused, and there is no place to keep them for a look."""


class QuarantineFolder:
    """Reports as `<store folder>/quarantine/<batch>.csv`, each written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "quarantine"

    def write(self, batch: str, rows: Iterable[Quarantined]) -> str:
        """Write one report, readable by its owner alone (it holds rows about children); return its path.

        Raises:
            QuarantineProblem: it cannot be written; the good rows are in the store all the same.
        """
        try:
            return self._write(batch, rows)
        except OSError as fault:
            raise QuarantineProblem(
                f"the report of refused rows cannot be written to {self._folder}: {fault.strerror or fault}; "
                "the good rows are in. Mend that and import the same files again: only the report is new"
            ) from fault

    def _write(self, batch: str, rows: Iterable[Quarantined]) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{batch}.csv"
        # A name of its own: the same import in another process may be writing the same report just now.
        descriptor, beside = mkstemp(dir=self._folder, prefix=f".{batch}-", suffix=".part")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as out:
                writer = csv.writer(out)
                writer.writerow(COLUMNS)
                for row in rows:
                    fields = (row.file, str(row.line), row.column, row.reason, row.row)
                    writer.writerow([harmless(field) for field in fields])
            Path(beside).replace(path)
        finally:
            Path(beside).unlink(missing_ok=True)
        return str(path)


def harmless(field: str) -> str:
    """A field that no spreadsheet runs as a formula and no terminal obeys, cut to what a person looks at.

    >>> harmless("=HYPERLINK(1)"), harmless("I")
    ("'=HYPERLINK(1)", 'I')
    """
    shown = _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], field[:LONGEST_FIELD].replace("\0", "\\0"))
    if len(field) > LONGEST_FIELD:
        shown += f"… ({len(field):,} characters)"
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
