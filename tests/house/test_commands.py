"""The commands a newcomer is told of: make's help, a usable Python or words, and those in the documents."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner


def _run(top: Path, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(command, cwd=top, env=kept | environ, capture_output=True, text=True, check=False)


def test_make_alone_lists_every_target(top: Path) -> None:
    """Each target a person may ask for stands in the help with a line of its own."""
    makefile = (top / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE)) - {"ready"}
    listed = re.findall(r"^  make ([a-z]+) +\S.*$", _run(top, "make").stdout, re.MULTILINE)
    assert {"demo", "test", "bench", "soak", "clean"} <= targets
    assert sorted(listed) == sorted(targets)


def test_test_asks_for_all_its_parts_and_pytest_comes_last(top: Path) -> None:
    """`make test` leaves nothing out, and its last line is pytest's."""
    planned = _run(top, "make", "--dry-run", "test").stdout
    order = [
        planned.find(part) for part in ("ruff check", "ruff format", "mypy", "lint-imports", "rules test")
    ]
    assert -1 not in order
    assert max(order) < planned.find("/pytest ")
    assert planned.rstrip().splitlines()[-1].startswith(".venv/bin/pytest")


def test_this_python_will_do(top: Path) -> None:
    """The Python that runs these tests is one that they can be installed with."""
    if sys.version_info[:2] not in {(3, 11), (3, 12)}:
        pytest.skip("durable-rules does not build here; the project is installed without make")
    assert Path(_run(top, ".ci/python", PYTHON=sys.executable).stdout.strip()).samefile(sys.executable)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 127", "does not run here"),
        ("echo is Python 3.9: 3.12 or 3.11 is needed; exit 1", "is Python 3.9: 3.12 or 3.11 is needed"),
    ],
)
def test_a_python_that_will_not_do_is_named(top: Path, tmp_path: Path, script: str, said: str) -> None:
    """No usable Python: nothing on standard output, exit 1, and what to do."""
    python = tmp_path / "a python"
    python.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    python.chmod(0o755)
    done = _run(top, ".ci/python", PYTHON=str(python))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{python} {said}" in done.stderr
    assert "bash .ci/run" in done.stderr


def test_a_python_without_a_compiler_is_named(top: Path) -> None:
    """durable-rules is built from source: a missing compiler is said before pip fails at length."""
    done = _run(top, ".ci/python", PYTHON=sys.executable, CC="no-such-compiler")
    assert done.returncode == 1
    assert "has no C compiler no-such-compiler (Debian, Ubuntu: packages gcc libc6-dev)" in done.stderr


def _documented(files: list[Path]) -> Iterator[tuple[str, list[str]]]:
    """Each `firstbell ...` line of a fenced block in a document: where it stands, and its words."""
    for path in files:
        if path.suffix != ".md":
            continue
        fenced = False
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.lstrip().startswith("```"):
                fenced = not fenced
            command = re.match(r"\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?firstbell( .*|$)", line)
            if fenced and command:
                yield f"{path.name}:{number}", shlex.split(re.split(r" [|>]", command[1])[0], comments=True)


def test_documented_commands_exist(top: Path, files: list[Path]) -> None:
    """Every command in a document, with every option it shows, is one that the command line knows."""
    if not (top / "README.md").exists():
        pytest.skip("README.md is not written yet")
    from adapters.cli.app import app

    asked = {where: CliRunner().invoke(app, [*words, "--help"]) for where, words in _documented(files)}
    assert asked
    assert {where: done.output for where, done in asked.items() if done.exit_code} == {}
