"""The sources by the name that `import --format` takes: a new one is a file beside this and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from adapters.mis.csv_folder import CsvFolder
from workflows.incoming import Source

SOURCES: dict[str, Callable[[Iterable[Path]], Source]] = {"csv": CsvFolder}
