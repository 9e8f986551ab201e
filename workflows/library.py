"""Rulebooks by school: the packs of all layers, and old versions read again from their kept text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from engine.rulebook.layered import LAYERS
from engine.rulebook.rulebook import Rulebook, Source, read_rulebook
from workflows.ports import Store, Unit


@dataclass(frozen=True, slots=True)
class SchoolSource:
    """One rule file, and the school it holds for (None: every school)."""

    source: Source
    school_id: str | None = None


@dataclass(slots=True)
class Library:
    """All rule files; a school's rulebook is read once and kept.

    `instead` are the sources of schools that go by others than the files (see `last_good`).
    """

    files: tuple[SchoolSource, ...]
    instead: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)
    _read: dict[tuple[Source, ...], Rulebook] = field(default_factory=dict)

    def for_school(self, school_id: str) -> Rulebook:
        """The rulebook in force at a school: national, then trust, then its own."""
        own = tuple(f.source for f in self.files if f.school_id in {None, school_id})
        return self._once(self.instead.get(school_id, own))

    def down_to(self, layer: str, rulebook: Rulebook) -> Rulebook:
        """A rulebook without the layers below one: the tests of a pack speak of what stands there.

        A school that turns a rule off, within what it may, has not broken the tests of the layers above. What
        packs ask is answered as their tests say.
        """
        known = LAYERS[: LAYERS.index(layer) + 1]
        sources = tuple(source for source in rulebook.sources if source.layer in known)
        down_to = self._once(sources)
        return read_rulebook(sources, for_tests=True) if down_to.needs else down_to

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


@lru_cache(maxsize=8)
def text_of(sources: tuple[Source, ...]) -> str:
    """The exact text of some sources, to be kept under their version; of one without, why there is none."""
    said = [[source.layer, source.file, source.text, *filter(None, (source.unread,))] for source in sources]
    return json.dumps(said, ensure_ascii=False)


def last_good(unit: Unit, library: Library, school_id: str) -> Rulebook | None:
    """The rulebook of a school's newest run by one without a mistake; None where there was no such run."""
    for version in unit.rulebooks_run(school_id):
        text = unit.rulebook(version)
        rulebook = library.kept(text) if text else None
        if rulebook and not rulebook.problems:
            return rulebook
    return None


def on_last_good(store: Store, library: Library | None) -> tuple[Library, tuple[str, ...]]:
    """A library in which a school whose rules have a mistake goes by the last that had none; None: all have.

    And the schools that have no such rules: they go by the files without what is broken in them.
    """
    present = library or Library(())
    instead: dict[str, tuple[Source, ...]] = {}
    without: list[str] = []
    with store.reading() as unit:
        for school_id in unit.school_ids():
            if library is not None and not library.for_school(school_id).problems:
                continue
            good = last_good(unit, present, school_id)
            if good is None:
                without.append(school_id)
            else:
                instead[school_id] = good.sources
    return Library(present.files, instead), tuple(without)


@dataclass(frozen=True, slots=True)
class Kept:
    """Rulebooks by version: the present one, or the kept text of an older one, which is read once."""

    unit: Unit
    library: Library
    present: Rulebook
    _older: dict[str, Rulebook] = field(default_factory=dict)

    def __call__(self, version: str) -> Rulebook:
        """The rulebook of a version; the present one where nothing was kept."""
        if version == self.present.version:
            return self.present
        if version not in self._older:
            text = self.unit.rulebook(version)
            self._older[version] = self.library.kept(text) if text else self.present
        return self._older[version]
