"""The command line as users drive it: words in, exit code and two streams out, in a folder of its own."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.cli import main

TOP = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # noqa: ANN401 - any JSON document
        """Standard output, which must be one JSON document and nothing else."""
        return json.loads(self.out)


Firstbell = Callable[..., Done]


@pytest.fixture
def firstbell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Firstbell:
    """Runs `firstbell WORDS...` in an empty folder, with school.db there as its store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FIRSTBELL_STORE", "sqlite:///school.db")
    monkeypatch.setenv("FIRSTBELL_OUTBOX_FOLDER", "outbox")

    def run(*words: str) -> Done:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["firstbell", *words])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        told = capsys.readouterr()
        assert "Traceback" not in told.out + told.err
        return Done(code, told.out, told.err)

    return run


@pytest.fixture
def few_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One shipped pack is in force, no more: all of them take their time, and are tested elsewhere."""
    (tmp_path / "few" / "england").mkdir(parents=True)
    (tmp_path / "few" / "trust").mkdir()
    shutil.copy(TOP / "rules/england/registers-and-reasons.yaml", tmp_path / "few" / "england")
    shutil.copytree(TOP / "rules/calendars", tmp_path / "few" / "calendars")
    monkeypatch.setenv("FIRSTBELL_RULES_NATIONAL", str(tmp_path / "few" / "england"))
    monkeypatch.setenv("FIRSTBELL_RULES_TRUST", str(tmp_path / "few" / "trust"))
