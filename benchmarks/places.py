"""Where one run of the benchmarks keeps its files, and the stores that its parts share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.apart import apart
from benchmarks.stores import build, copy, take_wednesday, written
from benchmarks.trust import Size


@dataclass(frozen=True, slots=True)
class Places:
    """A folder, and the size of the trust measured. A store that is there already is not built again."""

    folder: Path
    size: Size

    def file(self, name: str) -> Path:
        """A place for a new file: its folder is there, and no older file of that name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        return path

    def trust(self) -> Path:
        """A store of the trust with all marks up to Tuesday evening, never judged. To be copied only."""
        return self._once("trust.db", lambda path: apart(build, path, written(self.size)))

    def judged(self) -> Path:
        """The same with Tuesday's run in it."""
        from benchmarks.nights import first_night

        return self._once("judged.db", lambda path: apart(first_night, copy(self.trust(), path)))

    def wednesday(self) -> Path:
        """Tuesday's run, and then Wednesday's marks, are in it."""
        size = written(self.size)
        return self._once("wednesday.db", lambda path: apart(take_wednesday, copy(self.judged(), path), size))

    def thursday(self) -> Path:
        """Wednesday's run is in it too: what a school finds on Thursday morning."""
        from benchmarks.nights import ordinary_night

        return self._once("thursday.db", lambda path: apart(ordinary_night, copy(self.wednesday(), path)))

    def keep(self, store: Path, name: str) -> None:
        """A store that a measurement has just made serves the parts that follow."""
        store.replace(self.folder / name)

    def _once(self, name: str, make: Callable[[Path], object]) -> Path:
        path = self.folder / name
        if not path.exists():
            say(f"making {name} ...")
            half_done = self.file(f"half-done-{name}")
            make(half_done)
            half_done.replace(path)
        return path


def say(what: str) -> None:
    """A line of progress on standard error."""
    sys.stderr.write(f"{what}\n")
    sys.stderr.flush()
