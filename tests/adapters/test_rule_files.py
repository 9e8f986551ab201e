"""Rule files from the disk: what cannot be read is a mistake of that file, and stops no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters import rule_files
from adapters.rule_files import (
    RuleFileProblem,
    read_library,
    stamp,
    with_changed,
    with_each,
    with_paths,
    write_source,
)
from adapters.text_file import read_text
from engine.rulebook.rulebook import Source
from workflows.library import Library

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


def test_an_authority_holds_for_the_schools_it_names(tmp_path: Path) -> None:
    """Its pack stands between the state's and the trust's in the schools that it names, and in no other."""
    words = {
        "england": "pack: e\nthresholds: {late: {title: T, unit: sessions, values: {always: 5}, "
        "bounds: [1, 9]}}",
        "authorities": "pack: shire\nschools: [S, T]\nthresholds: {late: {title: T, unit: sessions, "
        "values: {always: 4}, bounds: [3, 6], changed_by: {who: A. Okafor, why: agreed}}}",
        "trust": "pack: t\nthresholds: {late: {title: T, unit: sessions, values: {always: 3}, "
        "changed_by: {who: A. Okafor, why: agreed}}}",
    }
    for folder, said in words.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{folder}.yaml").write_text(said, encoding="utf-8")
    names = ("england", "trust", "schools", "authorities")
    library = read_library(*(tmp_path / name for name in names))
    layers = {school: [each.layer for each in library.for_school(school).sources] for school in ("S", "U")}
    assert layers == {"S": ["national", "authority", "trust"], "U": ["national", "trust"]}
    assert [book.problems for book in library.rulebooks] == [(), (), ()]
    (tmp_path / "trust" / "trust.yaml").write_text(words["trust"].replace("3}", "2}"), encoding="utf-8")
    again = read_library(*(tmp_path / name for name in names))
    assert not again.for_school("U").problems
    (outside,) = again.for_school("S").problems
    assert "bounds" in str(outside)


def test_a_school_has_one_authority_and_every_authority_a_school(tmp_path: Path) -> None:
    """Who names no school, or one named before, or names them elsewhere: told at its line."""
    for folder, file, said in (
        ("authorities", "a", "pack: a\nschools: [S]"),
        ("authorities", "b", "pack: b\nschools: S"),
        ("authorities", "c", "pack: c"),
        ("schools", "S", "pack: s\ntitle: Ours\nschools: [S]"),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / f"{file}.yaml").write_text(said, encoding="utf-8")
    (tmp_path / "england").mkdir()
    names = ("england", "england", "schools", "authorities")
    library = read_library(*(tmp_path / name for name in names))
    has_one = f"a school has one local authority, and one of these has {tmp_path}/authorities/a.yaml already"
    told = [str(problem).removeprefix(f"{tmp_path}/") for problem in library.for_school("S").problems]
    assert [each.split(";")[0] for each in told] == [
        f"authorities/b.yaml:2:1: {has_one}",
        "schools/S.yaml:3:1: only a local authority's pack names schools",
    ]
    (unnamed,) = map(str, library.for_school("").problems)
    assert (
        "a local authority's pack names the schools it holds for; add schools: [their school_id]" in unnamed
    )


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


def authorities(library: Library) -> list[tuple[str, str | None]]:
    """Each local authority's pack of a library by its name, and the school it holds for."""
    found = [each for each in library.files if each.source.layer == "authority"]
    return [(Path(each.source.file).parent.parent.name, each.school_id) for each in found]


def test_an_authority_is_tried_in_place_of_the_one_in_force(tmp_path: Path) -> None:
    """Each alone, at every school; in force with its schools; a changed one holds for those it names now."""
    for folder, text in (
        ("rules/authorities", "pack: shire\nschools: [S, T]"),
        ("examples/authorities", "pack: city\nschools: [your-school]"),
        ("drafts/authorities", "pack: shire\nschools: [T, U]"),
        ("unnamed/authorities", "pack: shire"),
        ("trust", "pack: t"),
    ):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.yaml").write_text(text)
    own, example, draft, unnamed = (
        tmp_path / name / "authorities" / "a.yaml" for name in ("rules", "examples", "drafts", "unnamed")
    )
    library = read_library(tmp_path / "trust", tmp_path / "trust", tmp_path, own.parent)
    each = with_each(library, [own, example, tmp_path / "trust"])
    in_force = [("rules", "S"), ("rules", "T")]
    assert [authorities(tried) for tried, _ in each] == [in_force, in_force, [("examples", None)]]
    assert [names for _, names in each[1:]] == [{str(own)}, {str(example)}]
    assert authorities(with_paths(library, [example])[0]) == [("examples", None)]
    assert authorities(with_changed(library, [example])[0]) == [("examples", None)]
    assert authorities(with_changed(library, [example], "S")[0]) == [("rules", "T"), ("examples", "S")]
    example.write_text("pack: city\nschools: [T, U]")
    at_theirs = [("rules", "S"), ("examples", "T"), ("examples", "U")]
    assert authorities(with_changed(library, [example])[0]) == at_theirs
    changed, _ = with_changed(library, [draft])
    assert authorities(changed) == [("drafts", "T"), ("drafts", "U")]
    assert len(changed.files) == len(library.files)
    assert authorities(with_changed(library, [unnamed])[0]) == [("unnamed", "S"), ("unnamed", "T")]


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
