"""One slip of the pen in a YAML file: what an editor, a tired hand or a merge does to it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from engine.rulebook.yaml_source import read_yaml
from engine.truth import Comparison

KINDS = (
    "key renamed",
    "key dropped",
    "key doubled",
    "another type",
    "number changed",
    "indentation",
    "item dropped",
    "comparison swapped",
    "threshold misspelt",
)
_NUMBER = re.compile(r"\d+")
_OTHER_TYPES = ("[]", "{}", "[one, two]", "{a: b}", "", "true", "zebra")
_COMPARISONS = tuple(each.value for each in Comparison)


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value, or an item of a list (no key), and whether it stands in braces or brackets."""

    value: yaml.Node
    key: yaml.Node | None = None
    flow: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """Where it begins and ends in the text."""
        return (self.key or self.value).start_mark.index, self.value.end_mark.index


def entries(node: yaml.Node | None) -> Iterator[Entry]:
    """Every entry of every mapping and list of a document."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield Entry(value, key, bool(node.flow_style))
            yield from entries(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield Entry(value, None, bool(node.flow_style))
            yield from entries(value)


def mutant(text: str, thresholds: frozenset[str], chance: random.Random) -> tuple[str, str]:
    """A text with one slip that changes its data, and what kind of slip it is."""
    found = tuple(entries(yaml.compose(text, Loader=yaml.SafeLoader)))
    before = read_yaml("", text).data
    while True:
        kind = chance.choice(KINDS)
        fitting = [each for each in found if _fits(kind, each, thresholds)]
        if not fitting:
            continue
        changed = (
            _moved(text, chance)
            if kind == "indentation"
            else _slip(kind, text, chance.choice(fitting), chance)
        )
        after = read_yaml("", changed)
        if changed != text and (after.problems or after.data != before):
            return changed, kind


def _slip(kind: str, text: str, entry: Entry, chance: random.Random) -> str:
    """The text with one slip of a kind made of an entry."""
    begin, end = entry.span
    node = entry.key or entry.value
    word = text[node.start_mark.index : node.end_mark.index]
    if kind in {"key dropped", "item dropped"}:
        return _without(text, entry)
    if kind == "key doubled":
        between = ", " if entry.flow else "\n" + " " * node.start_mark.column
        return text[:end].rstrip() + between + text[begin:end].rstrip() + text[len(text[:end].rstrip()) :]
    if kind == "key renamed":
        return text[:begin] + _misspelt(word, chance) + text[node.end_mark.index :]
    if kind == "comparison swapped":
        other = chance.choice([each for each in _COMPARISONS if each != word])
        return text[:begin] + other + text[node.end_mark.index :]
    value = entry.value
    at, past = value.start_mark.index, value.end_mark.index
    if kind == "another type":
        tail = "" if entry.flow or isinstance(value, yaml.ScalarNode) else "\n"
        return text[:at] + chance.choice(_OTHER_TYPES) + tail + text[past:]
    if kind == "number changed":
        number = chance.choice(list(_NUMBER.finditer(text, at, past)))
        new = chance.choice(
            [int(number[0]) + 1, int(number[0]) + 7, int(number[0]) * 10, int(number[0]) // 2]
        )
        return text[: number.start()] + str(new) + text[number.end() :]
    where = value if isinstance(value, yaml.ScalarNode) else node  # the name that is used, or that is given
    misspelt = _misspelt(text[where.start_mark.index : where.end_mark.index], chance)
    return text[: where.start_mark.index] + misspelt + text[where.end_mark.index :]


def _fits(kind: str, entry: Entry, thresholds: frozenset[str]) -> bool:
    """Whether a slip of a kind can be made of an entry."""
    key = str(entry.key.value) if entry.key else ""
    value = str(entry.value.value) if isinstance(entry.value, yaml.ScalarNode) else ""
    return {
        "item dropped": not key,
        "comparison swapped": key in _COMPARISONS,
        "number changed": bool(_NUMBER.search(value)),
        "threshold misspelt": value in thresholds or key in thresholds,
        "another type": True,
    }.get(kind, bool(key))


def _misspelt(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return chance.choice(
        [word[:at] + word[at + 1 :], word[:at] + "x" + word[at:], word[:at] + word[at:].swapcase()]
    )


def _without(text: str, entry: Entry) -> str:
    begin, end = entry.span
    if entry.flow:
        return text[:begin] + re.sub(r"^\s*,\s*", "", text[end:])
    first = text.rindex("\n", 0, begin) + 1
    if entry.key is None:  # the dash before it
        first = text.rindex("-", first, begin) if "-" in text[first:begin] else first
    return text[:first] + text[end:].lstrip(" \n" if text[end - 1] != "\n" else "")


def _moved(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    at = chance.choice(
        [n for n, line in enumerate(lines) if line.strip() and not line.strip().startswith("#")]
    )
    by = chance.choice((-4, -2, -1, 1, 2, 4))
    lines[at] = " " * by + lines[at] if by > 0 else lines[at].removeprefix(" " * -by)
    return "".join(lines)
