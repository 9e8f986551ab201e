"""What an import tells in the end: counts by file, warnings, where the refused rows are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class FileReceipt:
    """The counts of one file.

    `rows` is every row met; of these `refused` went to quarantine, `repeated` said again what another
    row says, `agreed` (by kind) said that there was nothing to take. `new`, `changed` and `same` are
    what the store made of the rest; a contact of a pupil at two schools counts in both.
    """

    file: str
    kind: str
    sha256: str
    rows: int
    new: int
    changed: int
    same: int
    repeated: int
    refused: int
    agreed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The whole import. `quarantine` is where the report of refused rows stands, empty if there is none.

    >>> Receipt((), ("marks.csv:1: the column code is missing",), ()).nothing_read
    True
    """

    files: tuple[FileReceipt, ...]
    unreadable: tuple[str, ...]
    warnings: tuple[str, ...]
    quarantine: str = ""

    @property
    def refused(self) -> int:
        """How many rows are in quarantine."""
        return sum(file.refused for file in self.files)

    @property
    def nothing_read(self) -> bool:
        """Whether something was wrong and not one good row was found (exit 2)."""
        good = any(file.rows > file.refused for file in self.files)
        return not good and bool(self.unreadable or self.refused)

    def as_json(self) -> dict[str, object]:
        """The receipt as plain values for one JSON document."""
        return {
            "files": [{**asdict(file), "agreed": dict(file.agreed)} for file in self.files],
            "refused": self.refused,
            "quarantine": self.quarantine,
            "unreadable": list(self.unreadable),
            "warnings": list(self.warnings),
            "nothing_read": self.nothing_read,
        }
