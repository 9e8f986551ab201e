"""Rule files from the disk: what cannot be read is a mistake of that file, and stops no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters import rule_files
from adapters.rule_files import RuleFileProblem, read_library, stamp, with_changed
from adapters.text_file import read_text

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


def test_a_changed_file_goes_where_it_will_stand(tmp_path: Path) -> None:
    """In place of itself or its pack, in that layer and for that school; else beside, by its folder."""
    rules, drafts = tmp_path / "rules", tmp_path / "drafts"
    for path, pack in (("england/a.yaml", "a"), ("trust/b.yaml", "b"), ("schools/S.yaml", "c")):
        (rules / path).parent.mkdir(parents=True)
        (rules / path).write_text(f"pack: {pack}")
    library = read_library(rules / "england", rules / "trust", rules / "schools")
    for path, pack in (("b.yaml", "b"), ("mine.yaml", "c"), ("new.yaml", "d"), ("schools/T.yaml", "e")):
        (drafts / path).parent.mkdir(parents=True, exist_ok=True)
        (drafts / path).write_text(f"pack: {pack}\ntitle: changed")
    changed, names = with_changed(library, [drafts, rules / "england" / "a.yaml"], "S")
    found = [(Path(each.source.file).name, each.source.layer, each.school_id) for each in changed.files]
    assert found == [
        ("a.yaml", "national", None),
        ("b.yaml", "trust", None),
        ("mine.yaml", "school", "S"),
        ("new.yaml", "school", "S"),
        ("T.yaml", "school", "T"),
    ]
    assert len(names) == 5
    beside, _ = with_changed(library, [drafts / "new.yaml"])
    assert beside.files[-1].school_id is None
