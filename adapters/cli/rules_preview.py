"""`firstbell rules preview`: what changed rule files would do today, by name, and nothing written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.asked import AsOf, Json, KnownAt, Misasked, School, instant, note, print_json, service

if TYPE_CHECKING:
    from adapters.bootstrap import Service
    from engine.rulebook.problems import Problem
    from workflows.library import Library
    from workflows.preview import Preview

Changed = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[PATH]...", help="Changed rule files or folders; default: all files as they stand."
    ),
]


def preview(
    paths: Changed = None, school: School = None, as_of: AsOf = "", known_at: KnownAt = "", json: Json = False
) -> None:
    """What changed rules would do with today's data, beside those in force; writes nothing.

    A file takes the place of the one in force with the same `pack:`, or comes beside them. One changed
    where it stands is held against what it said in the last run.
    """
    from adapters.cli.show_preview import preview_document, show_preview

    with service() as firstbell:
        problems, previews = _previews(firstbell, paths or (), school or (), as_of, known_at)
    if json:
        print_json(preview_document(problems, previews))
    else:
        for each in previews:
            show_preview(each)
    for problem in problems:
        note(str(problem))
    if problems:
        note("nothing is previewed until the changed files have no mistake")
        raise typer.Exit(1)


def _previews(
    firstbell: Service,
    paths: Sequence[Path],
    school: Sequence[str],
    as_of: str,
    known_at: str,
) -> tuple[list[Problem], list[Preview]]:
    """The mistakes that the change would bring, or else what it would do at each school."""
    from dataclasses import replace

    from adapters.rule_files import with_changed
    from workflows.preview import in_force, preview
    from workflows.subjects import known_schools

    changed, names = with_changed(firstbell.library, paths, school[0] if len(school) == 1 else "")
    present = in_force(firstbell.store, firstbell.library, names if paths else None)
    with firstbell.store.reading() as unit:
        there = unit.school_ids()
    schools = known_schools(school, there) or there
    if not schools:
        raise Misasked("there is no school in the store yet; 'firstbell import PATH' brings one in")
    problems = sorted(set(_mistakes(firstbell, present, changed, schools)))
    if problems:
        return problems, []
    by_present = replace(firstbell.run_school, library=present)
    at, believed = instant(as_of), instant(known_at) if known_at else None
    return [], [preview(by_present, changed, each, at, believed) for each in schools]


def _mistakes(
    firstbell: Service, present: Library, changed: Library, schools: tuple[str, ...]
) -> Iterator[Problem]:
    """What would be wrong with the rules of each school, and is not wrong now."""
    from workflows.checking import checked

    for school in schools:
        before = set(checked(present.for_school(school), firstbell.templates))
        yield from set(checked(changed.for_school(school), firstbell.templates)) - before
