"""What a lower layer says otherwise about a rule of a layer above, and what it may not.

An override is the rule with some of its keys put in anew, read like any other rule: what is wrong with it is
told at the override, and the rule of the layer above stays in force.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.rulebook.layered import LAYERS, Override
from engine.rulebook.model import Place, Rule
from engine.rulebook.problems import Problem, nearest
from engine.rulebook.shapes import OverrideShape
from engine.rulebook.thresholds import read_changed
from engine.rulebook.typed import shaped
from engine.rulebook.yaml_source import Path, Tree

WHOLE_RULE = ("off", "autonomy", "at_most", "in_force", "applies_to")
OF_A_TASK = ("by", "due", "script", "minutes")
OF_A_LEGAL_RULE = ("by", "script", "minutes")
"""What may be changed of a rule that a regulation asks for, unless the rule says more or less."""

Raw = dict[str, object]
Reread = Callable[[Tree, Rule, Raw], Rule | None]


@dataclass(slots=True)
class Overriding:
    """The rules in force while the layers below speak of them, one file after the other.

    `raw` is the data each rule was read from; `read` makes a rule of changed data. `off` are the rules that a
    layer turned off, with the problem that it would be if another rule could not do without them.
    """

    rules: dict[str, Rule]
    raw: dict[str, Raw]
    read: Reread
    off: dict[str, tuple[Rule, Tree]] = field(default_factory=dict)

    def take(self, tree: Tree, data: Mapping[str, object]) -> None:
        """Put the `overrides:` of one file in force; those that may not be are problems of the file."""
        for name, given in data.items():
            path: Path = ("overrides", name)
            shape = shaped(tree, path, given, OverrideShape)
            rule = self._spoken_of(tree, path, name)
            if shape is None or rule is None or not isinstance(given, dict):
                continue
            keys = tuple(_keys(shape))
            problems = [*_refused(tree, path, rule, keys)]
            if not keys:
                do = f"give one of: {', '.join((*WHOLE_RULE, 'tasks', 'locked'))}"
                problems.append(tree.problem(path, f"nothing is changed of {name}", "", do))
            tree.problems += problems
            if problems:
                continue
            line, column = tree.place(path)
            here = Override(
                tuple(_said(given, words, where) for _, words, where in keys),
                tree.layer,
                Place(tree.file, line, column),
                read_changed(shape.changed_by),
            )
            changed = self._changed(tree, path, rule, given)
            if changed is not None:
                changed = replace(changed, locked=shape.locked, overrides=(*rule.overrides, here))
                self.rules[name] = changed
                if shape.off:
                    self.off[name] = (self.rules.pop(name), tree)

    def settle(self) -> tuple[Rule, ...]:
        """The rules that are off in the end; one that another rule goes by stays, and that is a problem."""
        for name, (rule, tree) in sorted(self.off.items()):
            needing = next((each for each in self.rules.values() if _needs(each, rule)), None)
            if needing is not None:
                what = f"{name} cannot be turned off: {needing.id} ({needing.place}) goes by it"
                where: Path = ("overrides", name, "off")
                do = f"turn off or take out {needing.id} too, or keep both"
                tree.problems.append(tree.problem(where, what, "", do))
                self.rules[name] = replace(rule, overrides=rule.overrides[:-1])
        return tuple(rule for name, (rule, _) in sorted(self.off.items()) if name not in self.rules)

    def _spoken_of(self, tree: Tree, path: Path, name: str) -> Rule | None:
        """The rule of a layer above that an override names; None with the problem where there is none."""
        rule = self.rules.get(name)
        said: tuple[str, ...] = ()
        if name in self.off:
            said = (f"{name} is off since {self.off[name][0].overrides[-1].place}", "", "take this out")
        elif rule is None and name in self.raw:
            return None  # it is broken, which is told where it stands
        elif rule is None:
            do = "overrides speaks of rules of the layers above, each by its name"
            said = (f"there is no rule {name!r} above", nearest(name, self.rules), do)
        elif LAYERS.index(rule.layer) >= LAYERS.index(tree.layer):
            said = (f"{name} stands in a pack of the same layer, {rule.place}", "", "change it there")
        elif rule.overrides and rule.overrides[-1].layer == tree.layer:
            said = (f"{name} is changed already in {rule.overrides[-1].place}", "", "keep one of the two")
        if said:
            tree.problems.append(tree.problem(path, *said))
            return None
        return rule

    def _changed(self, tree: Tree, path: Path, rule: Rule, given: Raw) -> Rule | None:
        """The rule read again with what an override puts in; its conditions stay where they were written."""
        path_of = ("rules", rule.id)
        scratch = Tree(tree.file, places={path_of: tree.place(path)}, layer=rule.layer)
        data = dict(self.raw[rule.id])
        for key in WHOLE_RULE[1:]:
            if key in given:
                old, new = data.get(key), given[key]
                data[key] = {**old, **new} if isinstance(old, dict) and isinstance(new, dict) else new
                _move(tree, (*path, key), scratch, (*path_of, key))
        tasks = given.get("tasks")
        for do, change in (tasks if isinstance(tasks, dict) else {}).items():
            steps = data["then"] if isinstance(data["then"], list) else []
            numbers = [n for n, step in enumerate(steps) if "task" in step and step["task"]["do"] == do]
            if not numbers:
                words = [task.do for task in rule.tasks]
                do_this = f"its tasks are: {'; '.join(words)}"
                what = f"{rule.id} has no task {do!r}"
                tree.problems.append(tree.problem((*path, "tasks", do), what, nearest(do, words), do_this))
                return None
            number = numbers[0]
            _move(tree, (*path, "tasks", do), scratch, (*path_of, "then", number, "task"))
            merged = {"task": {**steps[number]["task"], **change}}
            data["then"] = [*steps[:number], merged, *steps[number + 1 :]]
        changed = self.read(scratch, rule, data)
        tree.problems += scratch.problems
        if changed is None or scratch.problems:
            return None
        self.raw[rule.id] = data
        return replace(
            changed, place=rule.place, when=rule.when, clears_when=rule.clears_when, layer=rule.layer
        )


def _keys(shape: OverrideShape) -> Iterator[tuple[str, str, Path]]:
    """What an override changes: the key, the words for it, where it stands below the override."""
    given = shape.model_fields_set
    for key in (*WHOLE_RULE, "locked"):
        if key in given and (key not in {"off", "locked"} or getattr(shape, key)):
            yield key, key, (key,)
    for do, task in shape.tasks.items():
        for key in OF_A_TASK:
            if key in task.model_fields_set:
                yield key, f"{key} of {do}", ("tasks", do, key)


def _said(given: object, words: str, where: Path) -> str:
    """A key of an override with what it says, in one line."""
    for key in where:
        given = given[key] if isinstance(given, dict) else given
    if words.startswith("script"):
        return f"{words}: other words"
    return words if words in {"off", "locked"} else f"{words}: {_flat(given)}"


def _flat(given: object) -> str:
    if isinstance(given, dict):
        return ", ".join(f"{key} {_flat(each)}" for key, each in given.items())
    return ", ".join(map(_flat, given)) if isinstance(given, list) else str(given)


def _refused(
    tree: Tree, path: Path, rule: Rule, keys: tuple[tuple[str, str, Path], ...]
) -> Iterator[Problem]:
    """What a layer may not change of a rule above it, and whose word forbids it."""
    said = f" ({rule.source})" if rule.source else ""
    if rule.locked:
        by = rule.overrides[-1].place if rule.overrides else rule.place
        yield tree.problem(path, f"{rule.id} is locked by {by}{said}", "", "take it out of overrides")
        return
    allowed = rule.may_change
    if allowed is None:
        allowed = OF_A_LEGAL_RULE if rule.law else (*WHOLE_RULE, *OF_A_TASK)
    for key, words, where in keys:
        if key not in allowed and key != "locked":
            ground = f"is set by {rule.law} ({rule.place})" if rule.law else f"is fixed by {rule.place}"
            do = f"a lower layer may change: {', '.join(allowed) or 'nothing'}"
            yield tree.problem((*path, *where), f"{words} in {rule.id} {ground}", "", do)


def _needs(rule: Rule, other: Rule) -> bool:
    """Whether a rule waits for another one, or comes after its stage."""
    before = rule.after and (rule.on_ladder, rule.after.stage)
    return rule.waits_for == other.id or before == (other.on_ladder, other.stage)


def _move(tree: Tree, path: Path, to: Tree, where: Path) -> None:
    """Tell another tree that what stands below a path here stands there."""
    depth = len(path)
    to.places |= {(*where, *at[depth:]): place for at, place in tree.places.items() if at[:depth] == path}
