"""Rule files from the disk: what cannot be read is a mistake of that file, and stops no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters import rule_files
from adapters.rule_files import RuleFileProblem, read_library, stamp, write_source
from adapters.text_file import read_text
from engine.rulebook.rulebook import Source

TOP = Path(__file__).parents[2] / "rules"


def test_a_file_that_is_not_for_us_is_a_problem_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Permission denied: the file is named, all the others hold."""

    def denied(path: Path) -> str:
        if path.name == "golden-hour.yaml":
            raise PermissionError(13, "Permission denied")
        return read_text(path)

    monkeypatch.setattr(rule_files, "read_text", denied)
    rulebook = read_library(TOP / "england", TOP / "trust", TOP / "schools").for_school("S")
    (problem,) = rulebook.problems
    assert problem.whole_file
    assert "golden-hour.yaml:1:1: cannot be read: Permission denied" in str(problem)
    assert rulebook.rules


def test_a_folder_that_is_not_for_us_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Not there, or not for us: a sentence for each, and a stamp that another state does not have."""
    with pytest.raises(RuleFileProblem, match="there is no such folder of rules"):
        read_library(tmp_path / "none", tmp_path, tmp_path)
    before = stamp(tmp_path)
    (tmp_path / "a.yaml").write_text("pack: a")
    after = stamp(tmp_path)

    def denied(_self: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", denied)
    with pytest.raises(RuleFileProblem, match="the folder cannot be read: Permission denied"):
        read_library(tmp_path, tmp_path, tmp_path)
    assert len({before, after, stamp(tmp_path)}) == 3


def test_a_rule_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changed meanwhile, or not to be written: the file stays as it is, and the sentence says so."""
    path = tmp_path / "own.yaml"
    path.write_text("pack: own\n")
    path.chmod(0o640)
    old = Source("school", str(path), "pack: own\n")
    new = Source("school", str(path), "pack: own\r\n# more\r\n")
    write_source(old, new)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"pack: own\r\n# more\r\n", 0o640)
    with pytest.raises(RuleFileProblem, match="somebody changed the file meanwhile"):
        write_source(old, new)
    path.unlink()
    with pytest.raises(RuleFileProblem, match="cannot be written: No such file"):
        write_source(new, old)
    assert list(tmp_path.iterdir()) == []
