"""One broken file for each message: broken/*.yaml, the expected lines in the comments at the top of each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import engine.rulebook
from engine.rulebook.calendars import read_calendar
from engine.rulebook.rulebook import Source, read_rulebook
from engine.ruletests import read_tests
from tests.workflows.story import templates
from workflows.checking import checked

BROKEN = Path(__file__).parent / "broken"
ABOVE = BROKEN / "_above.yaml"
FILES = [path for path in sorted(BROKEN.glob("*.yaml")) if path != ABOVE]
ENGINE = Path(engine.rulebook.__file__).parent
SHORTEST = 3
ELSEWHERE = {
    "the file has more than {} characters": "tests/engine/rulebook/test_yaml_source.py: two million of them",
    "cannot be read: {}": "tests/adapters/test_rule_files.py: a file that is not ours to read",
    "let the account under which Firstbell runs read it": "the same",
    "{}: this change was to be looked at again by {} ({})": "tests/engine/rulebook/test_changes.py: a day",
    "look whether it still fits, then give it a new review date or take it out": "the same",
    "needs: {}: {} Say it under {}; until then {} waits": "tests/engine/rulebook/test_needs.py: no mistake",
    "answers: {{}: ...}": "the same",
    "{}: other words": "tests/engine/rulebook/test_overrides.py: how a change is told, no mistake either",
}
"""Words that no small file brings about, and where they are tried."""
NO_COMPLAINTS = frozenset(
    {
        *("shapes", "model", "layered", "patience", "hover", "schema", "sample"),
        *("compare", "in_prose", "prose", "prose_steps", "prose_waits"),
    }
)
"""Modules whose words are those of the language itself, or tell people what a sound rule says."""


def said(path: Path) -> list[str]:
    """What `rules check` says of a file, read as packs below the sound one, or as a calendar."""
    text = path.read_text(encoding="utf-8")
    if path.name.startswith("calendar-"):
        return [str(problem) for problem in read_calendar(path.name, text)[1]]
    own = list(packs(path.name, text))
    rulebook = read_rulebook([Source("national", ABOVE.name, ABOVE.read_text("utf-8")), *own])
    untried = (problem for pack in own for problem in read_tests(pack, rulebook)[1])
    return [str(problem) for problem in sorted({*checked(rulebook, templates()), *untried})]


def packs(name: str, text: str) -> Iterator[Source]:
    """A file as a school's pack, or as several where a line `--- LAYER` stands before each of them."""
    marks = list(re.finditer(r"^--- (\w+)$", text, re.MULTILINE))
    if not marks:
        yield Source("school", name, text)
    for mark, end in zip(marks, [*(each.start() for each in marks[1:]), None], strict=False):
        yield Source(mark[1], name, "\n" * text.count("\n", 0, mark.end()) + text[mark.end() : end])


def expected(path: Path) -> list[str]:
    """The comments at the top of a file."""
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    out = []
    while (line := next(lines)).startswith("# "):
        out.append(line.removeprefix("# "))
    return out


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_broken_file_is_told_in_exactly_these_words(path: Path) -> None:
    """File, line and column, what is wrong, what was probably meant, what to do: and nothing besides."""
    assert expected(path)
    assert said(path) == expected(path)


def test_what_each_broken_file_stands_below_is_sound() -> None:
    """So every line is about the file itself."""
    assert said(ABOVE.with_name("_above.yaml")) != []  # below itself everything stands twice
    book = read_rulebook([Source("national", ABOVE.name, ABOVE.read_text("utf-8"))])
    assert list(checked(book, templates())) == []


def test_every_message_has_its_broken_file() -> None:
    """Whatever the rule language can say of a pack stands in one of the files."""
    told = "\n".join(line for path in FILES for line in expected(path))
    words = {each for path in sorted(ENGINE.rglob("*.py")) for each in _sentences(path)}
    assert words >= ELSEWHERE.keys()
    assert [each for each in sorted(words - ELSEWHERE.keys()) if not _pattern(each).search(told)] == []


def _sentences(path: Path) -> Iterator[str]:
    """The words of three and more that a module says to people, `{}` for what it puts in."""
    text = path.read_text(encoding="utf-8")
    if path.stem in NO_COMPLAINTS:
        assert not re.search(r"\b[pP]roblem\(", text)
        return
    tree = ast.parse(text)
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            silent.update(id(part) for part in ast.walk(node) if part is not node)
        words = _words(node) if id(node) not in silent else ""
        if len(words.split()) >= SHORTEST and not re.search(r"[\\]|\[0-9\]", words):
            yield words


def _words(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _pattern(words: str) -> re.Pattern[str]:
    """What a message looks like once its holes are filled."""
    parts = re.split(r"\{[a-z!_]*\}", words)
    return re.compile(".*".join(map(re.escape, parts)))
