"""Rulebooks by school: the packs of all layers, and old versions read again from their kept text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.rulebook.rulebook import Rulebook, Source, read_rulebook
from workflows.ports import Unit


@dataclass(frozen=True, slots=True)
class SchoolSource:
    """One rule file, and the school it holds for (None: every school)."""

    source: Source
    school_id: str | None = None


@dataclass(slots=True)
class Library:
    """All rule files; a school's rulebook is read once and kept."""

    files: tuple[SchoolSource, ...]
    _read: dict[tuple[Source, ...], Rulebook] = field(default_factory=dict)

    def for_school(self, school_id: str) -> Rulebook:
        """The rulebook in force at a school: national, then trust, then its own."""
        return self._once(tuple(f.source for f in self.files if f.school_id in {None, school_id}))

    @property
    def rulebooks(self) -> tuple[Rulebook, ...]:
        """Every rulebook there is: that of schools without a pack of their own, then each other school's."""
        own = sorted({file.school_id for file in self.files if file.school_id is not None})
        return tuple(self.for_school(each) for each in ("", *own))

    def kept(self, text: str) -> Rulebook:
        """A rulebook from the text that `text_of` gave."""
        return self._once(tuple(Source(*line) for line in json.loads(text)))

    def _once(self, sources: tuple[Source, ...]) -> Rulebook:
        if sources not in self._read:
            self._read[sources] = read_rulebook(sources)
        return self._read[sources]


def text_of(sources: Sequence[Source]) -> str:
    """The exact text of some sources, to be kept under their version."""
    return json.dumps([[source.layer, source.file, source.text] for source in sources], ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """Rulebooks by version: the present one, or the kept text of an older one."""

    unit: Unit
    library: Library
    present: Rulebook

    def __call__(self, version: str) -> Rulebook:
        """The rulebook of a version; the present one where nothing was kept."""
        if version == self.present.version:
            return self.present
        text = self.unit.rulebook(version)
        return self.library.kept(text) if text else self.present
