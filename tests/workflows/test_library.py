"""Rulebooks by school, and old versions read again."""

from __future__ import annotations

from engine.rulebook.rulebook import Source
from tests.workflows.story import Story, changed, pupil, shipped
from workflows.library import Kept, Library, SchoolSource, text_of

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
