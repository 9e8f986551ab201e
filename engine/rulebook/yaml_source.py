"""YAML text as plain data with the place of every key and value; scalars stay the words as written.

`on`, `no`, `10:00` mean what they say: types come from the rule model, not from YAML (semantics 31).
Duplicate keys, tags, aliases that explode and files nested without end are refused here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

from engine.rulebook.problems import Problem

Path = tuple[str | int, ...]
Data = str | list["Data"] | dict[str, "Data"] | None

_DEEPEST = 24
_MOST_NODES = 50_000
_LONGEST = 2_000_000
_LONGEST_KEY = 100
_LONGEST_TEXT = 4_000
_SHOWN = 400
_SHOWN_OF_KEY = 40
_STRANGE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffc\U00010000-\U0010ffff]")
_NOT_UTF_8 = "\ufffd"
"""What stands where bytes were that are no UTF-8."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_OF_PLAIN_YAML = frozenset(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "seq", "map")
)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FAR_BEYOND = "the file is nested or repeated (by & and *) far beyond what a rule pack needs"


@dataclass(slots=True)
class Tree:
    """The data of one file of a layer, and where each part of it stands: (line, column), both from 1."""

    file: str
    data: Data = None
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    layer: str = ""

    @property
    def usable(self) -> bool:
        """Whether nothing is wrong with the file as a whole; single rules may still be broken."""
        return all(problem.rule for problem in self.problems)

    def place(self, path: Path) -> tuple[int, int]:
        """The place of a part, or of the nearest part around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def problem(self, path: Path, what: str, meant: str = "", do: str = "") -> Problem:
        """A problem at the place of a part; inside `rules` it names the rule."""
        line, column = self.place(path)
        rule = str(path[1]) if len(path) > 1 and path[0] == "rules" else ""
        shown = what if len(what) <= _SHOWN else f"{what[: _SHOWN // 2]} … {what[-_SHOWN // 2 :]}"
        return Problem(self.file, line, column, shown, meant, do, rule)


def read_yaml(file: str, text: str) -> Tree:
    r"""The tree of a YAML text; what is wrong with it is in `problems`, never raised.

    >>> tree = read_yaml("a.yaml", "pack: a\nrules: {on: no}")
    >>> tree.data, tree.places[("rules", "on")]
    ({'pack': 'a', 'rules': {'on': 'no'}}, (2, 9))
    """
    tree = Tree(file)
    if len(text) > _LONGEST:
        tree.problems.append(Problem(file, 1, 1, f"the file has more than {_LONGEST:,} characters"))
        return tree
    text = text.removeprefix("\ufeff")
    if strange := _STRANGE.search(text):
        tree.problems.append(_strange(file, text, strange.start()))
        return tree
    try:
        if deep := _too_deep(text):
            tree.problems.append(Problem(file, *deep, _FAR_BEYOND))
            return tree
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = f"not readable as YAML: {getattr(wrong, 'problem', wrong)}"
        do = "check the indentation, quotes and colons of this line and the one above"
        tree.problems.append(Problem(file, line, column, what, "", do))
        return tree
    reading = _Reading(tree)
    tree.data = reading.take(node, (), 0) if node is not None else None
    return tree


def _strange(file: str, text: str, at: int) -> Problem:
    """The problem of a character that no rule file holds."""
    before = text[:at].splitlines(keepends=True) or [""]
    ended = before[-1].endswith(("\n", "\r"))
    line, column = (len(before) + 1, 1) if ended else (len(before), len(before[-1]) + 1)
    if text[at] == _NOT_UTF_8:
        what = "the file is not UTF-8: a byte here is no character"
        return Problem(file, line, column, what, "", "save it as UTF-8")
    what = f"not readable as YAML: {text[at]!r}, control characters are not allowed"
    return Problem(file, line, column, what, "", "delete it")


def _too_deep(text: str) -> tuple[int, int] | None:
    """Where the text nests too deep; asked before composing, which would overrun the C stack."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST and event.start_mark is not None:
            return event.start_mark.line + 1, event.start_mark.column + 1
    return None


def _faulty(text: str, longest: int) -> str:
    """Why a word or text cannot be meant; empty where it can."""
    if len(text) > longest:
        return f"it has {len(text):,} characters, {longest:,} are the most"
    return "it holds a control character" if _CONTROL.search(text) else ""


def _place(node: yaml.Node) -> tuple[int, int]:
    mark = node.start_mark
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


class _Reading:
    """One walk over the nodes of a file, counting them (an alias counts each time it is used)."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.seen = 0

    def take(self, node: yaml.Node, path: Path, depth: int) -> Data:
        """The data under a node, its places noted."""
        self.tree.places.setdefault(path, _place(node))
        self.seen += 1
        if self.seen > _MOST_NODES or depth > _DEEPEST:
            if self.seen <= _MOST_NODES + 1:
                self.seen = _MOST_NODES + 1
                # The rest of the file is not read, so the whole file is unusable, not one rule of it.
                self.tree.problems.append(Problem(self.tree.file, *self.tree.place(path), _FAR_BEYOND))
                self.seen += 1
            return None
        if node.tag not in _OF_PLAIN_YAML:
            what = f"a tag ({node.tag.replace('tag:yaml.org,2002:', '!!')}) has no meaning in this file"
            self.tree.problems.append(self.tree.problem(path, what, "", "leave it out"))
            return None
        if isinstance(node, yaml.ScalarNode):
            if wrong := _faulty(node.value, _LONGEST_TEXT):
                self.tree.problems.append(self.tree.problem(path, wrong))
                return None
            # Plain style is None to PyYAML's own loader and empty to libyaml's.
            empty = not node.style and node.value in {"", "~", "null"}
            return None if empty else str(node.value)
        if isinstance(node, yaml.SequenceNode):
            return [self.take(part, (*path, number), depth + 1) for number, part in enumerate(node.value)]
        return self._mapping(node, path, depth)

    def _mapping(self, node: yaml.Node, path: Path, depth: int) -> Data:
        out: dict[str, Data] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                what = "a key must be a single word or phrase"
                self.tree.problems.append(self.tree.problem(path, what))
                continue
            name = str(key.value)
            if wrong := _faulty(name, _LONGEST_KEY):
                here = (*path, f"{name[:_SHOWN_OF_KEY]!r}…")
                self.tree.places[here] = _place(key)
                self.tree.problems.append(self.tree.problem(here, f"this key cannot be used: {wrong}"))
                continue
            here = (*path, name)
            if name in out:
                line = self.tree.places[here][0]
                self.tree.places[here] = (key.start_mark.line + 1, key.start_mark.column + 1)
                what = f"the key {name!r} stands twice, first in line {line}"
                self.tree.problems.append(self.tree.problem(here, what, "", "keep one of the two"))
                continue
            self.tree.places[here] = (key.start_mark.line + 1, key.start_mark.column + 1)
            out[name] = self.take(value, here, depth + 1)
        return out
