"""Files that are there whole or not at all, and that outlast a power cut once settled."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkstemp


def place(path: Path, content: bytes) -> None:
    """Write beside first, flush, then rename: no reader ever sees half a file. For its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, beside = mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        Path(beside).replace(path)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise


def settle(folder: Path) -> None:
    """A rename is safe once the folder itself is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
