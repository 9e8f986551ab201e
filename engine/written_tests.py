"""A rule test as the lines of YAML that stand in a pack, put into the text of its file.

What stands in the file stays as it is, byte for byte: comments, quotes, blank lines, line ends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from engine.rulebook.shapes import TestShape

_WIDEST = 110
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.,'()%/:+-]*")
_QUOTED = frozenset({"marks", "corrected"})
_TESTS = "tests"


class NoPlace(ValueError):  # noqa: N818 - a sentence for a person
    """A file whose tests are written in a way that nothing can be added to."""


def written(shape: TestShape, indent: int = 2) -> str:
    """One test as YAML, its lines ending in a newline; what is as always is left out.

    >>> print(written(TestShape(name="one", calendar="c", as_of="2025-09-08", marks={}, expect={"r": "matched"})))
      - name: one
        calendar: c
        as_of: 2025-09-08
        marks: {}
        expect: {r: matched}
    <BLANKLINE>
    """
    said = shape.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    first = [key for key in ("name", "calendar", "as_of", "pupil", "marks", "corrected") if key in said]
    keys = [*first, *(key for key in said if key not in {*first, "expect"}), "expect"]
    lines = [line for key in keys for line in _lines(key, said[key], indent + 2)]
    lines[0] = f"{' ' * indent}- {lines[0].lstrip()}"
    return "".join(f"{line}\n" for line in lines)


def with_tests(text: str, shapes: Sequence[TestShape]) -> str:
    """The text of a rule file with some tests after those that it has.

    Raises:
        NoPlace: its tests are written in braces, on one line, or by an anchor.
    """
    ends = "\r\n" if "\r\n" in text else "\n"
    found = _tests_of(text)
    if found is None:
        head = text if not text or text.endswith("\n") else text + ends
        new = f"\n{_TESTS}:\n" + "".join(written(shape) for shape in shapes)
        return head + new.replace("\n", ends)
    if not isinstance(found, yaml.SequenceNode) or found.flow_style or not found.value:
        raise NoPlace("its tests are not a list with a line for each test: write 'tests:' and the first below it")
    lines = text.splitlines(keepends=True)
    last = _last_line(found, lines)
    indent = found.value[0].start_mark.column - len("- ")
    new = "".join(written(shape, indent) for shape in shapes).replace("\n", ends)
    head = "".join(lines[: last + 1])
    return (head if head.endswith("\n") else head + ends) + new + "".join(lines[last + 1 :])


def _tests_of(text: str) -> yaml.Node | None:
    root = yaml.compose(text.removeprefix("\ufeff"), Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == _TESTS), None)


def _last_line(node: yaml.Node, lines: Sequence[str]) -> int:
    """The last line that belongs to a list: not the blank ones and comments after it."""
    last: int = node.end_mark.line - (1 if node.end_mark.column == 0 else 0)
    last = min(last, len(lines) - 1)
    while not lines[last].strip() or lines[last].lstrip().startswith("#"):
        last -= 1
    return last


def _lines(key: str, value: Any, indent: int, *, quoted: bool = False) -> Iterator[str]:
    """A key with its value: on one line, or where that is too long a line for each part of it."""
    quoted = quoted or key in _QUOTED
    line = f"{' ' * indent}{_word(key)}: {_flow(value, quoted=quoted) if _parted(value) else _word(value, quoted=quoted)}"
    if len(line) <= _WIDEST or not _parted(value) or not value:
        yield line
        return
    yield f"{' ' * indent}{_word(key)}:"
    if isinstance(value, Mapping):
        for inner, part in value.items():
            yield from _lines(str(inner), part, indent + 2, quoted=quoted)
    else:
        for part in value:
            yield f"{' ' * (indent + 2)}- {_flow(part)}"


def _parted(value: Any) -> bool:
    return isinstance(value, (Mapping, list))


def _flow(value: Any, *, quoted: bool = False) -> str:
    if isinstance(value, Mapping):
        inside = (f"{_word(key)}: {_flow(part, quoted=quoted)}" for key, part in value.items())
        return "{" + ", ".join(inside) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    said = _word(value, quoted=quoted)
    return json.dumps(value, ensure_ascii=False) if "," in said and said == value else said


def _word(value: object, *, quoted: bool = False) -> str:
    """A word or sentence, bare where YAML takes it so, else in double quotes."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    bare = _PLAIN.fullmatch(text) and ": " not in text and not text.endswith((":", " ")) and text != "null"
    return text if bare and not quoted else json.dumps(text, ensure_ascii=False)
