"""Which changes of a rulebook no test of its packs notices: what `firstbell rules test --mutate` asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.inference.agree import Inference
from engine.mutants import Mutant, mutants
from engine.rulebook.calendars import TestCalendar
from engine.rulebook.rulebook import Rulebook
from engine.ruletests import RuleTest, differences
from engine.scenes import Scene

Told = Callable[[str, int, int], None]
"""Is told how far it has come: what is done, how many, of how many."""


@dataclass(frozen=True, slots=True)
class Score:
    """How many changes of one file its tests were tried with, and those that none noticed."""

    file: str
    tried: int
    survivors: tuple[Mutant, ...]

    @property
    def percent(self) -> float:
        """The share that was noticed, in percent; 100 where there is nothing to change.

        >>> Score("a.yaml", 0, ()).percent
        100.0
        """
        return 100.0 * (self.tried - len(self.survivors)) / self.tried if self.tried else 100.0


@dataclass(frozen=True, slots=True)
class Trial:
    """The scenes of a rulebook's tests, by the rules that they name.

    Each is judged once. Under a changed rulebook only the changed rules are judged again, over measures
    that were taken before.
    """

    rulebook: Rulebook
    scenes: Mapping[str, Sequence[tuple[RuleTest, Scene]]]
    inference: Inference

    @classmethod
    def of(
        cls, tests: Iterable[RuleTest], rulebook: Rulebook, calendars: Mapping[str, TestCalendar]
    ) -> Trial:
        """The scenes of all tests that pass: one that fails would notice anything.

        The reference infers alone: that durable-rules says the same is asked of every test elsewhere.
        """
        scenes: dict[str, list[tuple[RuleTest, Scene]]] = defaultdict(list)
        inference = Inference()
        for test in tests:
            try:
                scene = Scene.of(test.shape, calendars[test.shape.calendar], rulebook)
            except (KeyError, ValueError):  # no such calendar, or marks that cannot be read: told by the test
                continue
            if not differences(test, scene, inference):
                for name in test.rules:
                    scenes[name].append((test, scene))
        return cls(rulebook, scenes, inference)

    def scores(self, told: Told, files: Iterable[str] = ()) -> tuple[Score, ...]:
        """The score of each file that something was changed in, in order; of these files only, where named."""
        wanted = frozenset(files)
        every = [each for each in mutants(self.rulebook) if not wanted or each.place.file in wanted]
        by_file: dict[str, list[tuple[Mutant, bool]]] = defaultdict(list)
        for number, mutant in enumerate(every, start=1):
            by_file[mutant.place.file].append((mutant, self.notices(mutant)))
            told("mutants", number, len(every))
        return tuple(
            Score(file, len(tried), tuple(mutant for mutant, noticed in tried if not noticed))
            for file, tried in sorted(by_file.items())
        )

    def notices(self, mutant: Mutant) -> bool:
        """Whether a test that names a changed rule finds a difference."""
        changed = [rule.id for rule in mutant.rules]
        return any(
            differences(test, scene.under(mutant.rules), self.inference)
            for name in changed
            for test, scene in self.scenes.get(name, ())
        )
