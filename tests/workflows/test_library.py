"""Rulebooks by school, and old versions read again."""

from __future__ import annotations

from dataclasses import replace

from engine.rulebook.rulebook import Source
from engine.ruletests import read_tests
from tests.workflows.story import Story, changed, pupil, shipped
from workflows.library import Kept, Library, SchoolSource, last_good, on_last_good, text_of

OWN = SchoolSource(Source("school", "schools/S.yaml", "pack: own\nthresholds: {}\n"), "S")


def test_a_schools_own_file_holds_for_that_school_alone() -> None:
    """National and trust for everybody, the school's for itself; read once, the same object again."""
    library = Library((*shipped().files, OWN))
    assert OWN.source in library.for_school("S").sources
    assert OWN.source not in library.for_school("T").sources
    assert library.for_school("S") is library.for_school("S")
    assert library.for_school("S").version != library.for_school("T").version


def test_a_kept_rulebook_is_the_one_that_was_kept(story: Story) -> None:
    """After a change of the files the old version still answers as it did."""
    story.opens(pupil("P1"))
    story.run("2025-11-10T09:20")
    old = story.library.for_school("S")
    edited = changed(story.library, "absence-bands.yaml", "{always: 10}", "{always: 20}")
    with story.store.reading() as unit:
        kept = Kept(unit, edited, edited.for_school("S"))(old.version)
        assert kept.version == old.version
        assert text_of(kept.sources) == text_of(old.sources)
        assert Kept(unit, edited, edited.for_school("S"))("never kept") is edited.for_school("S")


def test_the_last_good_rulebook_is_that_of_the_newest_run_by_one(story: Story) -> None:
    """Runs by a broken one since, by hand, do not count; nor does one of which a file could not be read."""
    story.opens(pupil("P1"))
    good = story.library
    story.run("2025-11-10T09:20")
    older = story.library = changed(good, "absence-bands.yaml", "{always: 10}", "{always: 20}")
    story.run("2025-11-10T10:20")
    story.library = broken = changed(good, "absence-bands.yaml", "{always: 10}", "{always: ten}")
    story.run("2025-11-10T11:20")
    unread = tuple(
        SchoolSource(replace(one.source, text="", unread="Permission denied")) for one in good.files
    )
    story.library = Library(unread)
    story.run("2025-11-10T12:20")
    with story.store.reading() as unit:
        found = last_good(unit, broken, "S")
        assert found
        assert found.version == older.for_school("S").version
        assert len(unit.rulebooks_run("S")) == 4
        assert last_good(unit, broken, "T") is None
    for library in (broken, None):
        fallen_back, without = on_last_good(story.store, library)
        assert (fallen_back.for_school("S").version, without) == (found.version, ())
    assert on_last_good(story.store, good)[0].for_school("S").version == good.for_school("S").version


def test_a_file_that_cannot_be_read_is_named_and_the_others_hold(story: Story) -> None:
    """Its rules do not run, as with any file that is broken as a whole; no other file is touched."""
    denied = tuple(
        replace(one, source=replace(one.source, text="", unread="Permission denied"))
        if one.source.file.endswith("golden-hour.yaml")
        else one
        for one in shipped().files
    )
    rulebook = Library(denied).for_school("S")
    (problem,) = rulebook.unusable_files
    assert {read_tests(source, rulebook) for source in rulebook.sources if source.unread} == {((), ())}
    assert str(problem).endswith(
        "golden-hour.yaml:1:1: cannot be read: Permission denied; let the account under which Firstbell runs "
        "read it"
    )
    gone = {rule.id for rule in shipped().for_school("S").rules} - {rule.id for rule in rulebook.rules}
    assert gone == {"golden-hour-call"}
    assert rulebook.version != shipped().for_school("S").version


def test_the_tests_of_a_pack_are_asked_of_the_layers_down_to_its_own() -> None:
    """What a school says otherwise breaks no test of the layers above it, and reaches its own tests."""
    own = (
        "pack: own\noverrides:\n  improved-attendance:\n    off: true\n"
        "    changed_by: {who: A. Okafor, why: praise is given in assembly}\n"
    )
    library = Library((*shipped().files, SchoolSource(Source("school", "schools/S.yaml", own), "S")))
    at_school = library.for_school("S")
    assert "improved-attendance" not in {rule.id for rule in at_school.rules}
    for layer in ("national", "trust"):
        down = library.down_to(layer, at_school)
        packs = [source for source in down.sources if source.layer == layer]
        assert packs
        assert [wrong for pack in packs for wrong in read_tests(pack, down)[1]] == []
    assert library.down_to("trust", at_school) is library.for_school("T")
    assert library.down_to("school", at_school) is at_school
