"""Where facts come from: one file for each source, and the report of what was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from adapters.mis.csv_folder import CsvFolder
from workflows.incoming import Source

SOURCES: dict[str, Callable[[Iterable[Path]], Source]] = {"csv": CsvFolder}
"""The sources by the name that `import --format` takes."""
