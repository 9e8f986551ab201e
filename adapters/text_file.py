"""A file that a person writes, as text: rule packs, calendars, settings."""

from __future__ import annotations

from pathlib import Path
from typing import Final

MOST: Final = 8_000_004
"""No file of words is longer; of one that is, only so many bytes are read, and whoever parses it says so."""


def read_text(path: Path) -> str:
    """The text of a plain file, a byte order mark taken off.

    Bytes that are no UTF-8 become U+FFFD, which engine/rulebook/yaml_source.py names by line and column.

    Raises:
        OSError: it cannot be read, or it is a folder, a pipe or a device.
    """
    if path.exists() and not path.is_file():
        raise OSError(0, "this is no plain file")
    with path.open("rb") as handle:
        return handle.read(MOST).decode("utf-8-sig", errors="replace")
