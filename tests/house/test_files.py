"""House rules for every file: short, of no particular machine, refusing in words and not by assert."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

LONGEST = 400
ELSEWHERE = re.compile(
    r"(?:^|[^\w.-])/(?:work|farm|tmp|root|home|Users)/"  # a folder of one machine
    r"|file:/{2}|pypi[.]|pythonhosted[.]|--(?:extra-)?index-url|find[-]links",  # where it gets packages
    re.MULTILINE,
)


def _texts(files: list[Path]) -> Iterator[tuple[Path, str]]:
    for path in files:
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture, or test data in another encoding


def test_python_files_are_taken_in_whole(files: list[Path]) -> None:
    """A file over 400 lines is two rooms in one."""
    python = [(path, text) for path, text in _texts(files) if path.suffix == ".py"]
    assert len(python) > 50
    assert [f"{path}: {len(text.splitlines())}" for path, text in python if text.count("\n") > LONGEST] == []


def test_nothing_names_a_machine_or_where_packages_come_from(files: list[Path]) -> None:
    """The project works wherever it is put: no folder of one machine, no package index, stands in it."""
    found = [
        f"{path}:{text.count(chr(10), 0, match.start() + 1) + 1}: {match.group().strip()}"
        for path, text in _texts(files)
        for match in ELSEWHERE.finditer(text)
    ]
    assert found == []


def test_checks_are_not_assertions(top: Path, files: list[Path]) -> None:
    """`python -O` drops every assert: what must hold is raised in words, outside tests and benchmarks."""
    rooms = {"engine", "messaging", "workflows", "adapters"}
    found = [
        f"{path}:{node.lineno}"
        for path, text in _texts(files)
        if path.suffix == ".py" and path.relative_to(top).parts[0] in rooms
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Assert)
    ]
    assert found == []
