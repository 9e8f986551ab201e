"""What a pack asks of a school because its document is silent: rules wait for the answer, nobody guesses.

`needs:` asks, `answers:` of the same or a lower layer answers, and `needs NAME` stands in a rule, a duty or
an outcome wherever the answer belongs. One of which an answer is not given yet is not in force. The tests of
a pack have answers of their own (`for_tests`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from engine.rulebook.layered import Place
from engine.rulebook.problems import nearest
from engine.rulebook.shapes import NeedShape
from engine.rulebook.typed import shaped
from engine.rulebook.yaml_source import Path, Tree

RULES = "rules"
_NEEDS = re.compile(r"needs (\S.*)")


@dataclass(frozen=True, slots=True)
class Need:
    """One question to the school; `rules` (or duties, outcomes) wait for its answer, none once given."""

    name: str
    ask: str
    for_tests: str
    place: Place
    rules: tuple[str, ...] = ()

    def __str__(self) -> str:
        answer = f"answers: {{{self.name}: ...}}"
        return (
            f"needs: {self.place}: {self.ask} Say it under {answer}; until then {', '.join(self.rules)} waits"
        )


@dataclass(slots=True)
class Asking:
    """What packs ask, and the answers there are, all packs together.

    `waiting` is what has not all of its answers, by section and name, with the questions that are open.
    """

    asked: dict[str, Need] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    waiting: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, packs: Iterable[tuple[Tree, Mapping[str, object], Mapping[str, str]]], *, for_tests: bool
    ) -> Asking:
        """What some packs ask and answer, from the top layer down; `for_tests` with the answers of tests.

        >>> from engine.rulebook.yaml_source import read_yaml
        >>> need = {"letter_by": {"ask": "By when does the letter go?", "for_tests": "5 school days"}}
        >>> asking = Asking.of([(read_yaml("a.yaml", ""), need, {})], for_tests=False)
        >>> asking.answered(read_yaml("a.yaml", ""), {"letter": {"due": "needs letter_by"}})
        {}
        >>> asking.needs[0].rules
        ('letter',)
        """
        asking = cls()
        for tree, needs, answers in packs:
            asking._ask(tree, needs)
            asking._answer(tree, answers)
        if for_tests:
            asking.answers = {name: need.for_tests for name, need in asking.asked.items()}
        return asking

    @property
    def needs(self) -> tuple[Need, ...]:
        """Every question by its name, with the rules that wait for its answer."""
        return tuple(
            replace(need, rules=tuple(who for (_, who), open_ in self.waiting.items() if name in open_))
            for name, need in sorted(self.asked.items())
        )

    @property
    def rules(self) -> list[str]:
        """The rules that wait."""
        return [name for section, name in self.waiting if section == RULES]

    def answered(self, tree: Tree, section: Mapping[str, object], called: str = RULES) -> dict[str, object]:
        """A section of one pack with the answers put in; what must wait is left out."""
        out: dict[str, object] = {}
        for name, data in section.items():
            whole, missing = self._filled(tree, (called, name), data)
            if missing:
                self.waiting[called, name] = missing
            else:
                out[name] = whole
        return out

    def _ask(self, tree: Tree, needs: Mapping[str, object]) -> None:
        for name, raw in needs.items():
            path: Path = ("needs", name)
            shape = shaped(tree, path, raw, NeedShape)
            if name in self.asked:
                what = f"the need {name!r} stands already in {self.asked[name].place}"
                do = "answer it under answers, or give yours another name"
                tree.problems.append(tree.problem(path, what, "", do))
            elif shape is not None:
                place = Place(tree.file, *tree.place(path))
                self.asked[name] = Need(name, shape.ask, shape.for_tests, place)

    def _answer(self, tree: Tree, answers: Mapping[str, str]) -> None:
        """Take the answers of one pack: the lowest layer has the last word."""
        for name, said in answers.items():
            if name not in self.asked:
                what = f"no pack needs an answer to {name!r}"
                do = f"needs are: {', '.join(sorted(self.asked)) or 'none'}"
                tree.problems.append(tree.problem(("answers", name), what, nearest(name, self.asked), do))
            self.answers[name] = said

    def _filled(self, tree: Tree, path: Path, data: object) -> tuple[object, frozenset[str]]:
        """Some data with the answers put in, and the names of those that are not given."""
        if isinstance(data, dict):
            parts = {key: self._filled(tree, (*path, key), part) for key, part in data.items()}
            missing = (still for _, still in parts.values())
            return {key: part for key, (part, _) in parts.items()}, frozenset[str]().union(*missing)
        if isinstance(data, list):
            items = [self._filled(tree, (*path, number), part) for number, part in enumerate(data)]
            return [part for part, _ in items], frozenset[str]().union(*(still for _, still in items))
        found = _NEEDS.fullmatch(data) if isinstance(data, str) else None
        if not found:
            return data, frozenset()
        name = found[1]
        if name in self.answers:
            return self.answers[name], frozenset()
        if name not in self.asked:
            what = f"the pack asks nothing called {name!r}"
            do = f"add it under needs; there are: {', '.join(sorted(self.asked)) or 'none'}"
            tree.problems.append(tree.problem(path, what, nearest(name, self.asked), do))
        return data, frozenset({name})
